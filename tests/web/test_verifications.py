"""QA's door: scans, photos of labels, what was scanned so far, and how many failed."""

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from labeler.app import Service
from labeler.web import shapes_quality as shapes
from tests import plants
from tests.plants import FIRST
from tests.production.copying import settle
from tests.production.record import serials
from tests.web.asking import issue, open_run, refusal

ADDRESS = "/api/v1/verifications"
WHO = {"operator": "mk", "station": "qa-1"}


def verify(client: FlaskClient, text: str = FIRST, key: str = "v1", **changes: Any) -> TestResponse:
    headers = {"Idempotency-Key": key}
    return client.post(ADDRESS, json={"scan": text, **WHO, **changes}, headers=headers)


def send_photo(client: FlaskClient, photo: bytes, kind: str = "png", **said: Any) -> TestResponse:
    headers = {"Idempotency-Key": "p1"}
    asked = {**WHO, **said}
    content_type = f"image/{kind}"
    return client.post(
        ADDRESS, query_string=asked, data=photo, headers=headers, content_type=content_type
    )


def drawn(client: FlaskClient, job: int = 1, kind: str = "png") -> bytes:
    """Return a label as we draw it, as a photo of that kind."""
    png: bytes = client.get(f"/api/v1/jobs/{job}/labels.png").data
    if kind == "png":
        return png
    picture = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").rotate(7, expand=True, fillcolor="white").save(
        picture, "JPEG"
    )
    return picture.getvalue()


def test_a_scan_is_answered_once_for_each_key(service: Service, client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    settle(service.site)
    first = verify(client)
    assert (first.status_code, first.get_json()["verdict"]) == (201, "ok")
    shapes.Verified.model_validate(first.get_json())
    again = verify(client)
    assert again.status_code == 200
    assert again.get_json() == {**first.get_json(), "replayed": True}
    assert refusal(verify(client, serials(2)[0]))[0] == 1008
    assert verify(client, key="v2").get_json()["verdict"] == "already_verified"


def test_a_scan_that_says_too_little_is_refused(client: FlaskClient) -> None:
    assert refusal(client.post(ADDRESS, json={"scan": FIRST, **WHO}))[0] == 1007
    headers = {"Idempotency-Key": "k"}
    assert refusal(client.post(ADDRESS, json={"scan": FIRST}, headers=headers))[0] == 1002
    assert refusal(client.post(ADDRESS, headers=headers))[0] == 1002
    assert refusal(verify(client, ""))[0] == 1002
    assert refusal(verify(client, line="none")) == (2001, "There is no line 'none'.")
    assert client.get(ADDRESS).get_json() == {"verifications": [], "next": None}


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_photo_of_a_label_is_read(service: Service, client: FlaskClient, kind: str) -> None:
    open_run(client)
    issue(client)
    photo = drawn(client, kind=kind)
    settle(service.site)
    found = send_photo(client, photo, kind, line="line-1").get_json()
    assert (found["verdict"], found["text"], found["line"]) == ("ok", f"]C0{FIRST}", "line-1")


def test_a_photo_of_a_gs1_symbol_is_read_with_its_separators(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path / "site")
    data = "(01){product.gtin|pad:14}(10){run.lot}(21){serial}"
    symbol = {"x_mm": 4, "y_mm": 4, "symbology": "gs1_datamatrix", "data": data}
    barcode = {"barcode": {**symbol, "x_dimension_mm": 0.5}}
    plants.write_template(path.parent, elements=[barcode])
    with plants.opened(path) as service:
        client = service.web.test_client()
        open_run(client, lot="L42")
        issue(client)
        photo = drawn(client)
        settle(service.site)
        found = send_photo(client, photo).get_json()
    read = f"]d2010401234500000910L42\x1d21{FIRST}"
    assert (found["verdict"], found["text"]) == ("ok", read)


def test_a_scan_that_no_database_keeps_is_refused(any_client: FlaskClient) -> None:
    assert refusal(verify(any_client, "AC\0"))[0] == 1002
    assert refusal(any_client.get(ADDRESS, query_string={"serial": "A\0"}))[0] == 1002
    found = verify(any_client, "AC\x1d\u00e4\U0001f600 x")
    assert (found.status_code, found.get_json()["verdict"]) == (201, "invalid")


def test_a_photo_without_one_code_to_go_by_is_refused(
    service: Service, client: FlaskClient
) -> None:
    open_run(client)
    issue(client, quantity=2)
    settle(service.site)
    blank = io.BytesIO()
    Image.new("L", (300, 200), 255).save(blank, "PNG")
    assert refusal(send_photo(client, blank.getvalue())) == (
        6001,
        "No barcode can be read on the photo.",
    )
    assert refusal(send_photo(client, b"no picture")) == (
        6002,
        "The photo cannot be opened: expected a whole PNG or JPEG picture.",
    )
    huge = io.BytesIO()
    Image.new("1", (9000, 6000)).save(huge, "PNG")
    assert refusal(send_photo(client, huge.getvalue())) == (
        6002,
        "The photo cannot be opened: 9000 x 6000 pixels: expected 50,000,000 at most.",
    )
    assert refusal(send_photo(client, blank.getvalue(), operator=""))[0] == 1002
    labels = [
        client.get("/api/v1/jobs/1/labels.png", query_string={"position": place}).data
        for place in (1, 2)
    ]
    pictures = [Image.open(io.BytesIO(one)).convert("L") for one in labels]
    both = Image.new("L", (pictures[0].width, 2 * pictures[0].height), 255)
    for place, picture in enumerate(pictures):
        both.paste(picture, (0, place * picture.height))
    photo = io.BytesIO()
    both.save(photo, "PNG")
    first, second = serials(1, 2)
    assert refusal(send_photo(client, photo.getvalue())) == (
        6003,
        f"The photo shows labels of 2 units: '{first}' and '{second}'.",
    )


def test_verifications_are_listed_by_what_they_are(any_client: FlaskClient) -> None:
    client = any_client
    open_run(client)
    issue(client, quantity=3, print=False)
    first, second, stranger = (*serials(1, 2), serials(50)[0])
    verify(client, first, "a", line="line-1")
    verify(client, second, "b", operator="ab")
    verify(client, first, "c", station="qa-2")
    verify(client, stranger, "d", run=1)

    def listed(**wanted: Any) -> list[int]:
        found = client.get(ADDRESS, query_string=wanted).get_json()
        shapes.Verifications.model_validate(found)
        return [one["id"] for one in found["verifications"]]

    assert listed() == [4, 3, 2, 1]
    assert listed(verdict="ok") == [2, 1]
    assert listed(verdict="never_issued") == [4]
    assert listed(line="line-1") == [1]
    assert listed(operator="ab") == [2]
    assert listed(station="qa-2") == [3]
    assert listed(serial=first) == [3, 1]
    assert listed(serial=stranger) == [4]
    assert listed(run=1) == [4, 3, 2, 1]
    assert listed(since="2026-11-23T12:00:00Z", until="2026-11-23T12:00:01Z") == [4, 3, 2, 1]
    assert listed(until="2026-11-23T12:00:00Z") == []
    page = client.get(ADDRESS, query_string={"limit": 3}).get_json()
    assert ([one["id"] for one in page["verifications"]], page["next"]) == ([4, 3, 2], 2)
    assert listed(limit=3, before=2) == [1]


def test_failures_are_counted_by_line_and_hour(any_client: FlaskClient) -> None:
    client = any_client
    open_run(client)
    issue(client, quantity=2, print=False)
    for key, text in enumerate((*serials(1, 2), serials(1)[0], "X")):
        verify(client, text, f"k{key}", line="line-1")
    verify(client, "X", "other")
    asked = {"since": "2026-11-23T00:00:00Z", "until": "2026-11-24T00:00:00Z"}
    found = client.get(f"{ADDRESS}/failures", query_string=asked).get_json()
    shapes.Failures.model_validate(found)
    assert found["hours"] == [
        {
            "cursor": "2026-11-23T12:00Z ",
            "line": None,
            "hour": "2026-11-23T13:00:00+01:00",
            "verified": 1,
            "failed": 1,
            "rate": 1.0,
            "verdicts": {"invalid": 1},
        },
        {
            "cursor": "2026-11-23T12:00Z line-1",
            "line": "line-1",
            "hour": "2026-11-23T13:00:00+01:00",
            "verified": 4,
            "failed": 2,
            "rate": 0.5,
            "verdicts": {"already_verified": 1, "invalid": 1, "ok": 2},
        },
    ]
    early = {"since": "2026-10-01T00:00:00Z", "until": "2026-11-24T00:00:00Z"}
    assert refusal(client.get(f"{ADDRESS}/failures", query_string=early))[0] == 6004
    turned = {"since": "2026-11-25T00:00:00Z", "until": "2026-11-24T00:00:00Z"}
    assert refusal(client.get(f"{ADDRESS}/failures", query_string=turned))[0] == 1002

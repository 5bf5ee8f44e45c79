"""Label templates over HTTP: drafts, releases, comparisons, previews; and labels shown again."""

import io
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from labeler.app import Service
from labeler.web import shapes_templates as shapes
from tests import plants
from tests.web.asking import issue, open_run, problem, refusal

AT = "2026-11-23T12:00:00.000Z"
ADDRESS = "/api/v1/templates/unit-label"
SMALLER: dict[str, Any] = {"media": {"width_mm": 60, "height_mm": 40}}
FORMATS = {
    "pdf": ("application/pdf", b"%PDF"),
    "png": ("image/png", b"\x89PNG"),
    "svg": ("image/svg+xml", b"<?xm"),
    "tspl": ("application/vnd.tsc-tspl", b"SIZE"),
    "zpl": ("application/vnd.zebra.zpl", b"^XA\n"),
}
"""Format -> its media type, and how it begins."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the site's folder."""
    return tmp_path / "site"


def release(client: FlaskClient, **body: Any) -> TestResponse:
    return client.post(f"{ADDRESS}/release", json={"by": "mk", **body})


def preview(client: FlaskClient, **body: Any) -> TestResponse:
    return client.post(f"{ADDRESS}/preview", json=body)


def decoded(picture: bytes) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


def test_release_answers_the_version_and_its_address(any_client: FlaskClient) -> None:
    response = release(any_client, comment="first")
    said = {"number": 1, "released_at": AT, "released_by": "mk", "channel": "http",
            "comment": "first", "implicit": False}  # fmt: skip
    version = {
        "template": "unit-label",
        "version": 1,
        "digest": plants.TEMPLATE_DIGEST,
        "state": "released",
        "is_newest_release": True,
        "created_at": AT,
        "releases": [said],
    }
    found = response.get_json()
    content = found["content"]
    assert (response.status_code, found) == (201, {**version, "content": content})
    assert any_client.get(response.headers["Location"]).get_json() == found
    assert any_client.get(f"{ADDRESS}/versions").get_json() == {"versions": [version]}
    shown = any_client.get(ADDRESS).get_json()
    assert (shown["content"], shown["versions"], shown["is_changed"]) == (content, [version], False)
    listed = any_client.get("/api/v1/templates").get_json()["templates"]
    assert [(one["name"], one["newest_release"]["version"]) for one in listed] == [
        ("unit-label", 1)
    ]
    assert refusal(release(any_client))[0] == 4004


def test_release_of_a_template_with_errors_lists_what_is_wrong(
    client: FlaskClient, folder: Path
) -> None:
    (folder / "templates/unit-label.yaml").write_text("label: unit-label\nmedium: {}\n")
    document = release(client).get_json()
    assert document["number"] == 4005
    lines = [one["line"] for one in document["findings"]]
    assert (len(lines), lines[-1]) == (3, 2)
    assert document == problem(
        4005, document["detail"], document["hint"], findings=document["findings"]
    )


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "by is missing: expected one line of text, 1 to 64 characters."),
        ({"by": ""}, "by: expected one line of text, 1 to 64 characters, got ''."),
        ({"by": "mk", "comment": "x" * 501}, None),
        ({"by": "mk", "at": "now"}, "at is not a known key. Known here: by, comment."),
    ],
)
def test_release_needs_a_name(client: FlaskClient, body: Any, sentence: str | None) -> None:
    number, said = refusal(client.post(f"{ADDRESS}/release", json=body))
    assert number == 1002
    assert sentence in (None, said)


def test_runs_say_which_version_and_release_they_pinned(service: Service, folder: Path) -> None:
    client = service.web.test_client()
    names = ("template", "template_version", "template_digest", "template_state")
    opened = open_run(client, mode="test").get_json()
    assert [opened[name] for name in names] == ["unit-label", 1, plants.TEMPLATE_DIGEST, "draft"]
    plants.write_template(folder, **SMALLER)
    release(client)
    other = open_run(client, line="line-2").get_json()
    assert [client.get("/api/v1/runs/2").get_json()[name] for name in names] == [
        "unit-label",
        2,
        other["template_digest"],
        "released",
    ]


def test_a_run_without_a_release_is_refused_where_one_is_required(folder: Path) -> None:
    path = plants.write_site(folder, site={"template_release": "required"})
    with plants.opened(path) as service:
        client = service.web.test_client()
        assert refusal(open_run(client)) == (
            2010,
            "Template 'unit-label' has no release, and this site prints released templates only.",
        )
        release(client)
        assert open_run(client).status_code == 201


def test_templates_that_do_not_exist_are_refused(client: FlaskClient) -> None:
    for answer in (
        client.get("/api/v1/templates/x"),
        client.get("/api/v1/templates/x/versions"),
        client.get("/api/v1/templates/x/versions/1"),
        client.get("/api/v1/templates/x/diff"),
        client.post("/api/v1/templates/x/lint"),
        client.post("/api/v1/templates/x/preview", json={}),
        client.post("/api/v1/templates/x/release", json={"by": "mk"}),
        client.get("/api/v1/templates/..config/versions"),
    ):
        assert refusal(answer)[0] == 4002
    release(client)
    assert refusal(client.get(f"{ADDRESS}/versions/7"))[0] == 4003
    for version in (0, 2**40):
        assert refusal(client.get(f"{ADDRESS}/versions/{version}"))[0] == 1002
    assert refusal(client.get("/api/v1/templates/..%2Fconfig"))[0] == 1005


def test_diff_compares_draft_and_release(client: FlaskClient, folder: Path) -> None:
    assert refusal(client.get(f"{ADDRESS}/diff"))[0] == 2010
    release(client)
    plants.write_template(folder, **SMALLER)
    found = client.get(f"{ADDRESS}/diff").get_json()
    assert (found["added"], found["removed"], found["changes"]) == (
        1,
        1,
        ["media: {width_mm: 70, height_mm: 40} -> {width_mm: 60, height_mm: 40}"],
    )
    shapes.Diff.model_validate(found)
    assert client.get(f"{ADDRESS}/diff?old=1&new=1").get_json()["is_same"] is True
    assert refusal(client.get(f"{ADDRESS}/diff?old=x"))[0] == 1002


def test_lint_counts_what_it_finds(client: FlaskClient, folder: Path) -> None:
    plants.write_template(folder, samples={"run.lot": "L7"})
    assert client.post(f"{ADDRESS}/lint").get_json() == {
        "errors": 0,
        "warnings": 0,
        "notes": 0,
        "findings": [],
    }
    plants.write_template(folder, media={"width_mm": 90, "height_mm": 40})
    found = client.post(f"{ADDRESS}/lint").get_json()
    assert (found["errors"], found["warnings"], found["notes"]) == (1, 1, 0)
    shapes.LintedTemplate.model_validate(found)


def test_a_picture_of_lint_frames_in_red_what_was_found(client: FlaskClient, folder: Path) -> None:
    def reds() -> int:
        answer = client.post(f"{ADDRESS}/lint/picture")
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        picture = Image.open(io.BytesIO(answer.data)).convert("RGB")
        colours = picture.getcolors(10**7) or []
        return sum(count for count, colour in colours if colour == (210, 0, 0))

    plants.write_template(folder, samples={"run.lot": "L7"})
    assert reds() == 0
    plants.write_template(folder)
    assert reds() > 1000
    (folder / "templates/unit-label.yaml").write_text("label: unit-label\nmedia: {}\n")
    assert refusal(client.post(f"{ADDRESS}/lint/picture"))[0] == 4005


def test_preview_draws_the_draft_in_each_format(client: FlaskClient) -> None:
    picture = preview(client)
    assert (picture.status_code, picture.mimetype) == (200, "image/png")
    assert picture.headers["Content-Disposition"] == 'inline; filename="unit-label.png"'
    assert decoded(picture.data) == [plants.FIRST]
    for form, (media_type, start) in FORMATS.items():
        document = preview(client, format=form, values={"serial": "X-1"})
        assert (document.mimetype, document.data[:4]) == (media_type, start)
    zpl = preview(client, format="zpl", values={"serial": "X-1"}, dpi=300)
    assert zpl.mimetype == "application/vnd.zebra.zpl"
    assert b"^FDSN X-1^FS" in zpl.data


def test_preview_of_what_nobody_saved(client: FlaskClient, folder: Path) -> None:
    content = (folder / "templates/unit-label.yaml").read_text()
    content = content.replace("label: unit-label", "label: new").replace("SN ", "Number ")
    ask = {"content": content, "format": "zpl", "values": {"serial": "X-1"}}
    shown = client.post("/api/v1/templates/preview", json=ask)
    assert (shown.status_code, shown.mimetype) == (200, "application/vnd.zebra.zpl")
    assert b"^FDNumber X-1^FS" in shown.data
    wrong = client.post("/api/v1/templates/preview", json={"content": "label: new\n"}).get_json()
    assert (wrong["number"], wrong["findings"][0]["line"]) == (4005, 1)
    assert not (folder / "templates/new.yaml").exists()


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ({"dpi": 50}, 1002),
        ({"dpi": 10**9}, 1002),
        ({"format": "epl"}, 1002),
        ({"values": {"serial": "x" * 1001}}, 1002),
        ({"values": {f"attributes.n{n}": "x" for n in range(101)}}, 1002),
        ({"values": {"seral": "x"}}, 1002),
        ({"dpi": 300, "printer": "zebra-1"}, 1002),
        ({"printer": "x"}, 5004),
        ({"product": "x"}, 2002),
        ({"version": 3}, 4002),
        ({"samples": False}, 1002),
        ({"compare": True, "format": "zpl"}, 1002),
        ({"sheet": {"stock": "x"}}, 4007),
        ({"sheet": {"stock": "avery-l7173", "start": 11}}, 1002),
        ({"sheet": {"stock": "avery-l7173", "count": 1001}}, 1002),
        ({"sheet": {"stock": "avery-l7160"}}, 4001),
        ({"values": {"serial": "\u0000"}}, 4001),
    ],
)
def test_preview_refuses_what_it_cannot_draw(
    client: FlaskClient, body: dict[str, Any], number: int
) -> None:
    assert refusal(preview(client, **body))[0] == number


def test_preview_beside_another_drawing_says_in_a_header_what_differs(client: FlaskClient) -> None:
    found = preview(client, compare=True)
    assert (found.mimetype, found.headers["Comparison"].partition(" of ")[0]) == (
        "image/png",
        "Symbols: 0",
    )
    assert Image.open(io.BytesIO(found.data)).width > 3 * 559
    assert "Comparison" not in preview(client).headers


def test_preview_on_sheets_is_a_pdf(client: FlaskClient) -> None:
    found = preview(client, sheet={"stock": "avery-l7173", "start": 10, "count": 12})
    assert found.mimetype == "application/pdf"
    assert len(pypdfium2.PdfDocument(found.data)) == 3


def test_formats_that_nobody_draws_are_refused_with_those_there_are(client: FlaskClient) -> None:
    open_run(client)
    issue(client)
    expected = "format: expected one of pdf, png, svg, tspl, zpl, got 'epl'."
    for address in ("labels/1.epl", "jobs/1/labels.epl"):
        assert refusal(client.get(f"/api/v1/{address}")) == (1002, expected)


def test_preview_of_text_that_is_too_long_is_refused(client: FlaskClient) -> None:
    ask = {"content": "#" * 262_145}
    assert refusal(client.post("/api/v1/templates/preview", json=ask))[0] == 1003
    roomy = client.application
    roomy.config["MAX_CONTENT_LENGTH"] = 1_000_000
    number, sentence = refusal(client.post("/api/v1/templates/preview", json=ask))
    assert (number, sentence.partition(",")[0]) == (
        1002,
        "content: expected text of 1 to 262144 characters",
    )


def test_labels_are_shown_again_in_each_format(any_client: FlaskClient) -> None:
    open_run(any_client)
    [serial] = issue(any_client).get_json()["serials"]
    listed = any_client.get(f"/api/v1/serials/{serial}/labels").get_json()["labels"]
    assert [(one["id"], one["state"], one["language"]) for one in listed] == [(1, "queued", None)]
    shown = any_client.get("/api/v1/labels/1").get_json()
    shapes.ShownLabel.model_validate(shown)
    assert set(shown) == set(shapes.ShownLabel.model_json_schema()["properties"])
    assert (shown["serial"], shown["same_as_sent"], shown["template_version"]) == (
        serial,
        "unknown",
        1,
    )
    for suffix, (media_type, start) in FORMATS.items():
        answer = any_client.get(f"/api/v1/labels/1.{suffix}")
        assert (answer.mimetype, answer.data[:4]) == (media_type, start)
        assert answer.headers["Content-Disposition"] == (
            f'inline; filename="label-00000001.{suffix}"'
        )
    assert decoded(any_client.get("/api/v1/labels/1.png").data) == [serial]
    assert any_client.get(f"/api/v1/serials/{serial}").get_json()["serial"] == serial
    for address in ("labels/9", "labels/9.zpl", "labels/9.pdf", "labels/9.png"):
        assert refusal(any_client.get(f"/api/v1/{address}")) == (5002, "There is no label 9.")
    assert refusal(any_client.get("/api/v1/serials/X/labels"))[0] == 3001


def test_answers_about_templates_fit_the_shapes_that_are_described(client: FlaskClient) -> None:
    open_run(client)
    release(client)
    for shape, address in (
        (shapes.Templates, "/api/v1/templates"),
        (shapes.TemplateDetails, ADDRESS),
        (shapes.TemplateVersions, f"{ADDRESS}/versions"),
        (shapes.TemplateVersionDetails, f"{ADDRESS}/versions/1"),
        (shapes.Diff, f"{ADDRESS}/diff"),
    ):
        document = client.get(address).get_json()
        assert set(document) == set(shape.model_fields), shape
        shape.model_validate(document)

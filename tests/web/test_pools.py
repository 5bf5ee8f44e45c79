"""The doors of pools: lists that are streamed, ranges, returns and their exports."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labeler.web import shapes_pools
from tests import plants
from tests.web.asking import issue, open_run, problem, refusal

AT = "2026-11-23T12:00:00.000Z"
POOL = "/api/v1/pools/controller-sn"
SERIES = {"controller-sn": {"pattern": "AC{imported:4}", "low_water": 1}}
LIST = b"AC0001\nAC0002\n\nAC0003\n"
IMPORTED: dict[str, Any] = {
    "id": 1,
    "series": "controller-sn",
    "state": "done",
    "source": "list.txt",
    "digest": hashlib.sha256(LIST).hexdigest(),
    "count": 3,
    "channel": "http",
    "operator": "mk",
    "started_at": AT,
    "finished_at": AT,
    "blank_lines": 1,
    "replayed": False,
}
COUNTS: dict[str, Any] = {
    "series": "controller-sn",
    "pattern": "AC{imported:4}",
    "waiting": 3,
    "allocated": 0,
    "returned": 0,
    "low_water": 1,
    "low": False,
}


@pytest.fixture
def client(tmp_path: Path, database_url: str) -> Iterator[FlaskClient]:
    http = {"body_max_kib": 1, "import_max_mib": 1}
    path = plants.write_site(tmp_path / "site", database=database_url, series=SERIES, http=http)
    with plants.opened(path) as service:
        yield service.web.test_client()


def send(
    client: FlaskClient,
    content: Any = LIST,
    query: str = "file=list.txt&operator=mk",
    media_type: str = "text/plain",
    key: str = "k1",
) -> TestResponse:
    headers = {"Idempotency-Key": key}
    return client.post(
        f"{POOL}/imports?{query}", data=content, content_type=media_type, headers=headers
    )


def give_back(client: FlaskClient, key: str = "r1", **body: Any) -> TestResponse:
    given = {"reason": "order canceled", "operator": "mk", **body}
    return client.post(f"{POOL}/returns", json=given, headers={"Idempotency-Key": key})


def test_list_is_imported_once(client: FlaskClient) -> None:
    first = send(client)
    assert (first.status_code, first.get_json()) == (201, IMPORTED)
    shapes_pools.Imported.model_validate(first.get_json())
    again = send(client)
    assert (again.status_code, again.get_json()) == (200, {**IMPORTED, "replayed": True})
    assert refusal(send(client, b"AC0009\n"))[0] == 1008
    assert client.get("/api/v1/pools").get_json() == {"pools": [COUNTS]}
    shown = client.get(POOL).get_json()
    kept = {n: v for n, v in IMPORTED.items() if n not in {"blank_lines", "replayed"}}
    assert shown == {**COUNTS, "importing": None, "imports": [kept], "returns": []}
    shapes_pools.PoolDetail.model_validate(shown)


def test_dry_run_answers_200_and_keeps_nothing(client: FlaskClient) -> None:
    answer = send(client, query="dry_run=true")
    assert (answer.status_code, answer.get_json()["state"]) == (200, "checked")
    assert client.get("/api/v1/pools").get_json()["pools"][0]["waiting"] == 0


def test_column_of_csv_is_imported(client: FlaskClient) -> None:
    table = b"\xef\xbb\xbfbox;sn\r\n7;AC0005\r\n8;AC0004\r\n"
    answer = send(client, table, "column=sn&delimiter=semicolon", "text/csv; charset=utf-8")
    assert (answer.status_code, answer.get_json()["count"]) == (201, 2)
    open_run(client)
    assert issue(client, quantity=2).get_json()["serials"] == ["AC0005", "AC0004"]


def test_column_that_csv_does_not_have_is_refused(client: FlaskClient) -> None:
    for query in ("column=3", "column=3&header=true"):
        answer = send(client, b"serial\nAC0005\n", query, "text/csv")
        assert refusal(answer)[1] == "The list has no column 3. Nothing was imported."


def test_lines_that_are_wrong_stand_in_the_problem_document(client: FlaskClient) -> None:
    answer = send(client, b"AC0001\nAC1\nAC0001\n")
    sentence = "Serial 'AC1' has 3 characters: expected 6 by pattern 'AC{imported:4}'."
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json() == problem(
        3012,
        (
            "'list.txt' has 1 line that is no number of series 'controller-sn' and 1 number that "
            f"is there already. Nothing was imported. Line 2: {sentence}"
        ),
        "Correct the list and import all of it.",
        bad_lines={"count": 1, "first": [{"line": 2, "text": "AC1", "sentence": sentence}]},
        doubles={
            "count": 1,
            "first": [
                {
                    "line": 3,
                    "text": "AC0001",
                    "sentence": "Number 'AC0001' stands on line 1 already.",
                }
            ],
        },
    )


def test_list_may_be_longer_than_other_bodies_up_to_its_own_limit(client: FlaskClient) -> None:
    fits = b"".join(b"AC%04d\n" % n for n in range(10_000))
    assert send(client, fits).get_json()["count"] == 10_000
    answer = send(client, b"AC0001\n" * 200_000, key="k2")
    assert refusal(answer) == (1003, "The body is larger than 1048576 bytes.")


def test_range_is_imported_as_json(tmp_path: Path) -> None:
    series = {
        "controller-sn": {"pattern": "{imported:12:hex}"},
        "phones": {"pattern": "{imported:14}{check:imei}"},
    }
    with plants.opened(plants.write_site(tmp_path / "site", series=series)) as service:
        client = service.web.test_client()
        headers = {"Idempotency-Key": "k"}
        block = {"mac_block": "001BC50AB/36", "step": 4}
        answer = client.post(f"{POOL}/imports?operator=mk", json=block, headers=headers)
        found = answer.get_json()
        assert (answer.status_code, found["count"]) == (201, 1024)
        assert (found["source"], found["operator"]) == ("MAC block 001BC50AB/36, step 4", "mk")
        phones = {"tac": "35209900", "first": 0, "last": 9}
        answer = client.post("/api/v1/pools/phones/imports", json=phones, headers=headers)
        assert answer.get_json()["source"] == "TAC 35209900, 000000 to 000009"


@pytest.mark.parametrize(
    ("content", "media_type", "query", "found"),
    [
        (b"", "application/json", "", (1002, "The body is empty.")),
        (b"{}", "application/json", "", (1002, "The body names no range, or two.")),
        (
            b'{"mac_block": "X"}',
            "application/json",
            "",
            (
                3012,
                (
                    "MAC block 'X' is neither a range nor a prefix: expected for example "
                    "00:1B:C5:0A:B0:00..00:1B:C5:0A:BF:FF or 001BC50AB/36; write one of these. "
                    "Nothing was imported."
                ),
            ),
        ),
        (
            LIST,
            "text/plain",
            "delimiter=pipe",
            (1002, "delimiter: expected one of comma, semicolon, tab, got 'pipe'."),
        ),
        (LIST, "application/xml", "", (1004, "The body is application/xml.")),
    ],
)
def test_import_that_is_wrong_is_refused(
    client: FlaskClient, content: bytes, media_type: str, query: str, found: Any
) -> None:
    assert refusal(send(client, content, query, media_type)) == found


def test_import_without_a_key_is_refused(client: FlaskClient) -> None:
    answer = client.post(f"{POOL}/imports", data=LIST, content_type="text/plain")
    assert refusal(answer)[0] == 1007


def test_pool_that_is_none_is_refused(client: FlaskClient) -> None:
    assert refusal(client.get("/api/v1/pools/x")) == (3008, "There is no series 'x'.")


def test_numbers_are_returned_once_and_exported(client: FlaskClient) -> None:
    send(client)
    answer = give_back(client, count=2)
    found = answer.get_json()
    assert answer.status_code == 201
    assert found == {
        "id": 1,
        "series": "controller-sn",
        "state": "done",
        "arguments": "count=2",
        "count": 2,
        "reason": "order canceled",
        "channel": "http",
        "operator": "mk",
        "started_at": AT,
        "finished_at": AT,
        "replayed": False,
    }
    shapes_pools.Returned.model_validate(found)
    again = give_back(client, count=2)
    assert (again.status_code, again.get_json()) == (200, {**found, "replayed": True})
    text = client.get(f"{POOL}/returns/1/numbers.txt")
    assert (text.mimetype, text.data) == ("text/plain", b"AC0002\nAC0003\n")
    table = client.get(f"{POOL}/returns/1/numbers.csv")
    assert (table.mimetype, table.data) == ("text/csv", b"number\r\nAC0002\r\nAC0003\r\n")
    assert table.headers["Content-Disposition"] == (
        'attachment; filename="controller-sn-return-1.csv"'
    )
    refused = client.get(f"{POOL}/returns/2/numbers.txt")
    assert refusal(refused) == (3014, "Pool 'controller-sn' has no return 2.")


@pytest.mark.parametrize(
    "which",
    [{}, {"count": 1, "all": True}, {"first": "AC0001"}, {"first": "A", "last": "B", "count": 1}],
)
def test_return_that_does_not_say_which_is_refused(client: FlaskClient, which: Any) -> None:
    number, sentence = refusal(give_back(client, **which))
    assert number == 1002
    assert sentence.startswith("body: expected one of: count, first with last, all: true, got ")

"""GET /series, /series/{series}, its preview, and POST /series/lint."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from labeler.web import shapes_series as shapes
from tests import plants
from tests.web.asking import issue, open_run, refusal

SERIES = "/api/v1/series"


def test_series_answers_fit_the_shapes_that_are_described(any_client: FlaskClient) -> None:
    open_run(any_client)
    issue(any_client)
    listed = any_client.get(SERIES).get_json()
    assert [set(one) for one in listed["series"]] == [set(shapes.SeriesState.model_fields)]
    shapes.SeriesList.model_validate(listed)
    for path, shape in (
        ("", shapes.SeriesDetails),
        ("/preview", shapes.Preview),
    ):
        document = any_client.get(f"{SERIES}/controller-sn{path}").get_json()
        assert set(document) == set(shape.model_fields)
        shape.model_validate(document)
    linted = any_client.post(f"{SERIES}/lint", json={}).get_json()
    assert linted == {"errors": 0, "warnings": 0, "findings": []}


def test_an_unknown_series_is_3008_at_every_door(client: FlaskClient) -> None:
    for response in (
        client.get(f"{SERIES}/x"),
        client.get(f"{SERIES}/x/preview"),
        client.post(f"{SERIES}/x/release", json={"by": "mk"}),
        client.post(f"{SERIES}/lint", json={"series": "x"}),
        client.post(f"{SERIES}/lint", json={"series": "x", "pattern": "A{counter:4}"}),
    ):
        assert refusal(response) == (3008, "There is no series 'x'.")


def test_a_series_is_released_once_by_somebody(client: FlaskClient) -> None:
    nobody = client.post(f"{SERIES}/controller-sn/release", json={})
    assert refusal(nobody)[0] == 1002
    released = client.post(f"{SERIES}/controller-sn/release", json={"by": "mk"})
    assert released.status_code == 201
    shapes.SeriesDetails.model_validate(released.get_json())
    again = client.post(f"{SERIES}/controller-sn/release", json={"by": "mk"})
    assert (again.status_code, refusal(again)[0]) == (409, 4004)


def test_a_preview_counts_as_many_as_asked_for_and_takes_none(client: FlaskClient) -> None:
    for _ in range(2):
        shown = client.get(f"{SERIES}/controller-sn/preview?count=100").get_json()
        assert (len(shown["now"]["serials"]), shown["now"]["serials"][0]) == (100, plants.FIRST)
    at = client.get(f"{SERIES}/controller-sn/preview?count=1&at=2027-02-01T12:00:00Z").get_json()
    assert at["now"]["serials"][0].startswith("AC27032")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("count=101", "count: expected a whole number from 1 to 100, got '101'."),
        ("count=0", "count: expected a whole number from 1 to 100, got '0'."),
    ],
)
def test_a_preview_of_too_many_is_refused(client: FlaskClient, query: str, sentence: str) -> None:
    assert refusal(client.get(f"{SERIES}/controller-sn/preview?{query}")) == (1002, sentence)


def test_a_preview_at_a_time_without_a_zone_is_refused(client: FlaskClient) -> None:
    response = client.get(f"{SERIES}/controller-sn/preview?at=2026-11-23T12:00:00")
    number, sentence = refusal(response)
    assert (number, sentence.startswith("at: expected ")) == (1002, True)


def test_lint_of_a_pattern_points_at_the_character(client: FlaskClient) -> None:
    body = {"pattern": "AC{date:%y%V}{counter:5}"}
    assert client.post(f"{SERIES}/lint", json=body).get_json() == {
        "errors": 1,
        "warnings": 0,
        "findings": [
            {
                "series": "",
                "severity": "error",
                "kind": "pattern",
                "sentence": (
                    "Pattern 'AC{date:%y%V}{counter:5}', character 11: ISO weeks belong to the "
                    "ISO year, which is not always %y; write %g%V."
                ),
                "pattern": "AC{date:%y%V}{counter:5}",
                "position": 11,
                "caret": "AC{date:%y%V}{counter:5}\n          ^",
                "example": None,
            }
        ],
    }


@pytest.mark.parametrize(
    "body", [{"change": "restart"}, {"pattern": ""}, {"patern": "A"}, {"pattern": 7}]
)
def test_lint_of_what_is_no_pattern_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    assert refusal(client.post(f"{SERIES}/lint", json=body))[0] == 1002

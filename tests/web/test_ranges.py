"""Ranges over HTTP: each number leads to its serials."""

from flask.testing import FlaskClient

from labeler.web import shapes_quality as shapes
from tests.production.record import serials
from tests.web.asking import issue, open_run, refusal


def test_each_number_of_a_range_leads_to_its_serials(any_client: FlaskClient) -> None:
    client = any_client
    open_run(client)
    issue(client, quantity=3, print=False)
    ends = {"first": serials(1)[0], "last": serials(3)[0]}
    for address, asked in (
        ("/api/v1/runs/1/range", {}),
        ("/api/v1/series/controller-sn/range", ends),
    ):
        found = client.get(address, query_string=asked).get_json()
        shapes.Range.model_validate(found)
        assert (found["issued"], found["unused"], found["gaps"]) == (3, 3, 0)
        for kind, link in found["serials"].items():
            page = client.get(link).get_json()
            shapes.RangeSerials.model_validate(page)
            assert (len(page["serials"]), page["next"]) == (found[kind], None)
        link = f"{address}/issued"
        first = client.get(link, query_string={**asked, "limit": 2}).get_json()
        after = {**asked, "limit": 2, "after": first["next"]}
        rest = client.get(link, query_string=after).get_json()
        listed = [one["serial"] for one in first["serials"] + rest["serials"]]
        assert (listed, rest["next"]) == (list(serials(1, 3)), None)


def test_a_range_that_cannot_be_is_refused(client: FlaskClient) -> None:
    open_run(client)
    assert refusal(client.get("/api/v1/runs/9/range"))[0] == 2003
    assert refusal(client.get("/api/v1/runs/1/range/none"))[0] == 1002
    assert refusal(client.get("/api/v1/runs/1/range/issued?after=x"))[0] == 1002
    assert refusal(client.get("/api/v1/series/controller-sn/range"))[0] == 1002
    asked = {"first": serials(2)[0], "last": serials(1)[0]}
    found = client.get("/api/v1/series/controller-sn/range", query_string=asked)
    assert refusal(found)[0] == 6005

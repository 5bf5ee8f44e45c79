"""Doors that say how many labels are left, and whether they suffice."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from labeler.web import shapes_printers
from tests import plants
from tests.web.asking import open_run, refusal

ROLL = "/api/v1/printers/zebra-1/roll"
FORECAST = "/api/v1/lines/line-1/forecast"


def test_roll_that_is_put_in_is_shown_and_reminds_of_itself(any_client: FlaskClient) -> None:
    assert refusal(any_client.get(ROLL)) == (
        5031,
        "Nobody has said which roll is in printer 'zebra-1'.",
    )
    response = any_client.post(ROLL, json={"labels": 900, "operator": "mk"})
    expected = {
        "printer": "zebra-1",
        "at": "2026-11-23T12:00:00.000Z",
        "labels": 900,
        "used": 0,
        "left": 900,
        "estimated": True,
        "operator": "mk",
    }
    assert (response.status_code, response.get_json()) == (201, expected)
    shapes_printers.Roll.model_validate(expected)
    assert any_client.get(ROLL).get_json() == expected
    assert any_client.get("/api/v1/printers/zebra-1").get_json()["roll"] == expected
    remark = "1,240 labels needed, about 900 left on zebra-1."
    assert open_run(any_client, quantity=1240).get_json()["remarks"] == [remark]
    assert any_client.get("/api/v1/runs/1").get_json()["remarks"] == [remark]
    found = any_client.get(f"{FORECAST}?quantity=1240&product=AC-100").get_json()
    shapes_printers.Forecast.model_validate(found)
    assert (found["enough"], found["remarks"]) == (False, [remark])


def test_roll_and_forecast_refuse_what_is_wrong(client: FlaskClient) -> None:
    for wrong in ({"labels": 5}, {"labels": -1, "operator": "mk"}, {"operator": "", "labels": 5}):
        assert refusal(client.post(ROLL, json=wrong))[0] == 1002
    assert refusal(client.post(ROLL, json={"operator": "mk"}))[0] == 5031
    assert refusal(client.get("/api/v1/printers/x/roll")) == (5004, "There is no printer 'x'.")
    assert refusal(client.get(FORECAST))[0] == 1002
    assert refusal(client.get("/api/v1/lines/x/forecast?quantity=1"))[0] == 2001
    assert refusal(client.get(f"{FORECAST}?quantity=1&product=x"))[0] == 2002


def test_run_whose_key_is_not_there_any_more_is_shown_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = plants.write_site(tmp_path, series={"controller-sn": {"pattern": "P{permuted:8}"}})
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", "0" * 32)
    with plants.opened(path) as service:
        open_run(service.web.test_client())
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", "1" * 32)
    with plants.opened(path) as service:
        found = service.web.test_client().get("/api/v1/runs/1")
        assert (found.status_code, found.get_json()["state"]) == (200, "open")
    [remark] = found.get_json()["remarks"]
    assert remark.startswith("The key of series 'controller-sn' is not the one this run was opened")

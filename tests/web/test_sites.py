"""GET /api/v1/site, POST /api/v1/site/unlock, and /readyz of a site that is locked."""

from pathlib import Path

from tests import plants
from tests.production.safekeeping import Plant, issue

PEOPLE = {"operator": "mk", "approved_by": "ab", "reason": "backup put back"}


def test_a_locked_site_says_so_refuses_503_and_is_unlocked_by_two(tmp_path: Path) -> None:
    plant = Plant(tmp_path / "site")
    kept = plant.save()
    with plants.opened(plant.path) as service:
        issue(service.site, "lost", 2)
    plant.put_back(kept)
    with plants.opened(plant.path) as service:
        web = service.web.test_client()
        state = web.get("/api/v1/site").get_json()
        assert (state["locked"], state["lost"]) == (True, 2)
        ready = web.get("/readyz")
        assert ready.status_code == 503
        assert ready.get_json()["findings"] == [
            f"site: nothing is issued: {state['why']} {state['hint']}"
        ]
        headers = {"Idempotency-Key": "k"}
        refused = web.post("/api/v1/lines/line-1/labels", json={}, headers=headers)
        assert (refused.status_code, refused.get_json()["number"]) == (503, 9010)
        assert web.get(f"/api/v1/serials/{plant.before[0]}").status_code == 200
        alone = web.post("/api/v1/site/unlock", json={**PEOPLE, "approved_by": "mk"})
        assert (alone.status_code, alone.get_json()["number"]) == (422, 5026)
        lacking = web.post("/api/v1/site/unlock", json={"operator": "mk", "approved_by": "ab"})
        assert (lacking.status_code, lacking.get_json()["number"]) == (422, 1002)
        done = web.post("/api/v1/site/unlock", json=PEOPLE)
        assert (done.status_code, done.get_json()["steps"]) == (200, 2)
        served = web.post("/api/v1/lines/line-1/labels", json={}, headers=headers)
        assert (served.status_code, served.get_json()["serials"][0][7:12]) == (201, "00008")
        assert web.get("/api/v1/site").get_json()["locked"] is False

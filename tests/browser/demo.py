"""A served site with demo data: labels that a virtual printer printed, units people changed."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from labeler.web.access import COOKIE
from tests.e2e.harness import PATIENT, Api, make_site, serving, with_ports

PASSWORD = "three quiet brown lathes"
"""Of every account of the demo site."""
RECALL = {
    "name": "R-01",
    "reason": "housing may crack",
    "operator": "qa",
    "criteria": {"lots": ["L41"]},
}


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A running service and what it has."""

    url: str
    api: Api
    open_run: int
    closed_run: int
    planned_run: int
    serials: tuple[str, ...]
    """Those of the open run."""
    lot: str = "L42"
    """That of the open run."""
    signed_run: int = 0
    """Two people signed that it does not add up; 0: there is none, nor what follows."""
    recall: str = ""
    right_scan: int = 0
    wrong_scan: int = 0
    _sessions: dict[str, str] = field(default_factory=dict)

    def session_of(self, role: str) -> str:
        """Return the token of a session of somebody with that role; made when first asked for."""
        if role not in self._sessions:
            self._sessions[role] = self._signed_in(role)
        return self._sessions[role]

    def account_of(self, role: str) -> str:
        """Return the name of somebody with that role, whose password is ``PASSWORD``."""
        self.session_of(role)
        return f"{role}-1"

    def _signed_in(self, role: str) -> str:
        name = f"{role}-1"
        order = {"name": name, "display_name": role.capitalize(), "roles": [role]}
        made = _ok(self.api, "/accounts", order)
        once = made["one_time_password"]
        with httpx.Client(base_url=f"{self.url}/api/v1", trust_env=False, timeout=30) as client:
            began = client.post("/session", json={"name": name, "password": once})
            token = began.json()["csrf_token"]
            answer = client.post(
                "/session/password",
                json={"old": once, "new": PASSWORD},
                headers={"X-CSRF-Token": token},
            )
            assert answer.status_code == 200, answer.text
            return client.cookies[COOKIE]


def make_and_keep(folder: Path, *, has_past: bool = False) -> None:
    """Make a site in ``folder``, let a virtual printer print its labels, and write down its ids.

    ``has_past``: with a run that is signed, a recall and scans, too.
    """
    site = make_site(folder / "site", spooler=PATIENT, emulated=True)
    with serving(site) as (_, api):
        said = (_past(api) if has_past else {}) | _filled(api)
        if has_past:
            _ok(api, "/recalls", RECALL)
    (folder / "said.json").write_text(json.dumps(said), encoding="utf-8")


@contextmanager
def serving_demo(kept: Path, folder: Path) -> Iterator[Demo]:
    """Serve in ``folder`` a copy of the site that ``make_and_keep`` left in ``kept``."""
    said = json.loads((kept / "said.json").read_text(encoding="utf-8"))
    shutil.copytree(kept / "site", folder)
    site = with_ports(folder)
    with serving(site) as (_, api):
        yield Demo(url=site.url, api=api, **said | {"serials": tuple(said["serials"])})


def _past(api: Api) -> dict[str, Any]:
    """Let a run not add up, two people sign it, and its units be scanned; return what there is."""
    run = api.open_run(2, lot="L40", work_order="WO-6999", operator="mk")
    serial = api.issue("past", 2)["serials"][0]
    api.wait_until_settled()
    _ok(api, f"/runs/{run}/close", {"operator": "mk"})
    scan = {"scan": serial, "operator": "qa", "station": "gate-1"}
    right, wrong = (_ok(api, "/verifications", scan, f"scan-{one}")["id"] for one in "ab")
    _ok(api, "/units/commission", {"serials": [serial], "operator": "mk"}, "past")
    deviation = {"reason": "torn off", "approved_by": "qa", "difference": 1}
    _ok(api, f"/runs/{run}/reconcile", {"operator": "mk", "deviation": deviation})
    return {
        "signed_run": run,
        "right_scan": right,
        "wrong_scan": wrong,
        "recall": RECALL["name"],
    }


def _filled(api: Api) -> dict[str, Any]:
    """Issue, close, plan and commission; return what there is."""
    closed = api.open_run(12, lot="L41", work_order="WO-7000", operator="mk")
    first = api.issue("first", 12)["serials"]
    api.wait_until_settled()
    _ok(api, f"/runs/{closed}/close", {"operator": "mk"})
    opened = api.open_run(300, lot="L42", work_order="WO-7001", operator="mk")
    serials = api.issue("second", 8)["serials"]
    api.wait_until_settled()
    planned = _ok(
        api,
        "/runs",
        {"product": "AC-100", "line": "line-1", "quantity": 5000, "state": "planned", "lot": "L43"},
    )["id"]
    said = {"operator": "qa", "reason": "taken for the lab"}
    _ok(api, "/units/commission", {"serials": first[:10], "operator": "mk"}, "commission")
    _ok(api, "/units/sample", {"serials": first[:1], **said}, "sample")
    return {
        "open_run": opened,
        "closed_run": closed,
        "planned_run": planned,
        "serials": serials,
    }


def _ok(api: Api, path: str, body: Any, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    answer = api.post(path, body, **headers)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()

"""The doors of the audit trail, and which row each door that changes something leaves."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from labeler.app import Service
from labeler.production.safekeeping import audit_kinds
from tests import plants
from tests.production.record import serials
from tests.web.asking import issue, open_run, problem

BY = {"operator": "mk", "reason": "r"}
RECALL = {**BY, "name": "R-1", "criteria": {"runs": [1]}}
DEVIATION = {
    "operator": "mk",
    "deviation": {"reason": "r", "approved_by": "qa", "difference": 2},
}
BACKUP = {"file": "/mnt/b.db"}

LEAVES: dict[str, str | tuple[str, ...]] = {
    "POST /api/v1/runs": (
        *("run_planned", "run_opened"),
        *("series_version", "template_version", "template_released"),
    ),
    "POST /api/v1/runs/open": "run_opened",
    "POST /api/v1/runs/{run_id}/open": "run_opened",
    "POST /api/v1/runs/{run_id}/pause": "run_paused",
    "POST /api/v1/runs/{run_id}/resume": "run_resumed",
    "POST /api/v1/runs/{run_id}/withdraw": "run_withdrawn",
    "POST /api/v1/runs/{run_id}/overrun": "run_overrun",
    "POST /api/v1/runs/{run_id}/close": "run_closed",
    "PATCH /api/v1/runs/{run_id}": "run_edited",
    "POST /api/v1/lines/{line}/changeover": (
        *("run_closed", "run_paused", "run_opened", "run_resumed"),
        *("series_version", "template_version", "template_released"),
    ),
    "POST /api/v1/runs/{run_id}/reconcile": ("run_reconciled", "unit_voided"),
    "POST /api/v1/runs/{run_id}/release": "run_released",
    "POST /api/v1/accounts": "account_created",
    "PATCH /api/v1/accounts/{name}": "account_changed",
    "POST /api/v1/accounts/{name}/badge": ("badge_set", "badge_removed"),
    "POST /api/v1/accounts/{name}/disable": "account_disabled",
    "POST /api/v1/accounts/{name}/enable": "account_enabled",
    "POST /api/v1/accounts/{name}/reset": "password_reset",
    "POST /api/v1/accounts/{name}/sign-out": "signed_out",
    "POST /api/v1/keys": "api_key_made",
    "POST /api/v1/keys/{key_id}/revoke": "api_key_revoked",
    "POST /api/v1/session": ("signed_in", "signed_out", "sign_in_refused"),
    "POST /api/v1/session/password": "password_changed",
    "DELETE /api/v1/session": "signed_out",
    "POST /api/v1/recalls": "recall_opened",
    "POST /api/v1/recalls/{name}/close": "recall_closed",
    "POST /api/v1/runs/{run_id}/serials": "block_allocated",
    "POST /api/v1/runs/{run_id}/leases": ("block_allocated", "lease_opened"),
    "POST /api/v1/leases/{lease_id}/used": "lease_used",
    "POST /api/v1/leases/{lease_id}/void": "lease_voided",
    "POST /api/v1/leases/{lease_id}/close": ("lease_closed", "lease_voided"),
    "POST /api/v1/leases/{lease_id}/extend": "lease_extended",
    "POST /api/v1/lines/{line}/labels": "allocated",
    "POST /api/v1/serials/{serial}/reprint": "reprint_queued",
    "POST /api/v1/labels/{label_id}/reprint": "reprint_queued",
    "POST /api/v1/doubtful/{label_id}": ("label_printed", "label_not_printed", "label_scrapped"),
    "POST /api/v1/doubtful/scan": "label_verified",
    "POST /api/v1/jobs/{job_id}/cancel": ("label_not_printed", "job_canceled"),
    "POST /api/v1/jobs/{job_id}/hold": ("label_held", "job_held"),
    "POST /api/v1/jobs/{job_id}/release": ("label_queued", "label_not_printed", "label_printed"),
    "POST /api/v1/jobs/{job_id}/priority": "job_priority",
    "POST /api/v1/jobs/{job_id}/move": "label_moved",
    "POST /api/v1/printers/{printer}/move": "label_moved",
    "POST /api/v1/printers/{printer}/pause": "printer_paused",
    "POST /api/v1/printers/{printer}/resume": "printer_resumed",
    "POST /api/v1/printers/{printer}/roll": "printer_roll",
    "POST /api/v1/printers/{printer}/test": "printer_test_label",
    "POST /api/v1/printers/{printer}/calibrate": "printer_calibration",
    "POST /api/v1/printers/{printer}/console": ("console_asked", "console_sent"),
    "POST /api/v1/units/{verb}": "unit_moved",
    "POST /api/v1/series/{series}/release": "series_version",
    "POST /api/v1/templates/{template}/release": ("template_version", "template_released"),
    "POST /api/v1/pools/{series}/imports": "pool_imported",
    "POST /api/v1/pools/{series}/returns": "pool_returned",
    "POST /api/v1/verifications": ("verification", "label_verified", "unit_commissioned"),
    "POST /api/v1/site/unlock": "site_unlocked",
    "POST /api/v1/site/backups": "backup_begun",
}
"""Door -> the rows that it leaves."""

NONE: dict[str, str] = {
    "POST /api/v1/serials/check": "only looks",
    "POST /api/v1/series/lint": "only looks",
    "POST /api/v1/templates/preview": "only draws",
    "POST /api/v1/templates/{template}/preview": "only draws",
    "POST /api/v1/templates/{template}/lint": "only looks",
    "POST /api/v1/templates/{template}/lint/picture": "only draws",
    "POST /api/v1/printers/{printer}/check": "asks the printer, changes nothing",
    "POST /api/v1/audit/verify": "only looks",
    "POST /api/v1/recalls/preview": "only looks",
    "POST /api/v1/recalls/preview/units": "only looks",
    "POST /api/v1/audit/anchor": "writes outside the database, where a row could not vouch for it",
}
"""Door -> why it leaves no row."""


def doors(client: FlaskClient) -> Iterator[str]:
    """Yield every operation that is no GET."""
    for path, methods in client.get("/openapi.json").get_json()["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods if method != "get")


def kinds(client: FlaskClient) -> list[str]:
    rows = client.get("/api/v1/audit?limit=500&order=asc").get_json()["audit"]
    return [row["what"] for row in rows]


def test_every_door_that_changes_something_says_which_row_it_leaves(client: FlaskClient) -> None:
    assert sorted(doors(client)) == sorted([*LEAVES, *NONE])


RUN = {"product": "AC-100", "line": "line-1", "quantity": 50}
PLANNED = {**RUN, "state": "planned"}
OWN = serials(6, 4)
BY_SOMEBODY = {"operator": "mk"}
QA = {"scan": "X", "operator": "qa", "station": "s"}
STEPS: list[tuple[str, str, dict[str, Any]]] = [
    ("runs", "", RUN),
    ("lines/{line}/labels", "line-1", {"quantity": 3}),
    ("runs/{run_id}/overrun", "1", {**BY, "units": 5}),
    ("runs/{run_id}/serials", "1", {"quantity": 2}),
    ("jobs/{job_id}/priority", "1", {**BY, "priority": 90}),
    ("jobs/{job_id}/hold", "1", BY),
    ("jobs/{job_id}/release", "1", BY),
    ("jobs/{job_id}/move", "1", {**BY, "to": "archive"}),
    ("printers/{printer}/move", "archive", {**BY, "to": "zebra-1"}),
    ("jobs/{job_id}/cancel", "1", BY),
    ("printers/{printer}/pause", "zebra-1", BY),
    ("printers/{printer}/resume", "zebra-1", BY),
    ("printers/{printer}/roll", "zebra-1", {"labels": 10, "operator": "mk"}),
    ("verifications", "", QA),
    ("templates/{template}/release", "unit-label", {"by": "mk"}),
    ("site/backups", "", BACKUP),
    ("runs/{run_id}/pause", "1", BY),
    ("runs/{run_id}/resume", "1", BY),
    ("runs/{run_id}/close", "1", BY),
    ("runs", "", PLANNED),
    ("runs/{run_id}/withdraw", "2", BY),
    ("units/{verb}", "move", {"operator": "mk", "location": "B7", "serials": [plants.FIRST]}),
    ("recalls", "", RECALL),
    ("recalls/{name}/close", "R-1", BY),
    ("runs/{run_id}/reconcile", "1", DEVIATION),
    ("runs/{run_id}/release", "1", {"operator": "qa"}),
    ("runs", "", PLANNED),
    ("runs/{run_id}/open", "3", {}),
    ("runs", "", PLANNED),
    ("lines/{line}/changeover", "line-1", {**BY, "run": 4, "leave": "pause"}),
    ("lines/{line}/changeover", "line-1", {**BY, "run": 3}),
    ("runs/{run_id}/leases", "3", {"quantity": 4, "holder": "Miller", "expires_in_s": 3600}),
    ("leases/{lease_id}/used", "1", {"serials": [OWN[0]]}),
    ("leases/{lease_id}/void", "1", {**BY, "serials": [OWN[1]]}),
    ("leases/{lease_id}/extend", "1", {**BY, "expires_in_s": 7200}),
    ("leases/{lease_id}/close", "1", {**BY, "void_rest": True}),
    ("audit/anchor", "", {}),
    ("accounts", "", {"name": "ab", "display_name": "A. Berg", "roles": ["qa"]}),
    ("accounts/{name}/badge", "ab", {"badge": "77", "pin": "4711"}),
    ("accounts/{name}/reset", "ab", {}),
    ("accounts/{name}/sign-out", "ab", {}),
    ("accounts/{name}/disable", "ab", BY_SOMEBODY),
    ("accounts/{name}/enable", "ab", {}),
    ("keys", "", {"name": "PLC", "permissions": ["print"]}),
]
"""One after the other: the door, what its address names, and what it is sent."""


def test_doors_leave_the_rows_they_say(any_client: FlaskClient) -> None:
    for number, (door, name, body) in enumerate(STEPS):
        before = len(kinds(any_client))
        headers = {"Idempotency-Key": f"k{number}"}
        address = f"/api/v1/{re.sub('{.*}', name, door)}"
        response = any_client.post(address, json=body, headers=headers)
        assert response.status_code < 300, response.get_json()
        told = LEAVES.get(f"POST /api/v1/{door}", ())
        allowed = {told} if isinstance(told, str) else {*told}
        found = set(kinds(any_client)[before:])
        assert bool(found) == bool(allowed), door
        assert found <= allowed, door


def test_every_kind_that_is_recorded_is_known() -> None:
    told = {
        word for said in LEAVES.values() for word in ([said] if isinstance(said, str) else said)
    }
    for path in Path("labeler").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        told.update(re.findall(r'record\w*\(\s*[\w.]+,\s*"(\w+)"', text))
    assert len(told) > len(LEAVES) / 2
    assert told - audit_kinds.KINDS == set()


def test_list_audit_refuses_a_kind_that_no_row_has(client: FlaskClient) -> None:
    response = client.get("/api/v1/audit?kind=run_reopened")
    hint = "Nearest are run_opened, run_reconciled, run_released."
    sentence = "'run_reopened' is no kind of row of the audit trail."
    assert response.get_json() == problem(1002, sentence, hint)


def test_list_audit_shows_a_row(any_client: FlaskClient) -> None:
    open_run(any_client, operator="mk")
    page = any_client.get("/api/v1/audit?kind=run_opened").get_json()
    [row] = page["audit"]
    assert page["next"] is None
    assert len(row.pop("hash")) == 64
    assert row == {
        "seq": 4, "at": "2026-11-23T12:00:00.000Z", "at_site": "2026-11-23T13:00:00.000+01:00",
        "who": "mk", "what": "run_opened", "of": "run 1", "old": None, "new": "open",
        "reason": None, "channel": "http", "run": 1, "serial": None, "label": None,
        "detail": {"operator": "mk"}, "event": 4,
    }  # fmt: skip


def test_show_head_and_anchor_say_the_same(any_client: FlaskClient) -> None:
    nothing = {"seq": 0, "hash": "0" * 64}
    assert any_client.get("/api/v1/audit/head").get_json() == {**nothing, "anchored": None}
    open_run(any_client)
    anchored = any_client.post("/api/v1/audit/anchor").get_json()
    head = any_client.get("/api/v1/audit/head").get_json()
    assert head["anchored"] == {name: anchored[name] for name in ("seq", "hash", "at")}
    assert {name: head[name] for name in ("seq", "hash")} == {
        name: anchored[name] for name in ("seq", "hash")
    }


def test_verify_answers_lines_and_at_last_the_verdict(any_client: FlaskClient) -> None:
    open_run(any_client)
    issue(any_client)
    any_client.post("/api/v1/audit/anchor")
    response = any_client.post("/api/v1/audit/verify", json={})
    assert (response.status_code, response.mimetype) == (200, "application/x-ndjson")
    first, *_, last = [json.loads(line) for line in response.text.splitlines()]
    assert first == {"rows": 0, "of": 5}
    assert last == {
        "ok": True, "rows": 5, "of": 5, "head": last["head"], "anchors": 1, "skipped": [],
        "losses": [], "bad": None,
    }  # fmt: skip


def test_only_one_check_of_the_trail_is_under_way(any_client: FlaskClient) -> None:
    open_run(any_client)
    first = any_client.post("/api/v1/audit/verify", json={}, buffered=False)
    refused = any_client.post("/api/v1/audit/verify", json={})
    sentence = "A check of the audit trail is under way, and there is one at a time."
    assert refused.get_json() == problem(9007, sentence, "Try again when it is done.")
    first.close()
    for _ in ("it is free again", "and once more"):
        done = any_client.post("/api/v1/audit/verify", json={})
        assert (done.status_code, '"ok": ' in done.text) == (200, True)


def test_verify_refuses_what_is_no_anchor(client: FlaskClient) -> None:
    response = client.post("/api/v1/audit/verify", json={"anchors": ["7:xyz"]})
    hint = "Expected SEQ:HASH with 64 hexadecimal digits, or a line of the anchors' log."
    assert response.get_json() == problem(6030, "'7:xyz' is no anchor.", hint)


@pytest.mark.parametrize("change", [{"site": {"name": "Other"}}, {"http": {"port": 8123}}])
def test_a_start_with_another_config_says_which_keys_changed(
    service: Service, change: dict[str, Any]
) -> None:
    from labeler.production.safekeeping import recording

    recording.note_start(service.site, service.settings)
    recording.note_start(service.site, service.settings)
    path = plants.write_site(service.folder, **change)
    from labeler import config

    recording.note_start(service.site, config.read(path).settings)
    rows = service.web.test_client().get("/api/v1/audit?kind=config_loaded").get_json()["audit"]
    [(part, (key, _))] = [(part, *said.items()) for part, said in change.items()]
    assert [row["detail"].get("keys") for row in rows] == [[f"{part}.{key}"], None]
    assert rows[0]["old"] == rows[1]["new"] != rows[0]["new"]


def test_a_password_in_an_address_is_not_even_digested(service: Service) -> None:
    from labeler import config
    from labeler.production.safekeeping import recording

    recording.note_start(service.site, service.settings)
    for password in ("one", "two"):
        printers = {"zebra-1": {"uri": f"ipp://line:{password}@127.0.0.1/q"}}
        path = plants.write_site(service.folder, printers=printers)
        settings = config.read(path).settings
        digests = dict(recording._digests(settings.model_dump(mode="json")))
        assert digests["printers.zebra-1.uri"] == "secret"

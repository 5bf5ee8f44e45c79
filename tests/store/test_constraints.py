"""The database decides: each rule refuses what it should, and by its name."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from labeler.store import Store, schema, schema_runs, violated

AT = datetime(2026, 11, 23, tzinfo=UTC)

ROWS: dict[str, dict[str, Any]] = {
    "number_series": {"name": "s", "created_at": AT},
    "series_version": {
        "id": 1, "series": "s", "version": 1, "epoch": 1, "pattern": "{counter:5}",
        "definition": "{}", "created_at": AT,
    },
    "series_counter": {"series": "s", "epoch": 1, "period": "26", "next": 1},
    "pool": {"series": "s", "last_id": 1, "waiting": 1, "allocated": 0, "returned": 0},
    "pool_import": {
        "id": 1, "series": "s", "state": "done", "source": "list.txt", "digest": "d",
        "arguments": "", "count": 1, "channel": "http", "key": "k", "started_at": AT,
    },
    "pool_return": {
        "id": 1, "series": "s", "state": "done", "arguments": "all", "count": 0, "reason": "r",
        "channel": "http", "operator": "mk", "key": "k", "started_at": AT,
    },
    "pool_number": {
        "id": 1, "series": "s", "import_id": 1, "text": "A1", "state": "unallocated",
    },
    "site_setting": {"name": "serial_scope", "value": "global"},
    "printer_event": {
        "id": 1, "printer": "p", "at": AT, "state": "stopped", "reasons": "paused", "sentence": "s",
    },
    "printer_pause": {"printer": "p", "at": AT, "reason": "r", "operator": "mk"},
    "printer_roll": {
        "id": 1, "printer": "p", "at": AT, "labels": 1000, "used": 0, "operator": "mk",
        "channel": "http",
    },
    "allocation": {
        "id": 1, "run_id": 1, "channel": "http", "key": "k", "first_position": 1, "quantity": 5,
        "filled": 0, "state": "filling", "created_at": AT,
    },
    "lease": {
        "id": 1, "run_id": 1, "allocation_id": 1, "holder": "h", "arguments": "", "state": "open",
        "quantity": 5, "open": 5, "used": 0, "voided": 0, "opened_at": AT, "expires_at": AT,
    },
    "lease_report": {
        "id": 1, "lease_id": 1, "kind": "used", "state": "applying", "channel": "http", "key": "k",
        "arguments": "", "count": 1, "places": b"", "next_place": 0, "late": False,
        "received_at": AT,
    },
    "unit_order": {
        "id": 1, "verb": "move", "state": "applying", "channel": "http", "key": "k",
        "arguments": "", "said": "{}", "units": b"", "count": 1, "next_place": 0,
        "left_alone": "[]", "received_at": AT,
    },
    "template_version": {
        "id": 1, "template": "t", "version": 1, "digest": "d", "content": "c", "created_at": AT,
    },
    "template_file": {
        "template_version_id": 1, "name": "logo.png", "digest": "b" * 64, "content": b"logo",
    },
    "template_release": {
        "id": 1, "template": "t", "number": 1, "template_version_id": 1, "released_at": AT,
        "released_by": "mk", "channel": "http", "implicit": False,
    },
    "run": {
        "id": 1, "product": "p", "line": "l", "quantity": 5, "issued": 0, "attributes": {},
        "constants": {}, "series_version_id": 1, "template_version_id": 1, "state": "open",
        "opened_at": AT,
    },
    "run_step": {
        "id": 1, "run_id": 1, "at": AT, "from_state": "planned", "to_state": "open", "channel": "c",
    },
    "unit": {
        "id": 1, "serial": "A1", "scope": "", "run_id": 1, "position": 1, "counter": 1,
        "state": "allocated", "allocated_at": AT,
    },
    "run_series": {
        "run_id": 1, "name": "mac", "place": 1, "series_version_id": 1, "secret": False,
    },
    "unit_identifier": {"unit_id": 1, "name": "mac", "text": "00", "scope": "", "counter": 1},
    "trigger_reply": {
        "channel": "http", "line": "l", "key": "k", "arguments": "a", "reply": "{}",
        "received_at": AT,
    },
    "job": {
        "id": 1, "printer": "p", "run_id": 1, "purpose": "print", "state": "pending",
        "label_count": 1, "created_at": AT,
    },
    "label": {
        "id": 1, "job_id": 1, "unit_id": 1, "printer": "p", "position": 1, "state": "queued",
    },
    "event": {
        "id": 1, "at": AT, "kind": "k", "channel": "http", "run_id": 1, "unit_id": 1,
        "label_id": 1, "detail": {},
    },
    "verification": {
        "id": 1, "at": AT, "text": "A1", "serial": "A1", "unit_id": 1, "verdict": "ok",
        "sentence": "s", "details": {}, "label_id": 1, "operator": "mk", "station": "qa",
        "line": "l", "run_id": 1, "channel": "http", "key": "k", "arguments": "a",
    },
    "reconciliation": {
        "run_id": 1, "at": AT, "operator": "mk", "channel": "http", "figures": "{}",
        "digest": "d", "difference": 0,
    },
    "audit_chain": {"seq": 1, "event_id": 1, "hash": bytes(32)},
    "heartbeat": {"id": 1, "at": AT},
    "recall": {
        "id": 1, "name": "R-1", "state": "gathering", "reason": "r", "operator": "mk",
        "channel": "http", "criteria": "{}", "way": "{}", "count": 0, "expected": 1,
        "created_at": AT,
    },
    "recall_unit": {"recall_id": 1, "unit_id": 1},
    "account": {
        "id": 1, "name": "mk", "display_name": "M. Kern", "password_hash": "h",
        "must_change": False, "badge_hash": "b", "pin_hash": "p", "created_at": AT,
        "created_by": "admin",
    },
    "account_role": {"account_id": 1, "role": "operator"},
    "account_session": {
        "id": 1, "token_hash": "t", "account_id": 1, "how": "password", "created_at": AT,
        "last_seen_at": AT,
    },
    "api_key": {
        "id": 1, "public_id": "k", "name": "PLC", "secret_hash": "h", "permissions": "[]",
        "created_at": AT, "created_by": "admin",
    },
}  # fmt: skip
"""A row of each table that fits the others."""

OTHERS: dict[str, dict[str, Any]] = {
    "number_series": {"name": "s2"},
    "series_version": {"id": 2, "series": "s2", "version": 2},
    "pool": {"series": "s2"},
    "pool_import": {"id": 2, "key": "k2"},
    "pool_return": {"id": 2, "key": "k2"},
    "pool_number": {"id": 2, "text": "A2"},
    "site_setting": {"name": "other"},
    "printer_event": {"id": 2},
    "printer_pause": {"printer": "p2"},
    "printer_roll": {"id": 2},
    "allocation": {"id": 2, "key": "k2"},
    "lease": {"id": 2, "allocation_id": 2},
    "lease_report": {"id": 2, "key": "k2"},
    "unit_order": {"id": 2, "key": "k2"},
    "template_version": {"id": 2, "template": "t2", "version": 2, "digest": "d2"},
    "template_file": {"name": "seal.png"},
    "template_release": {"id": 2, "number": 2},
    "run": {"id": 2, "line": "l2"},
    "run_step": {"id": 2},
    "unit": {"id": 2, "serial": "A2", "position": 2},
    "run_series": {"name": "imei", "place": 2},
    "unit_identifier": {"name": "imei", "text": "01"},
    "job": {"id": 2},
    "label": {"id": 2, "position": 2},
    "event": {"id": 2},
    "trigger_reply": {"key": "k2"},
    "series_counter": {"period": "27"},
    "verification": {"id": 2, "unit_id": None, "key": "k2"},
    "reconciliation": {"run_id": 2, "difference": 1, "approved_by": "qa", "reason": "lost"},
    "audit_chain": {"seq": 2, "event_id": 2},
    "heartbeat": {"id": 2},
    "recall": {"id": 2, "name": "R-2"},
    "recall_unit": {"unit_id": 2},
    "account": {"id": 2, "name": "ab", "badge_hash": "b2"},
    "account_role": {"role": "qa"},
    "account_session": {"id": 2, "token_hash": "t2"},
    "api_key": {"id": 2, "public_id": "k2"},
}
"""What makes it another row that is allowed beside it."""

REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "account_pk": ("account", {"id": 1}),
    "account_name_unique": ("account", {"name": "mk"}),
    "account_badge_hash_unique": ("account", {"badge_hash": "b"}),
    "account_somebody_check": ("account", {"display_name": ""}),
    "account_badge_with_pin_check": ("account", {"pin_hash": None}),
    "account_role_pk": ("account_role", {"role": "operator"}),
    "account_role_account_id_fk": ("account_role", {"account_id": 9}),
    "account_role_role_known_check": ("account_role", {"role": "king"}),
    "account_session_pk": ("account_session", {"id": 1}),
    "account_session_token_hash_unique": ("account_session", {"token_hash": "t"}),
    "account_session_account_id_fk": ("account_session", {"account_id": 9}),
    "account_session_how_known_check": ("account_session", {"how": "charm"}),
    "api_key_pk": ("api_key", {"id": 1}),
    "api_key_public_id_unique": ("api_key", {"public_id": "k"}),
    "api_key_named_check": ("api_key", {"name": ""}),
    "api_key_revoked_by_somebody_check": ("api_key", {"revoked_at": AT}),
    "verification_pk": ("verification", {"id": 1}),
    "verification_channel_key_unique": ("verification", {"key": "k"}),
    "verification_once_ok": ("verification", {"unit_id": 1}),
    "verification_unit_id_fk": ("verification", {"unit_id": 9}),
    "verification_label_id_fk": ("verification", {"label_id": 9}),
    "verification_run_id_fk": ("verification", {"run_id": 9}),
    "verification_somebody_somewhere_check": ("verification", {"station": ""}),
    "reconciliation_pk": ("reconciliation", {"run_id": 1}),
    "reconciliation_run_id_fk": ("reconciliation", {"run_id": 9}),
    "reconciliation_somebody_check": ("reconciliation", {"operator": ""}),
    "reconciliation_even_or_approved_check": ("reconciliation", {"approved_by": "MK"}),
    "series_version_pk": ("series_version", {"id": 1}),
    "series_version_series_version_unique": ("series_version", {"series": "s", "version": 1}),
    "number_series_pk": ("number_series", {"name": "s"}),
    "allocation_pk": ("allocation", {"id": 1}),
    "allocation_run_id_fk": ("allocation", {"run_id": 9}),
    "allocation_run_id_channel_key_unique": ("allocation", {"key": "k"}),
    "allocation_filled_within_quantity_check": ("allocation", {"filled": 6}),
    "allocation_state_known_check": ("allocation", {"state": "lost"}),
    "lease_pk": ("lease", {"id": 1}),
    "lease_run_id_fk": ("lease", {"run_id": 9}),
    "lease_allocation_id_fk": ("lease", {"allocation_id": 9}),
    "lease_allocation_id_unique": ("lease", {"allocation_id": 1}),
    "lease_state_known_check": ("lease", {"state": "lost", "open": 0, "used": 5}),
    "lease_counts_not_negative_check": ("lease", {"open": -1, "used": 6}),
    "lease_none_forgotten_check": ("lease", {"used": 1}),
    "lease_closed_when_all_are_known_check": ("lease", {"state": "closed"}),
    "unit_order_pk": ("unit_order", {"id": 1}),
    "unit_order_channel_key_unique": ("unit_order", {"key": "k"}),
    "unit_order_state_known_check": ("unit_order", {"state": "lost"}),
    "unit_order_within_count_check": ("unit_order", {"next_place": 2}),
    "lease_report_pk": ("lease_report", {"id": 1}),
    "lease_report_lease_id_fk": ("lease_report", {"lease_id": 9}),
    "lease_report_lease_id_channel_key_unique": ("lease_report", {"key": "k"}),
    "lease_report_kind_known_check": ("lease_report", {"kind": "lost"}),
    "lease_report_state_known_check": ("lease_report", {"state": "lost"}),
    "printer_pause_pk": ("printer_pause", {"printer": "p"}),
    "printer_roll_pk": ("printer_roll", {"id": 1}),
    "printer_roll_labels_counted_check": ("printer_roll", {"labels": -1}),
    "printer_roll_used_counted_check": ("printer_roll", {"used": -1}),
    "job_priority_range_check": ("job", {"priority": 101}),
    "label_copy_counted_check": ("label", {"copy": -1}),
    "printer_event_pk": ("printer_event", {"id": 1}),
    "printer_event_state_known_check": ("printer_event", {"state": "tired"}),
    "site_setting_pk": ("site_setting", {"name": "serial_scope"}),
    "pool_number_pk": ("pool_number", {"id": 1}),
    "pool_number_once_in_a_pool": ("pool_number", {"text": "A1"}),
    "pool_number_state_known_check": ("pool_number", {"state": "lost"}),
    "pool_number_import_id_fk": ("pool_number", {"import_id": 9}),
    "pool_number_return_id_fk": ("pool_number", {"return_id": 9}),
    "pool_pk": ("pool", {"series": "s"}),
    "pool_counts_not_negative_check": ("pool", {"waiting": -1}),
    "pool_series_fk": ("pool", {"series": "s9"}),
    "pool_import_pk": ("pool_import", {"id": 1}),
    "pool_import_once_a_key": ("pool_import", {"key": "k"}),
    "pool_import_state_known_check": ("pool_import", {"state": "lost"}),
    "pool_import_series_fk": ("pool_import", {"series": "s9"}),
    "pool_return_pk": ("pool_return", {"id": 1}),
    "pool_return_series_channel_key_unique": ("pool_return", {"key": "k"}),
    "pool_return_state_known_check": ("pool_return", {"state": "lost"}),
    "pool_return_series_fk": ("pool_return", {"series": "s9"}),
    "series_counter_pk": ("series_counter", {"period": "26"}),
    "series_counter_next_not_negative_check": ("series_counter", {"next": -1}),
    "template_version_pk": ("template_version", {"id": 1}),
    "template_version_template_version_unique": (
        "template_version",
        {"template": "t", "version": 1},
    ),
    "template_version_template_digest_unique": (
        "template_version",
        {"template": "t", "digest": "d"},
    ),
    "template_file_pk": ("template_file", {"name": "logo.png"}),
    "template_file_template_version_id_fk": ("template_file", {"template_version_id": 9}),
    "template_release_pk": ("template_release", {"id": 1}),
    "template_release_template_number_unique": ("template_release", {"number": 1}),
    "template_release_template_version_id_fk": ("template_release", {"template_version_id": 9}),
    "template_release_number_positive_check": ("template_release", {"number": 0}),
    "template_release_somebody_released_it_check": ("template_release", {"released_by": ""}),
    "run_pk": ("run", {"id": 1}),
    "run_one_open_per_line": ("run", {"line": "l"}),
    "run_quantity_positive_check": ("run", {"quantity": 0}),
    "run_issued_within_quantity_check": ("run", {"issued": 6}),
    "run_state_known_check": ("run", {"state": "ajar"}),
    "run_mode_known_check": ("run", {"mode": "fun"}),
    "run_series_version_id_fk": ("run", {"series_version_id": 9}),
    "run_template_version_id_fk": ("run", {"template_version_id": 9}),
    "run_template_release_id_fk": ("run", {"template_release_id": 9}),
    "run_overrun_not_negative_check": ("run", {"overrun": -1}),
    "run_pinned_once_open_check": ("run", {"state": "paused", "template_version_id": None}),
    "run_rework_of_fk": ("run", {"rework_of": 9}),
    "run_step_pk": ("run_step", {"id": 1}),
    "run_step_run_id_fk": ("run_step", {"run_id": 9}),
    "run_step_from_known_check": ("run_step", {"from_state": "ajar"}),
    "run_step_to_known_check": ("run_step", {"to_state": "ajar"}),
    "run_step_moves_or_permits_check": ("run_step", {"to_state": "planned"}),
    "unit_pk": ("unit", {"id": 1}),
    "unit_serial_scope_unique": ("unit", {"serial": "A1"}),
    "unit_run_id_position_unique": ("unit", {"position": 1}),
    "unit_run_id_fk": ("unit", {"run_id": 9}),
    "run_series_pk": ("run_series", {"name": "mac"}),
    "run_series_run_id_place_unique": ("run_series", {"place": 1}),
    "run_series_run_id_fk": ("run_series", {"run_id": 9}),
    "run_series_series_version_id_fk": ("run_series", {"series_version_id": 9}),
    "unit_identifier_pk": ("unit_identifier", {"name": "mac"}),
    "unit_identifier_text_scope_unique": ("unit_identifier", {"text": "00"}),
    "unit_identifier_only_secrets_forgotten_check": ("unit_identifier", {"text": None}),
    "unit_identifier_unit_id_fk": ("unit_identifier", {"unit_id": 9}),
    "audit_chain_pk": ("audit_chain", {"seq": 1}),
    "audit_chain_event_id_unique": ("audit_chain", {"event_id": 1}),
    "audit_chain_seq_from_1_check": ("audit_chain", {"seq": 0}),
    "audit_chain_whole_hash_check": ("audit_chain", {"hash": bytes(31)}),
    "trigger_reply_pk": ("trigger_reply", {"key": "k"}),
    "job_pk": ("job", {"id": 1}),
    "job_purpose_known_check": ("job", {"purpose": "fun"}),
    "job_state_known_check": ("job", {"state": "tired"}),
    "job_run_id_fk": ("job", {"run_id": 9}),
    "label_pk": ("label", {"id": 1}),
    "label_job_id_position_unique": ("label", {"position": 1}),
    "label_state_known_check": ("label", {"state": "lost"}),
    "label_job_id_fk": ("label", {"job_id": 9}),
    "label_unit_id_fk": ("label", {"unit_id": 9}),
    "event_pk": ("event", {"id": 1}),
    "event_run_id_fk": ("event", {"run_id": 9}),
    "event_unit_id_fk": ("event", {"unit_id": 9}),
    "event_label_id_fk": ("event", {"label_id": 9}),
    "heartbeat_pk": ("heartbeat", {"id": 1}),
    "recall_pk": ("recall", {"id": 1}),
    "recall_name_unique": ("recall", {"name": "R-1"}),
    "recall_state_known_check": ("recall", {"state": "lost"}),
    "recall_somebody_why_check": ("recall", {"reason": ""}),
    "recall_closed_by_somebody_check": ("recall", {"state": "closed"}),
    "recall_unit_pk": ("recall_unit", {"unit_id": 1}),
    "recall_unit_recall_id_fk": ("recall_unit", {"recall_id": 9}),
    "recall_unit_unit_id_fk": ("recall_unit", {"unit_id": 9}),
}
"""Constraint -> a row it refuses."""


@pytest.fixture
def filled(record: Store) -> Store:
    """Return a store that has one row in each table."""
    with record.engine.begin() as connection:
        for table in schema.metadata.sorted_tables:
            connection.execute(insert(table).values(**ROWS[table.name]))
    return record


def constraints() -> Iterator[str]:
    for table in schema.metadata.sorted_tables:
        yield str(table.primary_key.name)
        for constraint in table.constraints:
            if isinstance(constraint, CheckConstraint | ForeignKeyConstraint | UniqueConstraint):
                yield str(constraint.name)
        yield from (str(i.name) for i in table.indexes if i.unique)


def test_constraints_are_all_tried_here() -> None:
    assert sorted(REFUSED) == sorted(constraints())


def test_constraint_refuses_by_its_name(filled: Store) -> None:
    found = {}
    for name, (table, changes) in REFUSED.items():
        row = {**ROWS[table], **OTHERS[table], **changes}
        with pytest.raises(IntegrityError) as caught, filled.engine.begin() as connection:
            connection.execute(insert(schema.metadata.tables[table]).values(**row))
        found[name] = violated(caught.value)
    nameless = filled.engine.dialect.name == "sqlite"  # SQLite does not say which foreign key
    assert found == {name: None if nameless and name.endswith("_fk") else name for name in REFUSED}


def test_constraints_allow_what_is_right(filled: Store) -> None:
    with filled.engine.begin() as connection:
        for table in schema.metadata.sorted_tables:
            row = {**ROWS[table.name], **OTHERS[table.name]}
            connection.execute(insert(table).values(**row))
        back = {**ROWS["pool_number"], "id": 3, "state": "returned"}
        again = {**ROWS["pool_import"], "id": 3, "state": "abandoned"}
        connection.execute(insert(schema.pool_number).values(**back))
        connection.execute(insert(schema.pool_import).values(**again))
        for name, text in [("pin", "7"), ("puk", "7"), ("gone", None), ("away", None)]:
            secret = {**ROWS["unit_identifier"], "name": name, "text": text, "scope": None}
            connection.execute(insert(schema.unit_identifier).values(**secret))
        closed = {**ROWS["run"], "id": 3, "state": "closed"}
        connection.execute(insert(schema.run).values(**closed))
        paused = {**ROWS["run"], "id": 4, "state": "paused", "issued": 7, "overrun": 2}
        connection.execute(insert(schema.run).values(**paused))
        unpinned = dict.fromkeys(("series_version_id", "template_version_id", "opened_at"))
        for run_id, state in [(5, "planned"), (6, "canceled")]:
            row = {**ROWS["run"], "id": run_id, "state": state, **unpinned}
            connection.execute(insert(schema.run).values(**row))
        permit = {"to_state": "planned", "units": 3, "operator": "mk", "reason": "r"}
        row = {**ROWS["run_step"], "id": 3, **permit}
        connection.execute(insert(schema_runs.run_step).values(**row))


def test_constraints_refuse_a_row_that_leaves_out_what_is_needed(filled: Store) -> None:
    # SQLite takes a missing INTEGER PRIMARY KEY as "the next one"; None in a JSON column is null,
    # which is a value.
    free = {"attributes", "constants", "detail", "details"}
    free |= {"id", "seq"} if filled.engine.dialect.name == "sqlite" else set()
    for table in schema.metadata.sorted_tables:
        for name in [c.name for c in table.columns if not c.nullable and c.name not in free]:
            row = {**ROWS[table.name], **OTHERS[table.name], name: None}
            with pytest.raises(DBAPIError), filled.engine.begin() as connection:
                connection.execute(insert(table).values(**row))

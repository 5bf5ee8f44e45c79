"""The event log: what happened to a run, a unit or a label, when, through which channel."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from labeler.store import Transaction, schema

COLUMNS = ("id", "at", "kind", "channel", "run_id", "unit_id", "label_id", "detail")


def record(  # noqa: PLR0913 - an event has that many columns
    transaction: Transaction,
    kind: str,
    *,
    at: datetime,
    channel: str,
    run_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Record one event of a run."""
    [ids] = transaction.next_ids([(schema.event, 1)])
    row = (ids[0], transaction.time(at), kind, channel, run_id, None, None, _text(detail))
    transaction.insert_rows(schema.event, COLUMNS, [row])


def record_labels(  # noqa: PLR0913 - an event has that many columns
    transaction: Transaction,
    kind: str,
    labels: list[tuple[int, int]],
    *,
    at: datetime,
    channel: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Record the same event for many labels, given as (unit id, label id)."""
    [ids] = transaction.next_ids([(schema.event, len(labels))])
    text, time = _text(detail), transaction.time(at)
    rows = [
        (event_id, time, kind, channel, None, unit_id, label_id, text)
        for event_id, (unit_id, label_id) in zip(ids, labels, strict=True)
    ]
    transaction.insert_rows(schema.event, COLUMNS, rows)


def _text(detail: Mapping[str, Any] | None) -> str:
    return json.dumps(detail or {}, ensure_ascii=False)

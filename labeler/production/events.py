"""The event log: what happened to a run, a unit or a label, when, through which channel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from labeler.store import Transaction, schema

CONFIG = "config"
"""The channel of what config.yaml and the templates' folder say: whoever may edit them."""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Who or what made something happen."""

    channel: str
    """http, which commands use too; spooler for what no door caused."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """How we know, who said it, why."""


def record(
    transaction: Transaction, kind: str, *, at: datetime, cause: Cause, run_id: int | None = None
) -> None:
    """Record one event of a run, or of the site: of a printer, a series, a template."""
    [ids] = transaction.next_ids([(schema.event, 1)])
    text = _text(cause.detail)
    row = (ids[0], transaction.time(at), kind, cause.channel, run_id, None, None, text)
    transaction.insert_events([row])


def record_labels(
    transaction: Transaction,
    kind: str,
    *,
    labels: list[tuple[int, int]],
    at: datetime,
    cause: Cause,
) -> None:
    """Record the same event for many labels, given as (unit id, label id)."""
    [ids] = transaction.next_ids([(schema.event, len(labels))])
    text, time = _text(cause.detail), transaction.time(at)
    rows = [
        (event_id, time, kind, cause.channel, None, unit_id, label_id, text)
        for event_id, (unit_id, label_id) in zip(ids, labels, strict=True)
    ]
    transaction.insert_events(rows)


def record_units(
    transaction: Transaction, kind: str, *, units: list[int], at: datetime, cause: Cause
) -> None:
    """Record the same event for many units, one each."""
    [ids] = transaction.next_ids([(schema.event, len(units))])
    text, time = _text(cause.detail), transaction.time(at)
    rows = [
        (event_id, time, kind, cause.channel, None, unit_id, None, text)
        for event_id, unit_id in zip(ids, units, strict=True)
    ]
    transaction.insert_events(rows)


def _text(detail: Mapping[str, Any]) -> str:
    return json.dumps(detail, ensure_ascii=False)

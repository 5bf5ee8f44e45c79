"""`ok`, or exactly why not: the verdicts on a scan, each with a sentence and its details."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from labeler.errors import Refusal
from labeler.production.carrying import IssuedUnit
from labeler.production.quality.looking import Seen
from labeler.units import UnitState

Verdict = Literal[
    "ok",
    "misread",
    "never_issued",
    "invalid",
    "ambiguous",
    "other_run",
    "other_product",
    "other_lot",
    "other_state",
    "already_verified",
    "copy",
    "several_labels",
    "no_label_out",
    "scrapped",
    "destroyed",
    "voided",
    "test",
    "expired",
    "leased",
    "recalled",
]


SPENT: Final = ("scrapped", "destroyed", "voided", "test")
"""Verdicts that no recall outweighs: nobody should meet the unit at all."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What is said of a scan."""

    verdict: Verdict
    sentence: str
    details: Mapping[str, Any] = field(default_factory=dict)
    label: int | None = None
    """Which label of the unit it was, where that is known."""


COMMISSIONABLE = frozenset({UnitState.ALLOCATED, UnitState.ENCODED, UnitState.COMMISSIONED})
"""States of a unit that a scan commissions, or that is so already."""


def of_no_unit(seen: Seen) -> Outcome:
    """Return what is said of a text that names no unit, or several."""
    if seen.units:
        return Outcome(verdict="ambiguous", sentence=seen.sentence, details={"units": seen.units})
    near = {"near": seen.near}
    if seen.verdict == "misread":
        return Outcome(verdict="misread", sentence=seen.sentence, details=_slip(seen) | near)
    verdict: Verdict = "invalid" if seen.verdict == "invalid" else "never_issued"
    if seen.verdict == "test":
        verdict = "test"
    return Outcome(verdict=verdict, sentence=seen.sentence, details=near)


def _slip(seen: Seen) -> dict[str, Any]:
    """Return where a text was misread: the nearest issued one says what was to be expected.

    No expected character: one is too many; none got: one is missing.
    """
    first = seen.near[0]
    at, meant, got = first["position"], first["text"], seen.serial
    wide = 2 if first["kind"] == "transposition" else 1
    return {
        "position": at,
        "kind": first["kind"],
        "expected": None if first["kind"] == "extra character" else meant[at - 1 : at - 1 + wide],
        "got": None if first["kind"] == "missing character" else got[at - 1 : at - 1 + wide],
    }


def of_a_unit(seen: Seen) -> Outcome | None:
    """Return what is said of a unit's serial that is wrong here; None: it was issued, and fits."""
    unit = seen.unit
    if unit is None or seen.verdict == "issued":
        return None
    details = {"run": unit.run, "product": unit.product, "line": unit.line, "state": unit.state}
    verdict: Verdict = "destroyed"
    if seen.verdict in ("other_run", "other_product", "leased", "voided", "test"):
        verdict = seen.verdict  # type: ignore[assignment]  # each is one of ours
    elif unit.state == UnitState.LABEL_SCRAPPED:
        verdict = "scrapped"
    return Outcome(verdict=verdict, sentence=seen.sentence, details=details)


def of_recalls(serial: str, recalls: list[dict[str, Any]]) -> Outcome | None:
    """Return what is said of a unit that is recalled; None: it is not."""
    if not recalls:
        return None
    first = recalls[0]
    more = f" And {len(recalls) - 1} more." if len(recalls) > 1 else ""
    return Outcome(
        verdict="recalled",
        sentence=f"Serial '{serial}' is recalled: '{first['name']}', on "
        f"{first['at']:%Y-%m-%d at %H:%M:%S} UTC by {first['operator']}, because: "
        f"{first['reason']}.{more}",
        details={"recalls": [one["name"] for one in recalls]},
    )


def of_its_state(unit: IssuedUnit, state: UnitState, *, too_late: Refusal | None) -> Outcome | None:
    """Return why a scan cannot commission a unit that is in ``state``; None: it can.

    ``too_late``: why it is not made any more, whatever its state.
    """
    if state in COMMISSIONABLE and too_late is None:
        return None
    if too_late is not None:
        said = f"{too_late.sentence} {too_late.hint}"
        details = {"run": unit.run, "line": unit.line, "state": state.value}
        return Outcome(verdict="other_state", sentence=said, details=details)
    return Outcome(
        verdict="other_state",
        sentence=f"Serial '{unit.serial}' was issued by {unit.made_by}; its unit is {state}, and "
        "a scan commissions only one that is allocated or encoded.",
        details={"run": unit.run, "line": unit.line, "state": state.value},
    )

"""What people do with units: which verb leads from which state to which, and what it must say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from labeler.units import UNIT_LEGAL, UnitState

_ALL = tuple(state for state, steps in UNIT_LEGAL.items() if steps and state != UnitState.LEASED)
"""States of units that are neither spent nor in other hands."""
_UNLABELLED = (UnitState.ALLOCATED, UnitState.ENCODED)


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One thing that people do with units."""

    kind: str
    """The kind of its events."""
    done: str
    """What was done, for people."""
    becomes: Mapping[UnitState, UnitState]
    """State -> the state it leads to, which may be the same; from any other it is refused."""
    aim: str
    """What a unit cannot become from a state that is not in ``becomes``, for people."""
    needs: tuple[str, ...] = ()
    """What must be said with it."""
    takes: tuple[str, ...] = ()
    """What may be said with it, too."""
    settles_labels: bool = False
    """No label of the unit may wait to be printed."""
    lets_leave: bool = False
    """The unit leaves the plant's hands: a recalled one must not."""
    unlabelled: bool = False
    """No label of the unit may exist, either."""
    clears: tuple[str, ...] = ()
    """What was said of a unit is not so any more when it takes the step, unless it is said anew."""


def _to(state: UnitState, *states: UnitState) -> dict[UnitState, UnitState]:
    return dict.fromkeys(states, state)


def _stay(*states: UnitState) -> dict[UnitState, UnitState]:
    return {state: state for state in states}


VERBS: Final[Mapping[str, Verb]] = {
    "commission": Verb(
        kind="unit_commissioned",
        done="commissioned",
        becomes=_to(UnitState.COMMISSIONED, *_UNLABELLED, UnitState.SAMPLED, UnitState.INACTIVE),
        aim="commissioned",
        takes=("location", "line"),
        settles_labels=True,
    ),
    "sample": Verb(
        kind="unit_sampled",
        done="taken as samples",
        becomes={
            **_to(UnitState.LABEL_SAMPLED, *_UNLABELLED),
            UnitState.COMMISSIONED: UnitState.SAMPLED,
        },
        aim="sampled",
        needs=("reason",),
        takes=("location",),
        settles_labels=True,
    ),
    "scrap": Verb(
        kind="unit_label_scrapped",
        done="given up with their labels",
        becomes=_to(UnitState.LABEL_SCRAPPED, *_UNLABELLED, UnitState.LABEL_SAMPLED),
        aim="label_scrapped",
        needs=("reason",),
        settles_labels=True,
    ),
    "void": Verb(
        kind="unit_voided",
        done="voided",
        becomes=_to(UnitState.VOIDED, UnitState.ALLOCATED),
        aim="voided",
        needs=("reason",),
        settles_labels=True,
        unlabelled=True,
    ),
    "destroy": Verb(
        kind="unit_destroyed",
        done="destroyed",
        becomes=_to(UnitState.DESTROYED, *_ALL),
        aim="destroyed",
        needs=("reason",),
        takes=("location",),
        settles_labels=True,
    ),
    "deactivate": Verb(
        kind="unit_deactivated",
        done="set aside",
        becomes=_to(UnitState.INACTIVE, UnitState.COMMISSIONED, UnitState.SAMPLED),
        aim="inactive",
        needs=("reason",),
        takes=("location",),
    ),
    "release": Verb(
        kind="unit_released",
        done="released",
        becomes=_to(UnitState.RELEASED, UnitState.COMMISSIONED, UnitState.INACTIVE),
        aim="released",
        takes=("location",),
        lets_leave=True,
    ),
    "move": Verb(
        kind="unit_moved",
        done="moved",
        becomes=_stay(*_ALL),
        aim="moved",
        needs=("location",),
    ),
    "ship": Verb(
        kind="unit_shipped",
        done="shipped",
        becomes=_to(UnitState.RELEASED, UnitState.COMMISSIONED, UnitState.RELEASED),
        aim="released",
        needs=("owner", "sales_order"),
        takes=("invoice", "invoice_link", "location"),
        lets_leave=True,
        clears=("location",),
    ),
    "return": Verb(
        kind="unit_returned",
        done="taken back",
        becomes=_to(UnitState.INACTIVE, UnitState.RELEASED),
        aim="inactive",
        needs=("reason",),
        takes=("location", "owner"),
    ),
    "change-owner": Verb(
        kind="unit_owner_changed",
        done="given to another owner",
        becomes=_stay(*_ALL),
        aim="given to another owner",
        needs=("owner",),
    ),
    "receive": Verb(
        kind="unit_received",
        done="received",
        becomes={
            **_to(UnitState.COMMISSIONED, *_UNLABELLED),
            **_stay(UnitState.COMMISSIONED, UnitState.INACTIVE),
        },
        aim="commissioned",
        needs=("purchase_order",),
        takes=("location", "owner"),
        settles_labels=True,
    ),
}
"""Verb -> what it is. A test holds each of its steps against UNIT_LEGAL.

*void* says that a serial was never used.
"""

"""What people call the states of things: a word, a colour and an icon, never a colour alone."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from labeler.web.pages.event_words import EVENTS, THINGS
from labeler.web.pages.quality_words import EXPORTS, QUALITY, RECALL_STATES, VERDICTS
from labeler.web.pages.reason_words import CHANNELS, REASONS, SETTINGS
from labeler.web.texts import gettext, later


class Shown(NamedTuple):
    """How a state is shown."""

    word: str
    tone: str
    """ok, busy, idle, warn or bad; the style sheet knows its colours."""
    icon: str


STATES: dict[str, dict[str, Shown]] = {
    "run": {
        "planned": Shown(later("Planned"), "idle", "calendar"),
        "open": Shown(later("Open"), "busy", "player-play"),
        "paused": Shown(later("Paused"), "warn", "player-pause"),
        "closed": Shown(later("Closed"), "idle", "lock"),
        "reconciled": Shown(later("Reconciled"), "ok", "check"),
        "released": Shown(later("Released"), "ok", "circle-check"),
        "canceled": Shown(later("Canceled"), "idle", "x"),
    },
    "unit": {
        "allocated": Shown(later("Allocated"), "idle", "circle-dashed"),
        "leased": Shown(later("Leased"), "idle", "send"),
        "encoded": Shown(later("Label printed"), "busy", "tag"),
        "commissioned": Shown(later("Commissioned"), "ok", "check"),
        "label_sampled": Shown(later("Label sampled"), "warn", "flask"),
        "label_scrapped": Shown(later("Label scrapped"), "bad", "trash"),
        "sampled": Shown(later("Sampled"), "warn", "flask"),
        "inactive": Shown(later("Set aside"), "warn", "player-pause"),
        "destroyed": Shown(later("Destroyed"), "bad", "circle-x"),
        "released": Shown(later("Left the plant"), "ok", "truck-delivery"),
        "voided": Shown(later("Voided"), "bad", "x"),
    },
    "label": {
        "queued": Shown(later("Queued"), "idle", "clock"),
        "held": Shown(later("Held"), "warn", "player-pause"),
        "sending": Shown(later("Sending"), "busy", "send"),
        "sent": Shown(later("Sent"), "busy", "send"),
        "buffered": Shown(later("In the printer"), "busy", "printer"),
        "printed": Shown(later("Printed"), "ok", "printer"),
        "verified": Shown(later("Verified"), "ok", "scan"),
        "doubtful": Shown(later("Doubtful"), "warn", "help"),
        "not_printed": Shown(later("Not printed"), "bad", "printer-off"),
        "scrapped": Shown(later("Scrapped"), "bad", "trash"),
    },
    "job": {
        "pending": Shown(later("Waiting"), "idle", "clock"),
        "processing": Shown(later("Printing"), "busy", "printer"),
        "held": Shown(later("Held"), "warn", "player-pause"),
        "stopped": Shown(later("Stopped"), "bad", "player-stop"),
        "completed": Shown(later("Completed"), "ok", "check"),
        "canceled": Shown(later("Canceled"), "idle", "x"),
        "aborted": Shown(later("Aborted"), "bad", "circle-x"),
    },
    "printer": {
        "unknown": Shown(later("Unknown"), "idle", "help"),
        "idle": Shown(later("Ready"), "ok", "circle-check"),
        "processing": Shown(later("Printing"), "busy", "printer"),
        "stopped": Shown(later("Stopped"), "bad", "alert-triangle"),
    },
    "level": {
        "ok": Shown(later("Enough left"), "ok", "check"),
        "soon": Shown(later("Used up soon"), "warn", "alert-triangle"),
        "warn_80": Shown(later("80 % are used"), "warn", "alert-triangle"),
        "warn_95": Shown(later("95 % are used"), "bad", "alert-triangle"),
        "exhausted": Shown(later("Used up"), "bad", "circle-x"),
    },
    "finding": {
        "error": Shown(later("Error"), "bad", "alert-circle"),
        "warning": Shown(later("Warning"), "warn", "alert-triangle"),
        "note": Shown(later("Note"), "busy", "info-circle"),
    },
    "account": {
        "active": Shown(later("Active"), "ok", "circle-check"),
        "one_time": Shown(later("One-time password"), "warn", "key"),
        "disabled": Shown(later("Disabled"), "idle", "lock"),
        "revoked": Shown(later("Revoked"), "idle", "x"),
    },
    "verdict": {name: Shown(*said) for name, said in VERDICTS.items()},
    "recall": {name: Shown(*said) for name, said in RECALL_STATES.items()},
}
"""Kind of thing -> state -> how it is shown."""

WORDS = {
    **EVENTS,
    **REASONS,
    **CHANNELS,
    **SETTINGS,
    **QUALITY,
    **{f"export_{name}": said for name, said in EXPORTS.items()},
    "production": later("Production"),
    "test": later("Test"),
    "issued": later("Issued"),
    "commissioned": later("Commissioned"),
    "sampled": later("Sampled"),
    "scrapped": later("Scrapped"),
    "destroyed": later("Destroyed"),
    "unused": later("Unused"),
    "difference": later("Difference"),
    "role:auditor": later("Auditor"),
    "role:operator": later("Operator"),
    "role:engineer": later("Engineer"),
    "role:qa": later("QA"),
    "role:admin": later("Admin"),
    "permission:read": later("read"),
    "permission:print": later("issue and print"),
    "permission:verify": later("verify scans"),
    "permission:quality": later("decide about units"),
    "permission:engineer": later("change templates, pools and printers"),
    "permission:admin": later("say who may do what"),
}
"""Other words of the record that people read."""


_LISTS = {"account": "role", "api": "permission"}
"""Thing -> what the lists are of that its events tell."""
_LIST = re.compile(r'\["([a-z]+(?:", "[a-z]+)*)"\]')


def state_of(kind: str, state: str) -> Shown:
    """Return how a state of a thing is shown, in the language of whoever asks."""
    found = STATES[kind].get(state)
    if found is None:
        return Shown(state, "idle", "circle")
    return found._replace(word=gettext(found.word))


def word(name: str) -> str:
    """Return a word of the record as people read it; one nobody put here stays as it is."""
    return gettext(WORDS[name]) if name in WORDS else name.replace("_", " ")


def thing(of: str) -> str:
    """Return what a row of the trail is about, by the word for such things: `run 7`."""
    kind, space, name = of.partition(" ")
    return gettext(THINGS[kind]) + space + name if kind in THINGS else of


def changed(what: str, value: str | None) -> str | None:
    """Return what an event of the trail says was before or since, by the word for a state.

    ``what`` is the event's kind, which begins with the thing that has the state.
    """
    kind = what.partition("_")[0]
    if value is None:
        return None
    if value in STATES.get(kind, {}):
        return state_of(kind, value).word
    if kind not in _LISTS:
        return value
    return _LIST.sub(
        lambda found: ", ".join(word(f"{_LISTS[kind]}:{one}") for one in found[1].split('", "')),
        value,
    )


def states_of(kind: str, states: Iterable[str]) -> list[tuple[str, str]]:
    """Return states of a thing to choose from: what it is called in the record, and its word."""
    return [(one, state_of(kind, one).word) for one in states]


def words_of(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return words of the record to choose from, as `states_of` does."""
    return [(one, word(one)) for one in names]


def pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return names that people gave, to choose from as they are."""
    return [(one, one) for one in names]

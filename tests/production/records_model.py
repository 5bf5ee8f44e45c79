"""What runs, labels, units and scans do, in plain Python, written from the documents alone.

Nothing of labeler is used here: the tables are those of docs/qa-guide.md, typed once more.
"""

from dataclasses import dataclass, field

STEPS = {
    "open": ({"planned"}, "open"),
    "pause": ({"open"}, "paused"),
    "resume": ({"paused"}, "open"),
    "withdraw": ({"planned"}, "canceled"),
    "close": ({"open", "paused"}, "closed"),
    "release": ({"reconciled"}, "released"),
}
"""Verb of a run -> from which states, to which."""

UNLABELLED = ("allocated", "encoded")
LIVING = (*UNLABELLED, "commissioned", "label_sampled", "sampled", "inactive", "released")
SPENT = ("label_scrapped", "destroyed", "voided")

VERBS: dict[str, dict[str, str]] = {
    "commission": dict.fromkeys((*UNLABELLED, "sampled", "inactive"), "commissioned"),
    "receive": {
        **dict.fromkeys((*UNLABELLED, "commissioned"), "commissioned"),
        "inactive": "inactive",
    },
    "sample": {**dict.fromkeys(UNLABELLED, "label_sampled"), "commissioned": "sampled"},
    "scrap": dict.fromkeys((*UNLABELLED, "label_sampled"), "label_scrapped"),
    "void": {"allocated": "voided"},
    "destroy": dict.fromkeys(LIVING, "destroyed"),
    "deactivate": dict.fromkeys(("commissioned", "sampled"), "inactive"),
    "release": dict.fromkeys(("commissioned", "inactive"), "released"),
    "ship": dict.fromkeys(("commissioned", "released"), "released"),
    "return": {"released": "inactive"},
    "move": {state: state for state in LIVING},
    "change-owner": {state: state for state in LIVING},
}
"""Verb of a unit -> from which state, to which."""
MAKES = ("commission", "receive", "sample")
"""Verbs that nothing is made by any more once its run is reconciled."""
LEAVES = ("ship", "release")
"""Verbs by which no recalled unit leaves."""
TERMS = {
    **dict.fromkeys(("commissioned", "inactive", "released"), "commissioned"),
    **dict.fromkeys(("sampled", "label_sampled"), "sampled"),
    "label_scrapped": "scrapped",
    "destroyed": "destroyed",
    "voided": "unused",
}
"""State -> the term of its run's balance that it counts in."""
WAITS = ("commission", "receive", "sample", "scrap", "destroy")
"""Verbs for which no label may wait to be printed."""


@dataclass(kw_only=True)
class Unit:
    """A unit, its newest label and what was scanned."""

    run: int
    state: str = "allocated"
    label: str = "none"
    """none, queued, printed, verified or not_printed."""
    is_verified: bool = False
    words: dict[str, str] = field(default_factory=dict)
    recalls: set[str] = field(default_factory=set)
    """Those that are open."""

    def does(self, verb: str, *, is_counted: bool) -> int | None:
        """Return the number with which a verb is refused; None: it is not.

        ``is_counted``: its run is reconciled.
        """
        if self.state not in VERBS[verb] or (verb == "void" and self.label == "queued"):
            return 3025
        if verb in LEAVES and self.recalls:
            return 6014
        if verb in MAKES and is_counted and self.state in UNLABELLED:
            return 2032
        return 5022 if verb in WAITS and self.label == "queued" else None

    @property
    def is_unused(self) -> bool:
        """Whether no label of it can exist, and one should have."""
        return (self.state, self.label) == ("allocated", "not_printed")

    @property
    def term(self) -> str | None:
        """In which term of the balance it counts; None: in none."""
        return "unused" if self.is_unused else TERMS.get(self.state)

    def scanned(self) -> str:
        """Return the verdict on a scan of its label."""
        if self.state in SPENT:
            return {"label_scrapped": "scrapped"}.get(self.state, self.state)
        if self.recalls:
            return "recalled"
        if self.label in ("queued", "not_printed"):
            return "no_label_out"
        return "already_verified" if self.is_verified else "ok"


@dataclass(kw_only=True)
class Run:
    """A run: how many it may issue, and how many it did."""

    line: str
    state: str
    quantity: int
    issued: int = 0
    overrun: int = 0
    steps: list[tuple[str | None, str]] = field(default_factory=list)

    def goes(self, to: str) -> None:
        """Take a step."""
        self.steps.append((self.state, to))
        self.state = to


@dataclass(kw_only=True)
class Plant:
    """Everything."""

    runs: dict[int, Run] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    jobs: dict[int, list[str]] = field(default_factory=dict)
    """Job -> its serials."""

    def open_on(self, line: str) -> int | None:
        """Return the run that a line issues from."""
        found = [one for one, run in self.runs.items() if (run.line, run.state) == (line, "open")]
        return found[0] if found else None

    def is_counted(self, unit: Unit) -> bool:
        """Return whether the run of a unit is reconciled."""
        return self.runs[unit.run].state in ("reconciled", "released")

    def difference(self, run_id: int) -> int:
        """Return how many units of a run are not accounted for."""
        return sum(unit.term is None for unit in self.of(run_id).values())

    def of(self, run_id: int) -> dict[str, Unit]:
        """Return the units of a run."""
        return {text: unit for text, unit in self.units.items() if unit.run == run_id}

"""Try labels before anything is issued: one that cannot be printed consumes no number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from labeler.errors import NO_PRINTER_SUITS, UNPRINTABLE, Refusal
from labeler.production import identifying, routing
from labeler.production.identifying import Given
from labeler.production.pinned import PinnedRun
from labeler.production.site import Site
from labeler.templates import Filler
from printers.errors import Unprintable

Check = Callable[[dict[str, str]], None]
"""Tries the values of a label; raises Unprintable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Tries labels of a run as each of its printers would draw them."""

    run: PinnedRun
    fill: Filler
    printers: Sequence[Check]
    """One for each kind of printer that the label may come to."""
    archive: Check | None

    def units(self, numbers: range, serials: Sequence[str], *, given: Sequence[Given]) -> None:
        """Try the labels of units with these serials and identifiers; refuse (4001) a wrong one."""
        try:
            if given or self.run.label_form.more:
                self._with_more(numbers, serials, given)
                return
            for number, serial in zip(numbers, serials, strict=True):
                values = self.fill(serial, number)
                for check in self.printers:
                    check(values)
                if self.archive is not None:
                    self.archive(values)
        except Unprintable as error:
            raise unprintable(error) from error

    def _with_more(self, numbers: range, serials: Sequence[str], given: Sequence[Given]) -> None:
        """Do it where labels show more than serials; a document in the archive shows no secret."""
        units = identifying.texts(self.run, given, secrets=True) if given else [{} for _ in serials]
        for number, serial, unit in zip(numbers, serials, units, strict=True):
            values = self.fill(serial, number, more=self.run.more(serial, unit))
            for check in self.printers:
                check(values)
            if self.archive is not None:
                shown = identifying.masked(self.run, unit)
                self.archive(self.fill(serial, number, more=self.run.more(serial, shown)))


def trial(site: Site, run: PinnedRun, at: datetime) -> Trial:
    """Return what tries labels of units allocated ``at``.

    Refuses (4001) what nobody can draw, and (5027) labels of a line without a printer.
    """
    printer, archive = site.plant.line_printer(run.line), site.plant.lines[run.line].archive
    try:
        printers = routing.suited(site, run.template, printer)
        # Printers of one kind share a compiled form.
        forms = {id(form): form for form in (site.compiled(run, one) for one in printers)}
        return Trial(
            run=run,
            fill=run.label_form.filler(at),
            printers=[form.check for form in forms.values()],
            archive=site.compiled(run, archive).check if archive else None,
        )
    except Unprintable as error:
        raise unprintable(error) from error


def unprintable(error: Unprintable) -> Refusal:
    """Return the refusal of a label that cannot be printed."""
    if isinstance(error, routing.NoneSuits):
        hint = "Nothing was issued. Correct the group in config.yaml, or the template."
        return Refusal(NO_PRINTER_SUITS, str(error), hint=hint)
    return Refusal(UNPRINTABLE, str(error), hint="Nothing was issued. Correct the template.")

"""What is tried before a run may issue units: its secrets, its numbers, its labels."""

from labeler.errors import SECRET_UNPRINTED, SERIES_EXHAUSTED, Refusal
from labeler.production import counters, identifying, label_trials
from labeler.production.counters import Counter
from labeler.production.drawing import Drawer
from labeler.production.pinned import PinnedRun
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import counted


def require_possible(
    site: Site, transaction: Transaction, run: PinnedRun, *, quantity: int, last: int
) -> None:
    """Refuse a run that could not issue ``quantity`` units more, the last one with number ``last``.

    A secret that is shown nowhere (3016), too few numbers (3003, 3006), and labels that cannot be
    printed (4001, 5030).
    """
    _refuse_lost_secrets(site, run)
    drawer = Drawer(site=site, transaction=transaction)
    starts: dict[Counter, int] = {}
    serial = _first_serial(drawer, run, starts, quantity=quantity)
    identifiers = _first_identifiers(drawer, run, starts, quantity=quantity)
    label_trials.require_printable(site, run, (serial, identifiers), starts=starts, quantity=last)


def _refuse_lost_secrets(site: Site, run: PinnedRun) -> None:
    if run.secrets and site.plant.lines[run.line].printer is None:
        raise Refusal(
            SECRET_UNPRINTED,
            f"'{run.secrets[0]}' of product '{run.product}' is a secret, and line '{run.line}' has "
            "no printer: nobody would ever read it.",
            hint=f"Name lines.{run.line}.printer in config.yaml; nothing was opened.",
        )
    lost = sorted(set(run.secrets) - run.shown_whole)
    if lost:
        raise Refusal(
            SECRET_UNPRINTED,
            f"'{lost[0]}' of product '{run.product}' is a secret, and template "
            f"'{run.template.name}' does not show it whole on each label: nobody would ever read "
            "it.",
            hint=f"Write {{identifiers.{lost[0]}}} into the template; nothing was opened.",
        )


def _first_serial(
    drawer: Drawer, run: PinnedRun, starts: dict[Counter, int], *, quantity: int
) -> str:
    """Return the serial the run would begin with; refuse (3003) too few numbers.

    Where its counter stands is added to ``starts``.
    """
    occasion = drawer.site.occasion(run, drawer.site.clock())
    counter, first = counters.of(run.serial, occasion), run.serial.series.counter_start
    start = starts[counter] = counters.read(drawer.transaction, counter, start=first)
    if run.serial.series.number.reset == "never":
        left = run.serial.definition.limit - (start - first) // run.serial.series.number.step
        if quantity > left:
            number = "test number" if run.is_test else "number"
            raise Refusal(
                SERIES_EXHAUSTED,
                f"Series '{run.serial.name}' has {counted(max(0, left), number)} left, "
                f"the run wants {quantity}.",
                hint="Give the series a wider number in config.yaml.",
            )
    return drawer.draw(run.serial, run.serial.writer(occasion), start=start, count=1).serials[0]


def _first_identifiers(
    drawer: Drawer, run: PinnedRun, starts: dict[Counter, int], *, quantity: int
) -> dict[str, str]:
    """Return those of the first unit; refuse (3003, 3006) too few numbers for all units."""
    occasion = drawer.site.occasion(run, drawer.site.clock())
    identifying.require_enough(drawer.transaction, run, occasion=occasion, count=quantity)
    supplies = identifying.supplies(run, occasion)
    identifying.read_counters(drawer.transaction, supplies, known=starts)
    given = identifying.draw(drawer, supplies, known=starts, count=1)
    return identifying.texts(run, given, secrets=True)[0] if given else {}

"""Is the service well? Asked by monitoring systems."""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy import func, insert, select, update
from typing_extensions import override

from labeler.errors import Refusal
from labeler.production import catalogue, overdue, pool_status
from labeler.production.printing import doubtful, held, pausing, queues, rolls
from labeler.production.safekeeping import unlocking
from labeler.production.site import STATES, PrinterState, Site
from labeler.store import Transaction, schema
from labeler.units import RunMode

METRICS_MEDIA_TYPE = CONTENT_TYPE_LATEST


def findings(site: Site) -> list[str]:
    """Return why a trigger would not be served now; an empty list means all is well.

    The store is asked by really writing to it. A printer that is stopped is no finding: the line
    does not wait for it; it stands in the metrics.
    """
    found = []
    try:
        site.store.write(lambda transaction: _beat(transaction, site))
    except Refusal as refusal:
        found.append(f"store: {refusal.sentence}")
    locked = unlocking.state(site)
    if locked["locked"]:
        found.append(f"site: nothing is issued: {locked['why']} {locked['hint']}")
    elif site.spooler is None or not site.spooler.alive:
        found.append("spooler: one of its threads has ended. Restart the service; see its log.")
    if not site.holds_database():
        found.append("store: the lock of the database was lost. Restart the service.")
    return found


def remarks(site: Site) -> list[str]:
    """Return what stops no trigger, but somebody should know.

    Which printers people paused, and what the service says of itself.
    """
    try:
        with site.store.read() as transaction:
            pauses = pausing.every(transaction)
    except Refusal:
        pauses = {}  # the findings say so
    paused = [f"printer '{name}': {one.sentence}" for name, one in pauses.items()]
    return [*paused, *site.own_remarks()]


def _beat(transaction: Transaction, site: Site) -> None:
    table, now = schema.heartbeat, site.clock()
    if not transaction.execute(update(table).where(table.c.id == 1).values(at=now)).rowcount:
        transaction.execute(insert(table).values(id=1, at=now))


def metrics_text(site: Site) -> bytes:
    """Return the metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Collector(site))
    return generate_latest(registry)


class _Collector(Collector):
    """Reads the record when it is scraped, so that no figure can drift from it."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @override
    def collect(self) -> Iterator[Metric]:
        with self._site.store.read() as transaction:
            totals = _totals(transaction)
            lengths = queues.lengths(transaction)
            doubted, kept = doubtful.counts(transaction), held.counts(transaction)
            states = pausing.states(self._site, pausing.every(transaction))
            entered = rolls.current(self._site, transaction)
            ratios = catalogue.fill_ratios(self._site, transaction)
            pools = pool_status.waiting(self._site, transaction)
            leases = overdue.counts(self._site, transaction)
        yield CounterMetricFamily(
            "labeler_serials_issued", "Serials issued since the record began", totals["issued"]
        )
        yield CounterMetricFamily(
            "labeler_test_serials_issued",
            "Test serials issued since the record began; they are not among the serials",
            totals["tested"],
        )
        for state in ("open", "paused", "planned"):
            yield GaugeMetricFamily(
                f"labeler_runs_{state}", f"Runs that are {state}", totals[f"{state}_runs"]
            )
        yield GaugeMetricFamily(
            "labeler_labels_doubtful", "Labels that wait for a decision", sum(doubted.values())
        )
        yield from _of_printers(self._site, states, lengths=lengths, kept=kept)
        yield from _of_states(states, doubted)
        yield _of_rolls(entered)
        yield _of_series(
            "labeler_series_fill_ratio",
            "How much of a number series is used, 0 to 1; in this period, if it begins again",
            values=ratios,
        )
        yield _of_series(
            "labeler_pool_waiting", "Imported numbers that wait to be used", values=pools
        )
        yield from _of_leases(leases)


def _of_printers(
    site: Site,
    states: Mapping[str, PrinterState],
    *,
    lengths: Mapping[str, int],
    kept: Mapping[str, int],
) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "labeler_labels_waiting", "Labels queued or on their way", labels=["printer"]
    )
    held_back = GaugeMetricFamily(
        "labeler_labels_held", "Labels that wait for their job to be released", labels=["printer"]
    )
    stopped = GaugeMetricFamily(
        "labeler_printer_stopped", "1 while the printer cannot print", labels=["printer"]
    )
    away = dict.fromkeys(queues.gone(site, {*lengths, *kept}), PrinterState(state="stopped"))
    for name, state in {**states, **away}.items():
        waiting.add_metric([name], lengths.get(name, 0))
        held_back.add_metric([name], kept.get(name, 0))
        stopped.add_metric([name], int(state.state == "stopped"))
    yield from (waiting, held_back, stopped)


def _of_states(
    printers: Mapping[str, PrinterState], doubted: Mapping[str, int]
) -> Iterator[Metric]:
    states = GaugeMetricFamily(
        "labeler_printer_state",
        "1 for the state a printer is in, 0 for the others",
        labels=["printer", "state"],
    )
    reasons = GaugeMetricFamily(
        "labeler_printer_reason",
        "1 for each reason a printer names (RFC 8011); those that end with -warning stop nothing",
        labels=["printer", "reason"],
    )
    doubtfuls = GaugeMetricFamily(
        "labeler_printer_labels_doubtful",
        "Labels of a printer that wait for a decision",
        labels=["printer"],
    )
    for name, state in printers.items():
        for one in STATES:
            states.add_metric([name, one], int(state.state == one))
        for keyword in state.keywords:
            reasons.add_metric([name, keyword], 1)
    for name in sorted({*printers, *doubted}):
        doubtfuls.add_metric([name], doubted.get(name, 0))
    yield from (states, reasons, doubtfuls)


def _of_rolls(entered: Mapping[str, Mapping[str, Any]]) -> Metric:
    left = GaugeMetricFamily(
        "labeler_printer_labels_left",
        "Labels left on the roll of a printer, where somebody has said how many it had",
        labels=["printer"],
    )
    for name, roll in sorted(entered.items()):
        left.add_metric([name], roll["left"])
    return left


def _of_leases(counts: Mapping[str, int]) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "labeler_leases_overdue", "Leases whose holder should have told by now", counts["overdue"]
    )
    yield GaugeMetricFamily(
        "labeler_lease_serials_open",
        "Serials on leases of which nobody has said what became of them",
        counts["open"],
    )


def _of_series(name: str, documentation: str, *, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, documentation, labels=["series"])
    for series, value in values.items():
        family.add_metric([series], value)
    return family


def _totals(transaction: Transaction) -> dict[str, Any]:
    run = schema.run
    issued = select(func.coalesce(func.sum(run.c.issued), 0))
    questions = {
        "issued": issued.where(run.c.mode == RunMode.PRODUCTION.value),
        "tested": issued.where(run.c.mode == RunMode.TEST.value),
        **{
            f"{state}_runs": select(func.count()).select_from(run).where(run.c.state == state)
            for state in ("open", "paused", "planned")
        },
    }
    return {name: transaction.execute(query).scalar_one() for name, query in questions.items()}

"""Production runs: open, close, list, show."""

from typing import Any

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from labeler.errors import (
    NO_SUCH_RUN,
    RUN_CLOSED,
    RUN_OPEN,
    SECRET_UNPRINTED,
    SERIES_EXHAUSTED,
    Refusal,
)
from labeler.production import (
    counters,
    events,
    identifying,
    label_trials,
    overlapping,
    pinning,
    scopes,
    template_pinning,
    testing,
    versions,
)
from labeler.production.counters import Counter
from labeler.production.drawing import Drawer
from labeler.production.events import Cause
from labeler.production.pinned import PinnedRun
from labeler.production.pinning import Order
from labeler.production.site import Site
from labeler.store import Transaction, schema, violated
from labeler.store.schema_leases import lease
from labeler.templates import LabelTemplate
from labeler.units import RunMode, counted


def open_run(site: Site, order: Order) -> dict[str, Any]:
    """Open a run on a line, pinning the versions of its series and template; return it.

    Refuses an unknown line (2001) or product (2002), a line whose run is open (2004), a series with
    too few numbers left (3003, 3006) or that could repeat another's texts (3005), a secret that the
    template does not show (3016), and a label that cannot be printed (4001): before the first unit.
    Where releases are required, a template that has none is refused, too (2010), and so is one that
    no printer of the line's group takes (5030).
    A test run is refused where its serials would be too long (2009) or its labels have no place for
    their mark (4001).
    """
    site.plant.line(order.line)
    product = site.plant.product(order.product)
    for name in (product.series, *product.identifiers.values()):
        series = site.plant.series[name]
        if order.mode is RunMode.TEST:
            testing.require_room(name, series.series)
        else:
            overlapping.compare(site, series)
    draft = template_pinning.draft_of(site, order)
    return site.store.write(lambda transaction: _open(transaction, site, order, draft), locks=True)


def _open(
    transaction: Transaction,
    site: Site,
    order: Order,
    draft: LabelTemplate | None,
) -> dict[str, Any]:
    product = site.plant.products[order.product]
    now = site.clock()
    transaction.keep_others_waiting()  # two may begin the same series, or the same version of it
    _refuse_second_run(transaction, order.line)
    # Locked in one order by all: who issues for another line may hold some of them.
    versions.begin(transaction, [product.series, *product.identifiers.values()], now=now)
    _keep_apart(transaction, site, order)
    series = site.plant.series[product.series]
    pinned = {
        "series_version_id": versions.pin(transaction, series, now=now).id,
        **template_pinning.pin(transaction, site, order, draft=draft, now=now),
    }
    run_id = _insert(transaction, {**pinning.columns(order), **pinned, "opened_at": now})
    pinning.pin_identifiers(transaction, site, order, run_id=run_id, now=now)
    constants = pinning.constants(site, order, run_id=run_id, opened_at=now)
    transaction.execute(
        update(schema.run).where(schema.run.c.id == run_id).values(constants=constants)
    )
    try:
        run = site.pinned(transaction, run_id)
        _refuse_lost_secrets(site, run)
        drawer = Drawer(site=site, transaction=transaction)
        starts: dict[Counter, int] = {}
        serial = _first_serial(drawer, run, starts, quantity=order.quantity)
        identifiers = _first_identifiers(drawer, run, starts, quantity=order.quantity)
        label_trials.require_printable(
            site, run, (serial, identifiers), starts=starts, quantity=order.quantity
        )
    finally:
        site.forget(run_id)  # not committed yet: the id may become another run's
    detail = {"mode": order.mode.value} if order.mode is RunMode.TEST else {}
    cause = Cause(channel=order.channel, detail=detail)
    events.record(transaction, "run_opened", at=now, cause=cause, run_id=run_id)
    return show(transaction, run_id)


def _keep_apart(transaction: Transaction, site: Site, order: Order) -> None:
    """Hold the run to the site's scope, and refuse (3005) what could repeat issued texts."""
    if order.mode is RunMode.TEST:
        scopes.check(transaction, site.plant)
        return
    scopes.fix(transaction, site.plant)
    product = site.plant.products[order.product]
    for name in (product.series, *product.identifiers.values()):
        overlapping.refuse(site, transaction, site.plant.series[name], product=order.product)
        versions.refuse_past(transaction, site.plant.series[name])


def _insert(transaction: Transaction, values: dict[str, Any]) -> int:
    statement = insert(schema.run).values(**values, issued=0, constants={}, state="open")
    try:
        return int(transaction.execute(statement.returning(schema.run.c.id)).scalar_one())
    except IntegrityError as error:
        if violated(error) != "run_one_open_per_line":
            raise
        # Another process opened one meanwhile.
        raise _already_open(values["line"]) from error


def _refuse_second_run(transaction: Transaction, line: str) -> None:
    found = transaction.execute(
        select(schema.run.c.id).where(schema.run.c.line == line, schema.run.c.state == "open")
    ).scalar_one_or_none()
    if found is not None:
        raise _already_open(line, found)


def _already_open(line: str, run_id: int | None = None) -> Refusal:
    which = f"run {run_id} is open" if run_id else "another run was opened at the same moment"
    hint = (
        f"Close it first: POST /api/v1/runs/{run_id}/close, or labeler run close {run_id}."
        if run_id
        else "List the runs."
    )
    sentence = f"Line '{line}' takes one open run at a time, and {which}."
    return Refusal(RUN_OPEN, sentence, hint=hint)


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


def close_run(site: Site, run_id: int, *, channel: str = "http") -> dict[str, Any]:
    """Close a run; return it. Refuses an unknown run (2003) and a closed one (2006)."""

    def close(transaction: Transaction) -> dict[str, Any]:
        now = site.clock()
        changed = transaction.execute(
            update(schema.run)
            .where(schema.run.c.id == run_id, schema.run.c.state == "open")
            .values(state="closed", closed_at=now)
        ).rowcount
        found = show(transaction, run_id)
        if not changed:
            raise Refusal(
                RUN_CLOSED,
                f"Run {run_id} was closed at {found['closed_at']:%Y-%m-%d %H:%M:%S} UTC.",
                hint="Open a new run.",
            )
        events.record(
            transaction, "run_closed", at=now, cause=Cause(channel=channel), run_id=run_id
        )
        return found

    return site.store.write(close, locks=True)


def show(transaction: Transaction, run_id: int) -> dict[str, Any]:
    """Return one run; refuse (2003) an unknown one."""
    row = transaction.execute(_select().where(schema.run.c.id == run_id)).one_or_none()
    if row is None:
        raise Refusal(
            NO_SUCH_RUN,
            f"There is no run {run_id}.",
            hint="List them: GET /api/v1/runs, or labeler run list.",
        )
    return _as_dict(row)


def list_runs(
    transaction: Transaction,
    *,
    before: int | None = None,
    limit: int = 50,
    **wanted: str | None,
) -> list[dict[str, Any]]:
    """Return runs, the newest first; ``before`` is the last id of the page before.

    ``wanted`` says which line, state or mode; None is any.
    """
    query = _select().order_by(schema.run.c.id.desc()).limit(limit)
    for name, value in wanted.items():
        if value is not None:
            query = query.where(schema.run.c[name] == value)
    if before is not None:
        query = query.where(schema.run.c.id < before)
    return [_as_dict(row) for row in transaction.execute(query)]


_ON_LEASE = (
    select(func.coalesce(func.sum(lease.c.open), 0))
    .where(lease.c.run_id == schema.run.c.id)
    .correlate(schema.run)
    .scalar_subquery()
)
"""Serials of the run that somebody holds who has not said what became of them."""


def _select() -> Any:
    run, series, template = schema.run, schema.series_version, schema.template_version
    return (
        select(
            run,
            series.c.series,
            series.c.version.label("series_version"),
            template.c.template,
            template.c.version.label("template_version"),
            template.c.digest.label("template_digest"),
            _ON_LEASE.label("on_lease"),
        )
        .join(series, series.c.id == run.c.series_version_id)
        .join(template, template.c.id == run.c.template_version_id)
    )


def _as_dict(row: Row[Any]) -> dict[str, Any]:
    hidden = {"constants", "series_version_id", "template_version_id", "template_release_id"}
    found = {key: value for key, value in row._mapping.items() if key not in hidden}
    state = "draft" if row.template_release_id is None else "released"
    return {**found, "template_state": state, "remaining": row.quantity - row.issued}

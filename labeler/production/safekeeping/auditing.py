"""The audit trail as people see it: who did what, when, to what, from what to what, and why."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select

from labeler.errors import AUDIT_ANCHOR, OVERLOADED, Refusal
from labeler.production.safekeeping import anchoring, audit_kinds, audit_rows
from labeler.production.site import Site
from labeler.store import Anchor, Transaction, chain, chain_checking, schema
from labeler.store.anchors import read_line
from labeler.store.schema_audit import audit_chain

What = chain_checking.What
"""What may be wrong with the trail."""
SCANNED = 20_000
"""Rows that one page looks through: rare ones are found in several pages, none of them slow."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which rows somebody wants to see; None: any."""

    kind: str | None = None
    who: str | None = None
    channel: str | None = None
    run: int | None = None
    """The run's own, and those of its units."""
    serial: str | None = None
    since: datetime | None = None
    """From this moment on."""
    before: datetime | None = None
    """Before this moment."""
    is_descending: bool = True
    """The newest first."""
    after: int | None = None
    """The last row that the page before looked at."""
    limit: int = 50


def page(site: Site, transaction: Transaction, wish: Wish) -> dict[str, Any]:
    """Return a page of the trail; it may have few rows, or none, and still a `next`.

    Refuses (1002) a kind that no row has.
    """
    if wish.kind is not None:
        audit_kinds.require(wish.kind)
    last = chain.head(transaction).seq
    start = wish.after if wish.after is not None else (last + 1 if wish.is_descending else 0)
    query = _filtered(transaction, wish)
    sealed = audit_chain.c.seq
    if wish.is_descending:
        edge = 0 if wish.serial else max(0, start - 1 - SCANNED)
        query = query.where(sealed < start, sealed > edge).order_by(sealed.desc())
        is_end = edge == 0
    else:
        edge = last if wish.serial else start + SCANNED
        query = query.where(sealed > start, sealed <= edge).order_by(sealed)
        is_end = edge >= last
    rows = transaction.execute(query.limit(wish.limit + 1)).all()
    found = [dict(row._mapping) for row in rows[: wish.limit]]
    before = audit_rows.states_before(transaction, found)
    shown = [_shown(site, row, before=before.get(row["event"])) for row in found]
    if len(rows) > wish.limit:
        following: int | None = shown[-1]["seq"]
    else:
        following = None if is_end else edge + (1 if wish.is_descending else 0)
    return {"audit": shown, "next": following}


def _filtered(transaction: Transaction, wish: Wish) -> Select[Any]:
    event, unit = schema.event.c, schema.unit.c
    query = (
        select(
            audit_chain.c.seq, event.id.label("event"), event.at, event.kind, event.channel,
            event.run_id, event.unit_id, unit.run_id.label("unit_run"), unit.serial,
            event.label_id.label("label"), event.detail, audit_chain.c.hash,
        )
        .join(schema.event, event.id == audit_chain.c.event_id)
        .outerjoin(schema.unit, unit.id == event.unit_id)
    )  # fmt: skip
    if wish.kind is not None:
        query = query.where(event.kind == wish.kind)
    if wish.channel is not None:
        query = query.where(event.channel == wish.channel)
    if wish.since is not None:
        query = query.where(event.at >= wish.since)
    if wish.before is not None:
        query = query.where(event.at < wish.before)
    if wish.run is not None:
        query = query.where(or_(event.run_id == wish.run, unit.run_id == wish.run))
    if wish.serial is not None:
        units = [unit_id for unit_id, *_ in _units(transaction, wish.serial)]
        query = query.where(event.unit_id.in_(units))
    if wish.who is not None:
        query = query.where(_is_who(wish.who))
    return query


def _units(transaction: Transaction, serial: str) -> Sequence[tuple[Any, ...]]:
    return transaction.run_sql("SELECT id FROM unit WHERE serial = ?", (serial,))


def _is_who(name: str) -> Any:
    """Return what finds the rows of somebody, as `audit_rows.tell` names them."""
    said = [schema.event.c.detail[one].as_string() for one in audit_rows.WHO]
    return or_(
        *(
            and_(said[place] == name, *(one.is_(None) for one in said[:place]))
            for place in range(len(said))
        )
    )


def _shown(site: Site, row: dict[str, Any], *, before: str | None) -> dict[str, Any]:
    told = audit_rows.tell(row, before=before)
    return {**told, "at_site": site.local(row["at"]).isoformat(timespec="milliseconds")}


def show_head(site: Site, transaction: Transaction) -> dict[str, Any]:
    """Return the end of the trail, and what was anchored of it last."""
    head = chain.head(transaction)
    where = anchoring.files(site)
    newest = None if where is None else where.newest()
    anchored = None
    if newest is not None:
        anchored = {"seq": newest.seq, "hash": newest.hash, "at": newest.at}
    return {"seq": head.seq, "hash": head.hash.hex(), "anchored": anchored}


def read_anchors(texts: Sequence[str]) -> list[Anchor]:
    """Return the anchors that somebody kept: lines of the log, or SEQ:HASH as it is printed.

    Refuses (6030) what is neither.

    >>> [one] = read_anchors(["7:" + "ab" * 32])
    >>> (one.seq, one.hash[:4], one.at)
    (7, 'abab', '')
    """
    found = []
    for text in texts:
        anchor = read_line(text.strip()) or _printed(text.strip())
        if anchor is None:
            raise Refusal(
                AUDIT_ANCHOR,
                f"'{text.strip()[:80]}' is no anchor.",
                hint="Expected SEQ:HASH with 64 hexadecimal digits, or a line of the anchors' log.",
            )
        found.append(anchor)
    return found


def _printed(text: str) -> Anchor | None:
    number, _, digits = text.partition(":")
    try:
        is_hash = len(bytes.fromhex(digits)) == chain.HASH_BYTES
        return Anchor(seq=int(number), hash=digits.lower(), at="") if is_hash else None
    except ValueError:
        return None


@contextmanager
def one_check(site: Site) -> Iterator[None]:
    """Keep others from checking meanwhile; refuse (9007) while somebody does.

    A check reads everything, and holds a thread and a snapshot as long: many would hold all.
    """
    with site.store.alone("audit check") as ours:
        if not ours:
            raise Refusal(
                OVERLOADED,
                "A check of the audit trail is under way, and there is one at a time.",
                hint="Try again when it is done.",
            )
        yield


def verify(
    site: Site, transaction: Transaction, others: Sequence[Anchor] = ()
) -> Iterator[dict[str, Any]]:
    """Yield how far the check is, {rows, of}, and at last its verdict with `ok` and `bad`.

    It checks each row, and this site's anchors and ``others``: copies kept elsewhere.
    """
    where = anchoring.files(site)
    said = None if where is None else where.read()
    own = () if said is None else said.anchors
    check = None
    for check in chain_checking.check(transaction, own, others=others):
        yield {"rows": check.rows, "of": check.of}
    assert check is not None  # noqa: S101 it yields at least once
    bad = check.bad or _missing_anchors(where, said, head=check.head, others=others)
    yield {
        "ok": bad is None,
        "rows": check.rows,
        "of": check.of,
        "head": {"seq": check.head.seq, "hash": check.head.hash.hex()},
        "anchors": check.anchors,
        "skipped": [{"seq": one.seq, "hash": one.hash} for one in check.skipped],
        "losses": [asdict(one) for one in check.losses],
        "bad": None if bad is None else asdict(bad),
    }


def _missing_anchors(
    where: Any, said: Any, *, head: chain.Head, others: Sequence[Anchor]
) -> chain_checking.Bad | None:
    """Say that the files outside are changed or gone: nobody would see that a tail was cut."""
    if where is None or not (said.damaged or (head.seq and not said.anchors and not others)):
        return None
    if said.damaged:
        lines = ", ".join("its newest" if one == 0 else str(one) for one in said.damaged[:5])
        sentence = f"Of the anchors {where.path} lines were changed or damaged: {lines}."
    else:
        sentence = f"Nothing of the trail is anchored: {where.path} is not there."
    return chain_checking.Bad(what="anchors", seq=None, event=None, sentence=sentence)

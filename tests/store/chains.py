"""What the tests of the audit trail write, and how somebody forges it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert, text

from labeler.errors import RUN_FULL, Refusal
from labeler.store import Store, Transaction, chain, schema
from labeler.store.schema_audit import audit_chain

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def tell(
    *kinds: str, detail: str = '{"operator": "mk", "why": "ü"}'
) -> Callable[[Transaction], None]:
    """Return a verb that writes one event of each kind."""

    def verb(transaction: Transaction) -> None:
        [ids] = transaction.next_ids([(schema.event, len(kinds))])
        at = transaction.time(NOON)
        transaction.insert_events(
            [
                (event_id, at, kind, "http", None, None, None, detail)
                for event_id, kind in zip(ids, kinds, strict=True)
            ]
        )

    return verb


def tell_and_refuse(*kinds: str) -> Callable[[Transaction], None]:
    """Return a verb that writes events and then refuses."""

    def verb(transaction: Transaction) -> None:
        tell(*kinds)(transaction)
        raise Refusal(RUN_FULL, "It is refused.", hint="Do not.")

    return verb


def links(store: Store) -> list[tuple[int, str, str]]:
    """Return of each row of the chain its number, the kind of its event and its hash."""
    with store.read() as transaction:
        rows = transaction.run_sql(
            "SELECT c.seq, e.kind, c.hash FROM audit_chain c "
            "JOIN event e ON e.id = c.event_id ORDER BY c.seq"
        )
    return [(seq, kind, bytes(found).hex()) for seq, kind, found in rows]


def expected(kinds: list[str]) -> list[tuple[int, str, str]]:
    """Return the chain that events of these kinds make, when nothing else was written."""
    found, end = [], chain.START
    for seq, kind in enumerate(kinds, start=1):
        detail = '{"operator": "mk", "why": "ü"}'
        row = (seq, "2026-11-23T12:00:00.000000Z", kind, "http", None, None, None, detail)
        end = chain.seal_event(end, row)
        found.append((seq, kind, end.hash.hex()))
    return found


def reseal(engine: Engine) -> None:
    """Seal everything anew, so that the chain is whole again."""
    at = "at"
    if engine.dialect.name == "postgresql":
        at = 'to_char(at, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'
    query = (
        f"SELECT id, {at}, kind, channel, run_id, unit_id, label_id, CAST(detail AS TEXT) "  # noqa: S608
        "FROM event ORDER BY id"
    )
    forge(engine, "DELETE FROM audit_chain")
    end = chain.START
    with engine.begin() as connection:
        for row in connection.execute(text(query)).all():
            end = chain.seal_event(end, row)
            values = {"seq": end.seq, "event_id": row[0], "hash": end.hash}
            connection.execute(insert(audit_chain).values(**values))


def forge(engine: Engine, *statements: str, **values: Any) -> None:
    """Change the record as one who may do everything: without the triggers that refuse it."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN "
            for (name,) in connection.execute(text(f"{named}('event', 'audit_chain')")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in ("event", "audit_chain"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_fixed ON {table}"))
        for statement in statements:
            connection.execute(text(statement), values)

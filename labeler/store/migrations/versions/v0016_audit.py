"""The audit trail: events are sealed in a chain, and nobody changes either of them.

What happened before is sealed in the order of its ids.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIXED = ("event", "audit_chain")
_AT_ONCE = 5000
"""Rows of which one statement is made."""


def upgrade() -> None:
    """Make the table, seal the events that are there, and let nobody change them."""
    op.create_table(
        "audit_chain",
        sa.Column("seq", ID, autoincrement=False, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("seq > 0", name=op.f("audit_chain_seq_from_1_check")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("audit_chain_whole_hash_check")),
        sa.PrimaryKeyConstraint("seq", name="audit_chain_pk"),
        sa.UniqueConstraint("event_id", name="audit_chain_event_id_unique"),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    _seal(at="at" if sqlite else 'to_char(at, \'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')')
    if sqlite:
        _fix_on_sqlite()
    else:
        _fix_on_postgres()


def _seal(*, at: str) -> None:
    """Seal the events of before, a few thousand at a time, however many there are."""
    connection = op.get_bind()
    put = sa.text("INSERT INTO audit_chain (seq, event_id, hash) VALUES (:seq, :id, :hash)")
    seq, last = 0, bytes(32)
    for rows in _events(connection, at):
        sealed = []
        for event_id, when, kind, channel, run, unit, label, detail in rows:
            seq += 1
            text = (
                f"{seq} {event_id} {when} {run or '-'} {unit or '-'} {label or '-'} "
                f"{len(kind)} {kind} {len(channel)} {channel} {detail}"
            )
            last = hashlib.sha256(last + text.encode()).digest()
            sealed.append({"seq": seq, "id": event_id, "hash": last})
        connection.execute(put, sealed)


def _events(connection: sa.Connection, at: str) -> Iterator[list[Any]]:
    after = 0
    query = sa.text(
        f"SELECT id, {at}, kind, channel, run_id, unit_id, label_id, "  # noqa: S608 our own words
        "CAST(detail AS TEXT) FROM event WHERE id > :after ORDER BY id LIMIT :most"
    )
    while rows := connection.execute(query, {"after": after, "most": _AT_ONCE}).all():
        yield list(rows)
        after = rows[-1][0]


def _fix_on_sqlite() -> None:
    for table in FIXED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_fixed_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}_fixed'); END"
            )


def _fix_on_postgres() -> None:
    # refuse_change() is there since 0008.
    for table in FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )

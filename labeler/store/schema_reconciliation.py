"""The table of reconciliations: what a run's balance was when people put their names under it.

None of its rows is ever changed: the database refuses to update or delete one
(`reconciliation_fixed`, made by migration 0017).
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    String,
    Table,
    Text,
)

from labeler.store.schema import metadata
from labeler.store.times import UtcTime

reconciliation = Table(
    "reconciliation",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    # The balance as canonical JSON, and SHA-256 over that text.
    Column("figures", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("difference", BigInteger, nullable=False),
    # Who else is for it although it does not add up, and why.
    Column("approved_by", String(64)),
    Column("reason", String(200)),
    CheckConstraint("operator <> ''", name="somebody"),
    CheckConstraint(
        "approved_by IS NULL AND reason IS NULL AND difference = 0 "
        "OR approved_by <> '' AND reason <> '' AND lower(approved_by) <> lower(operator)",
        name="even_or_approved",
    ),
    sqlite_with_rowid=False,
)

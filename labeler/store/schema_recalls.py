"""The tables of recalls: what was called back, why, and which units that are.

No row of `recall_unit` is ever changed or taken away, and none is added once the units of its
recall are gathered; of a `recall` only how far it is may change. Migration 0018 makes the triggers.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from labeler.store.schema import Id, metadata
from labeler.store.times import UtcTime

recall = Table(
    "recall",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("operator", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    # What was asked, as JSON, and the way on which its units are looked for: runs, or time.
    Column("criteria", Text, nullable=False),
    Column("way", Text, nullable=False),
    # Behind which unit of that way the next chunk begins; NULL: at the beginning.
    Column("cursor", Text),
    Column("count", Integer, nullable=False),
    Column("expected", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("gathered_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("closed_by", String(64)),
    Column("close_reason", String(200)),
    UniqueConstraint("name"),
    CheckConstraint("state IN ('gathering', 'open', 'closed')", name="state_known"),
    CheckConstraint("operator <> '' AND reason <> ''", name="somebody_why"),
    CheckConstraint(
        "(state = 'closed') = "
        "(closed_at IS NOT NULL AND closed_by IS NOT NULL AND close_reason IS NOT NULL)",
        name="closed_by_somebody",
    ),
    Index("recall_gathering_index", "id", sqlite_where=text("state = 'gathering'"),
          postgresql_where=text("state = 'gathering'")),
)  # fmt: skip

recall_unit = Table(
    "recall_unit",
    metadata,
    Column("recall_id", ForeignKey("recall.id"), primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Index("recall_unit_unit_id_index", "unit_id"),
    sqlite_with_rowid=False,
)

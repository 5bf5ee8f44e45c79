"""The table of what people say of units; the units themselves stand in `schema`."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from labeler.store.schema import Id, metadata
from labeler.store.times import UtcTime

unit_order = Table(
    "unit_order",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("verb", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("key", String(255), nullable=False),
    Column("arguments", String(64), nullable=False),
    Column("said", Text, nullable=False),
    Column("units", LargeBinary, nullable=False),
    Column("count", Integer, nullable=False),
    Column("next_place", Integer, nullable=False),
    Column("left_alone", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    UniqueConstraint("channel", "key"),
    CheckConstraint("state IN ('applying', 'done')", name="state_known"),
    CheckConstraint("next_place >= 0 AND next_place <= count", name="within_count"),
    Index("unit_order_applying_index", "id", sqlite_where=text("state = 'applying'"),
          postgresql_where=text("state = 'applying'")),
)  # fmt: skip

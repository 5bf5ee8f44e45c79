"""The tables of number leases; the others stand in `schema`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from labeler.store.schema import metadata
from labeler.store.times import UtcTime

_Id = BigInteger().with_variant(Integer(), "sqlite")

lease = Table(
    "lease",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("allocation_id", ForeignKey("allocation.id"), nullable=False),
    Column("holder", String(64), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    Column("voided", Integer, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    UniqueConstraint("allocation_id"),
    CheckConstraint("state IN ('open', 'closed')", name="state_known"),
    CheckConstraint("open >= 0 AND used >= 0 AND voided >= 0", name="counts_not_negative"),
    CheckConstraint("open + used + voided = quantity", name="none_forgotten"),
    CheckConstraint("state = 'open' OR open = 0", name="closed_when_all_are_known"),
    Index("lease_run_id_index", "run_id"),
    Index("lease_open_index", "expires_at", sqlite_where=text("state = 'open'"),
          postgresql_where=text("state = 'open'")),
)  # fmt: skip

lease_report = Table(
    "lease_report",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("lease_id", ForeignKey("lease.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("key", String(255), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("places", LargeBinary, nullable=False),
    Column("next_place", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("open", Integer),
    Column("operator", String(64)),
    Column("reason", String(200)),
    Column("expires_at", UtcTime),
    Column("received_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    UniqueConstraint("lease_id", "channel", "key"),
    CheckConstraint("kind IN ('used', 'void', 'close', 'extend')", name="kind_known"),
    CheckConstraint("state IN ('applying', 'done')", name="state_known"),
    Index("lease_report_lease_id_id_index", "lease_id", "id"),
    Index("lease_report_unfinished_index", "lease_id", sqlite_where=text("state = 'applying'"),
          postgresql_where=text("state = 'applying'")),
)  # fmt: skip

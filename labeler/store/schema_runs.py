"""How runs came from one state to the next, and who let more be issued than was planned."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
)

from labeler.store.schema import RUN_STATES, metadata
from labeler.store.times import UtcTime

run_step = Table(
    "run_step",
    metadata,
    Column(
        "id",
        BigInteger().with_variant(Integer(), "sqlite"),
        primary_key=True,
        autoincrement=True,
    ),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    # None: the run began.
    Column("from_state", String(16)),
    Column("to_state", String(16), nullable=False),
    # So many units more than planned may be issued; the state stays.
    Column("units", Integer),
    Column("operator", String(64)),
    Column("reason", String(200)),
    Column("channel", String(16), nullable=False),
    CheckConstraint(f"from_state IN ({RUN_STATES})", name="from_known"),
    CheckConstraint(f"to_state IN ({RUN_STATES})", name="to_known"),
    CheckConstraint(
        "units IS NULL AND (from_state IS NULL OR from_state <> to_state) "
        "OR units > 0 AND from_state = to_state AND operator IS NOT NULL AND reason IS NOT NULL",
        name="moves_or_permits",
    ),
    Index("run_step_run_id_index", "run_id", "id"),
)

"""Blocks of serials issued in one step."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "allocation",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("first_position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("done_at", UtcTime, nullable=True),
        sa.CheckConstraint(
            "filled >= 0 AND filled <= quantity",
            name=op.f("allocation_filled_within_quantity_check"),
        ),
        sa.CheckConstraint(
            "state IN ('filling', 'done', 'stopped')", name=op.f("allocation_state_known_check")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="allocation_run_id_fk"),
        sa.PrimaryKeyConstraint("id", name="allocation_pk"),
        sa.UniqueConstraint(
            "run_id", "channel", "key", name="allocation_run_id_channel_key_unique"
        ),
    )
    waits = sa.text("state = 'filling'")
    op.create_index(
        "allocation_filling_index",
        "allocation",
        ["id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )

"""Where units are and whose, what people ordered of them, and indexes to list them by."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = ("location", "owner", "purchase_order", "sales_order", "invoice")


def upgrade() -> None:
    """Add the columns, which copies no row, the indexes and the table."""
    for name in WORDS:
        op.add_column("unit", sa.Column(name, sa.String(length=64), nullable=True))
    op.add_column("unit", sa.Column("invoice_link", sa.String(length=500), nullable=True))
    op.create_index("unit_state_id_index", "unit", ["state", "id"])
    op.create_index("unit_allocated_at_id_index", "unit", ["allocated_at", "id"])
    for name in WORDS:
        rule = sa.text(f"{name} IS NOT NULL")
        columns = [name, "id"]
        op.create_index(
            f"unit_{name}_id_index", "unit", columns, sqlite_where=rule, postgresql_where=rule
        )
    _orders()


def _orders() -> None:
    op.create_table(
        "unit_order",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("arguments", sa.String(length=64), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("units", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("next_place", sa.Integer(), nullable=False),
        sa.Column("left_alone", sa.Text(), nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("done_at", UtcTime, nullable=True),
        sa.CheckConstraint(
            "state IN ('applying', 'done')", name=op.f("unit_order_state_known_check")
        ),
        sa.CheckConstraint(
            "next_place >= 0 AND next_place <= count", name=op.f("unit_order_within_count_check")
        ),
        sa.PrimaryKeyConstraint("id", name="unit_order_pk"),
        sa.UniqueConstraint("channel", "key", name="unit_order_channel_key_unique"),
    )
    rule = sa.text("state = 'applying'")
    op.create_index(
        "unit_order_applying_index",
        "unit_order",
        ["id"],
        sqlite_where=rule,
        postgresql_where=rule,
    )

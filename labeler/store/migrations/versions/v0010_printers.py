"""What printers said, and when."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "printer_event",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("printer", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("label_count", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('unknown', 'idle', 'processing', 'stopped')",
            name=op.f("printer_event_state_known_check"),
        ),
        sa.PrimaryKeyConstraint("id", name="printer_event_pk"),
    )
    op.create_index("printer_event_printer_id_index", "printer_event", ["printer", "id"])

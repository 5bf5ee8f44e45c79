"""Leases of numbers, and what their holders said became of them."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _leases()
    _reports()


def _leases() -> None:
    op.create_table(
        "lease",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("allocation_id", ID, nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("quantity", "open", "used", "voided")
        ),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("expires_at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime, nullable=True),
        *_checks(
            "lease",
            state_known="state IN ('open', 'closed')",
            counts_not_negative="open >= 0 AND used >= 0 AND voided >= 0",
            none_forgotten="open + used + voided = quantity",
            closed_when_all_are_known="state = 'open' OR open = 0",
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="lease_run_id_fk"),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["allocation.id"], name="lease_allocation_id_fk"
        ),
        sa.PrimaryKeyConstraint("id", name="lease_pk"),
        sa.UniqueConstraint("allocation_id", name="lease_allocation_id_unique"),
    )
    is_open = sa.text("state = 'open'")
    op.create_index("lease_run_id_index", "lease", ["run_id"])
    op.create_index(
        "lease_open_index",
        "lease",
        ["expires_at"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def _reports() -> None:
    op.create_table(
        "lease_report",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("lease_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("places", sa.LargeBinary(), nullable=False),
        sa.Column("next_place", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=True),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("expires_at", UtcTime, nullable=True),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.Column("done_at", UtcTime, nullable=True),
        *_checks(
            "lease_report",
            kind_known="kind IN ('used', 'void', 'close', 'extend')",
            state_known="state IN ('applying', 'done')",
        ),
        sa.ForeignKeyConstraint(["lease_id"], ["lease.id"], name="lease_report_lease_id_fk"),
        sa.PrimaryKeyConstraint("id", name="lease_report_pk"),
        sa.UniqueConstraint(
            "lease_id", "channel", "key", name="lease_report_lease_id_channel_key_unique"
        ),
    )
    applying = sa.text("state = 'applying'")
    op.create_index("lease_report_lease_id_id_index", "lease_report", ["lease_id", "id"])
    op.create_index(
        "lease_report_unfinished_index",
        "lease_report",
        ["lease_id"],
        sqlite_where=applying,
        postgresql_where=applying,
    )


def _checks(table: str, **said: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(text, name=op.f(f"{table}_{name}_check")) for name, text in said.items()
    ]

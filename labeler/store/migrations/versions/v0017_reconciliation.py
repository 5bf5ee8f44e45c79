"""Reconciliations: a run's balance and who signed it; nobody ever changes a row."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and let nobody change it."""
    op.create_table(
        "reconciliation",
        sa.Column("run_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("difference", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint("operator <> ''", name=op.f("reconciliation_somebody_check")),
        sa.CheckConstraint(
            "approved_by IS NULL AND reason IS NULL AND difference = 0 "
            "OR approved_by <> '' AND reason <> '' AND lower(approved_by) <> lower(operator)",
            name=op.f("reconciliation_even_or_approved_check"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="reconciliation_run_id_fk"),
        sa.PrimaryKeyConstraint("run_id", name="reconciliation_pk"),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER reconciliation_fixed_{verb.lower()} BEFORE {verb} "
                "ON reconciliation BEGIN SELECT RAISE(ABORT, 'reconciliation_fixed'); END"
            )
        return
    # refuse_change() is there since 0008.
    op.execute(
        "CREATE TRIGGER reconciliation_fixed BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON reconciliation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )

"""Jobs that are held, stopped or urgent, copies, rungs of proof, paused printers, rolls.

SQLite copies both tables for it, since their CHECKs change.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JOB_STATES = "'pending', 'held', 'processing', 'stopped', 'canceled', 'aborted', 'completed'"
LABEL_STATES = (
    "'queued', 'held', 'sending', 'sent', 'buffered', 'printed', 'verified', 'doubtful', "
    "'not_printed', 'scrapped'"
)


def upgrade() -> None:
    """Change both tables, and make those of the printers."""
    _change(
        "job",
        columns=(
            sa.Column("priority", sa.Integer(), nullable=False, server_default="50"),
            sa.Column("hold_reason", sa.Text(), nullable=True),
            sa.Column("retry_count", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("printer_group", sa.String(length=64), nullable=True),
            sa.Column("reason", sa.String(length=200), nullable=True),
        ),
        checks={
            "purpose_known": "purpose IN ('print', 'archive', 'reprint')",
            "state_known": f"state IN ({JOB_STATES})",
            "priority_range": "priority >= 1 AND priority <= 100",
        },
    )
    # A job whose doubtful labels wait was called held; that is what an instruction is for now.
    op.execute("UPDATE job SET state = 'stopped' WHERE state = 'held'")
    for index in ("label_unsettled_index", "label_doubtful_index"):
        op.drop_index(index, table_name="label")
    _change(
        "label",
        columns=(
            sa.Column("rank", sa.Integer(), nullable=False, server_default="50"),
            sa.Column("copy", sa.Integer(), nullable=False, server_default="0"),
        ),
        checks={"state_known": f"state IN ({LABEL_STATES})", "copy_counted": "copy >= 0"},
    )
    _index("label_unsettled_index", ["printer", "rank", "id"], "state IN ('queued', 'sending')")
    _index("label_held_index", ["printer", "id"], "state = 'held'")
    _index("label_doubtful_index", ["id"], "state = 'doubtful'")
    _printers()


def _change(table: str, *, columns: Sequence[sa.Column[object]], checks: dict[str, str]) -> None:
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_check_constraints(table)}
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
        for name, rule in checks.items():
            whole = op.f(f"{table}_{name}_check")
            if whole in there:
                batch.drop_constraint(whole, type_="check")
            batch.create_check_constraint(whole, rule)


def _index(name: str, columns: list[str], where: str) -> None:
    rule = sa.text(where)
    op.create_index(name, "label", columns, sqlite_where=rule, postgresql_where=rule)


def _printers() -> None:
    op.create_table(
        "printer_pause",
        sa.Column("printer", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("printer", name="printer_pause_pk"),
    )
    op.create_table(
        "printer_roll",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("printer", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("labels", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("odometer", sa.BigInteger(), nullable=True),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.CheckConstraint("labels >= 0", name=op.f("printer_roll_labels_counted_check")),
        sa.CheckConstraint("used >= 0", name=op.f("printer_roll_used_counted_check")),
        sa.PrimaryKeyConstraint("id", name="printer_roll_pk"),
    )
    op.create_index("printer_roll_printer_id_index", "printer_roll", ["printer", "id"])

"""Runs that are planned, paused and withdrawn; more of an order; each step of a run.

SQLite copies the table of the runs for it, since its CHECKs change; no other table is copied.
"""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "'planned', 'open', 'paused', 'closed', 'reconciled', 'released', 'canceled'"
CHECKS = {
    "issued_within_quantity": "issued >= 0 AND issued <= quantity + overrun",
    "state_known": f"state IN ({STATES})",
    "overrun_not_negative": "overrun >= 0",
    "pinned_once_open": (
        "state IN ('planned', 'canceled') AND issued = 0 OR series_version_id IS NOT NULL "
        "AND template_version_id IS NOT NULL AND opened_at IS NOT NULL"
    ),
}


def upgrade() -> None:
    """Change the table of the runs, make that of their steps, and tell it what is known."""
    op.drop_index("run_one_open_per_line", table_name="run")
    _change()
    is_open = sa.text("state = 'open'")
    op.create_index(
        "run_one_open_per_line",
        "run",
        ["line"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    reworks = sa.text("rework_of IS NOT NULL")
    op.create_index(
        "run_rework_of_index",
        "run",
        ["rework_of"],
        sqlite_where=reworks,
        postgresql_where=reworks,
    )
    _steps()
    _bring_along()


def _change() -> None:
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_check_constraints("run")}
    with op.batch_alter_table("run") as batch:
        for name, kind in (("series_version_id", ID), ("template_version_id", ID)):
            batch.alter_column(name, existing_type=kind, nullable=True)
        batch.alter_column("opened_at", existing_type=UtcTime(), nullable=True)
        batch.add_column(sa.Column("overrun", sa.Integer(), nullable=False, server_default="0"))
        for name in ("purchase_order", "sales_order", "shift"):
            batch.add_column(sa.Column(name, sa.String(length=64), nullable=True))
        for name in ("expires_on", "best_before"):
            batch.add_column(sa.Column(name, sa.String(length=10), nullable=True))
        batch.add_column(sa.Column("rework_of", ID, nullable=True))
        batch.create_foreign_key("run_rework_of_fk", "run", ["rework_of"], ["id"])
        for name, rule in CHECKS.items():
            whole = op.f(f"run_{name}_check")
            if whole in there:
                batch.drop_constraint(whole, type_="check")
            batch.create_check_constraint(whole, rule)


def _steps() -> None:
    op.create_table(
        "run_step",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=True),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("units", sa.Integer(), nullable=True),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.CheckConstraint(f"from_state IN ({STATES})", name=op.f("run_step_from_known_check")),
        sa.CheckConstraint(f"to_state IN ({STATES})", name=op.f("run_step_to_known_check")),
        sa.CheckConstraint(
            "units IS NULL AND (from_state IS NULL OR from_state <> to_state) OR units > 0 "
            "AND from_state = to_state AND operator IS NOT NULL AND reason IS NOT NULL",
            name=op.f("run_step_moves_or_permits_check"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="run_step_run_id_fk"),
        sa.PrimaryKeyConstraint("id", name="run_step_pk"),
    )
    op.create_index("run_step_run_id_index", "run_step", ["run_id", "id"])


def _bring_along() -> None:
    """Record when the runs of before were opened and closed, and through which channel."""
    for kind, before, after, at, who in (
        ("run_opened", "NULL", "open", "opened_at", "operator"),
        ("run_closed", "'open'", "closed", "closed_at", "NULL"),
    ):
        op.execute(
            f"""
            INSERT INTO run_step (run_id, at, from_state, to_state, operator, channel)
            SELECT id, {at}, {before}, '{after}', {who},
                   coalesce((SELECT min(event.channel) FROM event
                             WHERE event.run_id = run.id AND event.kind = '{kind}'), 'http')
            FROM run WHERE {at} IS NOT NULL ORDER BY id
            """  # noqa: S608 words of ours
        )

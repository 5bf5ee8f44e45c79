"""Series with epochs, periods and pools; serials unique within a scope."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring along what there is: every series goes on where it stands, in its first epoch."""
    _series()
    _versions()
    _counters()
    _pools()
    _units()
    op.create_table(
        "site_setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="site_setting_pk"),
    )
    # Databases made by an early 0001 lack them.
    op.create_index("run_line_id_index", "run", ["line", "id"], if_not_exists=True)
    op.create_index("run_state_id_index", "run", ["state", "id"], if_not_exists=True)


def _run(sql: str, **values: Any) -> list[Any]:
    result = op.get_bind().execute(sa.text(sql), values)
    return list(result) if result.returns_rows else []


def _series() -> None:
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="number_series_pk"),
    )
    _run(
        "INSERT INTO number_series (name, created_at) "
        "SELECT series, min(created_at) FROM series_version GROUP BY series"
    )


def _versions() -> None:
    with op.batch_alter_table("series_version") as table:
        table.add_column(sa.Column("epoch", sa.Integer(), nullable=True))
        table.add_column(sa.Column("definition", sa.Text(), nullable=True))
    for row in _run("SELECT id, pattern FROM series_version"):
        definition = json.dumps({"pattern": row.pattern}, separators=(",", ":"), ensure_ascii=False)
        _run(
            "UPDATE series_version SET epoch = 1, definition = :definition WHERE id = :id",
            definition=definition,
            id=row.id,
        )
    with op.batch_alter_table("series_version") as table:
        table.alter_column("epoch", existing_type=sa.Integer(), nullable=False)
        table.alter_column("definition", existing_type=sa.Text(), nullable=False)
        table.drop_constraint("series_version_series_pattern_unique", type_="unique")


def _counters() -> None:
    rows = _run("SELECT series, next FROM series_counter")
    op.drop_table("series_counter")
    op.create_table(
        "series_counter",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("next >= 0", name=op.f("series_counter_next_not_negative_check")),
        sa.PrimaryKeyConstraint("series", "epoch", "period", name="series_counter_pk"),
    )
    for row in rows:
        _run(
            "INSERT INTO series_counter (series, epoch, period, next) "
            "VALUES (:series, 1, '', :next)",
            series=row.series,
            next=row.next,
        )


def _pools() -> None:
    op.create_table(
        "pool_number",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("imported_at", UtcTime, nullable=False),
        sa.CheckConstraint(
            "state IN ('unallocated', 'allocated', 'returned')",
            name=op.f("pool_number_state_known_check"),
        ),
        sa.ForeignKeyConstraint(["series"], ["number_series.name"], name="pool_number_series_fk"),
        sa.PrimaryKeyConstraint("id", name="pool_number_pk"),
        sa.UniqueConstraint("series", "text", name="pool_number_series_text_unique"),
    )
    waits = sa.text("state = 'unallocated'")
    op.create_index(
        "pool_number_unallocated_index",
        "pool_number",
        ["series", "id"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def _units() -> None:
    """Let a serial be unique within a scope. SQLite copies the table for it."""
    with op.batch_alter_table("unit") as table:
        scope = sa.Column("scope", sa.String(length=64), nullable=False, server_default="")
        table.add_column(scope)
        table.drop_constraint("unit_serial_unique", type_="unique")
        table.create_unique_constraint("unit_serial_scope_unique", ["serial", "scope"])
    with op.batch_alter_table("unit") as table:
        table.alter_column("scope", existing_type=sa.String(length=64), server_default=None)

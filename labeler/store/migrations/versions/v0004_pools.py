"""Pools: imports, returns, and how many numbers wait."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_IMPORTS = sa.table(
    "pool_import",
    *(sa.column(name) for name in ("id", "series", "state", "source", "digest", "arguments")),
    *(sa.column(name) for name in ("count", "channel", "key")),
    sa.column("started_at", UtcTime),
    sa.column("finished_at", UtcTime),
)


def upgrade() -> None:
    """Bring along what there is: the numbers of each pool become one import that is done."""
    _pools()
    _imports()
    _returns()
    _bring_along()
    _numbers()


def _run(sql: str, **values: Any) -> list[Any]:
    result = op.get_bind().execute(sa.text(sql), values)
    return list(result) if result.returns_rows else []


def _pools() -> None:
    op.create_table(
        "pool",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("last_id", ID, nullable=False),
        sa.Column("waiting", ID, nullable=False),
        sa.Column("allocated", ID, nullable=False),
        sa.Column("returned", ID, nullable=False),
        sa.CheckConstraint(
            "waiting >= 0 AND allocated >= 0 AND returned >= 0",
            name=op.f("pool_counts_not_negative_check"),
        ),
        sa.ForeignKeyConstraint(["series"], ["number_series.name"], name="pool_series_fk"),
        sa.PrimaryKeyConstraint("series", name="pool_pk"),
    )


def _imports() -> None:
    op.create_table(
        "pool_import",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("count", ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("finished_at", UtcTime, nullable=True),
        sa.CheckConstraint(
            "state IN ('staging', 'done', 'abandoned')",
            name=op.f("pool_import_state_known_check"),
        ),
        sa.ForeignKeyConstraint(["series"], ["number_series.name"], name="pool_import_series_fk"),
        sa.PrimaryKeyConstraint("id", name="pool_import_pk"),
    )
    op.create_index("pool_import_series_id_index", "pool_import", ["series", "id"])
    done, unfinished = sa.text("state = 'done'"), sa.text("state <> 'done'")
    op.create_index(
        "pool_import_once_a_key",
        "pool_import",
        ["series", "channel", "key"],
        unique=True,
        sqlite_where=done,
        postgresql_where=done,
    )
    op.create_index(
        "pool_import_unfinished_index",
        "pool_import",
        ["series"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def _returns() -> None:
    op.create_table(
        "pool_return",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("count", ID, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("finished_at", UtcTime, nullable=True),
        sa.CheckConstraint("state IN ('open', 'done')", name=op.f("pool_return_state_known_check")),
        sa.ForeignKeyConstraint(["series"], ["number_series.name"], name="pool_return_series_fk"),
        sa.PrimaryKeyConstraint("id", name="pool_return_pk"),
        sa.UniqueConstraint(
            "series", "channel", "key", name="pool_return_series_channel_key_unique"
        ),
    )


def _bring_along() -> None:
    """Record one import for the numbers that each series has."""
    with op.batch_alter_table("pool_number") as table:
        table.add_column(sa.Column("import_id", ID, nullable=True))
        table.add_column(sa.Column("return_id", ID, nullable=True))
    rows = _run(
        "SELECT series, max(id) AS last_id, count(*) AS count, "
        "sum(CASE state WHEN 'unallocated' THEN 1 ELSE 0 END) AS waiting, "
        "sum(CASE state WHEN 'allocated' THEN 1 ELSE 0 END) AS allocated, "
        "sum(CASE state WHEN 'returned' THEN 1 ELSE 0 END) AS returned "
        "FROM pool_number GROUP BY series"
    )
    now = datetime.now(UTC)
    for row in rows:
        _run(
            "INSERT INTO pool (series, last_id, waiting, allocated, returned) "
            "VALUES (:series, :last_id, :waiting, :allocated, :returned)",
            **{name: row._mapping[name] for name in row._mapping if name != "count"},
        )
        values = {
            "series": row.series,
            "state": "done",
            "source": "before imports were recorded",
            "digest": "",
            "arguments": "",
            "count": row._mapping["count"],
            "channel": "",
            "key": "",
            "started_at": now,
            "finished_at": now,
        }
        op.get_bind().execute(sa.insert(_IMPORTS).values(**values))
        _run(
            "UPDATE pool_number SET import_id = (SELECT max(id) FROM pool_import "
            "WHERE series = :series) WHERE series = :series",
            series=row.series,
        )


def _numbers() -> None:
    """A number that was returned may come again, in a row of its own."""
    with op.batch_alter_table("pool_number") as table:
        table.alter_column("import_id", existing_type=ID, nullable=False)
        table.drop_constraint("pool_number_series_text_unique", type_="unique")
        table.drop_constraint("pool_number_series_fk", type_="foreignkey")
        table.drop_column("imported_at")
        table.create_foreign_key("pool_number_import_id_fk", "pool_import", ["import_id"], ["id"])
        table.create_foreign_key("pool_number_return_id_fk", "pool_return", ["return_id"], ["id"])
    ours, returned = sa.text("state <> 'returned'"), sa.text("state = 'returned'")
    op.create_index(
        "pool_number_once_in_a_pool",
        "pool_number",
        ["series", "text"],
        unique=True,
        sqlite_where=ours,
        postgresql_where=ours,
    )
    op.create_index(
        "pool_number_returned_index",
        "pool_number",
        ["series", "text"],
        sqlite_where=returned,
        postgresql_where=returned,
    )
    has_return = sa.text("return_id IS NOT NULL")
    op.create_index(
        "pool_number_return_id_index",
        "pool_number",
        ["return_id", "id"],
        sqlite_where=has_return,
        postgresql_where=has_return,
    )

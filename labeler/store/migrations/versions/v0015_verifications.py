"""Verifications: what QA scanned, and what was said about it; nobody ever changes a row."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table with its indexes, and let nobody change it."""
    _table()
    _index("unit_id_index", ["unit_id", "id"], "unit_id IS NOT NULL")
    _index("once_ok", ["unit_id"], "verdict = 'ok'", unique=True)
    _index("stranger_index", ["serial"], "unit_id IS NULL")
    _index("not_ok_index", ["verdict", "id"], "verdict <> 'ok'")
    _index("run_id_index", ["run_id", "id"])
    _index("line_index", ["line", "id"])
    _index("at_index", ["at"])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER verification_fixed_{verb.lower()} BEFORE {verb} ON verification "
                "BEGIN SELECT RAISE(ABORT, 'verification_fixed'); END"
            )
        return
    # refuse_change() is there since 0008.
    op.execute(
        "CREATE TRIGGER verification_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON verification "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _table() -> None:
    op.create_table(
        "verification",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("series", sa.String(length=64), nullable=True),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("label_id", ID, nullable=True),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("station", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=True),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("arguments", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "operator <> '' AND station <> ''",
            name=op.f("verification_somebody_somewhere_check"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="verification_unit_id_fk"),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name="verification_label_id_fk"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="verification_run_id_fk"),
        sa.PrimaryKeyConstraint("id", name="verification_pk"),
        sa.UniqueConstraint("channel", "key", name="verification_channel_key_unique"),
    )


def _index(
    name: str, columns: list[str], where: str | None = None, *, unique: bool = False
) -> None:
    rule = None if where is None else sa.text(where)
    op.create_index(
        f"verification_{name}",
        "verification",
        columns,
        unique=unique,
        sqlite_where=rule,
        postgresql_where=rule,
    )

"""Recalls: what was called back and why, and which units that are, for ever."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make both tables, an index of runs by their lot, and let nobody change who is recalled."""
    _recalls()
    op.create_table(
        "recall_unit",
        sa.Column("recall_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name="recall_unit_recall_id_fk"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="recall_unit_unit_id_fk"),
        sa.PrimaryKeyConstraint("recall_id", "unit_id", name="recall_unit_pk"),
        sqlite_with_rowid=False,
    )
    op.create_index("recall_unit_unit_id_index", "recall_unit", ["unit_id"])
    _index("run_lot_index", "run", ["lot", "id"], "lot IS NOT NULL")
    op.create_index("verification_operator_index", "verification", ["operator", "run_id"])
    if op.get_bind().dialect.name == "sqlite":
        _fix_on_sqlite()
    else:
        _fix_on_postgres()


def _recalls() -> None:
    op.create_table(
        "recall",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("gathered_at", UtcTime, nullable=True),
        sa.Column("closed_at", UtcTime, nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.Column("close_reason", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "state IN ('gathering', 'open', 'closed')", name=op.f("recall_state_known_check")
        ),
        sa.CheckConstraint(
            "operator <> '' AND reason <> ''", name=op.f("recall_somebody_why_check")
        ),
        sa.CheckConstraint(
            "(state = 'closed') = "
            "(closed_at IS NOT NULL AND closed_by IS NOT NULL AND close_reason IS NOT NULL)",
            name=op.f("recall_closed_by_somebody_check"),
        ),
        sa.PrimaryKeyConstraint("id", name="recall_pk"),
        sa.UniqueConstraint("name", name="recall_name_unique"),
    )
    _index("recall_gathering_index", "recall", ["id"], "state = 'gathering'")


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    rule = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=rule, postgresql_where=rule)


def _fix_on_sqlite() -> None:
    fixed = "BEGIN SELECT RAISE(ABORT, '{0}_fixed'); END"
    for table, verb in (("recall_unit", "UPDATE"), ("recall_unit", "DELETE"), ("recall", "DELETE")):
        op.execute(
            f"CREATE TRIGGER {table}_fixed_{verb.lower()} BEFORE {verb} ON {table} "
            + fixed.format(table)
        )
    op.execute(
        "CREATE TRIGGER recall_unit_fixed_insert BEFORE INSERT ON recall_unit WHEN NOT EXISTS "
        "(SELECT 1 FROM recall WHERE id = NEW.recall_id AND state = 'gathering') "
        "BEGIN SELECT RAISE(ABORT, 'recall_unit_fixed'); END"
    )
    op.execute(
        "CREATE TRIGGER recall_fixed_update BEFORE UPDATE OF "
        "id, name, reason, operator, channel, criteria, way, created_at ON recall "
        + fixed.format("recall")
    )
    op.execute(
        "CREATE TRIGGER recall_fixed_closed BEFORE UPDATE ON recall WHEN OLD.state = 'closed' "
        "OR (OLD.state = 'open' AND NEW.state = 'gathering') " + fixed.format("recall")
    )


def _fix_on_postgres() -> None:
    # refuse_change() is there since 0008: its refusal bears the trigger's name.
    op.execute(
        "CREATE TRIGGER recall_unit_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON recall_unit "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER recall_fixed BEFORE DELETE OR TRUNCATE ON recall "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER recall_fixed_update BEFORE UPDATE OF "
        "id, name, reason, operator, channel, criteria, way, created_at ON recall "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER recall_fixed_closed BEFORE UPDATE ON recall FOR EACH ROW "
        "WHEN (OLD.state = 'closed' OR (OLD.state = 'open' AND NEW.state = 'gathering')) "
        "EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE FUNCTION refuse_late_recall() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF EXISTS (SELECT 1 FROM added a LEFT JOIN recall r ON r.id = a.recall_id "
        "AND r.state = 'gathering' WHERE r.id IS NULL) THEN "
        "RAISE EXCEPTION 'recall_unit_fixed' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER recall_unit_fixed_insert AFTER INSERT ON recall_unit "
        "REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_recall()"
    )

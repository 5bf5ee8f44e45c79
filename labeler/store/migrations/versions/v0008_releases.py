"""Releases of label templates, and what a label was sent as.

Until now every run released what it pinned, so the releases of before are those of runs.
"""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIXED = ("template_version", "template_release")


def upgrade() -> None:
    """Make the table, tell it what runs released, and let nobody change it."""
    _releases()
    # In place: to make these tables anew would copy the runs and labels of years.
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE run ADD COLUMN template_release_id {kind} "
        "CONSTRAINT run_template_release_id_fk REFERENCES template_release (id)"
    )
    op.create_index("run_template_version_id_id_index", "run", ["template_version_id", "id"])
    op.execute("ALTER TABLE label ADD COLUMN language VARCHAR(16)")
    op.execute("ALTER TABLE label ADD COLUMN dpi INTEGER")
    op.execute("ALTER TABLE label ADD COLUMN program_version VARCHAR(32)")
    _bring_along()
    if op.get_bind().dialect.name == "sqlite":
        _fix_on_sqlite()
    else:
        _fix_on_postgres()


def _releases() -> None:
    op.create_table(
        "template_release",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("template_version_id", ID, nullable=False),
        sa.Column("released_at", UtcTime, nullable=False),
        sa.Column("released_by", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("comment", sa.String(length=500), nullable=True),
        sa.Column("implicit", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("template_release_number_positive_check")),
        sa.CheckConstraint(
            "released_by <> ''", name=op.f("template_release_somebody_released_it_check")
        ),
        sa.ForeignKeyConstraint(
            ["template_version_id"],
            ["template_version.id"],
            name="template_release_template_version_id_fk",
        ),
        sa.PrimaryKeyConstraint("id", name="template_release_pk"),
        sa.UniqueConstraint("template", "number", name="template_release_template_number_unique"),
    )


def _bring_along() -> None:
    """Record the releases of before: each production run whose version is not the one before's."""
    op.execute(
        """
        INSERT INTO template_release (template, number, template_version_id, released_at,
                                      released_by, channel, implicit)
        SELECT template, row_number() OVER (PARTITION BY template ORDER BY id),
               template_version_id, opened_at, channel, channel, true
        FROM (
            SELECT run.id, template_version.template, run.template_version_id, run.opened_at,
                   coalesce((SELECT min(event.channel) FROM event
                             WHERE event.run_id = run.id AND event.kind = 'run_opened'), 'http')
                       AS channel,
                   lag(run.template_version_id) OVER (
                       PARTITION BY template_version.template ORDER BY run.id) AS before
            FROM run JOIN template_version ON template_version.id = run.template_version_id
            WHERE run.mode = 'production'
        ) AS opened
        WHERE before IS NULL OR before <> template_version_id
        ORDER BY id
        """
    )
    op.execute(
        """
        UPDATE run SET template_release_id = coalesce(
            (SELECT max(id) FROM template_release AS known
             WHERE known.template_version_id = run.template_version_id
               AND known.released_at <= run.opened_at),
            (SELECT min(id) FROM template_release AS known
             WHERE known.template_version_id = run.template_version_id
               AND run.mode = 'production'))
        """
    )


def _fix_on_sqlite() -> None:
    for table in FIXED:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_fixed_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}_fixed'); END"
            )


def _fix_on_postgres() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%_fixed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
        " END $$"
    )
    for table in FIXED:
        op.execute(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )

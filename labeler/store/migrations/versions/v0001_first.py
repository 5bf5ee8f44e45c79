"""The first schema: series, templates, runs, units, triggers, jobs, labels, events."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEQUENCES = ("unit", "job", "label", "event")


def upgrade() -> None:
    """Make the tables; on PostgreSQL also the sequences that hand out ids in blocks."""
    _pinned()
    _runs()
    _units()
    _jobs()
    _labels()
    _events()
    _heartbeat()
    if op.get_bind().dialect.name == "postgresql":
        for table in SEQUENCES:
            op.execute(f"CREATE SEQUENCE {table}_id_seq")


def _pinned() -> None:
    op.create_table(
        "series_counter",
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("next >= 0", name=op.f("series_counter_next_not_negative_check")),
        sa.PrimaryKeyConstraint("series", name="series_counter_pk"),
    )
    op.create_table(
        "series_version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("series", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="series_version_pk"),
        sa.UniqueConstraint("series", "pattern", name="series_version_series_pattern_unique"),
        sa.UniqueConstraint("series", "version", name="series_version_series_version_unique"),
    )
    op.create_table(
        "template_version",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="template_version_pk"),
        sa.UniqueConstraint("template", "digest", name="template_version_template_digest_unique"),
        sa.UniqueConstraint("template", "version", name="template_version_template_version_unique"),
    )


def _runs() -> None:
    op.create_table(
        "trigger_reply",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("arguments", sa.String(length=64), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("received_at", UtcTime, nullable=False),
        sa.PrimaryKeyConstraint("channel", "line", "key", name="trigger_reply_pk"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("lot", sa.String(length=20), nullable=True),
        sa.Column("work_order", sa.String(length=64), nullable=True),
        sa.Column("operator", sa.String(length=64), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("constants", sa.JSON(), nullable=False),
        sa.Column("series_version_id", ID, nullable=False),
        sa.Column("template_version_id", ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", UtcTime, nullable=False),
        sa.Column("closed_at", UtcTime, nullable=True),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("run_state_known_check")),
        sa.CheckConstraint(
            "issued >= 0 AND issued <= quantity", name=op.f("run_issued_within_quantity_check")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("run_quantity_positive_check")),
        sa.ForeignKeyConstraint(
            ["series_version_id"], ["series_version.id"], name="run_series_version_id_fk"
        ),
        sa.ForeignKeyConstraint(
            ["template_version_id"], ["template_version.id"], name="run_template_version_id_fk"
        ),
        sa.PrimaryKeyConstraint("id", name="run_pk"),
    )
    op.create_index(
        "run_one_open_per_line",
        "run",
        ["line"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("run_line_id_index", "run", ["line", "id"])
    op.create_index("run_state_id_index", "run", ["state", "id"])


def _units() -> None:
    op.create_table(
        "unit",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("allocated_at", UtcTime, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="unit_run_id_fk"),
        sa.PrimaryKeyConstraint("id", name="unit_pk"),
        sa.UniqueConstraint("run_id", "position", name="unit_run_id_position_unique"),
        sa.UniqueConstraint("serial", name="unit_serial_unique"),
    )


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("printer", sa.String(length=64), nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("label_count", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("settled_at", UtcTime, nullable=True),
        sa.CheckConstraint(
            "purpose IN ('print', 'archive', 'reprint')", name=op.f("job_purpose_known_check")
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'processing', 'held', 'completed', 'canceled')",
            name=op.f("job_state_known_check"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="job_run_id_fk"),
        sa.PrimaryKeyConstraint("id", name="job_pk"),
    )


def _labels() -> None:
    op.create_table(
        "label",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("printer", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("odometer", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", UtcTime, nullable=True),
        sa.Column("settled_at", UtcTime, nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'printed', 'doubtful', 'not_printed', "
            "'scrapped')",
            name=op.f("label_state_known_check"),
        ),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name="label_job_id_fk"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="label_unit_id_fk"),
        sa.PrimaryKeyConstraint("id", name="label_pk"),
        sa.UniqueConstraint("job_id", "position", name="label_job_id_position_unique"),
    )
    op.create_index(
        "label_doubtful_index",
        "label",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'doubtful'"),
        postgresql_where=sa.text("state = 'doubtful'"),
    )
    op.create_index("label_unit_id_index", "label", ["unit_id"], unique=False)
    op.create_index(
        "label_unsettled_index",
        "label",
        ["printer", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("unit_id", ID, nullable=True),
        sa.Column("label_id", ID, nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name="event_label_id_fk"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="event_run_id_fk"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="event_unit_id_fk"),
        sa.PrimaryKeyConstraint("id", name="event_pk"),
    )
    op.create_index(
        "event_run_id_index",
        "event",
        ["run_id"],
        unique=False,
        sqlite_where=sa.text("run_id IS NOT NULL"),
        postgresql_where=sa.text("run_id IS NOT NULL"),
    )
    op.create_index("event_unit_id_index", "event", ["unit_id"], unique=False)


def _heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="heartbeat_pk"),
    )

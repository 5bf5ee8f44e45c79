"""Identifiers of a unit: which series a run takes them from, and which unit has which."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Runs and units of before have no identifiers."""
    op.create_table(
        "run_series",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("series_version_id", ID, nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="run_series_run_id_fk"),
        sa.ForeignKeyConstraint(
            ["series_version_id"], ["series_version.id"], name="run_series_series_version_id_fk"
        ),
        sa.PrimaryKeyConstraint("run_id", "name", name="run_series_pk"),
        sa.UniqueConstraint("run_id", "place", name="run_series_run_id_place_unique"),
        sqlite_with_rowid=False,
    )
    op.create_index("run_series_series_version_id_index", "run_series", ["series_version_id"])
    op.create_table(
        "unit_identifier",
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=64), nullable=True),
        sa.Column("scope", sa.String(length=64), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "text IS NOT NULL OR scope IS NULL",
            name=op.f("unit_identifier_only_secrets_forgotten_check"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="unit_identifier_unit_id_fk"),
        sa.PrimaryKeyConstraint("unit_id", "name", name="unit_identifier_pk"),
        sa.UniqueConstraint("text", "scope", name="unit_identifier_text_scope_unique"),
        sqlite_with_rowid=False,
    )

"""Runs in which a line is tried; all there were are production's."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column in place: to make the table anew would copy the runs of years.

    And say quickly which runs drew from a version of a series: every new run asks.
    """
    op.execute(
        "ALTER TABLE run ADD COLUMN mode VARCHAR(16) DEFAULT 'production' NOT NULL "
        "CONSTRAINT run_mode_known_check CHECK (mode IN ('production', 'test'))"
    )
    op.create_index("run_series_version_id_index", "run", ["series_version_id"])

"""Jobs that were canceled while labels were on their way say so; a printer's jobs are found."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, fill it from what stood for it, and add the index."""
    default = sa.text("false")
    op.add_column(
        "job", sa.Column("cancel_unsent", sa.Boolean(), nullable=False, server_default=default)
    )
    # The beginning of a text said so. A held job is not canceled, whatever its printer wrote.
    op.execute(
        "UPDATE job SET cancel_unsent = true "
        "WHERE hold_reason LIKE 'canceled by %' AND state <> 'held'"
    )
    op.create_index("job_printer_id_index", "job", ["printer", "id"])

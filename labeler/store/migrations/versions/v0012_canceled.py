"""Jobs that were canceled while labels were on their way say so."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and fill it from what stood for it."""
    default = sa.text("false")
    op.add_column(
        "job", sa.Column("cancel_unsent", sa.Boolean(), nullable=False, server_default=default)
    )
    # The beginning of a text said so. A held job is not canceled, whatever its printer wrote.
    op.execute(
        "UPDATE job SET cancel_unsent = true "
        "WHERE hold_reason LIKE 'canceled by %' AND state <> 'held'"
    )

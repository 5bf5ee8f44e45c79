"""Files that label templates show, kept with each version."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, and let nobody change it."""
    op.create_table(
        "template_file",
        sa.Column("template_version_id", ID, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_version_id"],
            ["template_version.id"],
            name="template_file_template_version_id_fk",
        ),
        sa.PrimaryKeyConstraint("template_version_id", "name", name="template_file_pk"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER template_file_fixed_{verb.lower()} BEFORE {verb} ON template_file "
                "BEGIN SELECT RAISE(ABORT, 'template_file_fixed'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER template_file_fixed BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON template_file FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )

"""Who may do what: accounts, their roles and sessions, and keys of programs."""

import sqlalchemy as sa
from alembic import op

from labeler.store.times import UtcTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the four tables."""
    _accounts()
    _sessions()
    op.create_table(
        "api_key",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("permissions", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("last_used_at", UtcTime, nullable=True),
        sa.Column("revoked_at", UtcTime, nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("api_key_named_check")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)",
            name=op.f("api_key_revoked_by_somebody_check"),
        ),
        sa.PrimaryKeyConstraint("id", name="api_key_pk"),
        sa.UniqueConstraint("public_id", name="api_key_public_id_unique"),
    )


def _accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("display_name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("badge_hash", sa.String(length=64), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("disabled_at", UtcTime, nullable=True),
        sa.CheckConstraint(
            "name <> '' AND display_name <> ''", name=op.f("account_somebody_check")
        ),
        sa.CheckConstraint(
            "(badge_hash IS NULL) = (pin_hash IS NULL)", name=op.f("account_badge_with_pin_check")
        ),
        sa.PrimaryKeyConstraint("id", name="account_pk"),
        sa.UniqueConstraint("name", name="account_name_unique"),
        sa.UniqueConstraint("badge_hash", name="account_badge_hash_unique"),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", ID, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "role IN ('auditor', 'operator', 'engineer', 'qa', 'admin')",
            name=op.f("account_role_role_known_check"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="account_role_account_id_fk"),
        sa.PrimaryKeyConstraint("account_id", "role", name="account_role_pk"),
    )


def _sessions() -> None:
    op.create_table(
        "account_session",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcTime, nullable=False),
        sa.Column("last_seen_at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime, nullable=True),
        sa.CheckConstraint(
            "how IN ('password', 'badge')", name=op.f("account_session_how_known_check")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="account_session_account_id_fk"
        ),
        sa.PrimaryKeyConstraint("id", name="account_session_pk"),
        sa.UniqueConstraint("token_hash", name="account_session_token_hash_unique"),
    )
    running = sa.text("ended_at IS NULL")
    op.create_index(
        "account_session_running_index",
        "account_session",
        ["account_id"],
        sqlite_where=running,
        postgresql_where=running,
    )

"""The tables of who may do what: accounts, their roles and sessions, and keys of programs.

No secret stands in them: passwords and PINs as argon2id, tokens and the secrets of keys, which are
long and by chance, as SHA-256.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from labeler.store.schema import Id, metadata
from labeler.store.times import UtcTime

account = Table(
    "account",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False),
    Column("display_name", String(64), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("badge_hash", String(64)),
    Column("pin_hash", String(200)),
    Column("language", String(16)),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("disabled_at", UtcTime),
    UniqueConstraint("name"),
    UniqueConstraint("badge_hash"),
    CheckConstraint("name <> '' AND display_name <> ''", name="somebody"),
    CheckConstraint("(badge_hash IS NULL) = (pin_hash IS NULL)", name="badge_with_pin"),
)

account_role = Table(
    "account_role",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("role", String(16), primary_key=True),
    CheckConstraint(
        "role IN ('auditor', 'operator', 'engineer', 'qa', 'admin')", name="role_known"
    ),
)

account_session = Table(
    "account_session",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("token_hash", String(64), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("how", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    UniqueConstraint("token_hash"),
    CheckConstraint("how IN ('password', 'badge')", name="how_known"),
    Index("account_session_running_index", "account_id", sqlite_where=text("ended_at IS NULL"),
          postgresql_where=text("ended_at IS NULL")),
)  # fmt: skip

api_key = Table(
    "api_key",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("public_id", String(16), nullable=False),
    Column("name", String(64), nullable=False),
    Column("secret_hash", String(64), nullable=False),
    # Both as JSON lists; lines NULL: all of them.
    Column("permissions", Text, nullable=False),
    Column("lines", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
    Column("revoked_by", String(64)),
    UniqueConstraint("public_id"),
    CheckConstraint("name <> ''", name="named"),
    CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_somebody"),
)

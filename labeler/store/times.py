"""Times in the database: UTC, as ISO 8601 text in SQLite and as timestamptz in PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, String, TypeDecorator
from typing_extensions import override


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC: timestamptz, or fixed-width sortable text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @override
    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """SQLite has no time type: 27 characters of text."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    @override
    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive times: nobody would know which zone they meant."""
        if value is None:
            return None
        return utc_text(value) if dialect.name == "sqlite" else utc(value)

    @override
    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return an aware UTC datetime."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return datetime.fromisoformat(value)
        return value.astimezone(UTC)  # type: ignore[no-any-return]


def utc(value: datetime) -> datetime:
    """Return the same moment in UTC; ValueError for a naive time."""
    if value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    return value.astimezone(UTC)


def utc_text(value: datetime) -> str:
    """Return ``value`` as `2026-11-22T10:15:30.123456Z`: text order is time order."""
    return utc(value).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

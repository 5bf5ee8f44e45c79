"""What a database says when it refuses, in our words: one line, and the constraint's name."""

from functools import cache

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError

from labeler.store.schema import metadata


def reason(error: DBAPIError) -> str:
    """Return what the database said, on one line and without a full stop."""
    return " ".join(str(error.orig).split()).rstrip(".")


def violated(error: IntegrityError) -> str | None:
    """Return the name of the constraint or index that refused; None if the database names none.

    PostgreSQL names it. SQLite names a CHECK, but of UNIQUE only the columns, and of a foreign key
    nothing.
    """
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name) if diagnosis.constraint_name else None
    rule, _, what = str(error.orig).partition(" constraint failed: ")
    if rule == "UNIQUE":
        return _unique_names().get(what)
    return what if rule == "CHECK" else None


@cache
def _unique_names() -> dict[str, str]:
    """Return "table.column, table.column", as SQLite says it, -> the rule's name."""
    names = {}
    for table in metadata.sorted_tables:
        unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
        indexes = [index for index in table.indexes if index.unique]
        rules: list[UniqueConstraint | PrimaryKeyConstraint | Index]
        rules = [table.primary_key, *unique, *indexes]
        for rule in rules:
            columns = ", ".join(f"{table.name}.{column.name}" for column in rule.columns)
            names[columns] = str(rule.name)
    return names

"""The table of verifications: what somebody scanned, and what was said about it.

None of its rows is ever changed: the database refuses to update or delete one
(`verification_fixed`, made by migration 0015).
"""

from sqlalchemy import (
    JSON,
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

_OF_A_UNIT = text("unit_id IS NOT NULL")
_OF_NO_UNIT = text("unit_id IS NULL")
_OK = text("verdict = 'ok'")
_NOT_OK = text("verdict <> 'ok'")

verification = Table(
    "verification",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", UtcTime, nullable=False),
    # As it was scanned, but for what may be a secret: asterisks stand for that.
    Column("text", Text, nullable=False),
    # What it was taken for: the unit's serial, or the text of one that nobody issued.
    Column("serial", Text, nullable=False),
    Column("unit_id", ForeignKey("unit.id")),
    # Of a serial that was never issued: the series whose form it has.
    Column("series", String(64)),
    Column("verdict", String(16), nullable=False),
    Column("sentence", Text, nullable=False),
    Column("details", JSON, nullable=False),
    Column("label_id", ForeignKey("label.id")),
    Column("operator", String(64), nullable=False),
    Column("station", String(64), nullable=False),
    Column("line", String(64)),
    # The run of the unit; where there is none, the run in which it was expected.
    Column("run_id", ForeignKey("run.id")),
    Column("channel", String(16), nullable=False),
    Column("key", String(255), nullable=False),
    Column("arguments", String(64), nullable=False),
    UniqueConstraint("channel", "key"),
    CheckConstraint("operator <> '' AND station <> ''", name="somebody_somewhere"),
    Index("verification_unit_id_index", "unit_id", "id", sqlite_where=_OF_A_UNIT,
          postgresql_where=_OF_A_UNIT),
    Index("verification_once_ok", "unit_id", unique=True, sqlite_where=_OK, postgresql_where=_OK),
    Index("verification_stranger_index", "serial", sqlite_where=_OF_NO_UNIT,
          postgresql_where=_OF_NO_UNIT),
    Index("verification_not_ok_index", "verdict", "id", sqlite_where=_NOT_OK,
          postgresql_where=_NOT_OK),
    Index("verification_run_id_index", "run_id", "id"),
    Index("verification_line_index", "line", "id"),
    Index("verification_at_index", "at"),
    Index("verification_operator_index", "operator", "run_id"),
)  # fmt: skip

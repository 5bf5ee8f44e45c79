"""What printers said, which of them people paused, and the rolls they were given.

`printer_event` has one row each time that a printer's condition changed. It is bounded: whoever
writes a row takes the printer's oldest away (`spooler.printer_history_max`).
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from labeler.store.schema import Id, metadata
from labeler.store.times import UtcTime

printer_event = Table(
    "printer_event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("printer", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    # Keywords of RFC 8011, section 5.4.12, with a space between them.
    Column("reasons", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("label_count", BigInteger),
    CheckConstraint("state IN ('unknown', 'idle', 'processing', 'stopped')", name="state_known"),
    Index("printer_event_printer_id_index", "printer", "id"),
)

printer_pause = Table(
    "printer_pause",
    metadata,
    # A row is a printer that sends nothing until somebody resumes it.
    Column("printer", String(64), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("operator", String(64), nullable=False),
)

printer_roll = Table(
    "printer_roll",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("printer", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
    # How many labels were on it when it was put in, and how many have come out since.
    Column("labels", Integer, nullable=False),
    Column("used", Integer, nullable=False),
    # The printer's label count when it was put in; None where it does not tell.
    Column("odometer", BigInteger),
    Column("operator", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    CheckConstraint("labels >= 0", name="labels_counted"),
    CheckConstraint("used >= 0", name="used_counted"),
    Index("printer_roll_printer_id_index", "printer", "id"),
)

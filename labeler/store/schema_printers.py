"""The table of what printers said, and when: one row each time that a printer's condition changed.

It is bounded: whoever writes a row takes the printer's oldest away (`spooler.printer_history_max`).
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, String, Table, Text

from labeler.store.schema import UtcTime, metadata

_Id = BigInteger().with_variant(Integer(), "sqlite")

printer_event = Table(
    "printer_event",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
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

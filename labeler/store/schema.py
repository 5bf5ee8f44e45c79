"""The tables. The database decides: UNIQUE, CHECK and foreign keys state the rules.

`migrations/` makes them; a test proves that both say the same.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Sequence,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from labeler.store.times import UtcTime

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "uq": "%(table_name)s_%(column_0_N_name)s_unique",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)


UNIT_WORDS = ("location", "owner", "purchase_order", "sales_order", "invoice")
"""What people say of a unit, and look for: each has an index of the units that have one."""

Id = BigInteger().with_variant(Integer(), "sqlite")
"""Type of an id: SQLite counts rows only in an INTEGER."""
RUN_STATES = "'planned', 'open', 'paused', 'closed', 'reconciled', 'released', 'canceled'"

number_series = Table(
    "number_series",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("created_at", UtcTime, nullable=False),
)

series_version = Table(
    "series_version",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("series", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("definition", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("series", "version"),
)

series_counter = Table(
    "series_counter",
    metadata,
    Column("series", String(64), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("period", String(64), primary_key=True),
    Column("next", BigInteger, nullable=False),
    CheckConstraint("next >= 0", name="next_not_negative"),
)

pool = Table(
    "pool",
    metadata,
    Column("series", ForeignKey("number_series.name"), primary_key=True),
    Column("last_id", Id, nullable=False),
    Column("waiting", Id, nullable=False),
    Column("allocated", Id, nullable=False),
    Column("returned", Id, nullable=False),
    CheckConstraint(
        "waiting >= 0 AND allocated >= 0 AND returned >= 0", name="counts_not_negative"
    ),
)

pool_import = Table(
    "pool_import",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("series", ForeignKey("number_series.name"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("source", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("count", Id, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("operator", String(64)),
    Column("key", String(255), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    CheckConstraint("state IN ('staging', 'done', 'abandoned')", name="state_known"),
    Index("pool_import_series_id_index", "series", "id"),
    Index("pool_import_once_a_key", "series", "channel", "key", unique=True,
          sqlite_where=text("state = 'done'"), postgresql_where=text("state = 'done'")),
    Index("pool_import_unfinished_index", "series",
          sqlite_where=text("state <> 'done'"), postgresql_where=text("state <> 'done'")),
)  # fmt: skip

pool_return = Table(
    "pool_return",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("series", ForeignKey("number_series.name"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("count", Id, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("operator", String(64), nullable=False),
    Column("key", String(255), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    UniqueConstraint("series", "channel", "key"),
    CheckConstraint("state IN ('open', 'done')", name="state_known"),
)

pool_number = Table(
    "pool_number",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    # No foreign key to number_series: inserting would wait for those who draw from the series.
    Column("series", String(64), nullable=False),
    Column("import_id", ForeignKey("pool_import.id"), nullable=False),
    Column("return_id", ForeignKey("pool_return.id")),
    Column("text", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    CheckConstraint("state IN ('unallocated', 'allocated', 'returned')", name="state_known"),
    Index("pool_number_once_in_a_pool", "series", "text", unique=True,
          sqlite_where=text("state <> 'returned'"), postgresql_where=text("state <> 'returned'")),
    Index("pool_number_unallocated_index", "series", "id",
          sqlite_where=text("state = 'unallocated'"),
          postgresql_where=text("state = 'unallocated'")),
    Index("pool_number_returned_index", "series", "text",
          sqlite_where=text("state = 'returned'"), postgresql_where=text("state = 'returned'")),
    Index("pool_number_return_id_index", "return_id", "id",
          sqlite_where=text("return_id IS NOT NULL"),
          postgresql_where=text("return_id IS NOT NULL")),
)  # fmt: skip

template_version = Table(
    "template_version",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("template", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("template", "version"),
    UniqueConstraint("template", "digest"),
)

run = Table(
    "run",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("product", String(64), nullable=False),
    Column("line", String(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("issued", Integer, nullable=False),
    Column("lot", String(20)),
    Column("work_order", String(64)),
    Column("operator", String(64)),
    Column("attributes", JSON, nullable=False),
    Column("constants", JSON, nullable=False),
    Column("series_version_id", ForeignKey("series_version.id")),
    Column("template_version_id", ForeignKey("template_version.id")),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcTime),
    Column("closed_at", UtcTime),
    Column("mode", String(16), nullable=False, server_default="production"),
    Column("template_release_id", ForeignKey("template_release.id")),
    Column("overrun", Integer, nullable=False, server_default="0"),
    Column("purchase_order", String(64)),
    Column("sales_order", String(64)),
    Column("shift", String(64)),
    # Days, as ISO 8601 writes them.
    Column("expires_on", String(10)),
    Column("best_before", String(10)),
    Column("rework_of", ForeignKey("run.id")),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("overrun >= 0", name="overrun_not_negative"),
    CheckConstraint("issued >= 0 AND issued <= quantity + overrun", name="issued_within_quantity"),
    CheckConstraint(f"state IN ({RUN_STATES})", name="state_known"),
    CheckConstraint(
        "state IN ('planned', 'canceled') AND issued = 0 OR series_version_id IS NOT NULL "
        "AND template_version_id IS NOT NULL AND opened_at IS NOT NULL",
        name="pinned_once_open",
    ),
    CheckConstraint("mode IN ('production', 'test')", name="mode_known"),
    Index("run_one_open_per_line", "line", unique=True, sqlite_where=text("state = 'open'"),
          postgresql_where=text("state = 'open'")),
    Index("run_line_id_index", "line", "id"),
    Index("run_lot_index", "lot", "id", sqlite_where=text("lot IS NOT NULL"),
          postgresql_where=text("lot IS NOT NULL")),
    Index("run_state_id_index", "state", "id"),
    Index("run_series_version_id_index", "series_version_id"),
    Index("run_template_version_id_id_index", "template_version_id", "id"),
    Index("run_rework_of_index", "rework_of", sqlite_where=text("rework_of IS NOT NULL"),
          postgresql_where=text("rework_of IS NOT NULL")),
)  # fmt: skip

run_series = Table(
    "run_series",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("series_version_id", ForeignKey("series_version.id"), nullable=False),
    Column("secret", Boolean, nullable=False),
    UniqueConstraint("run_id", "place"),
    Index("run_series_series_version_id_index", "series_version_id"),
    sqlite_with_rowid=False,
)

unit = Table(
    "unit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("serial", String(64), nullable=False),
    Column("scope", String(64), nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("allocated_at", UtcTime, nullable=False),
    # Where it is and whose, as the last one who said it says; NULL until somebody does.
    *(Column(name, String(64)) for name in UNIT_WORDS),
    Column("invoice_link", String(500)),
    UniqueConstraint("serial", "scope"),
    UniqueConstraint("run_id", "position"),
    Index("unit_state_id_index", "state", "id"),
    Index("unit_allocated_at_id_index", "allocated_at", "id"),
    *(
        Index(
            f"unit_{name}_id_index",
            name,
            "id",
            sqlite_where=text(f"{name} IS NOT NULL"),
            postgresql_where=text(f"{name} IS NOT NULL"),
        )
        for name in UNIT_WORDS
    ),
)

unit_identifier = Table(
    "unit_identifier",
    metadata,
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("text", String(64)),
    Column("scope", String(64)),
    Column("counter", BigInteger, nullable=False),
    # No scope: a secret. Its text is forgotten once it is printed, and nobody looks for it.
    UniqueConstraint("text", "scope"),
    CheckConstraint("text IS NOT NULL OR scope IS NULL", name="only_secrets_forgotten"),
    sqlite_with_rowid=False,
)

allocation = Table(
    "allocation",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("key", String(255), nullable=False),
    Column("first_position", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("filled", Integer, nullable=False),
    Column("first_number", BigInteger),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    UniqueConstraint("run_id", "channel", "key"),
    CheckConstraint("filled >= 0 AND filled <= quantity", name="filled_within_quantity"),
    CheckConstraint("state IN ('filling', 'done', 'stopped')", name="state_known"),
    Index("allocation_filling_index", "id", sqlite_where=text("state = 'filling'"),
          postgresql_where=text("state = 'filling'")),
)  # fmt: skip

trigger = Table(
    "trigger_reply",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("line", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("arguments", String(64), nullable=False),
    Column("reply", Text, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    sqlite_with_rowid=False,
)

job = Table(
    "job",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("printer", String(64), nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("label_count", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("settled_at", UtcTime),
    Column("priority", Integer, nullable=False, server_default="50"),
    Column("hold_reason", Text),
    # It was canceled while labels were on their way: one that comes back unsent is canceled, too.
    Column("cancel_unsent", Boolean, nullable=False, server_default=text("false")),
    Column("retry_count", Integer, nullable=False, server_default="0"),
    Column("printer_group", String(64)),
    Column("reason", String(200)),
    CheckConstraint("purpose IN ('print', 'archive', 'reprint')", name="purpose_known"),
    CheckConstraint(
        "state IN ('pending', 'held', 'processing', 'stopped', 'canceled', 'aborted', 'completed')",
        name="state_known",
    ),
    CheckConstraint("priority >= 1 AND priority <= 100", name="priority_range"),
    Index("job_printer_id_index", "printer", "id"),
)

label = Table(
    "label",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("job_id", ForeignKey("job.id"), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("printer", String(64), nullable=False),
    Column("position", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("digest", String(64)),
    Column("odometer", BigInteger),
    Column("sent_at", UtcTime),
    Column("settled_at", UtcTime),
    Column("language", String(16)),
    Column("dpi", Integer),
    Column("program_version", String(32)),
    # 100 minus its job's priority: of a printer's labels the lowest goes first, then the oldest.
    Column("rank", Integer, nullable=False, server_default="50"),
    # 0: the unit's label. 1 and more: which copy of it.
    Column("copy", Integer, nullable=False, server_default="0"),
    UniqueConstraint("job_id", "position"),
    CheckConstraint(
        "state IN ('queued', 'held', 'sending', 'sent', 'buffered', 'printed', 'verified', "
        "'doubtful', 'not_printed', 'scrapped')",
        name="state_known",
    ),
    CheckConstraint("copy >= 0", name="copy_counted"),
    Index("label_unit_id_index", "unit_id"),
    Index("label_held_index", "printer", "id", sqlite_where=text("state = 'held'"),
          postgresql_where=text("state = 'held'")),
    Index("label_unsettled_index", "printer", "rank", "id",
          sqlite_where=text("state IN ('queued', 'sending')"),
          postgresql_where=text("state IN ('queued', 'sending')")),
    Index("label_doubtful_index", "id", sqlite_where=text("state = 'doubtful'"),
          postgresql_where=text("state = 'doubtful'")),
)  # fmt: skip

event = Table(
    "event",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("run_id", ForeignKey("run.id")),
    Column("unit_id", ForeignKey("unit.id")),
    Column("label_id", ForeignKey("label.id")),
    Column("detail", JSON, nullable=False),
    Index("event_unit_id_index", "unit_id"),
    Index("event_run_id_index", "run_id", sqlite_where=text("run_id IS NOT NULL"),
          postgresql_where=text("run_id IS NOT NULL")),
)  # fmt: skip

site_setting = Table(
    "site_setting",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
)

for _table in (unit, job, label, event):
    # On PostgreSQL ids come from a sequence, many at once; SQLite has no sequences.
    Sequence(f"{_table.name}_id_seq", metadata=metadata)

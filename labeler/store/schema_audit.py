"""The table of the audit trail's chain: one row an event, in the order of their commits.

None of its rows, and none of `event`, is ever changed: the database refuses to update or delete one
(`event_fixed`, `audit_chain_fixed`, made by migration 0016).
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from labeler.store.schema import Id, metadata

audit_chain = Table(
    "audit_chain",
    metadata,
    # From 1, without a gap.
    Column("seq", Id, primary_key=True, autoincrement=False),
    # No foreign key: what it would find, `labeler audit verify` finds for less than half a trigger.
    Column("event_id", Id, nullable=False),
    # SHA-256 over the hash before and the event; see labeler/store/chain.py.
    Column("hash", LargeBinary, nullable=False),
    UniqueConstraint("event_id"),
    CheckConstraint("seq > 0", name="seq_from_1"),
    CheckConstraint("length(hash) = 32", name="whole_hash"),
)

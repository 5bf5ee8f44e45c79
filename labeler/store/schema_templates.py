"""The table of template releases: who let which version of a label template onto the line, when.

A release is a row about a `template_version`, which holds the content and its digest; the files it
shows are in `template_file`. None of these is ever changed: the database refuses to update or
delete a row (`template_version_fixed` and so on, made by migrations 0008 and 0009).
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from labeler.store.schema import Id, metadata
from labeler.store.times import UtcTime

template_release = Table(
    "template_release",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("template", String(64), nullable=False),
    # Counts the releases of a template. Two at one moment cannot both be the next one.
    Column("number", Integer, nullable=False),
    Column("template_version_id", ForeignKey("template_version.id"), nullable=False),
    Column("released_at", UtcTime, nullable=False),
    Column("released_by", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("comment", String(500)),
    # A run that opened released it; nobody said so.
    Column("implicit", Boolean, nullable=False),
    UniqueConstraint("template", "number"),
    CheckConstraint("number > 0", name="number_positive"),
    CheckConstraint("released_by <> ''", name="somebody_released_it"),
)

template_file = Table(
    "template_file",
    metadata,
    Column("template_version_id", ForeignKey("template_version.id"), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

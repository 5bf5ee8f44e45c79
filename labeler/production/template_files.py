"""The files of pinned template versions: kept with the version, for ever the same."""

import hashlib
from collections.abc import Mapping

from sqlalchemy import insert, select

from labeler import templates
from labeler.store import Transaction
from labeler.store.schema_templates import template_file
from labeler.templates import LabelTemplate


def keep(transaction: Transaction, version_id: int, files: Mapping[str, bytes]) -> None:
    """Write the files of a new version."""
    for name, content in files.items():
        values = {
            "template_version_id": version_id,
            "name": name,
            "digest": hashlib.sha256(content).hexdigest(),
            "content": content,
        }
        transaction.execute(insert(template_file).values(**values))


def load(transaction: Transaction, version_id: int, template: LabelTemplate) -> LabelTemplate:
    """Return a version's template with the files that it shows."""
    if not any(piece.element.file for piece in template.pieces):
        return template
    query = select(template_file.c.name, template_file.c.content)
    rows = transaction.execute(query.where(template_file.c.template_version_id == version_id))
    kept = {row.name: bytes(row.content) for row in rows}

    def read_file(name: str) -> bytes:
        if name not in kept:
            raise FileNotFoundError(f"version {version_id} was kept without it")
        return kept[name]

    return templates.complete(template, read_file=read_file)


def digests(transaction: Transaction, version_id: int) -> dict[str, str]:
    """Return name and digest of the files of a version."""
    query = select(template_file.c.name, template_file.c.digest)
    rows = transaction.execute(query.where(template_file.c.template_version_id == version_id))
    return {row.name: row.digest for row in rows}


def digests_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return name and digest of files."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}

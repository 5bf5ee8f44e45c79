"""The files that a template shows beside its text: pictures, and designs of other programs."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from labeler.templates.document import parse
from labeler.templates.errors import TemplateError
from labeler.templates.forms import LabelTemplate

FILE_MAX_BYTES = 4 * 1024 * 1024
"""Largest file that a template may show."""

ReadFile = Callable[[str], bytes]
"""Name of a file -> its bytes; raises OSError when there is none."""


def read(content: str, *, name: str, read_file: ReadFile) -> LabelTemplate:
    """Read a template with the files that it shows; raise TemplateError with every finding."""
    return complete(parse(content, name=name), read_file=read_file)


def complete(template: LabelTemplate, *, read_file: ReadFile) -> LabelTemplate:
    """Return the template with the files that it shows; its digest is then that of all of them.

    Raises TemplateError for those that cannot be read or are too large.
    """
    files: dict[str, bytes] = {}
    findings: list[str] = []
    for number, piece in enumerate(template.pieces, start=1):
        name = piece.element.file
        if name is None or name in files:
            continue
        place = f"Template '{template.name}', element {number}: file '{name}'"
        try:
            files[name] = read_file(name)
        except OSError as error:
            why = error.strerror or str(error)
            findings.append(f"{place} cannot be read: {why}. Put it beside the template.")
            continue
        if len(files[name]) > FILE_MAX_BYTES:
            findings.append(
                f"{place} has {len(files[name])} bytes, expected {FILE_MAX_BYTES} at most. "
                "Make the picture smaller."
            )
    if findings:
        raise TemplateError("\n".join(findings))
    if not files:
        return template
    return replace(template, files=files, digest=_digest(template.content, files))


def _digest(content: str, files: dict[str, bytes]) -> str:
    whole = hashlib.sha256(content.encode())
    for name in sorted(files):
        whole.update(f"\0{name}\0{hashlib.sha256(files[name]).hexdigest()}".encode())
    return whole.hexdigest()

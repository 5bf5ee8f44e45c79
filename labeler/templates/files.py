"""The files that a template shows beside its text: pictures, and designs of other programs."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from labeler.templates import expressions
from labeler.templates.document import parse
from labeler.templates.errors import Fault, TemplateError
from labeler.templates.forms import LabelTemplate
from labeler.templates.pieces import Piece
from printers import designs
from printers.errors import Unprintable
from printers.label import Content, Field

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
    pieces = tuple(
        _with_design(template.name, number, piece, files=files)
        for number, piece in enumerate(template.pieces, start=1)
    )
    whole = _digest(template.content, files)
    return replace(template, files=files, pieces=pieces, digest=whole)


def _with_design(name: str, number: int, piece: Piece, *, files: dict[str, bytes]) -> Piece:
    """Return the piece; with what its design draws, if it is one."""
    keys = piece.element.design
    if keys is None:
        return piece
    known: dict[str, expressions.Text] = {}

    def content_of(text: str) -> Content:
        try:
            parts = expressions.read(text)
        except Fault as fault:
            raise Unprintable(str(fault)) from fault
        content = tuple(one if isinstance(one, str) else Field(one.text) for one in parts)
        known[repr(content)] = parts
        return content

    try:
        design = designs.read(
            files[keys.file],
            name=keys.file,
            content_of=content_of,
            fields=keys.fields,
            dpi=keys.dpi,
        )
    except Unprintable as error:
        raise TemplateError(f"Template '{name}', element {number}: {error}") from error
    places = {place: known[repr(content)] for place, content in design.fields.items()}
    return replace(piece, design=design, places=places)


def _digest(content: str, files: dict[str, bytes]) -> str:
    whole = hashlib.sha256(content.encode())
    for name in sorted(files):
        whole.update(f"\0{name}\0{hashlib.sha256(files[name]).hexdigest()}".encode())
    return whole.hexdigest()

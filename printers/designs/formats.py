"""A file of labels unfolded into the commands of the one label it draws.

Programs write settings in front of a job, store a format and recall it, and delete graphics
behind it. What is left when all this is unfolded depends on nothing that a printer remembers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from printers.designs import graphics
from printers.designs.commands import STANDARD_CHARACTERS, treat
from printers.designs.graphics import Bitmap
from printers.designs.tokens import Token
from printers.errors import Unprintable

_DRAWS = {"^FD", "^FV", "^XF", "^XG", "^IM", "^GB", "^GC", "^GD", "^GE", "^GF", "^FN", "^DF"}
_ONLY_IN_SETUP = "^JU"
_DELETES = "^ID"


@dataclass(kw_only=True)
class Unfolded:
    """What is left of a file."""

    tokens: list[Token] = field(default_factory=list)
    """The commands of one label, settings of earlier formats first; no ^XA, no ^XZ."""
    pictures: dict[str, Bitmap] = field(default_factory=dict)
    """What the file downloads, by full name."""
    stored: dict[str, list[Token]] = field(default_factory=dict)
    """The formats that the file has the printer keep, by full name."""
    notes: list[str] = field(default_factory=list)
    """A sentence for each thing that was taken out."""


def unfold(tokens: Iterable[Token], file: str) -> Unfolded:
    """The one label of a file; Unprintable if there is none, or more, or what is not allowed."""
    found = Unfolded()
    settings: list[Token] = []
    drawn: list[list[Token]] = []
    stored = found.stored
    for one in _formats(tokens, found):
        kept = _keep(one, found)
        if not any(token.name in _DRAWS for token in kept):
            settings += [] if drawn else [token for token in kept if token.name != "^FS"]
        elif kept[0].name == "^DF":
            stored[graphics.object_name(kept[0], kept[0].text, extension="ZPL")] = kept[1:]
        else:
            drawn.append(kept)
    if not drawn and len(stored) == 1:
        drawn = [*stored.values()]
    if len(drawn) != 1:
        count = len(drawn) or len(stored)
        raise Unprintable(
            f"Design {file!r} holds {count} labels: expected one from ^XA to ^XZ that draws; keep "
            "one in the file, and make others designs of their own."
        )
    found.tokens = settings + _recalled(drawn[0], stored)
    return found


def _formats(tokens: Iterable[Token], found: Unfolded) -> list[list[Token]]:
    """The commands between each ^XA and its ^XZ; what stands outside is taken in or refused."""
    formats: list[list[Token]] = []
    start: Token | None = None
    for token in tokens:
        if token.name in ("^XA", "^XZ"):
            _require_pair(token, start)
            start = token if token.name == "^XA" else None
            formats += [[]] if start else []
        elif token.name in ("~DG", "~DY"):
            name, picture = graphics.download(token)
            found.pictures[name] = picture
        elif start is not None:
            formats[-1].append(token)
        elif _keep([token], found):
            raise Unprintable(
                f"{token.where}: {token.name} stands outside of a label: expected it between ^XA "
                "and ^XZ; move it."
            )
        if token.name in ("^XA", "^XZ", "^FS"):
            _note_text(token, found)
    if start is not None:
        raise Unprintable(
            f"{start.where}: ^XA begins a label, and no ^XZ ends it: expected one; the file was "
            "cut, export the design again."
        )
    return formats


def _require_pair(token: Token, start: Token | None) -> None:
    missing = "^XZ" if start else "^XA"
    if (token.name == "^XA") is (start is not None):
        raise Unprintable(
            f"{token.where}: {token.name} without {missing} before it: expected labels from ^XA to "
            f"^XZ; put {missing} where it belongs."
        )


def _says_nothing(token: Token) -> bool:
    """Loose text, a comment, or the prefixes that hold anyway."""
    is_standard = f"{token.name}{token.data[:1].decode('latin-1')}" in STANDARD_CHARACTERS
    return token.name in ("", "^FX") or is_standard


def _note_text(token: Token, found: Unfolded) -> None:
    """Text that belongs to no command: printers pass over it, but for the lines of Set-Get-Do."""
    text = token.data.strip()
    if token.name in ("^CC", "^CD", "^CT", "~CC", "~CD", "~CT"):
        text = text[1:].strip()
    if not text or token.name == "^FX" or text == b"CT":
        return
    shown = text[:30].decode("ascii", "replace")
    if re.search(rb"!\s*U|\{\}\{", text, re.IGNORECASE):
        raise Unprintable(
            f"{token.where}: {shown!r} is Set-Get-Do, which changes or asks the printer: expected "
            "drawing commands only; take it out of the file."
        )
    found.notes.append(
        f"{token.where}: {shown!r} belongs to no command and is taken out: printers pass over it."
    )


def _keep(tokens: list[Token], found: Unfolded) -> list[Token]:
    """The commands of one format that are kept; Unprintable for one that is not allowed."""
    is_setup = len(tokens) > 1 and not any(token.name in _DRAWS for token in tokens)
    kept: list[Token] = []
    for token in tokens:
        if _says_nothing(token):
            _note_text(token, found)
        elif is_setup and token.name == _ONLY_IN_SETUP and token.text.upper() == "S":
            found.notes.append(
                f"{token.where}: ^JUS would save settings in the printer for good and is taken "
                "out: the settings around it are stated by each label."
            )
        elif token.name == _DELETES:
            _require_own(token, found)
        else:
            is_kept, note = treat(token)
            found.notes += [] if note is None else [note]
            kept += [token] if is_kept else []
    return kept


def _require_own(token: Token, found: Unfolded) -> None:
    """A file may delete what it brought: nothing was stored, so there is nothing to do."""
    name = graphics.object_name(token, token.text, extension="GRF")
    if name not in found.pictures and name not in found.stored:
        raise Unprintable(
            f"{token.where}: ^ID deletes {name}, which this file did not bring: expected drawing "
            "commands only; take it out of the file."
        )


def _recalled(tokens: list[Token], stored: dict[str, list[Token]]) -> list[Token]:
    """The commands with each ^XF replaced by the format it recalls."""
    unfolded: list[Token] = []
    for token in tokens:
        if token.name == "^DF":
            raise Unprintable(
                f"{token.where}: ^DF stores a format and is not the first command of its label: "
                "expected ^XA^DF; move it."
            )
        if token.name != "^XF":
            unfolded.append(token)
            continue
        name = graphics.object_name(token, token.text, extension="ZPL")
        if name not in stored or any(one.name in ("^XF", "^DF") for one in stored[name]):
            raise Unprintable(
                f"{token.where}: ^XF recalls {name}, which this file does not bring: expected a "
                "^DF of that name before it, drawing everything itself; export the design with "
                "its stored format."
            )
        unfolded += stored[name]
    return unfolded

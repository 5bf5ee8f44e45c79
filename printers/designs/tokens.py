"""ZPL II as a row of commands, each with its place in the file.

A printer begins a command at every ^ and ~, also within field data; so does this reader. Nothing
else is guessed: what is no command is loose text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from printers.errors import Unprintable

BYTES_MAX = 4_194_304
"""A label of 100 x 150 mm at 600 dpi as hexadecimal digits is half of it."""

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_COMMAND = re.compile(rb"\^A(?=[0-9A-Z@])|\^[B-Z][0-9A-Z]|~[A-Z]{2}", re.IGNORECASE)
_PREFIX = re.compile(rb"[\^~]")
_BINARY = re.compile(rb"\^GF[BC],([0-9]{1,8}),[^,^~]*,[^,^~]*,|~DY[^,^~]*,[BCP],", re.IGNORECASE)
_OPENING = re.compile(rb"\s*CT~(?=~C)")
"""How ZebraDesigner begins: a ~CT for printers whose prefix was changed."""
_PREFIX_CHANGES = (b"CC", b"CD", b"CT")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class Token:
    """One command, or text between commands."""

    file: str
    line: int
    column: int
    """In bytes, from 1."""
    name: str
    """Capitals, with its prefix: ^FD, ~DG; ^A for every font. Empty: loose text."""
    data: bytes
    """All up to the next command."""

    @property
    def where(self) -> str:
        """How a sentence about it begins."""
        return f"Design {self.file!r}, line {self.line}, column {self.column}"

    @property
    def parameters(self) -> list[str]:
        """Its data without line ends, cut at the commas."""
        return [one.strip() for one in self.text.split(",")]

    @property
    def text(self) -> str:
        """Its data as ASCII in one line; Unprintable if there is anything else."""
        joined = self.data.replace(b"\r", b"").replace(b"\n", b"").strip()
        if not joined.isascii():
            raise Unprintable(
                f"{self.where}: {self.name} has parameters {joined!r}: expected ASCII; export the "
                "design again."
            )
        return joined.decode("ascii").replace("\t", " ")


def tokenise(data: bytes, file: str) -> tuple[list[Token], bool]:
    """The commands of a file, and whether it says by a mark that it is UTF-8.

    Unprintable for what cannot be ZPL: control characters (some are commands of one byte: manual,
    "Mirror character substitution"), a prefix without a command, binary data of an unknown length.
    """
    if len(data) > BYTES_MAX:
        raise Unprintable(
            f"Design {file!r} has {len(data)} bytes: expected {BYTES_MAX} at most; export it with "
            "smaller graphics."
        )
    if data.startswith(_UTF16):
        raise Unprintable(
            f"Design {file!r} is UTF-16: expected UTF-8 or a single-byte encoding; save it as "
            "UTF-8."
        )
    return list(_read(data.removeprefix(_BOM), file)), data.startswith(_BOM)


def _read(data: bytes, file: str) -> Iterator[Token]:
    opening = _OPENING.match(data)
    at = opening.end() if opening else 0
    line, line_start = 1 + data.count(b"\n", 0, at), data.rfind(b"\n", 0, at) + 1
    while at < len(data):
        is_command = data[at] in b"^~"
        found = _COMMAND.match(data, at)
        name = found[0] if found else b""
        start = at + (len(name) or is_command)
        end = _end(data, at, start)
        token = Token(
            file=file,
            line=line,
            column=at - line_start + 1,
            name=name.decode("ascii").upper(),
            data=data[start:end],
        )
        _require_plain(token, is_command=is_command)
        if name or token.data.strip():
            yield token
        newline = data.rfind(b"\n", at, end)
        if newline >= 0:
            line, line_start = line + data.count(b"\n", at, end), newline + 1
        at = end


def _end(data: bytes, at: int, start: int) -> int:
    """Where the next command begins."""
    binary = _BINARY.match(data, at)
    if binary and binary[1]:
        return min(len(data), binary.end() + int(binary[1]))
    # ^CC and its like take the next byte whatever it is, most often a prefix.
    is_prefix_change = data[at + 1 : at + 3].upper() in _PREFIX_CHANGES
    found = _PREFIX.search(data, start + is_prefix_change)
    return found.start() if found else len(data)


def _require_plain(token: Token, *, is_command: bool) -> None:
    if is_command and not token.name:
        raise Unprintable(
            f"{token.where}: a ^ or ~ with no command behind it ({token.data[:12]!r}): expected a "
            "command; write the character as _5E or _7E behind ^FH."
        )
    shape = _BINARY.match(token.name.encode() + token.data)
    if shape and (token.name == "~DY" or token.data[:1] in b"Cc"):
        raise Unprintable(
            f"{token.where}: {token.name} brings binary data in a form that only printers read: "
            "expected hexadecimal digits; export graphics as ASCII (~DG or ^GFA)."
        )
    wrong = None if shape else _CONTROL.search(token.data)
    if wrong:
        raise Unprintable(
            f"{token.where}: control character 0x{wrong[0][0]:02X} behind {token.name or 'text'}: "
            "expected none, since printers take some for commands; write it as hexadecimal digits "
            "behind ^FH, or export the design again."
        )

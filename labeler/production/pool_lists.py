r"""Lists of numbers as customers send them: a text with one number a line, or CSV.

UTF-8 with or without a byte order mark, lines ended by LF or CRLF; blank lines are skipped. A list
is read once, from front to back, and never held as a whole.

>>> import io
>>> listed = TextList(io.BytesIO(b"A1\r\n\r\nA2"))
>>> list(listed), listed.blank
([(1, 'A1'), (3, 'A2')], 1)
>>> table = CsvList(io.BytesIO(b"box;serial\n1;A1\n2;A2\n"), column="serial", delimiter=";")
>>> list(table), table.digest[:8]
([(2, 'A1'), (3, 'A2')], '2d959f2f')
"""

import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from labeler.errors import BAD_NUMBERS, Refusal
from labeler.serials import SerialError, ranges

Row = tuple[int, str]
"""Line, from 1, and the number that stands there."""

LINE_MAX = 65_536
"""Bytes of a line; a longer one is no line of a list."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, kw_only=True)
class ImportOrder:
    """Who imports what, and how often it may be done."""

    series: str
    channel: str
    key: str
    """Chosen by the sender, unique for each wish; a retry carries the same one."""
    source: str
    """The file's name, or the range."""
    operator: str | None = None
    again: bool = False
    """Numbers that were returned may be imported again."""
    dry_run: bool = False
    """Only say what would be refused."""

    @property
    def arguments(self) -> str:
        """What must be equal in a retry, besides the list."""
        return f"again={str(self.again).lower()}"


class Numbers(Protocol):
    """Where numbers come from. Iterate once; then `digest` and `blank` are known."""

    @property
    def digest(self) -> str:
        """SHA-256 of what was read."""

    @property
    def blank(self) -> int:
        """Lines that were skipped since nothing stood there."""

    def __iter__(self) -> Iterator[Row]:
        """Yield lines and numbers."""


class TextList:
    """One number a line."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from ``stream``, which is not closed."""
        self._stream = stream
        self._hash = hashlib.sha256()
        self.blank = 0

    @property
    def digest(self) -> str:
        """SHA-256 of the whole file, as `sha256sum` says it."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[Row]:
        """Yield lines and numbers."""
        for line, text in self._lines():
            if text.strip():
                yield line, text.rstrip("\r\n")
            else:
                self.blank += 1

    def _lines(self) -> Iterator[Row]:
        """Yield each line with its end. What is no UTF-8 becomes characters no serial has."""
        line = 0
        while piece := self._stream.readline(LINE_MAX + 1):
            line += 1
            if len(piece) > LINE_MAX:
                raise _refusal(f"Line {line} is longer than {LINE_MAX} bytes.")
            self._hash.update(piece)
            if line == 1:
                piece = piece.removeprefix(_BOM)
            yield line, piece.decode("utf-8", errors="surrogateescape")


class CsvList(TextList):
    """One column of a table."""

    def __init__(
        self,
        stream: BinaryIO,
        *,
        column: str = "1",
        delimiter: str = ",",
        header: bool = False,
    ) -> None:
        """Read the ``column`` of that name or number from 1.

        A named column needs a header, a numbered one may have it. Who names a column by digits
        writes them with ``header``: then the header is looked at first.
        """
        super().__init__(stream)
        self._column = column
        self._delimiter = delimiter
        self._has_header = header or not column.isdecimal()

    def __iter__(self) -> Iterator[Row]:
        """Yield lines and numbers."""
        self._line = 0
        rows = csv.reader(self._counted(), delimiter=self._delimiter, strict=True)
        try:
            header = next(rows, []) if self._has_header else []
            place, width = self._place(header), len(header)
            for cells in rows:
                width = width or len(cells)
                if 0 < width <= place:
                    raise _refusal(
                        f"The list has no column {place + 1}.",
                        hint="Give a number of its columns, and the delimiter if it is no comma.",
                    )
                if not any(cell.strip() for cell in cells):
                    self.blank += 1
                    continue
                yield self._line, cells[place] if place < len(cells) else ""
        except csv.Error as error:
            raise _refusal(f"Line {self._line} is no CSV: {error}.") from error

    def _counted(self) -> Iterator[str]:
        for self._line, text in self._lines():  # noqa: B020 where the reader stands
            yield text

    def _place(self, header: list[str]) -> int:
        names = [name.strip() for name in header]
        if self._column in names:
            return names.index(self._column)
        if self._column.isdecimal() and int(self._column) >= 1:
            return int(self._column) - 1
        shown = ", ".join(names[:20]) or "none"
        raise _refusal(
            f"There is no column '{self._column}'; the header has: {shown}.",
            hint="Name one of them or give its number, and the delimiter if it is no comma.",
        )


RANGE_MAX = 1 << 24
"""Numbers of a range that are taken at once: the largest block of the IEEE."""


class RangeList:
    """Numbers of a range that somebody assigned; their place in it stands for the line."""

    def __init__(self, numbers: ranges.NumberRange) -> None:
        """Take the numbers of ``numbers``."""
        self._numbers = numbers
        self.blank = 0

    @property
    def name(self) -> str:
        """What it is, for the record."""
        return self._numbers.name

    @property
    def digest(self) -> str:
        """SHA-256 of the range's name."""
        return hashlib.sha256(self._numbers.name.encode()).hexdigest()

    def __iter__(self) -> Iterator[Row]:
        """Yield places and numbers."""
        return enumerate(self._numbers, start=1)


def mac_list(block: str, *, step: int) -> RangeList:
    """Return the addresses of a block, one a device; refuse (3012) what is no block."""
    return _range_list(lambda: ranges.mac_range(block, step=step))


def imei_list(tac: str, *, first: int, last: int) -> RangeList:
    """Return the IMEIs of a TAC; refuse (3012) what is none."""
    return _range_list(lambda: ranges.imei_range(tac, first=first, last=last))


def _range_list(make: Callable[[], ranges.NumberRange]) -> RangeList:
    try:
        numbers = make()
    except SerialError as error:
        raise _refusal(str(error), hint="Correct the range.") from error
    if numbers.count > RANGE_MAX:
        raise _refusal(f"{numbers.name} has {numbers.count} numbers.", hint="Take a smaller one.")
    return RangeList(numbers)


def _refusal(sentence: str, *, hint: str = "Correct the file.") -> Refusal:
    return Refusal(BAD_NUMBERS, f"{sentence} Nothing was imported.", hint=hint)

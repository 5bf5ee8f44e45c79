"""Places QR codewords into a matrix and chooses the mask, ISO/IEC 18004 sections 7.7 to 7.9.

A matrix is one big integer, a module a bit, row after row with a light column between the rows, so
that a shift by one is a step to the right and a shift by a row's stride a step downwards. Testing
all eight masks in this form costs less than the library's drawing of one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from qrcode import QRCode
from qrcode.util import mask_func


@dataclass(frozen=True, kw_only=True)
class _Plate:
    """What all symbols of one version and level share."""

    size: int
    place: Callable[[str], tuple[str, ...]]
    """Picks each module's bit out of the bits of the codewords."""
    patterns: tuple[int, ...]
    """Per mask: function patterns and format information."""
    masks: tuple[int, ...]
    """Per mask: the data modules that it flips."""


def draw(codewords: bytes, *, version: int, level: int) -> tuple[str, ...]:
    """The rows of the symbol as "0" and "1", with the mask of the lowest penalty."""
    plate = _plate(version, level)
    bits = f"{int.from_bytes(codewords):0{8 * len(codewords)}b}0"
    data = int("".join(plate.place(bits)), 2)
    candidates = [
        data ^ mask | pattern for mask, pattern in zip(plate.masks, plate.patterns, strict=True)
    ]
    matrix = min(candidates, key=lambda candidate: penalty(candidate, plate.size))
    return to_rows(matrix, plate.size)


def to_rows(matrix: int, size: int) -> tuple[str, ...]:
    """The matrix as rows of "0" and "1"."""
    stride = size + 1
    text = f"{matrix:0{stride * size}b}"
    return tuple(text[at : at + size] for at in range(0, len(text), stride))


def from_rows(rows: Sequence[Sequence[bool | None]]) -> int:
    """The matrix of rows of modules; each row ends in a light column that is no module."""
    return int("".join("".join("01"[bool(cell)] for cell in row) + "0" for row in rows), 2)


def penalty(dark: int, size: int) -> int:
    """How badly a matrix may scan, ISO/IEC 18004 section 7.8.3, table 11."""
    area = _area(size)
    light = dark ^ area
    stride = size + 1
    total = 0
    for colour in (dark, light):
        for step in (1, stride):
            five = colour & colour >> step & colour >> 2 * step
            five &= five >> 2 * step
            total += five.bit_count() + 2 * (five & ~(five << step)).bit_count()
        pairs = colour & colour >> 1
        total += 3 * (pairs & pairs >> stride).bit_count()
    for step in (1, stride):
        total += 40 * _finders(dark, light, step)
    return total + 10 * (abs(100 * dark.bit_count() - 50 * size * size) // (5 * size * size))


def _finders(dark: int, light: int, step: int) -> int:
    """How often 1011101 stands with four light modules before or behind it."""
    core = dark & light >> step & dark >> 2 * step & dark >> 3 * step & dark >> 4 * step
    core &= light >> 5 * step & dark >> 6 * step
    pair = light & light >> step
    four = pair & pair >> 2 * step
    return (core & four >> 7 * step).bit_count() + (core & four << 4 * step).bit_count()


@lru_cache(maxsize=64)
def _area(size: int) -> int:
    return int(("1" * size + "0") * size, 2)


@lru_cache(maxsize=160)
def _plate(version: int, level: int) -> _Plate:
    size = 17 + 4 * version
    fixed = _fixed_modules(version, level, 0)
    order = [(row, column) for row, column in _reading_order(size) if fixed[row][column] is None]
    index_of = {cell: index for index, cell in enumerate(order)}
    codeword_bits = len(order) // 8 * 8
    picks: list[int] = []
    for row in range(size):
        picks += [min(index_of.get((row, c), codeword_bits), codeword_bits) for c in range(size)]
        picks.append(codeword_bits)
    return _Plate(
        size=size,
        place=itemgetter(*picks),
        patterns=tuple(_pattern(version, level, mask) for mask in range(8)),
        masks=tuple(_mask(fixed, mask) for mask in range(8)),
    )


def _fixed_modules(version: int, level: int, mask: int) -> list[list[bool | None]]:
    """Function patterns, format and version information; None where data goes."""
    symbol: QRCode = QRCode(version=version, error_correction=level)  # type: ignore[type-arg]
    symbol.modules_count = 17 + 4 * version
    symbol.modules = [[None] * symbol.modules_count for _ in range(symbol.modules_count)]
    symbol.setup_position_probe_pattern(0, 0)
    symbol.setup_position_probe_pattern(symbol.modules_count - 7, 0)
    symbol.setup_position_probe_pattern(0, symbol.modules_count - 7)
    symbol.setup_position_adjust_pattern()
    symbol.setup_timing_pattern()
    symbol.setup_type_info(False, mask)
    if version >= 7:
        symbol.setup_type_number(False)
    return symbol.modules


def _pattern(version: int, level: int, mask: int) -> int:
    return from_rows(_fixed_modules(version, level, mask))


def _mask(fixed: list[list[bool | None]], mask: int) -> int:
    flips = mask_func(mask)
    return from_rows(
        [
            [cell is None and flips(row, column) for column, cell in enumerate(cells)]
            for row, cells in enumerate(fixed)
        ]
    )


def _reading_order(size: int) -> list[tuple[int, int]]:
    """All modules in the order of section 7.7.3: pairs of columns from the right, up and down."""
    order: list[tuple[int, int]] = []
    upwards = True
    for right in range(size - 1, 0, -2):
        column = right if right > 6 else right - 1
        rows = range(size - 1, -1, -1) if upwards else range(size)
        order += [(row, column - side) for row in rows for side in (0, 1)]
        upwards = not upwards
    return order

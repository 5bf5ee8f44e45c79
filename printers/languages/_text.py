"""How a line of text stands on a label, for the languages that draw its glyphs themselves."""

from printers.layout.marks import BASELINE, Words

Turn = tuple[int, int, int, int]

_TURNS: dict[int, Turn] = {
    0: (1, 0, 0, -1),
    90: (0, 1, 1, 0),
    180: (-1, 0, 0, 1),
    270: (0, -1, -1, 0),
}


def turn(words: Words) -> Turn:
    """The first four numbers of the matrix of its glyphs, as SVG and PDF write one.

    Glyphs have y upwards, a label has y downwards.
    """
    return _TURNS[words.rotation]


def start(words: Words) -> tuple[float, float]:
    """The start of its baseline, in dots from the label's top left."""
    across, down = words.indent, words.size * BASELINE
    match words.rotation:
        case 90:
            return words.x + words.size - down, words.y + across
        case 180:
            return words.x + words.room - across, words.y + words.size - down
        case 270:
            return words.x + down, words.y + words.room - across
        case _:
            return words.x + across, words.y + down

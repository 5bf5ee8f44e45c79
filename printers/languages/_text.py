"""How a line of text stands on a label, for the languages that draw its glyphs themselves.

All of it in dots from the label's top left, x to the right and y downwards.
"""

from printers.layout.marks import BASELINE, Words

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f, as SVG and PDF write a matrix: where (1, 0), (0, 1) and (0, 0) come to lie."""

_SAME = 0.998
"""Two ways of rounding advances differ by less than this; such a line is left as it is."""


def matrix(words: Words, natural: float) -> Matrix:
    """Where glyphs of one unit a character height go, y upwards, from the start of their baseline.

    ``natural`` is how long the line is in character heights without kerning. A line that is longer
    so than the layout measured it is drawn as much narrower: it must stay in its room.
    """
    x_scale = words.size * narrowing(words, natural)
    along, up = {
        0: ((1, 0), (0, -1)),
        90: ((0, 1), (1, 0)),
        180: ((-1, 0), (0, 1)),
        270: ((0, -1), (-1, 0)),
    }[words.rotation]
    x, y = start(words)
    return (
        x_scale * along[0],
        x_scale * along[1],
        words.size * up[0],
        words.size * up[1],
        x,
        y,
    )


def narrowing(words: Words, natural: float) -> float:
    """How much narrower than it would be the line is drawn; 1 for nearly all."""
    measured = words.face.width(words.text)
    return 1.0 if measured >= natural * _SAME else measured / natural


def start(words: Words) -> tuple[float, float]:
    """The start of its baseline."""
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

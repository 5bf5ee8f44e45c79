"""The reader of TSPL that the tests of our TSPL rely on."""

import pytest
from PIL import Image

from tests.printers.witness.tspl import NotTspl, labels

HEAD = b"SIZE 20 mm,20 mm\r\nDIRECTION 0,0\r\nREFERENCE 0,0\r\nCLS\r\n"
ARROW = bytes.fromhex(
    "000000000000 07FF 03FF 11FF 18FF 1C7F 1E3F 1F1F 1F8F 1FC7 1FE3 1FE7 1FFF 1FFF"
)
"""The data of the manual's example of BITMAP, 2 bytes wide and 16 dots high."""
DRAWN = """
################
################
################
#####...........
######..........
###.###.........
###..###........
###...###.......
###....###......
###.....###.....
###......###....
###.......###...
###........###..
###........##...
###.............
###.............
"""


def test_the_manuals_example_is_its_arrow_where_a_zero_is_ink():
    """The manual shows an arrow to the upper left beside the data; so a 0 is ink."""
    image = Image.frombytes("1", (16, 16), ARROW)
    rows = ["".join("." if image.getpixel((x, y)) else "#" for x in range(16)) for y in range(16)]
    assert rows == DRAWN.split()


def test_a_picture_lies_at_its_dots_and_erases_what_was_there():
    document = HEAD + b"BAR 0,0,40,40\r\nBITMAP 8,8,1,2,0,\xf0\x0f\r\nPRINT 1,1\r\n"
    [seen] = labels(document, dpi=203)
    assert seen.getbbox() is not None
    rows = [[seen.getpixel((x, y)) for x in (7, 8, 11, 12, 15, 16)] for y in (8, 9)]
    assert rows == [[0, 255, 255, 0, 0, 0], [0, 0, 0, 255, 255, 0]]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"CLS\r\n", "something is drawn before SIZE and CLS"),
        (b"BOXES\r\n", "no command of the manual: 'BOXES'"),
        (HEAD + b"BAR 150,0,20,1\r\n", "20 x 1 dots at 150, 0 of a label of (160, 160)"),
        (HEAD + b"BITMAP 0,0,1,1,1,\x00\r\n", "BITMAP mode 1: the manual does not say which"),
        (HEAD + b"BITMAP 0,0,1,2,0,\x00\r\n", "BITMAP of 1 bytes x 2 does not end with its line"),
        (HEAD + b"BITMAP 0,0,1,1,0,\x11\r\n", "the receiver keeps b'\\x11' for itself"),
        (b"SIZE 20mm,20 mm\r\n", "no command of the manual: 'SIZE 20mm,20 mm'"),
        (b"SIZE 20 mm,20 mm\r\nCLS\r\nPRINT 1,1\r\n", "a label depends on a direction"),
        (b"CLS", "byte 0: no end of line in b'CLS'"),
    ],
)
def test_what_a_printer_would_not_understand_is_refused(document, sentence):
    with pytest.raises(NotTspl) as refused:
        labels(document, dpi=203)
    assert sentence in str(refused.value)


def test_what_is_not_cleared_is_ink():
    document = b"SIZE 9 mm,9 mm\r\nDIRECTION 0,0\r\nREFERENCE 0,0\r\nPRINT 1,1\r\n"
    [seen] = labels(document, dpi=203)
    assert seen.getextrema() == (0, 0)

"""Serials by the thousand through every encoder and a decoder that is not ours."""

import random

import pytest

from printers import symbologies
from printers.symbologies import Options
from tests.printers.symbologies import samples, scans

every_symbology = pytest.mark.parametrize("name", symbologies.names())
FOUR_DIGITS = [f"{number:04d}" for number in range(10_000)]


def misread(name, texts):
    """The data that scans as something else, with what it scans as."""
    one = symbologies.load(name)
    options = one.settle(Options())
    wrong = []
    for text in texts:
        seen = scans.picture(one, text, options, scale=1, height=8)
        read = scans.zxing_pure(name, seen)
        if read != samples.sent(name, text, options):
            wrong.append((text, read))
    return wrong


def randomly(name, count):
    source = random.Random(f"{name} {count}")
    return [samples.of_serial(name, samples.random_serial(name, source)) for _ in range(count)]


def test_every_four_digit_serial_scans_as_itself_from_code_128():
    """A leading 99 is also the number of the switch to code set C; none of these may be lost."""
    assert misread("code128", FOUR_DIGITS) == []


@every_symbology
def test_random_serials_scan_as_themselves(name):
    assert misread(name, randomly(name, 300)) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@every_symbology
def test_every_four_digit_serial_and_many_random_ones_scan_as_themselves(name):
    texts = [samples.of_serial(name, serial) for serial in FOUR_DIGITS]
    assert misread(name, texts) == []
    assert misread(name, randomly(name, 100_000)) == []

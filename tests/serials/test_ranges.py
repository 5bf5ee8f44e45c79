"""Ranges of numbers that somebody assigned: what they hold, and what is none."""

import pytest

from labeler.serials import SerialError
from labeler.serials.identifiers import imei
from labeler.serials.ranges import imei_range, mac_range

UNIVERSAL = (
    "is no block of universal addresses: its multicast bit or its local bit is set, expected"
    " neither; use the prefix the IEEE has assigned."
)


@pytest.mark.parametrize(
    ("text", "step", "first", "last", "count"),
    [
        ("00:1B:C5/24", 1, "001BC5000000", "001BC5FFFFFF", 1 << 24),
        ("001bc50ab/36", 4, "001BC50AB000", "001BC50ABFFC", 1024),
        ("00-1B-C5-0A-B0-00/36", 3, "001BC50AB000", "001BC50ABFFC", 1365),
        ("001b.c50a.b000..001b.c50a.b00a", 2, "001BC50AB000", "001BC50AB008", 5),
        ("001BC50AB001/48", 1, "001BC50AB001", "001BC50AB001", 1),
    ],
)
def test_mac_range_holds_whole_devices(
    text: str, step: int, first: str, last: str, count: int
) -> None:
    found = mac_range(text, step=step)
    assert (found.at(0), found.at(found.count - 1), found.count) == (first, last, count)


def test_mac_range_yields_its_addresses_in_order() -> None:
    assert list(mac_range("001BC50AB000..001BC50AB002")) == [
        "001BC50AB000",
        "001BC50AB001",
        "001BC50AB002",
    ]


@pytest.mark.parametrize(
    ("text", "step", "sentence"),
    [
        (
            "001BC50AB000",
            1,
            (
                "MAC block '001BC50AB000' is neither a range nor a prefix: expected for example"
                " 00:1B:C5:0A:B0:00..00:1B:C5:0A:BF:FF or 001BC50AB/36; write one of these."
            ),
        ),
        (
            "001BC5/49",
            1,
            (
                "MAC block '001BC5/49' is neither a range nor a prefix: expected for example"
                " 00:1B:C5:0A:B0:00..00:1B:C5:0A:BF:FF or 001BC50AB/36; write one of these."
            ),
        ),
        (
            "001BC50AB002..001BC50AB000",
            1,
            (
                "MAC block '001BC50AB002..001BC50AB000' holds no device of 1 addresses: expected a"
                " last address behind the first, and a step of 1 to 1; correct one of them."
            ),
        ),
        (
            "001BC50AB000..001BC50AB002",
            4,
            (
                "MAC block '001BC50AB000..001BC50AB002' holds no device of 4 addresses: expected a"
                " last address behind the first, and a step of 1 to 3; correct one of them."
            ),
        ),
        (
            "001BC50AB/36",
            0,
            (
                "MAC block '001BC50AB/36' holds no device of 0 addresses: expected a last address"
                " behind the first, and a step of 1 to 4096; correct one of them."
            ),
        ),
        ("031BC5/24", 1, f"MAC block '031BC5/24' {UNIVERSAL}"),
        ("021BC5/24", 1, f"MAC block '021BC5/24' {UNIVERSAL}"),
        (
            "001BC50AB0000000..001BC50AB0000001",
            1,
            (
                "MAC address '001BC50AB0000000' has 64 bits: expected 48; leave two octets out, or"
                " import a list."
            ),
        ),
        (
            "001BC5..001BC6",
            1,
            (
                "EUI '001BC5' has 6 hexadecimal digits: expected 12 for an EUI-48 or 16 for an"
                " EUI-64; give all of it."
            ),
        ),
    ],
)
def test_mac_range_that_is_none_is_refused(text: str, step: int, sentence: str) -> None:
    with pytest.raises(SerialError) as caught:
        mac_range(text, step=step)
    assert str(caught.value) == sentence


def test_imei_range_makes_what_the_family_reads() -> None:
    found = imei_range("35209900", first=176_147, last=176_149)
    assert (found.name, found.count) == ("TAC 35209900, 176147 to 176149", 3)
    assert [imei.parse(text).serial for text in found] == ["176147", "176148", "176149"]
    assert imei_range("35209900").count == 1_000_000


def test_imei_range_past_the_last_number_is_refused() -> None:
    with pytest.raises(SerialError) as caught:
        imei_range("35209900", last=1_000_000)
    assert str(caught.value) == (
        "TAC '35209900' has no number 1000000: expected 0 to 999999; have another TAC allocated."
    )

"""VIN, IMEI and EUI: identifiers of vehicles, phones and network ports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import imei as stdnum_imei
from stdnum import mac as stdnum_mac

from labeler.serials.identifiers import InvalidIdentifier, eui, imei, vin

VINS = [
    "1M8GDM9AXKP042788",
    "11111111111111111",
    "5GZCZ43D13S812715",
    "1HGCM82633A004352",
    "2FMDK3GC4BBB02217",
    "2G1FC3D33C9165616",
    "JH4TB2H26CC000000",
    "JHMCM56557C404453",
    "JM1BL1S59A1134659",
    "KM8J3CA46JU622994",
    "WBA3A5G59DNP26082",
]
"""Vehicles on the road, and the worked examples of the check digit."""


@pytest.mark.parametrize("text", VINS)
def test_vins_of_vehicles_are_valid_and_come_apart(text: str) -> None:
    read = vin.parse(text)
    assert read.wmi + read.vds + read.vis == str(read) == text
    assert read.maker == read.wmi
    made = vin.make(
        read.wmi, read.vds[:5], year_code=read.vis[0], plant=read.plant, serial=read.serial
    )
    assert made == read


@pytest.mark.parametrize("text", VINS)
def test_every_wrong_check_character_of_a_vin_is_refused(text: str) -> None:
    for wrong in set("0123456789X") - {text[8]}:
        with pytest.raises(InvalidIdentifier):
            vin.parse(text[:8] + wrong + text[9:])
        assert not vin.parse(text[:8] + wrong + text[9:], has_check_digit=False).has_check_digit


def test_the_model_year_is_one_of_two_and_position_7_tells_which_for_light_vehicles() -> None:
    assert vin.parse("1HGCM82633A004352").model_years == (2003, 2033)
    assert vin.parse("1HGCM82633A004352").model_year_of_light_vehicle == 2003
    later = vin.make("5YJ", "SA1E2", year_code="H", plant="F", serial="000337")
    assert (later.model_years, later.model_year_of_light_vehicle) == ((1987, 2017), 2017)
    european = vin.parse("WVWZZZ1JZ0W386752", has_check_digit=False)
    assert (european.model_years, european.model_year_of_light_vehicle) == ((), None)


@given(year=st.integers(1980, 2039))
def test_every_model_year_has_a_code_that_means_it(year: int) -> None:
    made = vin.make("1M8", "GDM9A", year_code=vin.year_code(year), plant="P", serial="042788")
    assert year in made.model_years


def test_a_maker_of_few_vehicles_has_six_characters() -> None:
    read = vin.parse("1A9GDM9A1KP042788", has_check_digit=False)
    assert (read.wmi, read.maker, read.serial) == ("1A9", "1A9042", "788")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "1M8GDM9AXKPO42788",
            (
                "VIN '1M8GDM9AXKPO42788' is wrong at position 12: expected one of"
                " 0123456789ABCDEFGHJKLMNPRSTUVWXYZ, got 'O'; scan or type it again."
            ),
        ),
        ("1M8", "VIN '1M8' has 3 characters: expected 17; give all of it."),
        (
            "1M8GDM9AXKP04278A",
            (
                "End of a VIN '278A' is wrong at position 4: expected a digit, got 'A'; scan or"
                " type it again."
            ),
        ),
    ],
)
def test_what_is_no_vin_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        vin.parse(text)
    assert str(refusal.value) == sentence


@given(tac=st.text(alphabet="0123456789", min_size=8, max_size=8), number=st.integers(0, 999_999))
def test_every_imei_is_valid_elsewhere_and_survives(tac: str, number: int) -> None:
    made = imei.make(tac, number)
    assert stdnum_imei.validate(made.text) == made.text
    assert imei.parse(str(made)) == imei.parse(made.text) == made
    assert (made.tac, int(made.serial)) == (tac, number)
    with_version = imei.parse(f"{made.text[:14]}07")
    assert (with_version.text, with_version.software_version) == (made.text, "07")


@pytest.mark.parametrize("text", ["490154203237518", "352099001761481", "356938035643809"])
def test_imeis_of_devices_are_valid(text: str) -> None:
    assert imei.validate(text) == text


def test_what_is_no_imei_is_refused() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        imei.parse("35209900176148")
    assert str(refusal.value) == (
        "IMEI '35209900176148' has 14 characters: expected 15 or 16; give all of it."
    )
    assert stdnum_imei.validate("35209900176148") == "35209900176148"
    with pytest.raises(InvalidIdentifier):
        imei.Imei(text="352099001761481", software_version="1")


hexes = st.text(alphabet="0123456789ABCDEF", min_size=12, max_size=12) | st.text(
    alphabet="0123456789ABCDEF", min_size=16, max_size=16
)


@given(digits=hexes)
def test_every_address_survives_every_notation(digits: str) -> None:
    address = eui.Eui(digits=digits)
    for notation in ("colons", "hyphens", "dots", "plain"):
        for upper in (True, False):
            assert eui.parse(address.format(notation=notation, upper=upper)) == address
    assert int(digits, 16) == address.number
    if address.bits == 48:
        assert stdnum_mac.validate(str(address), validate_manufacturer=False) == (
            str(address).lower()
        )
        assert stdnum_mac.is_multicast(str(address)) == address.is_multicast
        assert stdnum_mac.is_universally_administered(str(address)) != address.is_local


@given(digits=st.text(alphabet="0123456789ABCDEF", min_size=12, max_size=12))
def test_modified_eui_64_turns_the_local_bit_over(digits: str) -> None:
    address = eui.parse(digits)
    modified = address.modified_eui_64()
    assert modified.is_local is not address.is_local
    assert modified.digits[6:10] == "FFFE"
    assert modified.digits[2:6] + modified.digits[10:] == digits[2:]


def test_notations_are_not_mixed() -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        eui.parse("00:1b-c5:0a-b1:23")
    assert str(refusal.value) == (
        "EUI '00:1b-c5:0a-b1:23' mixes notations: expected one such as 00:1B:C5:0A:B1:23,"
        " 001B.C50A.B123 or 001BC50AB123; write it in one of them."
    )
    with pytest.raises(InvalidIdentifier) as refusal:
        eui.parse("00:1b:c5:0a:b1")
    assert str(refusal.value) == (
        "EUI '001BC50AB1' has 10 hexadecimal digits: expected 12 for an EUI-48 or 16 for an"
        " EUI-64; give all of it."
    )


@given(
    prefix=st.sampled_from(["001BC5", "70B3D5", "70B3D5A", "70B3D5ABC", "ACDE48000"]),
    step=st.integers(1, 5000),
    data=st.data(),
)
def test_devices_of_a_block_have_their_addresses_in_it_and_share_none(
    prefix: str, step: int, data: st.DataObject
) -> None:
    block = eui.make_block(prefix)
    last = block.size // step - 1
    if last < 0:
        with pytest.raises(InvalidIdentifier):
            block.at(0, step=step)
        return
    index = data.draw(st.integers(0, last))
    first = block.at(index, step=step).number
    assert block.first.number <= first
    assert first + step - 1 <= block.last.number
    if index:
        assert block.at(index - 1, step=step).number == first - step
    for wrong in (-1, last + 1):
        with pytest.raises(InvalidIdentifier):
            block.at(wrong, step=step)


@pytest.mark.parametrize(
    ("prefix", "name", "size"),
    [("00:1B:C5", "MA-L", 2**24), ("70-B3-D5-A", "MA-M", 2**20), ("70B3D5ABC", "MA-S", 2**12)],
)
def test_blocks_have_the_sizes_the_ieee_sells(prefix: str, name: str, size: int) -> None:
    block = eui.make_block(prefix)
    assert (block.name, block.size) == (name, size)
    assert block.holds(block.first)
    assert block.holds(block.last)
    long = eui.make_block(prefix, bits=64)
    assert long.size == size * 2**16
    assert not long.holds(block.first)


@pytest.mark.parametrize(
    ("prefix", "sentence"),
    [
        (
            "01:1B:C5",
            (
                "EUI block '011BC5' is no block of universal addresses: its multicast bit is set,"
                " expected neither; use the prefix the IEEE has assigned."
            ),
        ),
        (
            "02:1B:C5",
            (
                "EUI block '021BC5' is no block of universal addresses: its local bit is set,"
                " expected neither; use the prefix the IEEE has assigned."
            ),
        ),
        (
            "00:1B",
            (
                "EUI block '001B' has 4 hexadecimal digits: expected 6 for MA-L, 7 for MA-M or 9"
                " for MA-S; give all of it."
            ),
        ),
    ],
)
def test_what_is_no_universal_block_is_refused(prefix: str, sentence: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        eui.make_block(prefix)
    assert str(refusal.value) == sentence


def test_a_device_takes_at_least_one_address() -> None:
    with pytest.raises(InvalidIdentifier):
        eui.make_block("001BC5").at(0, step=0)

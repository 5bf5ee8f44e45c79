"""Which row of the table a printer finds by what it says of itself."""

import re

import pytest

from printers import profiles
from printers.status import Identity


def identity(model: str, firmware: str = "V93.21.05Z") -> Identity:
    return Identity(model=model, firmware=firmware, dpi=203, memory_kib=None, options=())


@pytest.mark.parametrize(
    ("model", "firmware", "name"),
    [
        ("ZD621-203dpi", "V93.21.05Z", "zebra-zd621"),
        ("ZTC ZD621d-300dpi ZPL", "V93.21.05Z", "zebra-zd621"),
        ("ZTC GX420d", "V56.17.17Z", "zebra-gx420"),
        ("zd611-203dpi", "V84.20.18Z", "zebra-zd611"),
        ("ZD6211", "V93.21.05Z", "zpl"),
        ("105SL", "V48.10.1", "zebra-x10"),
        ("ZM400", "V60.14.5", "zebra-x14"),
        ("ZM400", "V60.13.0.12Z", "zpl"),
        ("ZM400", "V60.104.1", "zpl"),
        ("labeler virtual printer", "V1.0", "virtual"),
        ("something else", "", "zpl"),
    ],
)
def test_a_printer_finds_its_row(model, firmware, name):
    assert profiles.of(identity(model, firmware)).name == name


def test_a_printer_that_no_row_knows_is_treated_with_care():
    found = profiles.of(identity("something else"))
    assert (found.answers_while_blocked, found.utf8, found.variables) == (False, None, None)
    assert found.alert_job_completed is None


def test_every_row_has_a_name_of_its_own_and_says_where_it_is_from():
    assert len(set(profiles.names())) == len(profiles.ROWS)
    assert [row.name for row in profiles.ROWS if len(row.source) < 20] == []
    assert [row.name for row in profiles.ROWS if not re.fullmatch("[a-z0-9-]+", row.name)] == []


def test_an_unknown_name_is_refused_with_the_known_ones():
    assert profiles.named("zebra-zd611").head_inches == 2
    sentence = (
        "Unknown printer profile 'zd611': expected one of virtual, zebra-gx420, zebra-zd611, "
        "zebra-zd621, zebra-x10, zebra-x14, zpl."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        profiles.named("zd611")

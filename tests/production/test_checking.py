"""What check says of any text, of issued serials and of those near them."""

from pathlib import Path
from typing import Any, get_args

import pytest

from labeler.production import carrying, neighbours, runs
from labeler.production.site import Site
from labeler.serials import Permutation
from labeler.serials.nearest import Kind
from labeler.units import UnitState
from tests.plants import FIRST, order, trigger
from tests.production.checked import become, check, near, plant, told
from tests.production.pooling import bring, give_back, half_import
from tests.production.record import issue, refused, serials
from tests.production.test_series import KEY

FAULT = (
    "Serial 'AC263270O001K' is wrong at position 9, counter: expected one of 0123456789, got 'O'"
)


@pytest.fixture
def issued(site: Site) -> Site:
    """Return the plant with twenty serials of line-1, and an open run on line-2."""
    runs.open_run(site, order())
    runs.open_run(site, order(line="line-2"))
    issue(site, trigger("a", quantity=20))
    return site


def test_an_issued_serial_is_right_where_it_is_met(issued: Site) -> None:
    sentence = f"Serial '{FIRST}' was issued by run 1 (AC-100 on line-1); its unit is allocated."
    right = {"run": 1, "product": "AC-100", "line": "line-1"}
    for expected in ({}, {"run": 1}, {"product": "AC-100"}, {"line": "line-1"}, right):
        assert told(issued, FIRST, **expected) == ("issued", sentence)


def test_a_serial_with_its_check_digit_inside_is_explained_at_that_place(tmp_path: Path) -> None:
    series = {"controller-sn": {"pattern": "1M8GDM9A{check:vin}KP{counter:6,start=42788}"}}
    with plant(tmp_path, series=series) as site:
        runs.open_run(site, order())
        issue(site, trigger("a", quantity=1))
        found = check(site, "1M8GDM9AXKP042788")
        assert (found["verdict"], found["run"]["id"]) == ("issued", 1)
        assert told(site, "1M8GDM9A1KP042788") == (
            "misread",
            (
                "Serial '1M8GDM9A1KP042788' fails check scheme vin: expected check character 'X',"
                " got '1'; issued is '1M8GDM9AXKP042788' by run 1 (AC-100 on line-1): position 9 is"
                " '1' instead of 'X'."
            ),
        )
        assert near(site, "1M8GDM9AXKPO42788") == [("1M8GDM9AXKP042788", "confusable", 12)]


def test_a_serial_of_another_run_or_line_is_told_apart(issued: Site) -> None:
    beginning = f"Serial '{FIRST}' was issued by run 1 (AC-100 on line-1)"
    assert told(issued, FIRST, run=2) == (
        "other_run",
        f"{beginning}, not by run 2; its unit is allocated.",
    )
    assert told(issued, FIRST, line="line-2") == (
        "other_run",
        f"{beginning}, not on line line-2; its unit is allocated.",
    )


def test_what_does_not_exist_cannot_be_expected(issued: Site) -> None:
    assert refused(lambda: check(issued, FIRST, run=9))[:2] == (2003, "There is no run 9.")
    assert refused(lambda: check(issued, FIRST, product="X"))[:2] == (
        2002,
        "There is no product 'X'.",
    )
    assert refused(lambda: check(issued, FIRST, line="X"))[:2] == (2001, "There is no line 'X'.")


@pytest.mark.parametrize("state", [UnitState.DESTROYED, UnitState.LABEL_SCRAPPED])
def test_a_serial_whose_unit_is_gone_is_told_apart(issued: Site, state: UnitState) -> None:
    become(issued, FIRST, state)
    gone = (
        "destroyed",
        (
            f"Serial '{FIRST}' was issued by run 1 (AC-100 on line-1), but its unit is {state}: "
            "nobody should meet it any more."
        ),
    )
    assert told(issued, FIRST) == told(issued, FIRST, run=2) == gone
    assert check(issued, FIRST)["state"] == state


def test_a_misread_serial_is_explained_with_the_issued_ones_near_it(issued: Site) -> None:
    found = check(issued, "AC263270O001K")
    assert (found["verdict"], found["state"], found["run"], found["units"]) == (
        "misread",
        None,
        None,
        [],
    )
    assert found["sentence"] == (
        f"{FAULT}; issued is '{FIRST}' by run 1 (AC-100 on line-1): position 9 is 'O' instead of "
        "'0'."
    )
    assert found["near"] == [
        {
            "serial": FIRST,
            "state": "allocated",
            "run": 1,
            "product": "AC-100",
            "line": "line-1",
            "identifier": None,
            "text": FIRST,
            "series": "controller-sn",
            "kind": "confusable",
            "position": 9,
        }
    ]
    [fit] = found["series"]
    assert (fit["fault"], fit["position"]) == (f"{FAULT}.", 9)


@pytest.mark.parametrize(
    ("text", "kind", "position", "said"),
    [
        ("AC26X2700001K", "substitution", 5, "position 5 is 'X' instead of '3'"),
        ("AC2632T00001K", "substitution", 7, "position 7 is 'T' instead of '7'"),
        (
            "AC26327OO001K",
            "two confusables",
            8,
            "position 8 is 'O' instead of '0' and position 9 is 'O' instead of '0'",
        ),
        ("AC2623700001K", "transposition", 5, "positions 5 and 6 are the other way round"),
        ("AC26327000001K", "extra character", 8, "position 8, '0', is one too many"),
        ("AC263270001K", "missing character", 8, "'0' is missing at position 8"),
    ],
)
def test_each_slip_is_named(issued: Site, text: str, kind: str, position: int, said: str) -> None:
    verdict, sentence = told(issued, text)
    assert (FIRST, kind, position) in near(issued, text)
    assert verdict == "misread"
    assert said in sentence


def test_the_likeliest_slips_come_first_and_ten_at_most(tmp_path: Path) -> None:
    with plant(tmp_path, series={"controller-sn": {"pattern": "{counter:3:alnum}"}}) as site:
        runs.open_run(site, order(quantity=1000))
        issue(site, trigger("a", quantity=1000))  # 001 to 0RS
        assert near(site, "ZZ8") == []
        kinds = [kind for _, kind, _ in near(site, "0Z8")]
        assert (len(kinds), kinds[0]) == (10, "confusable")
        assert kinds == sorted(kinds, key=get_args(Kind).index)


def test_a_well_formed_text_that_nobody_got_is_told_with_what_is_near(tmp_path: Path) -> None:
    with plant(tmp_path, series={"controller-sn": {"pattern": "A{counter:3}"}}) as site:
        runs.open_run(site, order())
        beginning = "Serial 'A007' is well formed, but it was never issued here"
        assert told(site, "A007") == ("never_issued", f"{beginning}.")
        issue(site, trigger("a"))
        assert told(site, "A007") == (
            "never_issued",
            (
                f"{beginning}; issued is 'A001' by run 1 (AC-100 on line-1): position 4 is '7' "
                "instead of '1'."
            ),
        )
        issue(site, trigger("b", quantity=3))
        assert told(site, "A007")[1].endswith("'7' instead of '1', and 3 more are near.")
        assert told(site, "A044")[1].endswith("'4' instead of '0'.")
        assert told(site, "A0030")[1].endswith("position 5, '0', is one too many.")
        assert told(site, "Q99")[0] == "invalid"


def test_what_a_scanner_sends_is_understood_and_its_gtin_says_the_product(issued: Site) -> None:
    scanned = f"]C1010401234500000921{FIRST}"
    found = check(issued, scanned)
    assert (found["text"], found["verdict"]) == (FIRST, "issued")
    assert found["notes"] == (
        "The scanner's symbology identifier ]C1 (GS1-128) was left out.",
        "AI (21) was taken from the GS1 element string.",
    )
    small = check(issued, f" {FIRST.lower()} ")
    assert (small["text"], small["verdict"], small["notes"]) == (
        FIRST,
        "issued",
        ("White space around it was left out.", "Small letters were read as capitals."),
    )
    foreign = check(issued, f"(01)09506000134352(21){FIRST}")
    assert (foreign["verdict"], foreign["notes"][-1]) == (
        "issued",
        "The GTIN beside it, 09506000134352, is that of no product here.",
    )


def test_a_number_that_waits_in_a_pool_or_was_returned_is_said_to(
    tmp_path: Path, database_url: str
) -> None:
    series = {"controller-sn": {"pattern": "AC{imported:4}"}}
    with plant(tmp_path, series=series, database=database_url) as site:
        bring(site, b"AC1111\nAC2222\nAC3333\n")
        give_back(site, count=1)
        half_import(site, range(4444, 4446), key="b")
        beginning = "Serial 'AC{}' is well formed, but it was never issued here"
        waits = "it waits in the pool of series 'controller-sn'; nobody got it yet"
        assert told(site, "AC1111") == ("never_issued", f"{beginning.format(1111)}; {waits}.")
        assert told(site, "AC3333") == (
            "never_issued",
            (
                f"{beginning.format(3333)}; it was in the pool of series 'controller-sn' and was "
                "returned to its owner."
            ),
        )
        unknown = ("never_issued", f"{beginning.format(4444)}.")
        assert told(site, "AC4444") == unknown, "an import at work has brought nothing yet"
        bring(site, b"AC3333\n", "c", again=True)
        assert told(site, "AC3333") == ("never_issued", f"{beginning.format(3333)}; {waits}.")
        runs.open_run(site, order(quantity=1))
        issue(site, trigger("a"))
        assert told(site, "AC1111")[0] == "issued"


def test_the_series_that_a_text_fits_best_come_first(tmp_path: Path) -> None:
    patterns = {
        "a-other": "B{counter:5}",
        "b-early": "AX{counter:4}",
        "c-late": "AC00{counter:2}",
        "d-check": "AC{counter:3}{check:iso7064_mod_37_36}",
        "e-longer": "AC0{counter:7}",
        "f-length": "ZZZ{counter:9}",
        "g-valid": "AC{counter:3}X",
    }
    series = {name: {"pattern": pattern} for name, pattern in patterns.items()}
    with plant(tmp_path, series=series) as site:
        names = [fit["series"] for fit in check(site, "AC017X")["series"]]
        assert names == [
            "g-valid",
            "d-check",
            "c-late",
            "b-early",
            "a-other",
            "controller-sn",
            "e-longer",
            "f-length",
        ]


def test_a_scan_whose_plain_text_was_issued_is_not_told_to_be_no_element_string(
    issued: Site,
) -> None:
    left_out = "The scanner's symbology identifier ]C1 (GS1-128) was left out."
    assert check(issued, f"]C1{FIRST}")["notes"] == (left_out,)
    assert check(issued, f"]C1{FIRST}X")["notes"][0] == left_out
    assert check(issued, f"]C1{FIRST}X")["notes"][1].startswith("It was read as plain text: ")


def test_the_place_in_a_permuted_series_is_told_only_with_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = {"controller-sn": {"pattern": "P{permuted:8}"}}
    permutation = Permutation(key=bytes.fromhex(KEY), radix=10, width=8, tweak=b"controller-sn")
    text = f"P{permutation.apply(4711):08d}"
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", KEY)
    with plant(tmp_path, series=series) as site:
        runs.open_run(site, order())
        [fit] = check(site, text)["series"]
        assert (fit["valid"], fit["place"], fit["counter"]) == (True, 4711, int(text[1:]))
        assert told(site, text) == (
            "never_issued",
            (
                f"Serial '{text}' is well formed, but it was never issued here; its place in "
                "series 'controller-sn' is 4711."
            ),
        )
    monkeypatch.setenv("LABELER__SERIES__CONTROLLER_SN__KEY", "00" * 16)
    with plant(tmp_path, series=series) as site:
        places = {fit["place"] for fit in check(site, text)["series"]}
        assert len(places) == 2, "with the key of now, and without the one of then"
        assert None in places
        assert 4711 not in places
    monkeypatch.delenv("LABELER__SERIES__CONTROLLER_SN__KEY")
    plain = {"controller-sn": {"pattern": "Q{counter:8}", "change": "continue"}}
    with plant(tmp_path, series=plain) as site:
        assert told(site, text) == (
            "never_issued",
            f"Serial '{text}' is well formed, but it was never issued here.",
        )


def test_a_serial_of_an_earlier_pattern_is_found_near_by_its_own_fault(tmp_path: Path) -> None:
    with plant(tmp_path, series={"controller-sn": {"pattern": "A{counter:4}"}}) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        runs.close_run(site, 1)
    later = {"pattern": "BB{counter:5}", "change": "restart"}
    with plant(tmp_path, series={"controller-sn": later}) as site:
        assert told(site, "A00O1") == (
            "misread",
            (
                "Serial 'A00O1' is wrong at position 4, counter: expected one of 0123456789, got "
                "'O'; issued is 'A0001' by run 1 (AC-100 on line-1): position 4 is 'O' instead of "
                "'0'."
            ),
        )
        assert told(site, "?") == (
            "invalid",
            "'?' is not a serial of any of 2 series; see each one's fault.",
        )


def test_the_search_ends_however_many_candidates_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = {"controller-sn": {"pattern": "R{random:10:gs1_82}"}}
    with plant(tmp_path, series=series) as site:
        runs.open_run(site, order())
        monkeypatch.setattr(neighbours, "TRIED_MAX", 150)
        asked: list[int] = []
        look_up = carrying.units_with

        def counting(transaction: Any, texts: Any) -> Any:
            asked.append(len(texts))
            return look_up(transaction, texts)

        monkeypatch.setattr(neighbours, "units_with", counting)
        assert near(site, "R0123456789") == []
        assert asked == [100, 50]


def test_a_serial_that_one_process_issued_is_near_at_once(issued: Site) -> None:
    [later] = serials(21)
    assert told(issued, later)[0] == "never_issued"
    issue(issued, trigger("b"))
    assert told(issued, later)[0] == "issued"

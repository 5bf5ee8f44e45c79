"""What check says of any text, of issued serials and of those near them; and whose a serial is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import update

from labeler.production import carrying, neighbours, runs, verifying
from labeler.production.checking import check_text
from labeler.production.meanings import Expected
from labeler.production.site import Site
from labeler.serials import Permutation
from labeler.serials.nearest import Kind
from labeler.store import schema
from labeler.units import UnitState
from tests import plants
from tests.plants import FIRST, order, trigger
from tests.production.pooling import bring, give_back, half_import
from tests.production.record import issue, refused, serials
from tests.production.test_series import KEY

FAULT = (
    "Serial 'AC263270O001K' is wrong at position 9, counter: expected one of 0123456789, got 'O'"
)


def check(site: Site, text: str, **expected: Any) -> dict[str, Any]:
    with site.store.read() as transaction:
        return check_text(site, transaction, text, expected=Expected(**expected))


def told(site: Site, text: str, **expected: Any) -> tuple[str, str]:
    found = check(site, text, **expected)
    return found["verdict"], found["sentence"]


def near(site: Site, text: str) -> list[tuple[str, str, int]]:
    return [(one["serial"], one["kind"], one["position"]) for one in check(site, text)["near"]]


def become(site: Site, serial: str, state: UnitState) -> None:
    """Let the unit with a serial be in a state to which no verb brings it yet."""
    unit = schema.unit
    statement = update(unit).where(unit.c.serial == serial).values(state=state)
    site.store.write(lambda transaction: transaction.execute(statement))


@contextmanager
def plant(folder: Path, **changes: Any) -> Iterator[Site]:
    with plants.opened(plants.write_site(folder / "site", **changes)) as service:
        yield service.site


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


def test_an_identifier_is_found_in_every_notation_of_its_type(tmp_path: Path) -> None:
    series = {
        "controller-sn": {
            "pattern": "10614141{counter:9}{check:gs1_mod10}",
            "identifier": "sscc",
            "company_prefix_length": 7,
        },
        "mac": {"pattern": "001BC50AB{counter:3:hex}", "identifier": "eui48"},
    }
    products = {"AC-100": {"identifiers": {"mac": "mac"}}}
    with plant(tmp_path, series=series, products=products) as site:
        runs.open_run(site, order())
        [serial] = issue(site, trigger("a")).serials
        assert serial == "106141410000000019"
        tag = check(site, "urn:epc:id:sscc:0614141.1000000001")
        assert (tag["text"], tag["verdict"], tag["notes"]) == (
            serial,
            "issued",
            ("It was read as an SSCC.",),
        )
        mac = check(site, "001b.c50a.b001")
        assert (mac["text"], mac["identifier"], mac["verdict"]) == ("001BC50AB001", "mac", "issued")
        assert mac["notes"] == ("It was read as an EUI-48.",)
        assert check(site, "001b.c50a.b002")["verdict"] == "never_issued"


def test_an_sscc_in_brackets_with_a_wrong_digit_is_explained_by_the_one_near_it(
    tmp_path: Path,
) -> None:
    series = {
        "pattern": "10614141{counter:9}{check:gs1_mod10}",
        "identifier": "sscc",
        "company_prefix_length": 7,
    }
    with plant(tmp_path, series={"controller-sn": series}) as site:
        runs.open_run(site, order())
        [serial] = issue(site, trigger("a")).serials
        found = check(site, f"(00){serial[:-1]}3")
        assert [one["text"] for one in found["near"]] == [serial]
        assert (found["text"], found["verdict"]) == (f"{serial[:-1]}3", "misread")


@pytest.mark.parametrize(
    ("text", "identifier", "kind", "position", "said"),
    [
        ("001BC50AB0O4", "mac", "confusable", 11, "position 11 is 'O' instead of '0'"),
        ("00:1B:C5:0A:B0:O4", "mac", "confusable", 11, "position 11 is 'O' instead of '0'"),
        (
            "00:1B:C5:0A:B0:40",
            "mac",
            "transposition",
            11,
            "positions 11 and 12 are the other way round",
        ),
        ("001b.c50a.bo04", "mac", "confusable", 10, "position 10 is 'O' instead of '0'"),
        ("352099000000848", "imei", "substitution", 13, "position 13 is '8' instead of '0'"),
        ("35209900000048", "imei", "missing character", 7, "'0' is missing at position 7"),
        ("3520990000000048", "imei", "extra character", 7, "position 7, '0', is one too many"),
    ],
)
@pytest.mark.parametrize("typed", [True, False])
def test_a_misread_identifier_is_explained_with_the_unit_that_carries_the_one_near_it(
    tmp_path: Path, text: str, identifier: str, kind: str, position: int, said: str, typed: bool
) -> None:
    right = {"mac": "001BC50AB004", "imei": "352099000000048"}[identifier]
    with plant(tmp_path, **addresses(typed=typed)) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        found = check(site, text)
        assert found["near"] == [
            {
                "serial": FIRST,
                "state": "allocated",
                "run": 1,
                "product": "AC-100",
                "line": "line-1",
                "identifier": identifier,
                "text": right,
                "series": identifier,
                "kind": kind,
                "position": position,
            }
        ]
        assert (found["verdict"], found["identifier"], found["units"]) == ("misread", None, [])
        assert found["sentence"].endswith(
            f"; issued is '{right}', {identifier} of serial '{FIRST}', by run 1 (AC-100 on "
            f"line-1): {said}."
        )


def addresses(*, typed: bool = False) -> dict[str, Any]:
    """Return what makes a unit with a MAC address and an IMEI, both counted from 4."""
    series: dict[str, Any] = {
        "mac": {"pattern": "001BC50AB{counter:3:hex,start=4}"},
        "imei": {"pattern": "35209900{counter:6,start=4}{check:imei}"},
    }
    if typed:
        series["mac"]["identifier"] = "eui48"
        series["imei"]["identifier"] = "imei"
    return {"series": series, "products": {"AC-100": {"identifiers": {n: n for n in series}}}}


def test_the_next_address_of_a_block_was_never_issued_though_one_is_near(tmp_path: Path) -> None:
    with plant(tmp_path, **addresses()) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        found = check(site, "001BC50AB005")
        assert (found["verdict"], [one["text"] for one in found["near"]]) == (
            "never_issued",
            ["001BC50AB004"],
        )


def test_neither_a_secret_nor_a_serial_of_the_same_text_is_near_an_identifier(
    tmp_path: Path,
) -> None:
    with plant(tmp_path, **addresses()) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        become_serial = update(schema.unit).values(serial="001BC50AB005")
        become_secret = update(schema.unit_identifier).values(scope=None)
        site.store.write(lambda transaction: transaction.execute(become_serial))
        assert check(site, "001BC50ABO05")["near"] == []
        assert check(site, "001BC50ABO04")["verdict"] == "misread"
        site.store.write(lambda transaction: transaction.execute(become_secret))
        assert check(site, "001BC50ABO04")["near"] == []


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


def test_an_address_that_waits_in_a_pool_is_not_taken_for_one_near_it(tmp_path: Path) -> None:
    series = {"mac": {"pattern": "{imported:12:hex}"}}
    products = {"AC-100": {"identifiers": {"mac": "mac"}}}
    with plant(tmp_path, series=series, products=products) as site:
        bring(site, b"001BC50AB004\n001BC50AB040\n", series="mac")
        runs.open_run(site, order(quantity=1))
        issue(site, trigger("a"))
        verdict, sentence = told(site, "00:1B:C5:0A:B0:40")
        assert verdict == "never_issued"
        assert "; it waits in the pool of series 'mac'; nobody got it yet; issued is" in sentence


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


def two_products(gtin: str = "09506000134352") -> dict[str, Any]:
    """Return what makes two products, each with a series of its own that makes the same texts."""
    return {
        "series": {"controller-sn": {"pattern": "X{counter:4}"}, "X1": {"pattern": "X{counter:4}"}},
        "products": {
            "AC-200": {"name": "Other", "series": "X1", "template": "unit-label", "gtin": gtin}
        },
        "site": {"serial_scope": "product"},
    }


def test_the_gtin_beside_a_serial_picks_the_product(tmp_path: Path) -> None:
    with plant(tmp_path, **two_products()) as site:
        runs.open_run(site, order())
        runs.open_run(site, order(product="AC-200", line="line-2"))
        issue(site, trigger("a", quantity=2))
        issue(site, trigger("b", line="line-2"))
        first = "(01)04012345000009(21)X000"
        second = "(01)09506000134352(21)X000"
        assert check(site, f"{second}1")["run"]["product"] == "AC-200"
        assert check(site, f"{first}1")["run"]["product"] == "AC-100"
        assert told(site, f"{second}2") == (
            "other_product",
            (
                "Serial 'X0002' was issued by run 1 (AC-100 on line-1), not for product AC-200; "
                "its unit is allocated."
            ),
        )
        assert check(site, f"{second}1", product="AC-100")["notes"][-1] == (
            "The GTIN beside it, 09506000134352, is that of product AC-200."
        )
        assert len(check(site, f"{first}1", product="AC-100")["notes"]) == 1
        assert told(site, "X0002", run=2)[0] == "other_product"


def test_a_gtin_of_two_products_picks_none(tmp_path: Path) -> None:
    with plant(tmp_path, **two_products(gtin="04012345000009")) as site:
        runs.open_run(site, order())
        issue(site, trigger("a"))
        found = check(site, "(01)04012345000009(21)X0001")
        assert (found["verdict"], len(found["notes"])) == ("issued", 1)


def test_a_serial_of_several_products_needs_the_product(tmp_path: Path, database_url: str) -> None:
    with plant(tmp_path, **two_products(), database=database_url) as site:
        runs.open_run(site, order())
        runs.open_run(site, order(product="AC-200", line="line-2"))
        issue(site, trigger("a"))
        issue(site, trigger("b", line="line-2"))

        def show(serial: str, product: str | None = None) -> dict[str, Any]:
            with site.store.read() as transaction:
                return verifying.show_serial(transaction, serial, product=product)

        assert refused(lambda: show("X0001")) == (
            3009,
            "Serial 'X0001' was issued for 2 products: AC-100, AC-200.",
            "Say which: ?product=AC-100.",
        )
        assert show("X0001", "AC-200")["run"]["id"] == 2
        assert refused(lambda: show("X0001", "AC-300"))[:2] == (
            3001,
            "Serial 'X0001' was never issued here for product 'AC-300', but for AC-100 and AC-200.",
        )
        found = check(site, "X0001")
        assert (found["verdict"], found["run"], found["state"]) == ("issued", None, None)
        assert found["sentence"] == (
            "Serial 'X0001' was issued by run 1 (AC-100 on line-1) and by run 2 (AC-200 on "
            "line-2): say which product is meant."
        )
        assert [one["product"] for one in found["units"]] == ["AC-100", "AC-200"]
        assert check(site, "X0001", product="AC-200")["run"]["id"] == 2
        become(site, "X0001", UnitState.DESTROYED)
        assert told(site, "X0001") == (
            "destroyed",
            (
                "Serial 'X0001' was issued by run 1 (AC-100 on line-1) and by run 2 (AC-200 on "
                "line-2), but its unit is destroyed: nobody should meet it any more."
            ),
        )


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

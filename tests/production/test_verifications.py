"""QA scans a label: `ok`, or exactly why not."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler.production import runs
from labeler.production.printing import doubtful, scanning
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.site import Site
from labeler.store.schema_quality import verification
from labeler.units import LabelState, RunMode, UnitState
from tests import plants
from tests.plants import FIRST, order, trigger
from tests.production import carriers
from tests.production.checked import become
from tests.production.copying import copies, issue_printed, reprint, settle, shown
from tests.production.leasing import lease
from tests.production.record import at_once, issue, refused, rows, serials
from tests.production.verified import told, verify

BY = "run 1 (AC-100 on line-1)"
OK = f"Serial '{FIRST}' is right: it was issued by {BY}"


def test_a_right_label_is_ok_and_verified_and_its_unit_encoded(site: Site) -> None:
    issue_printed(site)
    found = verify(site, f"]d2010401234500000921{FIRST}", key="k", line="line-1")
    assert found == {
        "id": 1,
        "at": plants.NOON,
        "text": f"]d2010401234500000921{FIRST}",
        "serial": FIRST,
        "issued": True,
        "series": None,
        "verdict": "ok",
        "sentence": f"{OK}; label 1 is verified, it was printed.",
        "details": {},
        "label": 1,
        "operator": "mk",
        "station": "qa-1",
        "line": "line-1",
        "run": 1,
        "product": "AC-100",
        "channel": "http",
        "key": "k",
        "replayed": False,
    }
    assert copies(site) == [(0, "verified")]
    assert shown(site)["state"] == "encoded"


@pytest.mark.parametrize("state", [LabelState.SENT, LabelState.BUFFERED, LabelState.DOUBTFUL])
def test_an_ok_proves_a_label_of_which_less_was_known(site: Site, state: LabelState) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    settle(site, state)
    assert told(site) == ("ok", f"{OK}; label 1 is verified, it was {state.value}.", {})
    assert (copies(site), shown(site)["state"]) == ([(0, "verified")], "encoded")


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        f" {FIRST.lower()} ",
        f"(01)04012345000009(21){FIRST}",
        f"]C1010401234500000921{FIRST}",
        f"]Q3010401234500000921{FIRST}\x1d10L42",
        f"https://id.gs1.org/01/04012345000009/21/{FIRST}",
    ],
)
def test_a_scan_is_read_as_everywhere_and_kept_as_it_was(sqlite_site: Site, text: str) -> None:
    runs.open_run(sqlite_site, order(lot="L42"))
    issue(sqlite_site, trigger("k1"))
    settle(sqlite_site)
    found = verify(sqlite_site, text)
    assert (found["verdict"], found["text"], found["serial"]) == ("ok", text, FIRST)


def test_a_serial_whose_label_comes_from_elsewhere_is_ok(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1", print=False))
    assert told(site) == ("ok", f"{OK}; its label comes from elsewhere.", {})


def test_the_second_scan_says_when_by_whom_and_where_the_first_was(
    site: Site, clock: plants.Clock
) -> None:
    issue_printed(site)
    verify(site, operator="ab", line="line-1")
    clock.go_on(hours=1)
    assert told(site) == (
        "already_verified",
        (
            f"Serial '{FIRST}' was verified already, on 2026-11-23 at 12:00:00 UTC by ab at qa-1 "
            "on line-1."
        ),
        {
            "verification": 1,
            "at": "2026-11-23T12:00:00+00:00",
            "operator": "ab",
            "station": "qa-1",
            "line": "line-1",
        },
    )


def test_a_misread_text_says_where_and_what_was_expected(site: Site) -> None:
    issue_printed(site)
    wrong = FIRST[:7] + "O" + FIRST[8:]
    verdict, sentence, details = told(site, wrong)
    near = details.pop("near")
    assert (verdict, details) == (
        "misread",
        {"position": 8, "kind": "confusable", "expected": "0", "got": "O"},
    )
    assert f"issued is '{FIRST}' by {BY}: position 8 is 'O' instead of '0'." in sentence
    assert [one["serial"] for one in near] == [FIRST]
    _, _, missing = told(site, FIRST[:-1])
    assert (missing["position"], missing["expected"], missing["got"]) == (13, "K", None)
    _, _, extra = told(site, FIRST + "7")
    assert (extra["position"], extra["expected"], extra["got"]) == (14, None, "7")
    _, _, swapped = told(site, FIRST[1] + FIRST[0] + FIRST[2:])
    assert (swapped["position"], swapped["expected"], swapped["got"]) == (1, "AC", "CA")


def test_a_serial_that_was_never_issued_names_the_series_whose_form_it_has(site: Site) -> None:
    issue_printed(site)
    [stranger] = serials(77)
    found = verify(site, stranger)
    assert (found["verdict"], found["issued"], found["series"], found["serial"]) == (
        "never_issued",
        False,
        "controller-sn",
        stranger,
    )
    assert found["sentence"].startswith(f"Serial '{stranger}' is well formed, but it was never")
    assert told(site, "SN-1")[0] == "invalid"


def test_a_serial_of_another_run_line_product_or_lot_is_not_ok(tmp_path: Path) -> None:
    products = {"BX-200": {"gtin": "04012345000016", "series": "controller-sn",
                           "template": "unit-label", "name": "Box"}}  # fmt: skip
    path = plants.write_site(tmp_path / "site", products=products)
    with plants.opened(path) as service:
        site = service.site
        runs.open_run(site, order(lot="L42"))
        runs.open_run(site, order(line="line-2"))
        issue(site, trigger("k1"))
        settle(site)
        own: dict[str, Any] = {
            "run": 1, "product": "AC-100", "line": "line-1", "state": "encoded"
        }  # fmt: skip
        said = f"Serial '{FIRST}' was issued by {BY}"
        assert told(site, run=2) == (
            "other_run", f"{said}, not by run 2; its unit is encoded.", own
        )  # fmt: skip
        assert told(site, line="line-2")[:2] == (
            "other_run", f"{said}, not on line line-2; its unit is encoded."
        )  # fmt: skip
        assert told(site, product="BX-200") == (
            "other_product", f"{said}, not for product BX-200; its unit is encoded.", own
        )  # fmt: skip
        assert told(site, f"(01)04012345000016(21){FIRST}")[0] == "other_product"
        assert told(site, f"(01)04099999000005(21){FIRST}") == (
            "other_product",
            f"{said}, whose GTIN is 04012345000009: the label says GTIN 04099999000005.",
            {"product": "AC-100", "gtin": "04012345000009", "got": "04099999000005"},
        )
        assert told(site, lot="L43") == (
            "other_lot",
            f"{said}, of lot L42: expected is lot L43.",
            {"lot": "L42", "got": "L43", "run": 1},
        )
        assert told(site, f"(01)04012345000009(21){FIRST}(10)L41")[:2] == (
            "other_lot", f"{said}, of lot L42: the label says lot L41."
        )  # fmt: skip
        assert copies(site) == [(0, "printed")]
        assert told(site, lot="L42", run=1, product="AC-100", line="line-1")[0] == "ok"


def test_a_unit_whose_day_is_over_is_expired(sqlite_site: Site) -> None:
    runs.open_run(sqlite_site, order(attributes={"expiry": "261122"}))
    issue(sqlite_site, trigger("k1"))
    settle(sqlite_site)
    said = f"Serial '{FIRST}' was issued by {BY}, and was to be used until 2026-11-22."
    assert told(sqlite_site) == ("expired", said, {"expiry": "2026-11-22"})
    printed = f"(01)04012345000009(21){FIRST}(17)261031"
    assert told(sqlite_site, printed)[2] == {"expiry": "2026-10-31"}


def test_a_unit_that_is_gone_is_not_ok(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    settle(site, LabelState.DOUBTFUL)
    scrap = Finding(decision=Decision.SCRAP, reason="torn", operator="mk", channel="http")
    doubtful.decide(site, 1, scrap)
    assert told(site)[:2] == (
        "scrapped",
        (
            f"Serial '{FIRST}' was issued by {BY}, but its unit is label_scrapped: nobody should "
            "meet it any more."
        ),
    )
    become(site, FIRST, UnitState.DESTROYED)
    assert told(site)[0] == "destroyed"


def test_a_leased_or_voided_serial_is_not_ok(site: Site) -> None:
    runs.open_run(site, order())
    lease(site, 1)
    assert told(site)[0] == "leased"
    become(site, FIRST, UnitState.VOIDED)
    assert told(site)[0] == "voided"


def test_a_test_serial_is_not_ok(site: Site) -> None:
    runs.open_run(site, order(mode=RunMode.TEST))
    [serial] = issue(site, trigger("k1")).serials
    assert told(site, serial)[:2] == (
        "test",
        f"'{serial}' is a test serial of run 1; it names no product.",
    )


def test_of_several_labels_that_may_be_out_one_has_to_be_named(site: Site) -> None:
    issue_printed(site)
    reprint(site)
    settle(site)
    assert told(site) == (
        "several_labels",
        (
            f"Serial '{FIRST}' has 2 labels that may be out, and a scan proves one of them: "
            "1 (print, printed), 2 (reprint, printed). "
            "Say which one it is by its id, as label, or decide about each."
        ),
        {"labels": [1, 2]},
    )
    assert told(site, label=2) == (
        "copy",
        f"Label 2 is copy 1 of the label of serial '{FIRST}', issued by {BY}.",
        {"copy": 1},
    )
    assert copies(site) == [(0, "printed"), (1, "printed")]
    assert told(site, label=1)[0] == "ok"
    assert copies(site) == [(0, "verified"), (1, "printed")]


def test_a_unit_of_which_no_label_can_be_out_is_not_ok(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    assert told(site) == (
        "no_label_out",
        f"No label of serial '{FIRST}' can be out yet: label 1 is queued.",
        {},
    )


def test_a_label_of_another_unit_is_refused_and_nothing_recorded(site: Site) -> None:
    issue_printed(site, 2)
    assert refused(partial(verify, site, label=2))[0] == 5017
    assert refused(partial(verify, site, label=9))[0] == 5002
    assert refused(partial(verify, site, run=9))[0] == 2003
    assert rows(site, verification) == 0


def test_a_retry_gets_the_same_answer_and_no_second_row(site: Site) -> None:
    issue_printed(site)
    first = verify(site, key="k")
    assert verify(site, key="k") == {**first, "replayed": True}
    assert rows(site, verification) == 1
    assert refused(partial(verify, site, serials(2)[0], key="k")) == (
        1008,
        "Idempotency-Key 'k' was used for another scan, verification 1.",
        "Send the same scan for a retry, or a new key for a new one.",
    )


def test_one_key_at_once_is_one_row_and_two_keys_are_one_ok(
    tmp_path: Path, postgres_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        first, second = (service.site for service in services)
        issue_printed(first, 2)
        same = at_once([partial(verify, one, key="k") for one in (first, second)])
        assert sorted(one["replayed"] for one in same) == [False, True]
        other = serials(2)[0]
        found = at_once([partial(verify, one, other) for one in (first, second)])
        assert sorted(one["verdict"] for one in found) == ["already_verified", "ok"]
        assert rows(first, verification) == 3


def test_a_label_that_a_scan_proved_before_can_be_verified_once(site: Site) -> None:
    issue_printed(site)
    scanning.verify(site, scanning.Scan(text=FIRST, operator="mk", channel="http"))
    assert told(site)[:2] == ("ok", f"{OK}; label 1 is verified, it was verified.")
    assert told(site)[0] == "already_verified"


def test_what_may_be_a_secret_is_never_recorded(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        runs.open_run(site, order())
        issue(site, trigger("k1"))
        [secret] = carriers.secrets(site)
        settle(site)
        assert secret is not None
        found = verify(site, secret)
        assert (found["text"], found["serial"]) == (carriers.HIDDEN, carriers.HIDDEN)
        both = verify(site, f"AC00001 {secret}")
        assert secret not in str(found) + str(both)
        assert verify(site, "AC00001")["verdict"] == "ok"
        verify(site, "02:AB:00:00:00:01")
        with site.store.read() as transaction:
            record = transaction.run_sql("SELECT text, serial, sentence, details FROM verification")
        assert [row[:2] for row in record][2:] == [
            ("AC00001", "AC00001"),
            ("02:AB:00:00:00:01", "AC00001"),
        ]
        assert secret not in str(record)

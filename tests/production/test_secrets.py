"""A secret is on its label, and in the record only until that is known to be printed."""

import json
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from labeler.production import blocks, checking, filling, issuing, runs, showing
from labeler.production.blocks import BlockOrder
from labeler.production.meanings import Expected
from labeler.production.printing import doubtful, job_control, scanning, spool
from labeler.production.printing.doubtful import Decision, Finding
from labeler.production.printing.instructions import Instruction
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import LabelState
from tests import plants
from tests.plants import order, trigger
from tests.production import carriers
from tests.production.carriers import FIRST, HIDDEN, secrets, settle, shown, waiting
from tests.production.record import issue, job, refusal, refused, rows

SERIAL = "AC00001"
OPEN = {**FIRST, "unlock": None}
ARCHIVED = {"lines": {"line-1": {"printer": "zebra-1", "archive": "archive"}}}


def begin(site: Site, count: int = 1) -> list[str]:
    """Open a run and issue units; return their secrets."""
    runs.open_run(site, order())
    issuing.issue_labels(site, trigger("k1", quantity=count))
    found = secrets(site)
    assert all(isinstance(text, str) and text.startswith("U-") for text in found)
    assert len(set(found)) == count
    return [str(text) for text in found]


def decide(site: Site, label: SpooledLabel, decision: Decision) -> None:
    finding = Finding(decision=decision, reason="looked", operator="mk", channel="http")
    doubtful.decide(site, label.id, finding)


def on_labels(site: Site, labels: list[SpooledLabel], *, seen: bool = False) -> list[str]:
    """Return what stands for the secret on labels, or on what somebody sees of them."""
    with site.store.read() as transaction:
        found = filling.values(site, transaction, labels, shown=seen)
    return [row["identifiers.unlock"] for row in found]


def test_a_secret_is_forgotten_when_its_label_is_printed(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        first, second = begin(site, 2)
        labels = waiting(site)
        assert on_labels(site, labels) == [first, second]
        spool.claim(site, [(label, "d" * 64) for label in labels], odometer=1)
        assert secrets(site) == [first, second]
        assert shown(site, SERIAL) == (OPEN, {"unlock": "waiting"})
        spool.settle(site, labels[:1], LabelState.PRINTED, odometer_after=2)
        assert secrets(site) == [None, second]
        assert shown(site, SERIAL) == (OPEN, {"unlock": "printed"})
        assert on_labels(site, labels) == [HIDDEN, second]


def test_a_secret_stays_while_its_label_may_be_printed_again(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        known = begin(site)
        [label] = waiting(site)
        settle(site, [label], LabelState.DOUBTFUL)
        assert secrets(site) == known
        decide(site, label, Decision.PRINT_AGAIN)
        [again] = waiting(site)
        assert (again.purpose, secrets(site), on_labels(site, [again])) == (
            "reprint",
            known,
            known,
        )
        settle(site, [again], LabelState.PRINTED)
        assert secrets(site) == [None]


def test_a_secret_is_forgotten_when_a_person_says_that_its_label_is_there(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        begin(site)
        [label] = waiting(site)
        settle(site, [label], LabelState.DOUBTFUL)
        decide(site, label, Decision.PRINTED)
        assert (secrets(site), shown(site, SERIAL)[1]) == ([None], {"unlock": "printed"})


def test_a_secret_is_forgotten_with_a_label_that_is_given_up(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        begin(site)
        [label] = waiting(site)
        settle(site, [label], LabelState.DOUBTFUL)
        decide(site, label, Decision.SCRAP)
        assert (secrets(site), shown(site, SERIAL)[1]) == ([None], {"unlock": "scrapped"})


def test_a_secret_is_forgotten_once_sent_to_a_printer_that_cannot_answer(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        begin(site)
        [label] = waiting(site)
        settle(site, [label], LabelState.SENT)
        assert (secrets(site), shown(site, SERIAL)[1]) == ([None], {"unlock": "sent"})
        settled = partial(spool.settle, site, [label], LabelState.DOUBTFUL, why="test")
        settled()
        decide(site, label, Decision.PRINT_AGAIN)
        assert on_labels(site, waiting(site)) == [HIDDEN]


def test_a_secret_of_a_canceled_job_waits(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        known = begin(site)
        job_control.cancel(site, 1, Instruction(reason="test", operator="mk", channel="http"))
        assert (secrets(site), shown(site, SERIAL)[1]) == (known, {"unlock": "waiting"})


def test_a_document_in_the_archive_shows_no_secret_and_makes_nobody_forget_it(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url, **ARCHIVED) as service:
        site = service.site
        known = begin(site)
        pages = waiting(site, "archive")
        assert [page.purpose for page in pages] == ["archive"]
        assert on_labels(site, pages) == [HIDDEN]
        settle(site, pages, LabelState.PRINTED)
        assert secrets(site) == known
        assert on_labels(site, waiting(site)) == known
        assert job(site, 2)["labels"][0]["digest"] == "d" * 64


def test_what_people_see_of_a_label_shows_asterisks(tmp_path: Path) -> None:
    with carriers.opened(tmp_path) as service:
        site = service.site
        known = begin(site)
        assert on_labels(site, waiting(site), seen=True) == [HIDDEN]
        with site.store.read() as transaction:
            zpl = showing.job_document(site, transaction, 1, language="zpl").content.decode()
        assert known[0] not in zpl
        assert f"unlock {HIDDEN}" in zpl
        assert FIRST["mac_2"] in zpl


def test_the_digest_of_a_label_with_a_secret_is_not_kept(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        begin(site)
        spool.claim(site, [(label, "d" * 64) for label in waiting(site)], odometer=1)
        [found] = job(site, 1)["labels"]
        assert (found["state"], found["digest"]) == ("sending", None)


def test_no_event_and_no_reply_tells_a_secret(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        [known] = begin(site)
        settle(site, waiting(site), LabelState.PRINTED)
        with site.store.read() as transaction:
            for table in schema.metadata.sorted_tables:
                assert known not in str(transaction.execute(select(table)).all()), table.name


def test_a_forgotten_secret_is_nowhere_in_the_database_file(tmp_path: Path) -> None:
    path = tmp_path / "labeler.db"
    with carriers.opened(tmp_path) as service:
        known = begin(service.site, 300)
        labels = waiting(service.site)
        for start in range(0, 100, 10):
            settle(service.site, labels[start : start + 10], LabelState.PRINTED)
    content = path.read_bytes()
    assert [text for text in known if text.encode() in content] == known[100:]


def test_a_secret_needs_a_label(tmp_path: Path, database_url: str) -> None:
    expected = (
        3016,
        (
            "Units of product 'AC-100' have a secret, 'unlock', which only their label shows: they "
            "cannot be issued without one."
        ),
        "Ask for labels (print: true): POST /api/v1/lines/LINE/labels, or labeler issue.",
    )
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        runs.open_run(site, order())
        assert refusal(site, trigger("k1", print=False)) == expected
        ordered = BlockOrder(run_id=1, quantity=3, key="b1")
        assert refused(partial(blocks.issue_block, site, ordered)) == expected
        assert rows(site, schema.unit) == rows(site, schema.allocation) == 0
        assert issue(site, trigger("k1")).identifiers == (FIRST,)


def test_a_secret_that_the_template_does_not_show_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        plants.write_template(tmp_path, elements=carriers.elements("{serial}"))
        assert refused(partial(runs.open_run, service.site, order())) == (
            3016,
            (
                "'unlock' of product 'AC-100' is a secret, and template 'unit-label' does not show "
                "it whole on each label: nobody would ever read it."
            ),
            "Write {identifiers.unlock} into the template; nothing was opened.",
        )
        assert rows(service.site, schema.run) == 0


def test_a_secret_stays_one_for_the_runs_that_took_it_as_such(
    tmp_path: Path, database_url: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        begin(service.site)
    changed = {"unlock-code": {"pattern": carriers.SERIES["unlock-code"]["pattern"]}}
    path = carriers.rewrite(tmp_path / "config.yaml", **changed)
    with plants.opened(path) as service:
        assert issue(service.site, trigger("k2")).identifiers == (carriers.SECOND,)
        runs.close_run(service.site, 1)
        runs.open_run(service.site, order())
        assert set(issue(service.site, trigger("k3")).identifiers[0]) == {
            *FIRST,
            "unlock",
        }


@pytest.mark.parametrize("text", ["mac_1", "mac_2", "imei"])
def test_check_finds_the_unit_that_carries_an_identifier(
    tmp_path: Path, database_url: str, text: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        begin(site)
        with site.store.read() as transaction:
            ask = partial(checking.check_text, site, transaction)
            found = ask(f" {FIRST[text].lower()}", expected=Expected())
            other = ask(FIRST[text], expected=Expected(line="line-2"))
        assert (found["verdict"], found["text"], found["identifier"]) == (
            "issued",
            FIRST[text],
            text,
        )
        assert found["sentence"] == (
            f"'{FIRST[text]}' is {text} of serial 'AC00001'. Serial 'AC00001' was issued by run 1 "
            "(AC-100 on line-1); its unit is allocated."
        )
        assert [unit["serial"] for unit in found["units"]] == [SERIAL]
        assert (other["verdict"], other["identifier"]) == ("other_run", text)


def test_check_reads_a_mac_address_as_people_write_it(tmp_path: Path) -> None:
    with carriers.opened(tmp_path) as service:
        site = service.site
        begin(site)
        for text in ("02:ab:00:00:00:02", "02-AB-00-00-00-02"):
            with site.store.read() as transaction:
                found = checking.check_text(site, transaction, text, expected=Expected())
            assert (found["identifier"], found["text"]) == ("mac_2", "02AB00000002")


def test_check_knows_no_secret(tmp_path: Path, database_url: str) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        [known] = begin(site)
        with site.store.read() as transaction:
            found = checking.check_text(site, transaction, known, expected=Expected())
        assert (found["verdict"], found["identifier"], found["units"]) == ("invalid", None, [])
        assert "unlock-code" not in [fit["series"] for fit in found["series"]]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("]C1010401234500000921{serial}\x1d90{0}", "]C1010401234500000921{serial}\x1d90{1}"),
        ("https://id.example.com/01/04012345000009/21/{serial}?code={0}",
         "https://id.example.com/01/04012345000009/21/{serial}?code={1}"),
        (FIRST["mac_1"], FIRST["mac_1"]),
    ],
)  # fmt: skip
def test_a_secret_beside_a_scanned_serial_is_not_kept(
    tmp_path: Path, database_url: str, text: str, kept: str
) -> None:
    with carriers.opened(tmp_path, database_url) as service:
        site = service.site
        [secret] = begin(site)
        settle(site, waiting(site), LabelState.PRINTED)
        told = text.format(secret, serial=SERIAL)
        scan = scanning.Scan(text=told, operator="mk", channel="http")
        assert scanning.verify(site, scan)["state"] == "verified"
        with site.store.read() as transaction:
            found = transaction.run_sql("SELECT detail FROM event WHERE kind = 'label_verified'")
            every = transaction.run_sql("SELECT detail FROM event")
        details = [one if isinstance(one, dict) else json.loads(one) for (one,) in found]
        assert [one["scan"] for one in details] == [kept.format(secret, HIDDEN, serial=SERIAL)]
        assert secret not in str(every)

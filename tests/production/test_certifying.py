"""The certificate of a run: what stands on it, that the site sealed it, and the site's key."""

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from sqlalchemy import select

from labeler import store
from labeler.certificates import checking, keys, statement
from labeler.production import issuing, run_steps, runs
from labeler.production.certifying import facts, making, site_key
from labeler.production.reconciling import reconciling, releasing
from labeler.production.run_records import Said
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import RunMode
from tests import plants
from tests.plants import order, trigger
from tests.production.living import do
from tests.production.record import refused, serials
from tests.production.test_reconciling import LOST, MK, cancel, made


def certificate(site: Site) -> bytes:
    """Return the certificate of run 1."""
    return making.make(site, 1).content


def words(pdf: bytes) -> str:
    """Return everything that stands on it, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    found = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    document.close()
    return " ".join(" ".join(found).split())


def codes(pdf: bytes) -> list[str]:
    """Return what a scanner reads on a print of it at 150 dpi."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[n].render(scale=150 / 72).to_pil() for n in range(len(document))]
    found = [one.text for page in pages for one in zxingcpp.read_barcodes(page)]
    document.close()
    return found


def fingerprint(site: Site) -> str:
    """Return that of the site's key."""
    return str(site_key.show(site)["fingerprint"])


def made_events(site: Site) -> list[dict[str, Any]]:
    """Return what the record keeps of certificates."""
    table = schema.event
    query = select(table.c.detail).where(table.c.kind == "certificate_made").order_by(table.c.id)
    with site.store.read() as transaction:
        return list(transaction.execute(query).scalars())


def test_certificate_says_what_the_record_says_and_is_valid(site: Site) -> None:
    made(site, left=1)
    reconciling.reconcile(site, 1, MK, deviation=LOST)
    releasing.release(site, 1, Said(operator="qa", reason="checked"))
    pdf = certificate(site)
    shown = words(pdf)
    for text in (
        *("Run 1", "RELEASED", "AC-100", "Axis controller", "Test plant", "line-1", "zebra-1"),
        *(*serials(1), *serials(3), "fell into the machine", "approved by qa", "checked"),
        "1 encoded Their label exists, and nobody has said what became of it.",
        *(keys.spaced(fingerprint(site)), "page 1 of 1"),
    ):
        assert text in shown, text
    found = checking.check_pdf(pdf, fingerprint=fingerprint(site))
    assert found.verdict == "valid"
    numbers = ("issued", "commissioned", "unused", "difference", "state", "first", "last")
    assert [found.said[name] for name in numbers] == [
        *("3", "2", "0", "1", "released"),
        *(*serials(1), *serials(3)),
    ]


def test_code_on_the_paper_is_its_statement_and_the_only_one_that_is_read(
    sqlite_site: Site,
) -> None:
    made(sqlite_site)
    pdf = certificate(sqlite_site)
    [code] = codes(pdf)
    assert code.encode() in pdf
    found = checking.check_line(code, fingerprint=fingerprint(sqlite_site))
    assert (found.verdict, found.said["state"]) == ("valid", "closed")
    assert len(code) <= 450, "more would be hard to read"


def test_certificate_shows_figures_as_they_were_signed(site: Site) -> None:
    made(site)
    signed = reconciling.reconcile(site, 1, MK)
    do(site, "destroy", serials(1)[0])
    with site.store.read() as transaction:
        found = facts.read(site, transaction, 1)
    assert (found.figures["commissioned"], found.digest) == (3, signed["digest"])
    assert statement.read(codes(certificate(site))[0]).said["commissioned"] == "3"


def test_certificate_of_a_run_that_is_only_closed_says_so(sqlite_site: Site) -> None:
    made(sqlite_site, left=1)
    assert "Nobody has reconciled this run: its figures may still change." in words(
        certificate(sqlite_site)
    )


def test_certificate_of_a_test_run_says_so(sqlite_site: Site) -> None:
    runs.open_run(sqlite_site, order(mode=RunMode.TEST, quantity=2))
    issuing.issue_labels(sqlite_site, trigger("k1", quantity=2))
    cancel(sqlite_site, 1)
    runs.close_run(sqlite_site, 1)
    assert "TEST RUN: its serials name no product." in words(certificate(sqlite_site))


def pages(pdf: bytes) -> list[str]:
    """Return what stands on each page, the codes that a scanner reads on it in front."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for n in range(len(document)):
        read = zxingcpp.read_barcodes(document[n].render(scale=150 / 72).to_pil())
        told = document[n].get_textpage().get_text_range()
        found.append(" ".join([*(one.text[:4] for one in read), *told.split()]))
    document.close()
    return found


def test_code_that_has_a_page_of_its_own_says_which_run_it_is_of(sqlite_site: Site) -> None:
    runs.open_run(sqlite_site, order())
    for _ in range(8):
        run_steps.pause_run(sqlite_site, 1, MK)
        run_steps.resume_run(sqlite_site, 1, MK)
    runs.close_run(sqlite_site, 1)
    first, last = pages(certificate(sqlite_site))
    assert "LC1;" not in first
    for text in (
        *(
            "LC1;",
            "RUN CERTIFICATE · Test plant · RUN 1 · CLOSED",
            "How to check it",
            "page 2 of 2",
        ),
        "The code says the figures of run 1 (closed, 0 issued, difference 0)",
        keys.spaced(fingerprint(sqlite_site)),
    ):
        assert text in last, text


def test_characters_that_its_fonts_lack_are_written_by_their_numbers(site: Site) -> None:
    runs.open_run(site, order(work_order="日7"))
    runs.close_run(site, 1, operator="Zoë 林")
    shown = words(certificate(site))
    for text in (
        *("Work order \\u65E57", "Zoë \\u6797"),
        "\\uXXXX stands for a character that the fonts of this paper lack",
    ):
        assert text in shown, text


def test_certificate_that_lacks_no_character_does_not_explain_them(sqlite_site: Site) -> None:
    made(sqlite_site)
    assert "uXXXX" not in words(certificate(sqlite_site))


def test_times_stand_on_it_in_utc_and_by_the_sites_clock(site: Site) -> None:
    made(site)
    shown = words(certificate(site))
    assert "Closed 2026-11-23 12:00:00 UTC (13:00:00 CET)" in shown
    assert "Time zone Europe/Berlin" in shown


def test_certificate_of_a_run_without_units_is_made(site: Site) -> None:
    runs.open_run(site, order())
    runs.close_run(site, 1)
    shown = words(certificate(site))
    assert "First serial none Last serial none" in shown
    assert "No label: it has no unit." in shown


def test_certificate_is_made_of_closed_runs_only(site: Site) -> None:
    assert refused(lambda: certificate(site))[0] == 2003
    runs.open_run(site, order())
    assert refused(lambda: certificate(site)) == (
        6040,
        "Run 1 is open: a certificate is made of a run that is closed, reconciled or released.",
        "Close it first: labeler run close 1.",
    )


def test_record_keeps_the_digest_of_each_certificate(site: Site) -> None:
    made(site)
    pdf = certificate(site)
    expected = {
        "digest": hashlib.sha256(pdf).hexdigest(),
        "key": fingerprint(site),
        "state": "closed",
    }
    assert made_events(site) == [expected]
    making.make(site, 1, operator="qa")
    assert [one.get("operator") for one in made_events(site)] == [None, "qa"]


def test_digest_is_that_of_the_figures_as_canonical_json(site: Site) -> None:
    made(site)
    with site.store.read() as transaction:
        found = facts.read(site, transaction, 1)
    text = json.dumps(found.figures, sort_keys=True, separators=(",", ":"))
    assert found.digest == hashlib.sha256(text.encode()).hexdigest()


def test_key_is_made_once_and_only_its_owner_reads_it(sqlite_site: Site) -> None:
    path = sqlite_site.key_file.path
    assert not path.exists()
    first = fingerprint(sqlite_site)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert fingerprint(sqlite_site) == first
    assert [one.name for one in path.parent.glob("site-key*")] == ["site-key.pem"]
    path.chmod(0o640)
    assert refused(lambda: fingerprint(sqlite_site))[:2] == (
        6042,
        f"The site's key {path} may be used by others: its mode is 640.",
    )


def _key_events(site: Site) -> list[tuple[str, Any]]:
    with site.store.read() as transaction:
        rows = transaction.run_sql(
            "SELECT kind, detail FROM event "
            "WHERE kind IN ('site_key_made', 'site_key_found') ORDER BY id"
        )
    return [(kind, one if isinstance(one, dict) else json.loads(one)) for kind, one in rows]


def test_each_new_key_is_told_in_the_trail_once(site: Site, tmp_path: Path) -> None:
    first = fingerprint(site)
    assert fingerprint(site) == first
    made = [("site_key_made", {"old": None, "new": first})]
    assert _key_events(site) == made
    site.key_file.path.rename(tmp_path / "kept.pem")
    second = fingerprint(site)
    made.append(("site_key_made", {"old": first, "new": second}))
    assert _key_events(site) == made
    (tmp_path / "kept.pem").rename(site.key_file.path)
    assert fingerprint(site) == first
    made.append(("site_key_found", {"old": second, "new": first}))
    assert _key_events(site) == made


def test_a_key_whose_event_was_lost_is_told_when_it_is_used_next(site: Site) -> None:
    site.key_file.read_or_make(keys.make_pem)
    own = fingerprint(site)
    assert _key_events(site) == [("site_key_found", {"old": None, "new": own})]


def test_file_that_is_no_key_is_refused(sqlite_site: Site) -> None:
    path = sqlite_site.key_file.path
    path.parent.mkdir(exist_ok=True)
    path.write_text("not a key")
    path.chmod(0o600)
    assert refused(lambda: fingerprint(sqlite_site))[:2] == (
        6042,
        f"The site's key {path} cannot be used: it is no secret key in PEM without a password.",
    )


def test_key_that_another_process_made_meanwhile_is_taken(tmp_path: Path) -> None:
    file = store.KeyFile(tmp_path / "key.pem")

    def make() -> bytes:
        store.KeyFile(file.path).read_or_make(lambda: b"first")
        return b"second"

    assert file.read_or_make(make) == b"first"


def test_site_key_file_stands_where_config_yaml_says(tmp_path: Path) -> None:
    path = plants.write_site(tmp_path, site={"key_file": "safe/key.pem"})
    with plants.opened(path) as service:
        assert service.site.key_file.path == tmp_path / "safe/key.pem"

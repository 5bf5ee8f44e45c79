"""Exports: row for row what the record says, in every format, and no formula and no secret."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from labeler.production import runs
from labeler.production.exports import exporting, rows, sealing, sources
from labeler.production.exports.exporting import ExportOrder
from labeler.production.exports.formats import xlsx
from labeler.production.exports.rows import Wanted
from labeler.production.exports.sources import events
from labeler.production.site import ExportProgress, Site
from tests.plants import NOON, Clock, order, trigger
from tests.production import carriers
from tests.production.living import do
from tests.production.recalling import recall
from tests.production.record import issue, refused
from tests.production.verified import verify

NASTY = "=1+1", " +2", "\u00a0-3", "@x", "'tis", "a\n=b", "\ttab", "x\r\n\r@y", "0401234500000", "ü"
PLACES = "=Hall", "  @gate", "'7", "0012", "-"


@pytest.fixture
def site(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[Site]:
    """The plant of units with identifiers, and a record of nasty texts: two runs, nine units."""
    with carriers.opened(tmp_path / "site", database_url, clock=clock) as service:
        own = service.site
        runs.open_run(own, order(lot="L1"))
        found = issue(own, trigger("k1", quantity=5))
        for place, serial in zip(PLACES, found.serials, strict=True):
            do(own, "move", serial, key=f"m-{serial}", location=place)
        clock.go_on(hours=1)
        runs.open_run(own, order(line="line-2", lot="L2"))
        issue(own, trigger("k2", quantity=4, line="line-2"))
        for number, text in enumerate(NASTY):
            verify(own, text, key=f"n{number}", operator=text[0] + "mk")
        verify(own, found.serials[0], line="line-1")
        yield own


def exported(site: Site, source: str, form: str = "ndjson", **wanted: Any) -> bytes:
    """Return an export, and see that it was counted and left nothing open."""
    options = {name: wanted.pop(name) for name in ("bom", "delimiter") if name in wanted}
    given = ExportOrder(source=source, form=form, wanted=Wanted(**wanted), **options)
    export = exporting.export(site, given)
    content = b"".join(export.pieces())
    assert (export.progress.rows, site.exports) == (export.progress.total, {})
    return content


def lines(site: Site, source: str, **wanted: Any) -> list[dict[str, Any]]:
    """Return the rows of an export as JSON."""
    return [json.loads(one) for one in exported(site, source, **wanted).splitlines()]


def in_database(site: Site, source: str) -> list[dict[str, Any]]:
    """Return what the database says, read without any code of exports."""
    sql = {
        "units": "SELECT u.id, u.serial, u.state, r.product, r.lot, r.line, u.run_id AS run, "
        "u.position AS number, r.mode, r.work_order, u.allocated_at, u.location, u.owner, "
        "u.purchase_order, u.sales_order, u.invoice, u.invoice_link FROM unit u "
        "JOIN run r ON r.id = u.run_id ORDER BY u.allocated_at, u.id",
        "events": "SELECT e.id, e.at, e.kind, e.channel, e.run_id, u.run_id AS of, u.serial, "
        "e.label_id AS label, e.detail FROM event e LEFT JOIN unit u ON u.id = e.unit_id "
        "ORDER BY e.id",
        "verifications": "SELECT v.id, v.at, v.text, v.serial, v.unit_id, v.series, v.verdict, "
        "v.sentence, v.details, v.label_id AS label, v.operator, v.station, v.line, "
        "v.run_id AS run, r.product, r.lot, v.channel, v.key FROM verification v "
        "LEFT JOIN run r ON r.id = v.run_id ORDER BY v.id",
    }[source]
    with site.store.read() as transaction:
        found = transaction.connection.exec_driver_sql(sql).mappings().all()
        carried = transaction.run_sql("SELECT unit_id, name, text, scope FROM unit_identifier")
    known = []
    for row in map(dict, found):
        if source == "units":
            row["identifiers"] = {
                name: text for unit_id, name, text, scope in carried
                if unit_id == row["id"] and scope is not None
            }  # fmt: skip
        elif source == "events":
            row["run"] = row.pop("run_id") or row["of"]
            row.pop("of")
        else:
            row["issued"] = row.pop("unit_id") is not None
        known.append({name: _plain(name, value) for name, value in row.items()})
    return known


def _plain(name: str, value: Any) -> Any:
    if name in ("detail", "details") and isinstance(value, str):
        return json.loads(value)
    if name in ("at", "allocated_at"):
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value


def without_site_times(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in row.items() if not name.endswith("_site")} for row in found
    ]


@pytest.mark.parametrize("at_once", [2, rows.ROWS_AT_ONCE])
def test_an_export_is_what_the_database_says_row_for_row(
    site: Site, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", at_once)
    assert set(sources.names()) >= {"units", "events", "verifications"}
    for source in ("units", "events", "verifications"):
        expected = in_database(site, source)
        assert len(expected) > 8
        assert without_site_times(lines(site, source)) == expected, source


def test_every_format_says_the_same(site: Site) -> None:
    for source in sources.names():
        expected = lines(site, source)
        heads = rows.names(sources.load(source).columns)
        flat = [[_flat(row[name]) for name in heads] for row in expected]
        text = exported(site, source, "csv").decode("utf-8")
        table = list(csv.reader(io.StringIO(text, newline="")))
        assert table[0] == heads
        assert [[_unescaped(cell) for cell in row] for row in table[1:]] == flat, source
        sheet = openpyxl.load_workbook(io.BytesIO(exported(site, source, "xlsx"))).active
        assert sheet is not None
        cells = [[_flat(_read(cell)) for cell in row] for row in sheet.iter_rows(values_only=True)]
        assert (sheet.title, cells[0]) == (source, heads)
        assert cells[1:] == flat, source


def _flat(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def _unescaped(cell: str) -> str:
    """Take away one apostrophe that stands in front of a line, as the documents say."""
    return re.sub("(^|(?<=[\n\r]))'", "", cell)


def _read(value: Any) -> Any:
    """Return a text as it was: ECMA-376, part 1, 22.9.2.19 writes control characters as codes."""
    if not isinstance(value, str):
        return value
    return re.sub("_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), value)


def test_no_cell_is_a_formula_and_texts_stay_texts(site: Site) -> None:
    for source in sources.names():
        text = exported(site, source, "csv").decode("utf-8")
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                for line in re.split("[\n\r]", cell):
                    assert not line.lstrip(" \u00a0").startswith(tuple("=+-@\t")), cell
        book = openpyxl.load_workbook(io.BytesIO(exported(site, source, "xlsx")))
        kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert kinds <= {"s", "n", "b", "inlineStr"}
    sheet = openpyxl.load_workbook(io.BytesIO(exported(site, "units", "xlsx"))).active
    assert sheet is not None
    places = [cell.value for cell in sheet["M"][1:6]]
    assert places == list(PLACES)


def test_times_are_in_utc_and_in_the_sites_zone(site: Site) -> None:
    [first] = lines(site, "units", before=NOON + timedelta(minutes=1))[:1]
    assert first["allocated_at"] == "2026-11-23T12:00:00.000000Z"
    assert first["allocated_at_site"] == site.local(NOON).isoformat(timespec="microseconds")


def test_a_secret_is_in_no_export(site: Site) -> None:
    hidden = [text for text in carriers.secrets(site) if text]
    assert len(hidden) == 9
    for source in sources.names():
        content = exported(site, source)
        assert [text for text in hidden if text.encode() in content] == []
    identifiers = lines(site, "units")[0]["identifiers"]
    assert identifiers == carriers.FIRST


def test_filters_pick_rows_and_all_of_them_together(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(events, "UNITS_AT_ONCE", 2)
    recall(site, lots=("L2",))
    late = NOON + timedelta(minutes=30)
    wishes: dict[str, dict[str, Any]] = {
        "run": {"run": 1}, "lot": {"lot": "L2"}, "line": {"line": "line-2"},
        "product": {"product": "AC-100"}, "recall": {"recall": "R-1"},
        "recall and lot": {"recall": "R-1", "lot": "L1"}, "since": {"since": late},
        "run before": {"run": 2, "before": late}, "nothing": {"lot": "L9"},
    }  # fmt: skip
    units = {
        name: [row["id"] for row in lines(site, "units", **wanted)]
        for name, wanted in wishes.items()
    }
    first, second = [1, 2, 3, 4, 5], [6, 7, 8, 9]
    assert units == {
        "run": first, "lot": second, "line": second, "product": first + second, "recall": second,
        "recall and lot": [], "since": second, "run before": [], "nothing": [],
    }  # fmt: skip
    everything = lines(site, "events")
    for run_id in (1, 2):
        own = lines(site, "events", run=run_id)
        expected = [row for row in everything if row["run"] == run_id]
        assert sorted(own, key=lambda row: row["id"]) == expected
    assert lines(site, "events", since=late) == [
        row for row in everything if row["at"] >= "2026-11-23T12:30"
    ]
    scans = lines(site, "verifications")
    assert lines(site, "verifications", run=1) == scans[-1:]
    assert lines(site, "verifications", line="line-1") == scans[-1:]
    assert lines(site, "verifications", since=late) == scans
    assert lines(site, "verifications", before=late) == []


def test_a_filter_or_a_name_of_no_use_is_refused(site: Site) -> None:
    assert refused(partial(exported, site, "events", recall="R-1"))[:2] == (
        6021,
        (
            "The export of events has no use for recall: expected of before, line, lot, product, "
            "run, since."
        ),
    )
    number, sentence, _ = refused(partial(exported, site, "gizmos"))
    assert (number, sentence.partition(":")[0]) == (
        6020, "There is nothing called 'gizmos' to export",
    )  # fmt: skip
    assert refused(partial(exported, site, "units", "pdf"))[:2] == (
        6020,
        "There is no export as 'pdf': expected one of csv, ndjson, xlsx.",
    )
    assert refused(partial(exported, site, "units", run=9))[0] == 2003
    assert refused(partial(exported, site, "units", recall="R-9"))[0] == 6010
    assert refused(partial(exported, site, "units", since=NOON, before=NOON))[0] == 1002
    assert site.exports == {}


def test_an_export_is_one_moment_whatever_happens_meanwhile(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS_AT_ONCE", 2)
    export = exporting.export(site, ExportOrder(source="units", form="ndjson", wanted=Wanted()))
    pieces = export.pieces()
    first = next(pieces)
    issue(site, trigger("k3", quantity=3, line="line-2"))
    found = b"".join([first, *pieces]).splitlines()
    assert (len(found), export.progress.total) == (9, 9)
    assert len(lines(site, "units")) == 12


def test_one_export_too_many_is_refused_and_an_abandoned_one_lets_go(site: Site) -> None:
    wanted = ExportOrder(source="units", form="csv", wanted=Wanted())
    held = [exporting.export(site, wanted) for _ in range(exporting.EXPORTS_MAX)]
    assert refused(partial(exporting.export, site, wanted))[:2] == (
        9007,
        "4 exports are under way, as many as there may be.",
    )
    next(held[0].pieces())
    for one in held:
        one.close()
    assert site.exports == {}
    assert len(lines(site, "units")) == 9


def test_nobody_else_counts_while_an_export_takes_its_place(site: Site) -> None:
    held: list[bool] = []

    class Watched(dict[str, ExportProgress]):
        def __len__(self) -> int:
            held.append(site.exports_lock.locked())
            return super().__len__()

        def __setitem__(self, key: str, value: ExportProgress) -> None:
            held.append(site.exports_lock.locked())
            super().__setitem__(key, value)

    site.exports = Watched()
    exporting.export(site, ExportOrder(source="units", form="csv", wanted=Wanted())).close()
    assert held == [True, True]
    assert not site.exports_lock.locked()


def test_a_workbook_goes_on_in_a_second_sheet(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 5)
    book = openpyxl.load_workbook(io.BytesIO(exported(site, "units", "xlsx")))
    ids = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book]
    assert book.sheetnames == ["units", "units 2", "units 3"]
    assert ids == [["id", 1, 2, 3, 4], ["id", 5, 6, 7, 8], ["id", 9]]


def test_csv_has_a_mark_for_excel_and_another_delimiter_where_they_are_wanted(site: Site) -> None:
    content = exported(site, "units", "csv", bom=True, delimiter=";")
    assert content.startswith(b"\xef\xbb\xbfid;serial;state;")
    assert b"\r\n" in content


def test_the_last_line_says_whether_all_of_it_came(site: Site) -> None:
    given = ExportOrder(source="units", form="csv", wanted=Wanted(), end_line=True)
    content = b"".join(exporting.export(site, given).pieces())
    plain = exported(site, "units", "csv")
    end = f"\n#end rows=000000000009 sha256={hashlib.sha256(plain).hexdigest()}\n".encode()
    assert (content, len(end)) == (plain + end, sealing.SEAL_BYTES)
    for size in (1, 50, 96, 10_000):
        parts = [content[start : start + size] for start in range(0, len(content), size)]
        opening = sealing.Opening()
        assert b"".join(opening.pass_on(iter(parts))) == plain
        assert opening.rows() == 9
    changed = content.replace(b"L1", b"L3")
    for broken in (content[:-1], content[:200], plain, b"", changed):
        opening = sealing.Opening()
        list(opening.pass_on(iter([broken])))
        assert opening.rows() is None

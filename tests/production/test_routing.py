"""A line prints to a group: which member gets the labels, and what is refused."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from labeler import app
from labeler.errors import Refusal
from labeler.production import issuing, runs
from labeler.production.printing import failover, overview, spool
from labeler.production.site import PrinterState, Site
from tests import plants
from tests.plants import order, trigger
from tests.production.record import job, refused

PRINTER = plants.CONFIG["printers"]["zebra-1"]
SECOND = {**PRINTER, "uri": "tcp://127.0.0.1:10"}
FINE = {**PRINTER, "uri": "tcp://127.0.0.1:11", "dpi": 300}
SMALL = {**PRINTER, "uri": "tcp://127.0.0.1:12", "media": {"width_mm": 50, "height_mm": 40}}

Open = Callable[..., AbstractContextManager[Site]]


def group(*members: str, **said: Any) -> dict[str, Any]:
    """Return a plant whose line-1 prints to the group hall."""
    known = {"zebra-2": SECOND, "fine": FINE, "small": SMALL}
    return {
        "printers": {one: known[one] for one in members if one in known},
        "printer_groups": {"hall": {"printers": list(members), **said}},
        "lines": {"line-1": {"printer": "hall"}},
    }


@pytest.fixture
def opening(tmp_path: Path, database_url: str) -> Open:
    """Return ``opening(template, **changes)``: a plant on one database."""

    @contextmanager
    def opened(template: dict[str, Any] | None = None, **changes: Any) -> Iterator[Site]:
        path = plants.write_site(tmp_path / "site", database=database_url, **changes)
        plants.write_template(tmp_path / "site", **(template or {}))
        with plants.opened(path) as service:
            yield service.site

    return opened


def stop(site: Site, *printers: str) -> None:
    for one in printers:
        site.printer_states[one] = PrinterState(
            state="stopped", reasons=("media-empty",), sentence=f"{one} is empty.", stopped_s=0.0
        )


def issue(site: Site, count: int = 1, quantity: int = 1) -> list[str]:
    """Issue jobs on line-1; return the printer of each."""
    found = []
    for _ in range(count):
        with site.store.read() as transaction:
            done = runs.list_runs(transaction)[0]["issued"]
        reply = issuing.issue_labels(site, trigger(f"k{done}", quantity=quantity))
        assert reply.job is not None
        found.append(str(job(site, reply.job)["printer"]))
    return found


def queues(site: Site, *printers: str) -> list[list[int]]:
    """Return the ids of the labels that wait for each printer, in their order."""
    with site.store.read() as transaction:
        return [
            [one.id for one in spool.waiting(transaction, name, limit=100)] for name in printers
        ]


def test_failover_group_prints_on_its_first_member_that_is_not_stopped(opening: Open) -> None:
    with opening(**group("zebra-1", "zebra-2")) as site:
        runs.open_run(site, order())
        assert issue(site, 2) == ["zebra-1", "zebra-1"]
        stop(site, "zebra-1")
        assert issue(site, 2) == ["zebra-2", "zebra-2"]
        found = job(site, 3)
        assert (found["printer"], found["printer_group"]) == ("zebra-2", "hall")
        assert [one["printer"] for one in found["labels"]] == ["zebra-2"]
        stop(site, "zebra-2")
        assert issue(site) == ["zebra-1"]
        site.printer_states["zebra-1"] = PrinterState(state="idle")
        assert issue(site) == ["zebra-1"]


def test_round_robin_group_takes_turns_and_leaves_out_who_is_stopped(opening: Open) -> None:
    with opening(**group("zebra-1", "zebra-2", "fine", choose="round_robin")) as site:
        runs.open_run(site, order())
        assert issue(site, 6) == ["zebra-1", "zebra-2", "fine"] * 2
        stop(site, "zebra-2")
        assert issue(site, 4) == ["zebra-1", "fine"] * 2
        stop(site, "zebra-1", "fine")
        assert issue(site, 2) == ["zebra-1", "zebra-1"]


@pytest.mark.parametrize(("dpi", "expected"), [([], "zebra-1"), ([203], "zebra-1"),
                                               ([300], "fine"), ([305], "fine")])  # fmt: skip
def test_group_picks_the_member_that_the_template_is_made_for(
    opening: Open, dpi: list[int], expected: str
) -> None:
    with opening({"dpi": dpi}, **group("zebra-1", "fine")) as site:
        runs.open_run(site, order())
        assert issue(site) == [expected]


def test_group_leaves_out_members_with_smaller_stock(opening: Open) -> None:
    with opening(**group("small", "zebra-2")) as site:
        runs.open_run(site, order())
        stop(site, "zebra-2")
        assert issue(site) == ["zebra-2"]


def test_run_is_refused_where_no_member_takes_its_label(opening: Open) -> None:
    with opening({"dpi": [600]}, **group("small", "zebra-2")) as site:
        assert refused(partial(runs.open_run, site, order())) == (
            5030,
            (
                "No printer of group 'hall' takes template 'unit-label'. Template 'unit-label' is "
                "made for 600 dpi, printer 'small' has 203. Template 'unit-label' is made for 600 "
                "dpi, printer 'zebra-2' has 203."
            ),
            "Name one in the group that takes it; nothing was opened.",
        )


def test_run_is_refused_where_its_only_printer_does_not_take_its_label(opening: Open) -> None:
    hint = "Correct the template or the order; nothing was opened."
    wide = {"printers": {"zebra-1": {"media": {"width_mm": 50, "height_mm": 40}}}}
    with opening(**wide) as site:
        assert refused(partial(runs.open_run, site, order())) == (
            4001,
            "Template 'unit-label' is 70 x 40 mm, the media of printer 'zebra-1' 50 x 40 mm.",
            hint,
        )
    with opening({"dpi": [300, 600]}) as site:
        assert refused(partial(runs.open_run, site, order())) == (
            4001,
            "Template 'unit-label' is made for 300 or 600 dpi, printer 'zebra-1' has 203.",
            hint,
        )


def test_trigger_is_refused_where_config_yaml_left_no_member_that_takes_the_label(
    opening: Open,
) -> None:
    with opening(**group("zebra-1", "zebra-2")) as site:
        runs.open_run(site, order())
    with opening(**group("small")) as site:
        number, sentence, _ = refused(partial(issue, site))
        assert (number, sentence.partition(". ")[0]) == (
            5030,
            "No printer of group 'hall' takes template 'unit-label'",
        )
    with opening(**group("zebra-1", "zebra-2")) as site:
        assert issue(site) == ["zebra-1"]


def test_group_is_tried_on_each_kind_of_its_printers_before_a_run_opens(opening: Open) -> None:
    hasty = {"printers": {"hasty": {**SECOND, "speed_mm_s": 400}}}
    with opening(**plants.merged(group("zebra-1", "hasty"), hasty)) as site:
        assert refused(partial(runs.open_run, site, order())) == (
            4001,
            (
                "Printer 'hasty' of 'hall': Speed 400 mm/s is 16 inches per second: expected 1 to "
                "14 (25.4 to 355.6 mm/s); choose one that the printer has."
            ),
            "Correct the template or the order; nothing was opened.",
        )


def test_labels_that_wait_for_a_stopped_member_go_to_the_next_in_order(opening: Open) -> None:
    with opening(**group("zebra-1", "zebra-2")) as site:
        runs.open_run(site, order(line="line-2"))
        runs.open_run(site, order())
        issue(site, 3, quantity=2)
        issuing.issue_labels(site, trigger("own", line="line-2"))
        with site.store.read() as transaction:
            leaving = spool.waiting(transaction, "zebra-1", limit=1)
        spool.claim(site, [(one, "d" * 64) for one in leaving], odometer=7)
        stop(site, "zebra-1")
        assert failover.move_on(site, "hall", "zebra-1") == 5
        # 1 is on its way, 7 is of a line that prints to zebra-1 alone.
        assert queues(site, "zebra-1", "zebra-2") == [[7], [2, 3, 4, 5, 6]]
        assert [one["printer"] for one in job(site, 1)["labels"]] == ["zebra-1", "zebra-2"]
        with site.store.read() as transaction:
            assert [one.id for one in spool.unfinished(transaction, "zebra-1")] == [1]
        assert failover.move_on(site, "hall", "zebra-1") == 0
        site.printer_states["zebra-1"] = PrinterState(state="idle")
        assert issue(site) == ["zebra-1"]


def test_labels_stay_where_no_other_member_works_or_takes_them(opening: Open) -> None:
    with opening({"dpi": [203]}, **group("zebra-1", "fine", "zebra-2")) as site:
        runs.open_run(site, order())
        issue(site, 2)
        stop(site, "zebra-1", "zebra-2")
        assert failover.move_on(site, "hall", "zebra-1") == 0
        assert queues(site, "zebra-1", "fine") == [[1, 2], []]
        site.printer_states["zebra-2"] = PrinterState(state="idle")
        assert failover.move_on(site, "hall", "zebra-1") == 2
        assert queues(site, "zebra-1", "fine", "zebra-2") == [[], [], [1, 2]]


def test_thousand_labels_in_many_jobs_move_whole_and_in_order(opening: Open) -> None:
    with opening(**group("zebra-1", "zebra-2")) as site:
        runs.open_run(site, order(quantity=2000))
        issue(site, 3, quantity=400)
        issue(site, 110)
        stop(site, "zebra-1")
        assert failover.move_on(site, "hall", "zebra-1") == 1310
        with site.store.read() as transaction:
            moved = spool.waiting(transaction, "zebra-2", limit=2000)
        assert [one.id for one in moved] == list(range(1, 1311))


def test_printers_are_listed_with_their_groups(opening: Open) -> None:
    with opening(**group("zebra-1", "zebra-2")) as site, site.store.read() as transaction:
        rows = overview.printers(site, transaction)
        assert {row["name"]: row["groups"] for row in rows} == {
            "zebra-1": ["hall"],
            "archive": [],
            "zebra-2": ["hall"],
        }


@pytest.mark.parametrize(
    ("groups", "line", "key", "said"),
    [
        (
            {},
            "hall",
            "lines.line-1.printer",
            "'hall' names none of printers. Known: zebra-1, archive.",
        ),
        (
            {"hall": {"printers": ["zebra-1"]}},
            "hall-2",
            "lines.line-1.printer",
            "'hall-2' names none of printers and printer_groups. Known: zebra-1, archive, hall.",
        ),
        (
            {"hall": {"printers": ["zebra-9"]}},
            "hall",
            "printer_groups.hall.printers",
            "'zebra-9' names none of printers. Known: zebra-1, archive.",
        ),
        (
            {"hall": {"printers": ["zebra-1", "zebra-1"]}},
            "hall",
            "printer_groups.hall.printers",
            "'zebra-1' stands there twice. Name it once.",
        ),
        (
            {"zebra-1": {"printers": ["archive"]}},
            "zebra-1",
            "printer_groups.zebra-1",
            "a printer has this name, too. Give the group another one.",
        ),
        (
            {"hall": {"printers": []}},
            "hall",
            "printer_groups.hall.printers",
            "expected a list of 1 to 32 entries, got [].",
        ),
    ],
)
def test_group_that_is_wrong_is_refused_with_its_line(
    tmp_path: Path, groups: dict[str, Any], line: str, key: str, said: str
) -> None:
    changes: dict[str, Any] = {"printer_groups": groups, "lines": {"line-1": {"printer": line}}}
    path = plants.write_site(tmp_path, **changes)
    with pytest.raises(Refusal) as caught:
        app.load(path)
    place, _, sentence = caught.value.sentence.partition(": ")
    assert sentence == f"{key}: {said}"
    text = path.read_text().splitlines()[int(place.rpartition(":")[2]) - 1]
    assert text.strip().startswith(f"{key.rpartition('.')[2]}:")

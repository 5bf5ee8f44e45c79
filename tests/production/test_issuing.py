"""Issuing: one trigger, one reply, for ever."""

from functools import partial
from pathlib import Path

from labeler.errors import Refusal
from labeler.production import runs, verifying
from labeler.production.booking import Reply
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import LabelState
from tests import plants
from tests.plants import order, trigger
from tests.production.record import (
    at_once,
    issue,
    job,
    next_number,
    refusal,
    rows,
    run,
    serials,
)


def test_issue_label_gives_the_next_serial_and_a_job(site: Site) -> None:
    runs.open_run(site, order())
    found = issue(site, trigger("k1"))
    assert found == Reply(serials=(plants.FIRST,), run=1, job=1, replayed=False)
    assert run(site, 1)["issued"] == 1
    assert job(site, 1) == {
        "id": 1,
        "printer": "zebra-1",
        "run_id": 1,
        "purpose": "print",
        "state": "pending",
        "label_count": 1,
        "created_at": plants.NOON,
        "settled_at": None,
        "priority": 50,
        "hold_reason": None,
        "cancel_unsent": False,
        "retry_count": 0,
        "printer_group": None,
        "reason": None,
        "progress": {**dict.fromkeys(map(str, LabelState), 0), "queued": 1},
        "labels": [
            {
                "id": 1,
                "position": 1,
                "serial": plants.FIRST,
                "copy": 0,
                "printer": "zebra-1",
                "state": "queued",
                "sent_at": None,
                "settled_at": None,
                "digest": None,
            }
        ],
    }


def test_issue_label_records_who_asked_and_when(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger('k"1'))
    with site.store.read() as transaction:
        found = verifying.show_serial(transaction, plants.FIRST)
    assert found["events"] == [
        {
            "at": plants.NOON,
            "kind": "allocated",
            "channel": "http",
            "label": None,
            "detail": {"key": 'k"1', "serial": plants.FIRST},
        }
    ]


def test_issue_label_repeated_trigger_returns_same_serial(site: Site) -> None:
    runs.open_run(site, order())
    first = issue(site, trigger("k1", quantity=3))
    again = issue(site, trigger("k1", quantity=3))
    assert again == Reply(serials=first.serials, run=1, job=1, replayed=True)
    assert (run(site, 1)["issued"], rows(site, schema.unit)) == (3, 3)


def test_issue_label_repeated_after_the_run_closed_returns_same_serial(site: Site) -> None:
    runs.open_run(site, order())
    first = issue(site, trigger("k1"))
    runs.close_run(site, 1)
    again = issue(site, trigger("k1"))
    assert (again.serials, again.replayed) == (first.serials, True)


def test_issue_label_repeated_after_a_restart_returns_same_serial(
    tmp_path: Path, database_url: str
) -> None:
    path = plants.write_site(tmp_path / "site", database=database_url)
    with plants.opened(path) as service:
        runs.open_run(service.site, order())
        first = issue(service.site, trigger("k1"))
    with plants.opened(path) as service:
        again = issue(service.site, trigger("k1"))
        after = issue(service.site, trigger("k2"))
    assert again == Reply(serials=first.serials, run=1, job=1, replayed=True)
    assert after == Reply(serials=serials(2), run=1, job=2, replayed=False)


def test_issue_label_repeated_at_the_same_moment_is_one_label(site: Site) -> None:
    runs.open_run(site, order())
    outcomes = at_once([partial(issue, site, trigger("k1")) for _ in range(16)])
    assert {outcome.serials for outcome in outcomes} == {(plants.FIRST,)}
    assert sorted(outcome.replayed for outcome in outcomes) == [False] + [True] * 15
    assert rows(site, schema.unit) == 1


def test_issue_label_key_belongs_to_its_line_and_channel(site: Site) -> None:
    runs.open_run(site, order())
    runs.open_run(site, order(line="line-2"))
    found = [
        issue(site, trigger("k1")),
        issue(site, trigger("k1", line="line-2")),
        issue(site, trigger("k1", channel="cli")),
    ]
    assert [reply.serials for reply in found] == [serials(1), serials(2), serials(3)]
    assert [reply.replayed for reply in found] == [False] * 3


def test_issue_label_key_reused_with_other_arguments_is_refused(site: Site) -> None:
    runs.open_run(site, order())
    issue(site, trigger("k1"))
    assert refusal(site, trigger("k1", quantity=2, print=False)) == (
        1008,
        (
            "Idempotency-Key 'k1' of line 'line-1' was used with quantity=1 print=true, "
            "now with quantity=2 print=false."
        ),
        "Send the same arguments for a retry, or a new key for a new label.",
    )
    assert rows(site, schema.unit) == 1


def test_issue_label_key_reused_at_the_same_moment_is_served_once(site: Site) -> None:
    runs.open_run(site, order())
    wanted = [trigger("k1", quantity=n) for n in range(1, 9)]
    outcomes = at_once([partial(issue, site, one) for one in wanted])
    served = [one for one in outcomes if isinstance(one, Reply)]
    numbers = {one.kind.number for one in outcomes if isinstance(one, Refusal)}
    assert (len(served), numbers) == (1, {1008})
    assert rows(site, schema.unit) == len(served[0].serials)


def test_issue_label_of_an_unknown_line_is_refused(sqlite_site: Site) -> None:
    assert refusal(sqlite_site, trigger("k1", line="line-9")) == (
        2001,
        "There is no line 'line-9'.",
        "Known: line-1, line-2.",
    )


def test_issue_label_without_an_open_run_is_refused_and_the_key_stays_free(site: Site) -> None:
    assert refusal(site, trigger("k1")) == (
        2005,
        "Line 'line-1' has no open run.",
        "Open one: POST /api/v1/runs, or labeler run open.",
    )
    runs.open_run(site, order())
    assert issue(site, trigger("k1")).replayed is False


def test_issue_label_of_a_closed_run_is_refused(site: Site) -> None:
    runs.open_run(site, order())
    runs.close_run(site, 1)
    assert refusal(site, trigger("k1"))[0] == 2005


def test_issue_label_more_than_the_run_has_left_issues_nothing(site: Site) -> None:
    runs.open_run(site, order(quantity=5))
    issue(site, trigger("k1", quantity=3))
    assert refusal(site, trigger("k2", quantity=3)) == (
        2007,
        "Run 1 has 2 of 5 units left, the trigger wants 3.",
        "Ask for less, or close the run and open the next.",
    )
    assert (run(site, 1)["issued"], next_number(site)) == (3, 4)
    assert issue(site, trigger("k2", quantity=2)).serials == serials(4, 2)
    assert run(site, 1)["remaining"] == 0
    assert refusal(site, trigger("k3"))[1] == "Run 1 has 0 of 5 units left, the trigger wants 1."


def test_issue_label_at_the_same_moment_never_issues_more_than_the_run_has(site: Site) -> None:
    runs.open_run(site, order(quantity=20))
    wanted = [trigger(str(n), quantity=3) for n in range(10)]
    outcomes = at_once([partial(issue, site, one) for one in wanted])
    numbers = [one.kind.number for one in outcomes if isinstance(one, Refusal)]
    assert numbers == [2007] * 4
    assert (run(site, 1)["issued"], rows(site, schema.unit), next_number(site)) == (18, 18, 19)


def test_issue_labels_a_thousand_at_once(site: Site) -> None:
    runs.open_run(site, order(quantity=1000))
    found = issue(site, trigger("k1", quantity=1000))
    assert found == Reply(serials=serials(1, 1000), run=1, job=1, replayed=False)
    labels = job(site, 1)["labels"]
    assert [label["serial"] for label in labels] == list(found.serials)
    assert [label["position"] for label in labels] == list(range(1, 1001))


def test_issue_serials_without_labels_makes_no_job(site: Site) -> None:
    runs.open_run(site, order())
    found = issue(site, trigger("k1", print=False))
    assert found == Reply(serials=(plants.FIRST,), run=1, job=None, replayed=False)
    again = issue(site, trigger("k1", print=False))
    assert again == Reply(serials=(plants.FIRST,), run=1, job=None, replayed=True)
    assert (rows(site, schema.job), rows(site, schema.label)) == (0, 0)


def test_issue_label_of_a_line_with_an_archive_makes_a_job_for_each(
    tmp_path: Path, database_url: str
) -> None:
    path = plants.write_site(
        tmp_path / "site", database=database_url, lines={"line-1": {"archive": "archive"}}
    )
    with plants.opened(path) as service:
        runs.open_run(service.site, order())
        assert issue(service.site, trigger("k1", quantity=2)).job == 1
        jobs = [job(service.site, job_id) for job_id in (1, 2)]
    assert [(one["printer"], one["purpose"]) for one in jobs] == [
        ("zebra-1", "print"),
        ("archive", "archive"),
    ]
    found = [[label["serial"] for label in one["labels"]] for one in jobs]
    assert found == [list(serials(1, 2))] * 2


def test_issue_label_wakes_the_printers_of_its_line_once(tmp_path: Path) -> None:
    class Alarm:
        alive = True

        def __init__(self) -> None:
            self.woken: list[str] = []

        def wake(self, printer: str) -> None:
            self.woken.append(printer)

    path = plants.write_site(tmp_path, lines={"line-1": {"archive": "archive"}})
    with plants.opened(path) as service:
        service.site.spooler = alarm = Alarm()
        runs.open_run(service.site, order())
        for _ in range(2):
            issue(service.site, trigger("k1"))
        issue(service.site, trigger("k2", print=False))
        service.site.spooler = None
    assert alarm.woken == ["zebra-1", "archive"]


def test_issue_label_that_cannot_be_printed_burns_no_serial(site: Site, tmp_path: Path) -> None:
    text = {"x_mm": 4, "y_mm": 3, "size_mm": 4, "width_mm": 8, "text": "{number}"}
    # An opening run tries its first and its last label, and this is neither.
    plants.write_template(
        tmp_path / "site", elements=[{"text": {**text, "show_if": "{number} == 1000"}}]
    )
    runs.open_run(site, order(quantity=3000))
    for number in range(999):
        if number % 333 == 0:
            issue(site, trigger(f"k{number}", quantity=333, print=False))
    number, sentence, hint = refusal(site, trigger("wide"))
    assert (number, hint) == (4001, "Nothing was issued. Correct the template.")
    assert sentence.startswith("Text '1000' may become ")
    assert (next_number(site), run(site, 1)["issued"]) == (1000, 999)
    assert len(issue(site, trigger("wide", print=False)).serials) == 1


def test_issue_label_that_no_longer_fits_its_printer_is_refused(
    tmp_path: Path, database_url: str
) -> None:
    folder = tmp_path / "site"
    with plants.opened(plants.write_site(folder, database=database_url)) as service:
        runs.open_run(service.site, order())
    fast = {"zebra-1": {"speed_mm_s": 400}}
    path = plants.write_site(folder, database=database_url, printers=fast)
    with plants.opened(path) as service:
        number, sentence, _ = refusal(service.site, trigger("k1"))
        assert number == 4001
        assert sentence.startswith("Speed 400 mm/s is 16 inches per second: expected 1 to 14 ")
        assert issue(service.site, trigger("k1", print=False)).serials == serials(1)

"""The audit trail of a whole site: what it tells, what locks it, and what a restore makes of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from labeler.errors import Refusal
from labeler.production import runs
from labeler.production.printing import pausing
from labeler.production.printing.instructions import Instruction
from labeler.production.run_steps import close_run
from labeler.production.safekeeping import anchoring, auditing, unlocking
from labeler.production.safekeeping.auditing import Wish
from labeler.production.site import Site
from tests import plants
from tests.production.safekeeping import Plant, issue, refusal, unlock
from tests.store.chains import forge, reseal

BECAUSE = Instruction(reason="ribbon", operator="mk", channel="http")


@pytest.fixture
def path(tmp_path: Path, database_url: str) -> Path:
    """Return a site on each kind of database that has issued five serials, and stopped."""
    path = plants.write_site(tmp_path / "site", database=database_url)
    with plants.opened(path) as service:
        runs.open_run(service.site, plants.order(operator="ab"))
        issue(service.site, "before", 5)
        anchoring.anchor_now(service.site)
    return path


@pytest.fixture
def site(path: Path) -> Iterator[Site]:
    """Return that site, opened again."""
    with plants.opened(path) as service:
        yield service.site


def verdict(site: Site, *others: str) -> dict[str, Any]:
    """Return what a check of the trail says."""
    with site.store.read() as transaction:
        *_, last = auditing.verify(site, transaction, auditing.read_anchors(others))
    return last


def bad(site: Site, *others: str) -> tuple[str, str] | None:
    found = verdict(site, *others)["bad"]
    return None if found is None else (found["what"], found["sentence"])


def listed(site: Site, **wish: Any) -> list[dict[str, Any]]:
    """Return all rows of a wish, page by page."""
    found: list[dict[str, Any]] = []
    after = None
    while True:
        with site.store.read() as transaction:
            page = auditing.page(site, transaction, Wish(**{"limit": 3, "after": after, **wish}))
        found += page["audit"]
        after = page["next"]
        if after is None:
            return found


def test_the_trail_tells_who_when_what_old_new_and_why(site: Site) -> None:
    pausing.pause(site, "zebra-1", BECAUSE)
    close_run(site, 1, operator="mk", reason="done")
    paused, closed = listed(site, is_descending=False)[-2:]
    assert {**paused, "hash": "", "event": 0} == {
        "seq": 10, "at": plants.NOON, "at_site": "2026-11-23T13:00:00.000+01:00", "who": "mk",
        "what": "printer_paused", "of": "printer zebra-1", "old": "not paused", "new": "paused",
        "reason": "ribbon", "channel": "http", "run": None, "serial": None, "label": None,
        "detail": {"printer": "zebra-1", "from": "not paused", "to": "paused",
                   "reason": "ribbon", "operator": "mk"},
        "event": 0, "hash": "",
    }  # fmt: skip
    named = ("seq", "who", "what", "of", "old", "new", "reason")
    told = [closed[name] for name in named]
    assert told == [11, "mk", "run_closed", "run 1", "open", "closed", "done"]


def test_the_trail_is_filtered_and_paged_both_ways(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing, "SCANNED", 4)
    pausing.pause(site, "zebra-1", BECAUSE)
    newest = [row["seq"] for row in listed(site)]
    assert newest == list(range(10, 0, -1))
    assert [row["seq"] for row in listed(site, is_descending=False)] == newest[::-1]
    assert [row["what"] for row in listed(site, who="mk")] == ["printer_paused"]
    assert [row["seq"] for row in listed(site, kind="allocated")] == [9, 8, 7, 6, 5]
    assert [row["seq"] for row in listed(site, run=1)] == [9, 8, 7, 6, 5, 4]
    assert [row["seq"] for row in listed(site, serial=plants.FIRST)] == [5]
    assert [row["seq"] for row in listed(site, channel="config")] == [2, 1]
    assert listed(site, since=plants.NOON.replace(hour=13)) == []
    assert len(listed(site, before=plants.NOON.replace(hour=13))) == 10
    assert listed(site, serial="nobody's") == []


def test_a_trail_in_order_is_right_and_its_anchors_agree(site: Site) -> None:
    found = verdict(site)
    assert (found["ok"], found["rows"], found["of"], found["anchors"]) == (True, 9, 9, 1)
    head = found["head"]
    assert verdict(site, f"{head['seq']}:{head['hash']}")["anchors"] == 2


def test_what_is_no_anchor_is_refused(site: Site) -> None:
    assert refusal(lambda: verdict(site, "12:abc")) == (6030, "'12:abc' is no anchor.")


def test_a_tail_that_was_cut_locks_the_site_and_is_named(path: Path) -> None:
    with plants.opened(path) as service:
        cut = ("DELETE FROM audit_chain WHERE seq > 6", "DELETE FROM event WHERE id > 6")
        forge(service.site.store.engine, *cut)
    with plants.opened(path) as service:
        why = (
            "Nothing is issued: its audit trail ends at row 6, and row 9 was anchored; the "
            "database was restored, changed, or lost the end of its log."
        )
        assert refusal(lambda: issue(service.site, "k")) == (9010, why)
        sentence = (
            "The trail ends at row 6, and row 9 was anchored at 2026-11-23T12:00:00.000000Z: "
            "3 rows or more were cut off."
        )
        assert bad(service.site) == ("cut", sentence)
        assert refusal(lambda: anchoring.anchor_now(service.site))[0] == 9010


def test_a_tail_that_was_cut_in_another_boot_counts_the_whole_block_as_lost(path: Path) -> None:
    with plants.opened(path) as service:
        site = service.site
        assert site.store.guard is not None
        mark = site.store.guard.file
        forge(site.store.engine, "DELETE FROM audit_chain WHERE seq > 6", "DELETE FROM event "
              "WHERE id > 6")  # fmt: skip
        said = mark.read()
        assert said is not None
        mark.keep(replace(said, boot="another-boot", done=said.done - 2, limit=said.done + 100))
    for _ in ("once", "and again: nothing was noted meanwhile"):
        with plants.opened(path) as service:
            assert unlocking.state(service.site)["lost"] == 100
    with plants.opened(path) as service:
        assert unlock(service.site)["steps"] == 100


def test_a_trail_sealed_anew_locks_the_site_and_is_named(path: Path) -> None:
    with plants.opened(path) as service:
        engine = service.site.store.engine
        forge(engine, "UPDATE event SET kind = 'z' WHERE kind = 'run_opened'")
        reseal(engine)
    with plants.opened(path) as service:
        assert refusal(lambda: issue(service.site, "k"))[0] == 9010
        found = bad(service.site)
    assert found is not None
    assert found[0] == "resealed"


def test_two_people_go_on_and_the_trail_says_what_was_lost(path: Path) -> None:
    with plants.opened(path) as service:
        site, before = service.site, verdict(service.site)["head"]
        cut = ("DELETE FROM audit_chain WHERE seq > 6", "DELETE FROM event WHERE id > 6")
        forge(site.store.engine, *cut)
    for repeated in (1, 2):
        with plants.opened(path) as service:
            site = service.site
            unlock(site)
            issue(site, f"after-{repeated}")
            found = verdict(site, f"{before['seq']}:{before['hash']}")
            [told] = listed(site, kind="site_unlocked")[:1]
            assert found["bad"] is None
            assert told["seq"] in [loss["unlocked"] for loss in found["losses"]]
            assert told["detail"]["audit_lost"]["seq"] == found["losses"][-1]["until"]
            forge(site.store.engine, *cut)
    with plants.opened(path) as service:
        assert unlocking.state(service.site)["locked"] is True


def test_an_unlock_gives_up_no_row_that_the_record_has(path: Path) -> None:
    with plants.opened(path) as service:
        cut = ("DELETE FROM audit_chain WHERE seq > 6", "DELETE FROM event WHERE id > 6")
        forge(service.site.store.engine, *cut)
    with plants.opened(path) as service:
        unlock(service.site)
        [loss] = verdict(service.site)["losses"]
        assert (loss["after"], loss["until"]) == (6, 9)
        found = verdict(service.site, f"3:{'ab' * 32}")
        assert (found["ok"], found["bad"]["what"]) == (False, "resealed")
        found = verdict(service.site, f"9:{'ab' * 32}")
        assert (found["ok"], found["skipped"]) == (True, [{"seq": 9, "hash": "ab" * 32}])


def test_a_start_anchors_the_end_to_stay(site: Site) -> None:
    where = anchoring.files(site)
    assert where is not None
    issue(site, "k")
    with anchoring.Keeper(site):
        assert where.path.read_text().count("\n") == 2


def test_anchors_that_are_gone_or_changed_are_named(path: Path, site: Site) -> None:
    where = anchoring.files(site)
    assert where is not None
    lines = where.path.read_text()
    where.path.write_text(lines.replace("seq=9", "seq=8"))
    found = bad(site)
    assert found is not None
    assert found[1].endswith("lines were changed or damaged: 1.")
    where.path.unlink()
    where.head.unlink()
    assert bad(site) == (
        "anchors", f"Nothing of the trail is anchored: {where.path} is not there."
    )  # fmt: skip


def test_a_killed_service_leaves_a_trail_that_is_right(tmp_path: Path) -> None:
    plant = Plant(tmp_path / "site")
    plant.die()
    with plants.opened(plant.path) as service:
        assert verdict(service.site)["ok"] is True
        assert unlocking.state(service.site)["locked"] is False


@pytest.mark.parametrize("is_cut", [True, False])
def test_a_log_that_is_cut_or_deleted_is_named_by_the_trail_too(
    tmp_path: Path, is_cut: bool
) -> None:
    plant = Plant(tmp_path / "site")
    with plants.opened(plant.path) as service:
        kept = plant.database.read_bytes(), plant.log.read_bytes()
        issue(service.site, "k", 20)
        anchoring.anchor_now(service.site)
        whole = plant.log.read_bytes()
    plant.database.write_bytes(kept[0])
    plant.log.write_bytes(whole[: len(whole) // 2] if is_cut else b"")
    with plants.opened(plant.path) as service:
        found = bad(service.site)
    assert found is not None
    assert found[0] == "cut"


def test_the_keeper_anchors_while_the_trail_grows(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchoring, "KEEP_S", 0.001)
    where = anchoring.files(site)
    assert where is not None
    with anchoring.Keeper(site):
        issue(site, "k")
        plants.until(lambda: (newest := where.newest()) is not None and newest.seq == 10)
    with site.store.read() as transaction:
        shown = auditing.show_head(site, transaction)
    assert shown["anchored"] == {
        "seq": 10, "hash": shown["hash"], "at": "2026-11-23T12:00:00.000000Z"
    }  # fmt: skip
    assert where.path.read_text().count("\n") == 2


def test_a_refused_verb_leaves_no_row(site: Site) -> None:
    with pytest.raises(Refusal):
        pausing.resume(site, "zebra-1", BECAUSE)
    with site.store.read() as transaction:
        assert transaction.execute(text("SELECT count(*) FROM audit_chain")).scalar_one() == 9

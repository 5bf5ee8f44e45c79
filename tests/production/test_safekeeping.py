"""Nothing is issued again: a record that is behind its mark is locked, however that came."""

from dataclasses import replace
from pathlib import Path

import pytest

from labeler.production.safekeeping import anchoring, unlocking
from labeler.store.mark import read_line, write_line
from tests import plants
from tests.production.record import serials
from tests.production.safekeeping import Plant, issue, refusal, unlock
from tests.production.verified import told


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Return a plant that has issued five serials."""
    return Plant(tmp_path / "site")


def test_a_restored_backup_is_locked_from_one_serial_on_and_goes_on_above_it(plant: Plant) -> None:
    kept = plant.save()
    with plants.opened(plant.path) as service:
        lost = issue(service.site, "lost")
    plant.put_back(kept)
    assert "is behind its high-water mark" in plant.locked()
    after = plant.go_on()
    assert set(after) & {*plant.before, *lost} == set()
    with plants.opened(plant.path) as service:
        assert unlocking.state(service.site) == {
            "locked": False,
            "why": None,
            "lost": None,
            "hint": None,
        }


def test_a_serial_that_was_lost_is_not_said_to_be_never_issued(plant: Plant) -> None:
    kept = plant.save()
    with plants.opened(plant.path) as service:
        [lost] = issue(service.site, "lost")
    plant.put_back(kept)
    plant.locked()
    with plants.opened(plant.path, clock=plants.Clock()) as service:
        unlock(service.site)
        last = issue(service.site, "after")[0]
        assert told(service.site, lost) == (
            "never_issued",
            (
                f"Serial '{lost}' is well formed, but the record does not know it: it may have "
                "been issued before a part of the record was lost; so many numbers of each counter "
                "were left out when the site was unlocked, on 2026-11-23 at 12:00:00 UTC (1)."
            ),
            {"near": []},
        )
        above = serials(8)[0]
        assert serials(7)[0] == last
        assert told(service.site, above)[1] == (
            f"Serial '{above}' is well formed, but it was never issued here."
        )


def test_a_backup_restored_twice_goes_on_above_everything_of_both_times(plant: Plant) -> None:
    kept = plant.save()
    with plants.opened(plant.path) as service:
        lost = issue(service.site, "lost", 30)
    plant.put_back(kept)
    lost += plant.go_on(7)
    plant.put_back(kept)
    assert "is behind its high-water mark" in plant.locked()
    after = plant.go_on()
    assert set(after) & {*plant.before, *lost} == set()


def test_a_log_cut_in_half_locks_the_site(plant: Plant) -> None:
    acknowledged = plant.die()
    content = plant.log.read_bytes()
    plant.log.write_bytes(content[: len(content) // 2])
    assert "is behind its high-water mark" in plant.locked()
    after = plant.go_on()
    assert set(after) & {*plant.before, *acknowledged} == set()


def test_a_log_that_is_deleted_locks_the_site(plant: Plant) -> None:
    acknowledged = plant.die()
    plant.log.unlink()
    assert "is behind its high-water mark" in plant.locked()
    after = plant.go_on()
    assert set(after) & {*plant.before, *acknowledged} == set()


def test_a_database_that_is_gone_locks_the_site(plant: Plant) -> None:
    plant.database.unlink()
    with plants.opened(plant.path) as service:
        found = unlocking.state(service.site)
    assert (found["locked"], found["lost"] >= len(plant.before)) == (True, True)
    assert "is empty" in found["why"]


def test_a_mark_that_is_lost_locks_the_site_until_people_say_how_many(plant: Plant) -> None:
    plant.mark.unlink()
    assert "is missing" in plant.locked()
    with plants.opened(plant.path) as service:
        number, sentence = refusal(lambda: unlock(service.site))
        assert (number, "cannot be seen" in sentence) == (1002, True)
    after = plant.go_on(steps=100)
    assert min(after)[:12] == "AC2632700106"  # five were issued, a hundred are left out


@pytest.mark.parametrize("content", [b"", b"labeler-mark 1 site=x\n", b"\xff" * 300])
def test_a_mark_that_is_damaged_locks_the_site(plant: Plant, content: bytes) -> None:
    plant.mark.write_bytes(content)
    assert "is damaged" in plant.locked()


def test_a_mark_in_which_one_digit_was_changed_locks_the_site(plant: Plant) -> None:
    plant.mark.write_bytes(plant.mark.read_bytes().replace(b"done=0", b"done=1", 1))
    assert "is damaged" in plant.locked()


def test_the_mark_of_another_site_locks_the_site(plant: Plant, tmp_path: Path) -> None:
    plant.mark.write_bytes(Plant(tmp_path / "other").mark.read_bytes())
    assert "is about another database" in plant.locked()


def test_an_old_mark_put_back_locks_the_site(plant: Plant) -> None:
    old = plant.mark.read_bytes()
    with plants.opened(plant.path) as service:
        issue(service.site, "more", 5)
    plant.mark.write_bytes(old)
    assert "is older than the database" in plant.locked()


def test_the_right_database_put_back_opens_the_site_without_anybody(plant: Plant) -> None:
    kept = plant.save()
    with plants.opened(plant.path) as service:
        issue(service.site, "lost")
    newest = plant.database.read_bytes()
    plant.put_back(kept)
    plant.locked()
    plant.put_back(kept)
    plant.database.write_bytes(newest)
    with plants.opened(plant.path) as service:
        assert len(issue(service.site, "again")) == 1


@pytest.mark.parametrize("at", [2, 3, 4, 5])
def test_killed_between_mark_and_commit_nothing_is_lost_and_nothing_locked(
    plant: Plant, at: int
) -> None:
    acknowledged = plant.die(at=at)
    with plants.opened(plant.path) as service:
        after = issue(service.site, "after", 20)
        with service.site.store.read() as transaction:
            kept = [row[0] for row in transaction.run_sql("SELECT serial FROM unit")]
    assert len(acknowledged) == at // 2
    assert set(kept) >= {*plant.before, *acknowledged, *after}
    assert len(set(kept)) == len(kept)
    # Numbers follow one another: of the kill only its own commit is missing, or it is there.
    numbers = sorted(int(serial[7:12]) for serial in kept)
    assert numbers == list(range(1, len(kept) + 1))


def test_after_a_power_cut_the_mark_on_the_disk_still_covers_all_that_was_committed(
    plant: Plant,
) -> None:
    before = plant.mark.read_bytes()
    acknowledged = plant.die(1)
    synced = read_line(plant.mark.read_bytes())
    assert synced.limit >= read_line(before).done + len(acknowledged)
    # The notes were lost with the memory, and another boot began.
    _as_after_a_power_cut(plant, done=read_line(before).done)
    with plants.opened(plant.path) as service:
        assert len(issue(service.site, "after")) == 1


def test_a_backup_from_before_a_power_cut_goes_on_above_the_whole_block(plant: Plant) -> None:
    kept = plant.save()
    acknowledged = plant.die(20)
    _as_after_a_power_cut(plant, done=read_line(plant.mark.read_bytes()).done)
    plant.put_back(kept)
    plant.locked()
    after = plant.go_on()
    assert set(after) & {*plant.before, *acknowledged} == set()
    assert int(min(after)[7:12]) > 10_000  # who knows how much of the block was issued?


def test_a_backup_behind_a_power_cut_that_only_the_trail_sees_goes_on_above_the_whole_block(
    plant: Plant,
) -> None:
    kept, before = plant.save(), read_line(plant.mark.read_bytes())
    with plants.opened(plant.path) as service:
        lost = issue(service.site, "first")
        synced = plant.mark.read_bytes()
        lost += issue(service.site, "more", 30)
        anchoring.keep_head(service.site)
    plant.mark.write_bytes(synced)
    _as_after_a_power_cut(plant, done=before.done)
    plant.put_back(kept)
    for _ in ("once", "and again: nothing was noted meanwhile"):
        with plants.opened(plant.path) as service:
            assert unlocking.state(service.site)["lost"] == 10_001
    after = plant.go_on()
    assert set(after) & {*plant.before, *lost} == set()


def _as_after_a_power_cut(plant: Plant, *, done: int) -> None:
    said = read_line(plant.mark.read_bytes())
    cut = replace(said, boot="another-boot", done=done, begun=done)
    plant.mark.write_bytes(write_line(cut))


def test_a_clean_stop_leaves_nothing_reserved(plant: Plant) -> None:
    said = read_line(plant.mark.read_bytes())
    assert said.done == said.begun == said.limit > 0


def test_a_database_exchanged_while_the_service_runs_is_noticed(plant: Plant) -> None:
    with plants.opened(plant.path) as service:
        site = service.site
        site.store.write(
            lambda transaction: transaction.run_sql(
                "UPDATE site_setting SET value = '1' WHERE name LIKE 'mark_%'"
            )
        )
        number, sentence = refusal(lambda: issue(site, "x"))
    assert (number, "was exchanged" in sentence) == (9010, True)

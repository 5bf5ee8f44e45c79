"""A site whose record is lost in part: how tests issue, kill, cut, restore and unlock."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from labeler.errors import Refusal
from labeler.production import issuing, runs
from labeler.production.safekeeping import unlocking
from labeler.production.safekeeping.unlocking import UnlockOrder
from labeler.production.site import Site
from tests import plants
from tests.production import dying


def issue(site: Site, key: str, count: int = 1, **changes: Any) -> list[str]:
    """Issue ``count`` serials on line-1."""
    trigger = plants.trigger(key, quantity=count, **changes)
    return list(issuing.issue_labels(site, trigger).serials)


def refusal(act: Callable[[], object]) -> tuple[int, str]:
    """Return number and sentence of what ``act`` is refused with."""
    with pytest.raises(Refusal) as caught:
        act()
    return caught.value.kind.number, caught.value.sentence


def order(**changes: Any) -> UnlockOrder:
    """Return what two people decided."""
    said = {"operator": "mk", "approved_by": "ab", "reason": "backup put back"}
    return UnlockOrder(**{**said, **changes})


def unlock(site: Site, **changes: Any) -> dict[str, Any]:
    """Unlock the site."""
    return unlocking.unlock(site, order(**changes))


class Plant:
    """A site on SQLite that has issued five serials."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        """Make it, open a run and issue; the service stops in order."""
        self.path = plants.write_site(folder, **changes)
        self.database = folder / "labeler.db"
        self.log = folder / "labeler.db-wal"
        self.mark = folder / "data" / "high-water-mark"
        with plants.opened(self.path) as service:
            runs.open_run(service.site, plants.order())
            self.before = issue(service.site, "before", 5)

    def save(self) -> Path:
        """Copy the database of a service that has stopped."""
        kept = self.database.with_name("backup.db")
        shutil.copyfile(self.database, kept)
        return kept

    def put_back(self, kept: Path) -> None:
        """Restore a copy, as somebody does who knows nothing of marks."""
        self.log.unlink(missing_ok=True)
        self.database.with_name("labeler.db-shm").unlink(missing_ok=True)
        shutil.copyfile(kept, self.database)

    def die(self, count: int = 20, *, at: int = 0) -> list[str]:
        """Issue ``count`` serials in a process that is killed; return those acknowledged.

        ``at``: it dies when the mark is noted for that time, else after all of them.
        """
        said = self.database.with_name("acknowledged")
        assert dying.ended(dying.issues, self.path, said, at, count) == -9
        return [one for line in said.read_text().splitlines() for one in json.loads(line)]

    def locked(self) -> str:
        """Return why nothing is issued; fail if something is."""
        with plants.opened(self.path) as service:
            number, sentence = refusal(lambda: issue(service.site, "locked"))
        assert number == 9010
        return sentence

    def go_on(self, count: int = 50, **changes: Any) -> list[str]:
        """Unlock, and issue ``count`` serials."""
        with plants.opened(self.path) as service:
            unlock(service.site, **changes)
            return issue(service.site, "after", count)

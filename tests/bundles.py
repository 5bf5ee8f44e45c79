"""How tests are handed to the processes of ``pytest -n``: some neighbours at a time.

One by one, what it costs to hand them out grows with the square of their number, and each fixture
of a module is made by every process.
"""

from collections import Counter

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadGroupScheduling

TOGETHER = 6
"""Tests of a file that go to a process at once; fewer wait longer, more leave others idle."""


class Bundles(LoadGroupScheduling):  # type: ignore[misc]  # xdist ships no types
    """Tests of one ``xdist_group`` go to one process; others in bundles of neighbours of a file."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._bundle_of: dict[str, str] = {}
        self._count = Counter[str]()

    def _split_scope(self, nodeid: str) -> str:
        """Name what goes to a process together with a test: xdist's own place to say so."""
        found = self._bundle_of.get(nodeid)
        if found is None:
            found = super()._split_scope(nodeid)
            if found == nodeid:
                file = nodeid.partition("::")[0]
                found = f"{file} {self._count[file] // TOGETHER}"
                self._count[file] += 1
            self._bundle_of[nodeid] = found
        return found

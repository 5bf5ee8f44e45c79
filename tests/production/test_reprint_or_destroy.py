"""A label is ordered again and its unit destroyed at the same moment: one of both is refused."""

from functools import partial
from pathlib import Path
from typing import Any

from labeler.errors import Refusal
from labeler.production.lifecycle import changing
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.printing import reprinting
from labeler.production.printing.reprinting import Which
from labeler.production.site import Site
from tests import plants
from tests.production.copying import issue_printed, shown, wish
from tests.production.living import SAID, listed
from tests.production.record import at_once

UNITS = 12


def _destroy(site: Site, serial: str) -> dict[str, Any]:
    order = UnitOrder(verb="destroy", key=f"d-{serial}", said=SAID["destroy"])
    return changing.change(site, order, listed(serial))


def _reprint(site: Site, serial: str) -> dict[str, Any]:
    return reprinting.reprint(site, Which(serial=serial), wish(f"r-{serial}"))


def test_a_unit_is_destroyed_or_gets_a_copy_never_both(tmp_path: Path, postgres_url: str) -> None:
    path = plants.write_site(tmp_path / "site", database=postgres_url)
    with plants.together(path, 2) as services:
        one, two = (service.site for service in services)
        for serial in issue_printed(one, UNITS):
            works = [partial(_destroy, one, serial), partial(_reprint, two, serial)]
            found = at_once(list(works))
            numbers = [each.kind.number for each in found if isinstance(each, Refusal)]
            unit = shown(one, serial)
            states = [label["state"] for label in unit["labels"]]
            if unit["state"] == "destroyed":
                assert (numbers, states) == ([5021], ["printed"])
            else:
                # Of one unit a list is refused as such, and names its line: the label that waits.
                assert numbers in ([5022], [3026])
                assert (unit["state"], states) == ("encoded", ["printed", "queued"])

"""How the tests of check ask about a text, in a plant of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import update

from labeler.production.checking import check_text
from labeler.production.meanings import Expected
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import UnitState
from tests import plants


def check(site: Site, text: str, **expected: Any) -> dict[str, Any]:
    with site.store.read() as transaction:
        return check_text(site, transaction, text, expected=Expected(**expected))


def told(site: Site, text: str, **expected: Any) -> tuple[str, str]:
    found = check(site, text, **expected)
    return found["verdict"], found["sentence"]


def near(site: Site, text: str) -> list[tuple[str, str, int]]:
    return [(one["serial"], one["kind"], one["position"]) for one in check(site, text)["near"]]


def become(site: Site, serial: str, state: UnitState) -> None:
    """Let the unit with a serial be in a state to which no verb brings it yet."""
    unit = schema.unit
    statement = update(unit).where(unit.c.serial == serial).values(state=state)
    site.store.write(lambda transaction: transaction.execute(statement))


@contextmanager
def plant(folder: Path, **changes: Any) -> Iterator[Site]:
    with plants.opened(plants.write_site(folder / "site", **changes)) as service:
        yield service.site

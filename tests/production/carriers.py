"""A plant whose product carries two MAC addresses, an IMEI and a secret beside its serial."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from labeler import app
from labeler.production import verifying
from labeler.production.printing import spool
from labeler.production.printing.spooled import SpooledLabel
from labeler.production.site import Site
from labeler.store import schema
from labeler.units import LabelState
from tests import plants

SERIES: dict[str, Any] = {
    "controller-sn": {"pattern": "AC{counter:5}"},
    "mac-block": {"pattern": "02AB{counter:8:hex}"},
    "imei-tac": {"pattern": "35209900{counter:6}{check:imei}"},
    "unlock-code": {"pattern": "U-{random:9:crockford32}", "secret": True},
}
IDENTIFIERS = {
    "mac_1": "mac-block",
    "mac_2": "mac-block",
    "imei": "imei-tac",
    "unlock": "unlock-code",
}
OPEN = {name: series for name, series in IDENTIFIERS.items() if name != "unlock"}
"""Those that anybody may know."""
FIRST = {"mac_1": "02AB00000001", "mac_2": "02AB00000002", "imei": "352099000000014"}
"""Those of the first unit."""
SECOND = {"mac_1": "02AB00000003", "mac_2": "02AB00000004", "imei": "352099000000022"}
HIDDEN = "***********"
"""What is shown of a secret."""


def elements(*texts: str) -> list[dict[str, Any]]:
    """Return the elements of a label with these texts, one under the other."""
    return [
        {"text": {"x_mm": 2, "y_mm": 2 + 4 * place, "size_mm": 3, "text": text}}
        for place, text in enumerate(texts)
    ]


def write_site(folder: Path, *, identifiers: dict[str, str] | None = None, **changes: Any) -> Path:
    """Write the plant; its label shows the serial and all identifiers of the product."""
    named = IDENTIFIERS if identifiers is None else identifiers
    series = {**SERIES, **changes.pop("series", {})}
    products = {"AC-100": {"identifiers": named}, **changes.pop("products", {})}
    path = plants.write_site(folder, series=series, products=products, **changes)
    shown = [f"{name} {{identifiers.{name}}}" for name in named]
    plants.write_template(folder, elements=elements("SN {serial}", *shown))
    return path


@contextmanager
def opened(folder: Path, database: str | None = None, **changes: Any) -> Iterator[app.Service]:
    """Open the plant at NOON."""
    clock = changes.pop("clock", None)
    with plants.opened(write_site(folder, database=database, **changes), clock=clock) as service:
        yield service


def rewrite(path: Path, **series: Any) -> Path:
    """Change what config.yaml says of some series."""
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["series"] |= series
    path.write_text(yaml.safe_dump(settings, sort_keys=False), encoding="utf-8")
    return path


def recorded(site: Site) -> list[tuple[int, str, str | None]]:
    """Return what the record has: unit, name and text of each identifier."""
    table = schema.unit_identifier
    query = select(table.c.unit_id, table.c.name, table.c.text)
    with site.store.read() as transaction:
        rows = transaction.execute(query.order_by(table.c.unit_id, table.c.name))
        return [(row.unit_id, row.name, row.text) for row in rows]


def secrets(site: Site) -> list[str | None]:
    """Return what the record still knows of the secrets, unit by unit."""
    return [text for _, name, text in recorded(site) if name == "unlock"]


def counters(site: Site) -> dict[str, int]:
    """Return where each series stands."""
    table = schema.series_counter
    with site.store.read() as transaction:
        rows = transaction.execute(select(table.c.series, table.c.next))
        return {row.series: row.next for row in rows}


def waiting(site: Site, printer: str = "zebra-1") -> list[SpooledLabel]:
    """Return the labels that wait for a printer."""
    with site.store.read() as transaction:
        return spool.waiting(transaction, printer, limit=100)


def settle(site: Site, labels: list[SpooledLabel], state: LabelState) -> None:
    """Claim labels and settle them."""
    spool.claim(site, [(label, "d" * 64) for label in labels], odometer=1)
    spool.settle(site, labels, state, why="test")


def shown(site: Site, serial: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what anybody is shown of a unit's identifiers and secrets."""
    with site.store.read() as transaction:
        found = verifying.show_serial(transaction, serial)
    return found["identifiers"], found["secrets"]

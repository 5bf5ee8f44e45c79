"""A small plant for the tests: its config.yaml and templates in a folder, its clock handed in."""

import copy
import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from labeler import app
from labeler.production.booking import Trigger
from labeler.production.pinning import Order
from tests import newest

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""When everything happens unless a test says otherwise: day 327 of the year, 13:00 in Berlin."""

PATTERN = "AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}"
FIRST = "AC2632700001K"
"""The first serial of the plant at NOON."""

TEMPLATE: dict[str, Any] = {
    "label": "unit-label",
    "media": {"width_mm": 70, "height_mm": 40},
    "elements": [
        {"text": {"x_mm": 4, "y_mm": 3, "size_mm": 4, "text": "{product.name} {run.lot}"}},
        {"text": {"x_mm": 4, "y_mm": 9, "size_mm": 3, "text": "No {number} {date:%d.%m.%Y}"}},
        {
            "barcode": {
                "x_mm": 4,
                "y_mm": 19,
                "symbology": "code128",
                "data": "{serial}",
                "x_dimension_mm": 0.25,
                "height_mm": 11,
            }
        },
        {"text": {"x_mm": 4, "y_mm": 32, "size_mm": 4, "text": "SN {serial}"}},
    ],
}

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # in C, where PyYAML has it


_written: dict[str, str] = {}
"""What was written before, which most tests write again."""


def _yaml(data: Any) -> str:
    said = repr(data)
    if said not in _written:
        _written[said] = str(yaml.dump(data, Dumper=_DUMPER, sort_keys=False))
    return _written[said]


TEMPLATE_DIGEST = hashlib.sha256(_yaml(TEMPLATE).encode()).hexdigest()
"""SHA-256 of the file that `write_template` writes."""

CONFIG: dict[str, Any] = {
    "site": {"name": "Test plant", "timezone": "Europe/Berlin"},
    "database": {"url": "sqlite:///labeler.db"},
    "access": {"this_machine": "admin"},
    "spooler": {
        "connect_timeout_s": 2,
        "keep_connection_s": 0,  # a virtual printer serves one client at a time, and tests are some
        "write_timeout_s": 5,
        "reply_timeout_s": 2,
        "proof_timeout_s": 10,
        "retry_delay_max_s": 0.05,
    },
    "printers": {
        "zebra-1": {
            "uri": "tcp://127.0.0.1:9",
            "language": "zpl",
            "media": {"width_mm": 70, "height_mm": 40},
        },
        "archive": {
            "uri": "file:pdf/",
            "language": "pdf",
            "media": {"width_mm": 70, "height_mm": 40},
        },
    },
    "lines": {"line-1": {"printer": "zebra-1"}, "line-2": {"printer": "zebra-1"}},
    "series": {"controller-sn": {"pattern": PATTERN}},
    "products": {
        "AC-100": {
            "name": "Axis controller",
            "gtin": "04012345000009",
            "series": "controller-sn",
            "template": "unit-label",
        }
    },
}
"""Nothing listens at the printer's address: port 9 is discard's."""


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **time: float) -> None:
        self.now += timedelta(**time)


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``changes``, mapping by mapping; None takes a key out."""
    result = dict(copy.deepcopy(base))
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(result.get(key), Mapping):
            result[key] = merged(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def write_site(folder: Path, *, database: str | None = None, **changes: Any) -> Path:
    """Write the plant with ``changes`` into ``folder``; return its config.yaml.

    Where its SQLite file is not there yet, one of the newest schema is laid down: opening a site
    a thousand times would run the migrations a thousand times.
    """
    if database is not None:
        changes = {"database": {"url": database}, **changes}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "config.yaml"
    written = merged(CONFIG, changes)
    path.write_text(_yaml(written), encoding="utf-8")
    url = written["database"]["url"]
    if url.startswith("sqlite:///"):
        newest.lay_sqlite(folder / url.removeprefix("sqlite:///"))
    write_template(folder)
    return path


def write_template(folder: Path, *, name: str = "unit-label", **changes: Any) -> None:
    """Write the label template with ``changes`` into the site's folder."""
    target = folder / "templates" / f"{name}.yaml"
    target.parent.mkdir(exist_ok=True)
    text = _yaml(merged(TEMPLATE, {"label": name, **changes}))
    target.write_text(text, encoding="utf-8")


@contextmanager
def opened(
    path: Path, *, clock: Clock | None = None, shared: bool = False
) -> Iterator[app.Service]:
    """Open the site of ``path`` at NOON."""
    with app.opened(path, who="a test", shared=shared, clock=clock or Clock()) as service:
        yield service


@contextmanager
def together(path: Path, count: int) -> Iterator[list[app.Service]]:
    """Open the site several times at once, as processes on one PostgreSQL database do."""
    with ExitStack() as stack:
        yield [stack.enter_context(opened(path, shared=True)) for _ in range(count)]


def order(**changes: Any) -> Order:
    """Return an order of 300 controllers on line-1."""
    return Order(**{"product": "AC-100", "line": "line-1", "quantity": 300, **changes})


def trigger(key: str, **changes: Any) -> Trigger:
    """Return a trigger of line-1."""
    return Trigger(**{"channel": "http", "line": "line-1", "key": key, **changes})


def until(condition: Callable[[], object], *, timeout_s: float = 30.0) -> None:
    """Return as soon as ``condition`` holds; fail if it does not in time."""
    deadline = time.monotonic() + timeout_s
    pause_s = 0.002
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s:g} s"
        time.sleep(pause_s)
        pause_s = min(1.3 * pause_s, 0.01)  # to ask takes a processor from what is waited for

"""Fixtures of the spooler's tests: a virtual printer at a port of its own."""

from collections.abc import Iterator

import pytest

from printers.emulator import VirtualPrinter
from tests.quick_passwords import quick_passwords
from tests.quick_sql import quick_sql

__all__ = ["printer", "quick_passwords", "quick_sql"]


@pytest.fixture
def printer() -> Iterator[VirtualPrinter]:
    """Return a virtual printer that prints at once."""
    with VirtualPrinter(port=0) as started:
        yield started

"""Options and fixtures of the printing tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.printers.cups import Cups, running_cups

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the languages draw now as the golden labels; look at them afterwards",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Returns the golden bytes of a name, after writing them where that was asked for."""

    def remembered(name: str, found: bytes) -> bytes:
        path = GOLDEN / name
        if request.config.getoption("--update-golden", default=False):
            GOLDEN.mkdir(exist_ok=True)
            path.write_bytes(found)
        return path.read_bytes()

    return remembered


@pytest.fixture(scope="session")
def cups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cups]:
    """A print server; ask ``needs_debian("cups-daemon")`` first."""
    with running_cups(tmp_path_factory.mktemp("cups") / "site") as one:
        yield one

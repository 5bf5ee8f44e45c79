"""Errands that break off in the middle: who asked hears so, and nothing travels behind a part."""

import contextlib
import os
import pty
import threading
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labeler.production.printing.errand import Errand
from labeler.production.site import Site
from labeler.spooler.errands import BROKEN, Errands
from labeler.spooler.notices import Notice
from labeler.spooler.slips import Slip
from printers import transports
from printers.errors import TransportError
from tests.spooler.stations import station


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    """Return the near end of a serial line that takes a few hundred bytes more, and its address."""
    far, near = pty.openpty()
    tty.setraw(near)
    os.set_blocking(near, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(near, b"x" * 64)
    os.read(far, 512)
    yield near, f"serial://{os.ttyname(near)}"
    os.close(far)
    os.close(near)


def ignore(*_: object, **__: object) -> None:
    """Hear it and do nothing."""


def errands_of(site: Site, show: Callable[..., None] = ignore) -> Errands:
    notice, stopping = Notice(site, "zebra-1", tell=ignore), threading.Event()
    return Errands(site, "zebra-1", notice=notice, show=show, stopping=stopping)


def test_errand_that_breaks_off_is_doubtful_and_its_connection_is_given_up(
    tmp_path: Path, line: tuple[int, str]
) -> None:
    _, uri = line
    how = {"printer": {"proof": "none"}, "spooler": {"write_timeout_s": 0.2}}
    with station(tmp_path, uri, **how) as service:
        slip = Slip(Errand(name="test", data=b"^XA" + b"x" * 100_000 + b"^XZ", labels_out=1))
        assert slip.take()
        with (
            transports.connect(uri, timeout_s=2) as connection,
            pytest.raises(TransportError) as broke,
        ):
            errands_of(service.site).do(connection, slip)
        assert broke.value.bytes_written > 0
        found = slip.result(begin_s=0, timeout_s=0, busy=AssertionError)  # type: ignore[arg-type]
        assert (found.state, found.sentence) == ("doubtful", str(broke.value))


def test_who_asked_for_an_errand_that_breaks_the_program_hears_so_at_once(
    tmp_path: Path, line: tuple[int, str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    _, uri = line
    with station(tmp_path, uri, printer={"proof": "none"}) as service:
        slip = Slip(Errand(name="test", data=b"^XA^XZ", labels_out=1))
        assert slip.take()
        with transports.connect(uri, timeout_s=2) as connection, pytest.raises(ZeroDivisionError):
            errands_of(service.site, broken).do(connection, slip)
        found = slip.result(begin_s=0, timeout_s=0, busy=AssertionError)  # type: ignore[arg-type]
        assert (found.state, found.sentence) == ("doubtful", BROKEN)

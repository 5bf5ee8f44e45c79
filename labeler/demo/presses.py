"""Virtual printers, and what brings labels to them: the service's couriers, one after the other.

A courier sends and proves as it does in the service. Only its thread is missing, so that each thing
happens at the moment at which it is told.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from labeler.errors import BAD_CONFIG, Refusal
from labeler.production.printing import pausing, printer_history, spool
from labeler.production.printing.printer_history import Change
from labeler.production.site import Site
from labeler.spooler.asking import NotNow
from labeler.spooler.courier import Courier
from labeler.spooler.keeping import Keeper
from labeler.spooler.notices import Notice
from labeler.store import Transaction
from printers.emulator import VirtualPrinter
from printers.errors import TransportError

ROUNDS_MAX: Final = 5
"""So often a printer is served again whose connection broke off."""


@dataclass(frozen=True, kw_only=True)
class Press:
    """A printer, and who serves it."""

    printer: VirtualPrinter | None
    """None: it is a folder of documents, to which nothing can happen."""
    courier: Courier
    keeper: Keeper
    notice: Notice


class Presses:
    """All printers of a site."""

    def __init__(self, site: Site, found: dict[str, Press]) -> None:
        """Hold them by their names."""
        self._site = site
        self._found = found

    def virtual(self, name: str) -> VirtualPrinter | None:
        """Return the virtual printer of a name, to let something happen to it."""
        return self._found[name].printer

    def work(self) -> None:
        """Print what waits anywhere, as far as the printers can."""
        for name in self._found:
            for _ in range(ROUNDS_MAX):
                if self._serve(name):
                    break

    def _serve(self, name: str) -> bool:
        """Serve one printer; return whether nothing more can be done now."""
        press = self._found[name]
        with self._site.store.read() as transaction:
            pause = pausing.find(transaction, name)
            unfinished = spool.unfinished(transaction, name)
            has_waiting = spool.has_waiting(transaction, name)
        press.notice.pause(pause)
        if not unfinished and (pause is not None or not has_waiting):
            return True
        press.courier.begin()
        try:
            with press.keeper.lent() as connection:
                if unfinished:
                    press.courier.recover(connection, unfinished)
                while press.courier.carry(connection, may_go_on=lambda: True):
                    continue
        except NotNow as error:
            press.notice.show("stopped", error.reasons, sentence=str(error))
            return True
        except TransportError as error:
            press.notice.show("stopped", ("connecting-to-device",), sentence=str(error))
            return False
        press.notice.show("idle")
        return True


@contextmanager
def running(site: Site, folder: Path) -> Iterator[Presses]:
    """Run the virtual printers of a site, whose labels are kept below ``folder``."""
    stopping = threading.Event()
    with ExitStack() as stack:
        found = {}
        for name, entry in site.plant.printers.items():
            notice = Notice(site, name, tell=partial(_write, site))
            courier = Courier(site, name, stopping=stopping, show=notice.show)
            keeper = Keeper(site, name)
            printer = _start(stack, name, entry.uri, folder) if entry.emulated else None
            stack.callback(keeper.close)
            found[name] = Press(printer=printer, courier=courier, keeper=keeper, notice=notice)
        yield Presses(site, found)


def _start(stack: ExitStack, name: str, uri: str, folder: Path) -> VirtualPrinter:
    address = urlsplit(uri)
    host, port = address.hostname or "127.0.0.1", address.port or 9100
    printer = VirtualPrinter(host, port, folder=folder / "data" / "virtual" / name)
    try:
        return stack.enter_context(printer)
    except OSError as error:
        raise Refusal(
            BAD_CONFIG,
            f"The virtual printer '{name}' cannot start: {error}.",
            hint="Free that port, or choose another in printers: of config.yaml.",
        ) from error


def _write(site: Site, change: Change) -> None:
    """Write down what a printer said, at once."""
    keep = site.plant.spooler.printer_history_max

    def work(transaction: Transaction) -> None:
        printer_history.append_news(transaction, [change], keep=keep)

    site.store.write(work)

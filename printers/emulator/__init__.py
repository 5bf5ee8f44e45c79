"""A virtual ZPL printer with faults, for tests and for people without a printer.

    with VirtualPrinter(port=0) as printer:
        ...  # print to printer.uri, which is tcp://127.0.0.1:{printer.port}
        printer.fault("in label 4: media-out")
        printer.labels, printer.label_count, printer.pieces

``VirtualPrinter.on_pty()`` hangs the same machine on a serial line. Like many printers it listens
to one client at a time; others connect and wait. Formats go into a finite buffer, from which it
prints at its own pace; a full buffer stops the reading. Kept labels and the odometer survive a
restart with the same folder; the buffer and the formats that it stores (``formats.py``) do not
survive a stop. What can go wrong stands in ``faults.py``.
"""

import threading
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from printers.emulator import faults as faults_
from printers.emulator.answers import Profile
from printers.emulator.faults import Fault
from printers.emulator.lines import Line, PtyLine, TcpLine
from printers.emulator.machine import POWER_OFF_S, Machine
from printers.emulator.press import Press, PressState
from printers.emulator.receiver import Receiver
from printers.emulator.tray import Piece, Tray

__all__ = ["Fault", "Piece", "PressState", "Profile", "VirtualPrinter"]


class VirtualPrinter:
    """A printer at a TCP port. Start and stop it, or use ``with``."""

    def __init__(  # noqa: PLR0913 - what a printer is, each with a default
        self,
        host: str = "127.0.0.1",
        port: int = 9100,
        *,
        line: Line | None = None,
        baud: int | None = None,
        profile: Profile | None = None,
        folder: Path | None = None,
        book: Path | None = None,
        pictures: bool = False,
        label_time_s: float = 0.0,
        buffer_bytes: int = 262_144,
        labels_kept: int = 100_000,
        faults: Iterable[Fault] = (),
        seed: int = 0,
    ) -> None:
        """Make one that is off.

        ``line`` instead of host and port: what it hangs on. ``baud``: as slow as a serial line of
        that speed. ``folder`` keeps each label as a file, with ``pictures`` also as PNG where
        zplkit is installed; ``book`` is a file that lists all that came out. ``labels_kept``
        bounds what ``labels`` remembers. ``seed`` decides which bits are wrong in noise.
        """
        self.profile = profile or Profile()
        self._baud = baud
        self._history: deque[tuple[float, str]] = deque(maxlen=labels_kept)
        self._tray = Tray(
            folder=folder,
            book=book,
            pieces_kept=labels_kept,
            picture_dpi=self.profile.dpi if pictures else None,
        )
        self._press = Press(
            self._tray,
            label_time_s=label_time_s,
            buffer_bytes=buffer_bytes,
            counts_torn=self.profile.counts_torn,
            note=self._note,
        )
        self._machine = Machine(self._press, profile=self.profile, seed=seed, note=self._note)
        self._line = line or TcpLine(host, port)
        self._line.note = self._note
        self._receiver: Receiver | None = None
        self._thread: threading.Thread | None = None
        for fault in faults:
            self.fault(fault)

    @classmethod
    def on_pty(cls, *, link: Path | None = None, baud: int | None = None, **options: Any) -> Self:
        """A printer on a serial line: a pseudo terminal, whose device ``uri`` names.

        ``link`` is a symbolic link to it, the same after each start. Without ``baud`` it takes
        bytes as fast as they come. OSError at the start where there are no pseudo terminals.
        """
        return cls(line=PtyLine(link=link, baud=baud or 9600), baud=baud, **options)

    def start(self) -> None:
        """Listen and print. OSError if the port is taken."""
        self._line.open()
        receiver = Receiver(self._machine, baud=self._baud)
        self._press.start()
        self._receiver = receiver
        self._thread = threading.Thread(
            target=self._line.run,
            args=(receiver, self._machine),
            name="virtual printer",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        """Close the port and lose the buffer, like a printer that is switched off."""
        if self._thread is None or self._receiver is None:
            return
        self._receiver.is_stopping = True
        self._receiver.wake()
        self._press.stop()
        self._thread.join()
        self._machine.stop()
        self._receiver.close()
        self._thread = self._receiver = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def uri(self) -> str:
        """Where programs reach it, once it was started, as tcp:// or serial://."""
        return self._line.uri

    @property
    def port(self) -> int:
        """The TCP port it listens at; the real one where 0 was asked for."""
        if not isinstance(self._line, TcpLine):
            raise TypeError("A virtual printer on a serial line has no port: use its uri.")
        return self._line.port

    @property
    def labels(self) -> tuple[bytes, ...]:
        """Every format it printed whole, ^XA to ^XZ, once per copy, the oldest first."""
        return tuple(piece.data for piece in self._tray.pieces if piece.what == "label")

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All that came out: labels, torn labels, blank ones; the oldest first."""
        return self._tray.pieces

    @property
    def label_count(self) -> int:
        """The odometer: labels printed in its life."""
        return self._press.label_count

    @property
    def state(self) -> PressState:
        """What waits in it, and why it does not print."""
        return self._press.state

    @property
    def is_on(self) -> bool:
        """False in the middle of a power cycle."""
        return self._machine.is_on

    @property
    def history(self) -> list[tuple[float, str]]:
        """What happened: seconds since the epoch, and a few words."""
        return list(self._history)

    @property
    def waiting_faults(self) -> list[Fault]:
        """Faults that have not happened yet."""
        return self._machine.waiting_faults

    def fault(self, fault: Fault | str) -> None:
        """Let something go wrong, now or when its moment comes. ValueError if there is no such."""
        self._machine.add(faults_.parse(fault) if isinstance(fault, str) else fault)

    def media_out(self, *, after: int = 0) -> None:
        """Run out of media after so many more labels."""
        self.fault(Fault(kind="media-out", after=after))

    def load_media(self) -> None:
        """Put in a new roll; printing goes on."""
        self._machine.set_stop("media-out", False)

    def media_low(self, is_low: bool) -> None:
        """Warn that the roll ends soon, or no more; print on."""
        self._press.set_media_low(is_low)
        self._note("media low" if is_low else "media no longer low")

    def ribbon_out(self, *, after: int = 0) -> None:
        """Run out of ribbon after so many more labels."""
        self.fault(Fault(kind="ribbon-out", after=after))

    def load_ribbon(self) -> None:
        """Put in a new ribbon; printing goes on."""
        self._machine.set_stop("ribbon-out", False)

    def open_head(self) -> None:
        """Open the head."""
        self._machine.set_stop("head-open", True)

    def close_head(self) -> None:
        """Close it; printing goes on."""
        self._machine.set_stop("head-open", False)

    def pause(self) -> None:
        """Press the pause button."""
        self._machine.set_stop("pause", True)

    def resume(self) -> None:
        """Press it again."""
        self._machine.set_stop("pause", False)

    def feed(self, *, labels: int = 1) -> None:
        """Press the feed button: blank labels come out, and the odometer counts them."""
        self._press.feed(labels)

    def silent(self, is_silent: bool) -> None:
        """Answer no question; print all the same."""
        self._machine.set_silent(is_silent)

    def drop_connection(self, *, after_bytes: int = 0) -> None:
        """Reset the connection once after so many more bytes; those before count.

        On a serial line: hang up; the line comes back as another device.
        """
        self._machine.drop(after_bytes=after_bytes)

    def mend_line(self) -> None:
        """End XOFF and a cut cable."""
        self._machine.mend()

    def power_cycle(self, *, off_s: float = POWER_OFF_S) -> None:
        """Switch it off and on: buffer, stored formats and connection are lost."""
        self._machine.power_cycle(off_s)

    def accept_and_never_print(self, is_lost: bool) -> None:
        """Take every format, look ready, and lose it."""
        self._machine.set_discarding(is_lost)

    def _note(self, what: str) -> None:
        self._history.append((time.time(), what))

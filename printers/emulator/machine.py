"""The virtual printer without its line: what it does with what arrives, and what goes wrong."""

import math
import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from printers.emulator.answers import Profile
from printers.emulator.faults import Fault, Script, Side
from printers.emulator.formats import is_stored
from printers.emulator.parser import Command, Format, Setting
from printers.emulator.press import Press, Stop
from printers.emulator.voice import Voice, with_a_wrong_bit

_RESET = re.compile(r'do "device\.reset".*', re.IGNORECASE)
_STOPS: dict[str, Stop] = {
    "media-out": "media-out",
    "ribbon-out": "ribbon-out",
    "head-open": "head-open",
    "pause": "pause",
}
POWER_OFF_S = 0.05
"""How long it is off in a power cycle, unless somebody says how long."""


@dataclass(kw_only=True)
class Orders:
    """What is to happen to the line. Moments are of the monotonic clock, ``inf`` is for ever."""

    held_until: float = 0.0
    """It takes no more bytes until then."""
    cut_until: float = 0.0
    """Nothing passes until then, in either direction."""
    drop_after: int | None = None
    """So many more bytes, and the connection is reset."""


class Machine:
    """Answers, counts and breaks; the press prints."""

    def __init__(
        self, press: Press, *, profile: Profile, seed: int, note: Callable[[str], None]
    ) -> None:
        """``seed`` decides which bits are wrong where noise is asked for."""
        self.press = press
        self.orders = Orders()
        self.wake: Callable[[], None] = lambda: None
        self.is_on = True
        self.power_cycles = 0
        """A line that was busy all the while it was off sees by this that it was."""
        self._power = threading.Lock()
        self._note = note
        self._dice = random.Random(seed)  # noqa: S311 - chance that can be repeated
        self._voice = Voice(press, profile=profile, dice=self._dice)
        self._lock = threading.Lock()
        self._script = Script()
        self._received = 0
        self._noisy_labels = 0
        self._timers: set[threading.Timer] = set()
        press.between = self._label_printed
        press.within = self._is_torn_now
        press.has_room = self._wake_the_line

    def stop(self) -> None:
        """Forget what would have healed later."""
        with self._lock:
            timers, self._timers = self._timers, set()
        for timer in timers:
            timer.cancel()
        self.is_on = True
        self.orders = Orders()

    @property
    def waiting_faults(self) -> list[Fault]:
        """What has not happened yet."""
        with self._lock:
            return self._script.waiting

    def add(self, fault: Fault) -> None:
        """Let a fault happen when its moment comes, which may be now."""
        passed = self.press.printed
        with self._lock:
            self._script.add(fault, passed=self._received if fault.side == "line" else passed)
        self._label_printed()
        self._fire_line(inside=False)

    def take_undisturbed(self, label: Format) -> bool:
        """Take a format if nothing can go wrong with it; False: ask the rest of this class.

        Almost every label goes this way, thousands a second.
        """
        orders = self.orders
        if not (self.is_on and self._script.is_empty and self._noisy_labels == 0):
            return False
        if orders.drop_after is not None or orders.held_until or orders.cut_until:
            return False
        self._received += not is_stored(label.data)
        self.press.put(label.data)
        return True

    def take_label(self, label: Format) -> None:
        """A format has arrived; stored formats are no labels."""
        data = label.data
        if is_stored(data):
            self.press.put(data)
            return
        self._received += 1
        if self._noisy_labels > 0:
            self._noisy_labels -= 1
            data = with_a_wrong_bit(data, dice=self._dice, margin=len(b"^XA"))
        self.press.put(data)
        self._fire_line(inside=False)

    def label_begins(self, beginning: bytes) -> None:
        """A part of a format has arrived, or all of it at once."""
        if not is_stored(beginning):
            self._fire_line(inside=True)

    def answer(self, question: Command | Setting, *, is_receiving: bool) -> bytes:
        """Do what it is told, and return what it says to that, which may be nothing."""
        if isinstance(question, Setting):
            if _RESET.fullmatch(question.line):
                self.power_cycle()
        else:
            self._note(question.name)
            self._obey(question.name)
        return self._voice.answer(question, is_receiving=is_receiving)

    def _obey(self, name: str) -> None:
        match name:
            case "~JA":
                self.press.clear()
            case "~JR":
                self.power_cycle()
            case "~PP":
                self.set_stop("pause", True)
            case "~PS":
                self.set_stop("pause", False)

    def set_stop(self, stop: Stop, is_on: bool) -> None:
        """Something keeps it from printing, or no more."""
        self.press.set_stop(stop, is_on)
        self._note(stop if is_on else f"{stop} is over")

    def set_silent(self, is_silent: bool) -> None:
        """Answer no question; print all the same."""
        self._voice.is_silent = is_silent
        self._note("silent" if is_silent else "answers again")

    def set_discarding(self, is_lost: bool) -> None:
        """Take every format, look ready, and lose it."""
        self.press.set_discarding(is_lost)
        self._note("loses formats" if is_lost else "prints formats again")

    def set_slower(self, seconds: float) -> None:
        """Take so much longer for each label."""
        self.press.set_slower(seconds)
        self._note(f"prints {seconds:g} s slower" if seconds else "prints as fast as before")

    def hold(self, for_s: float | None) -> None:
        """Take no more bytes; None: until ``mend``."""
        self.orders.held_until = _end_of(for_s)
        self._note("takes no more bytes")
        self.wake()

    def cut(self, for_s: float | None) -> None:
        """Let nothing pass; None: for ever."""
        self.orders.cut_until = _end_of(for_s)
        self._note("the line is cut")
        self.wake()

    def mend(self) -> None:
        """The line works again."""
        self.orders.held_until = self.orders.cut_until = 0.0
        self._note("the line works again")
        self.wake()

    def drop(self, *, after_bytes: int) -> None:
        """Reset the connection once after so many more bytes; those before count."""
        self.orders.drop_after = after_bytes
        self._note(f"drops the connection after {after_bytes} bytes")
        self.wake()

    def power_cycle(self, off_s: float = POWER_OFF_S) -> None:
        """Switch it off, and on again after a while: only the odometer remains."""
        with self._power:
            self.is_on = False
            self.power_cycles += 1
        self.press.power_off()
        self._note("power off")
        self.wake()
        self._later(off_s, self._power_on)

    def lose_while_off(self, read: Callable[[], object]) -> None:
        """Read what nobody hears; once it is on, nothing is lost any more."""
        with self._power:
            if not self.is_on:
                read()

    def feed(self, blanks: int) -> None:
        """Press FEED."""
        self.press.feed(blanks)

    def _wake_the_line(self) -> None:
        self.wake()

    def _power_on(self) -> None:
        with self._power:
            self.orders = Orders()
            self.is_on = True
        self._note("power on")
        self.wake()

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        def at_last() -> None:
            with self._lock:
                self._timers.discard(timer)
            act()

        timer = threading.Timer(seconds, at_last)
        timer.daemon = True
        with self._lock:
            self._timers.add(timer)
        timer.start()

    def _label_printed(self) -> None:
        for fault in self._due("paper", "answers", inside=False):
            self._fire(fault)

    def _is_torn_now(self) -> bool:
        torn = self._due("paper", "answers", inside=True)
        for fault in torn:
            self._fire(fault)
        return bool(torn)

    def _fire_line(self, *, inside: bool) -> None:
        for fault in self._due("line", inside=inside):
            self._fire(fault)

    def _due(self, *sides: Side, inside: bool) -> list[Fault]:
        if self._script.is_empty:
            return []
        passed = self.press.printed
        with self._lock:
            if sides == ("line",):
                passed = self._received
            return self._script.due(*sides, passed=passed, inside=inside)

    def _fire(self, fault: Fault) -> None:
        self._note(f"fault: {fault}")
        if fault.kind in _STOPS:
            self.set_stop(_STOPS[fault.kind], True)
            self._heal(fault, lambda: self.set_stop(_STOPS[fault.kind], False))
            return
        match fault.kind:
            case "never-print":
                self.set_discarding(True)
                self._heal(fault, lambda: self.set_discarding(False))
            case "slow":
                self.set_slower(fault.amount)
                self._heal(fault, lambda: self.set_slower(0.0))
            case "silent":
                self.set_silent(True)
                self._heal(fault, lambda: self.set_silent(False))
            case "power-cycle":
                self.power_cycle(POWER_OFF_S if fault.for_s is None else fault.for_s)
            case "half-open":
                self.cut(fault.for_s)
            case "xoff":
                self.hold(fault.for_s)
            case "disconnect":
                self.drop(after_bytes=0)
            case _:
                self._count_on(fault)

    def _count_on(self, fault: Fault) -> None:
        """Faults of the next so many labels or answers."""
        number = int(fault.amount)
        match fault.kind:
            case "print-twice":
                self.press.print_twice(number)
            case "feed":
                self.press.feed(number)
            case "lose-answer":
                self._voice.lose(number)
            case "noise":
                self._voice.add_noise(number)
            case "data-noise":
                self._noisy_labels += number

    def _heal(self, fault: Fault, act: Callable[[], None]) -> None:
        if fault.for_s is not None:
            self._later(fault.for_s, act)


def _end_of(for_s: float | None) -> float:
    return math.inf if for_s is None else time.monotonic() + for_s

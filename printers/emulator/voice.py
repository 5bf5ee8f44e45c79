"""What a virtual printer answers, and what goes wrong with answers."""

import random
import re
import threading

from printers.emulator import answers
from printers.emulator.answers import Profile
from printers.emulator.parser import Command, Setting
from printers.emulator.press import Press

_GETVAR = re.compile(r'getvar "([^"]*)"', re.IGNORECASE)


class Voice:
    """Speaks for the press."""

    def __init__(self, press: Press, *, profile: Profile, dice: random.Random) -> None:
        """``dice`` decides which bits are wrong."""
        self._press = press
        self._profile = profile
        self._dice = dice
        self._lock = threading.Lock()
        self._noisy = 0
        self._lost = 0
        self.is_silent = False
        """It answers no question at all."""

    def add_noise(self, answers_: int) -> None:
        """Let so many of the next answers have one wrong bit each."""
        with self._lock:
            self._noisy += answers_

    def lose(self, answers_: int) -> None:
        """Lose so many of the next answers about the odometer."""
        with self._lock:
            self._lost += answers_

    def answer(self, question: Command | Setting, *, is_receiving: bool) -> bytes:
        """What it says to that, or nothing."""
        if isinstance(question, Command):
            said = self._to_command(question.name, is_receiving)
        else:
            said = self._to_setting(question.line)
        if not said or self.is_silent:
            return b""
        with self._lock:
            is_noisy = self._noisy > 0
            self._noisy -= is_noisy
        return with_a_wrong_bit(said, dice=self._dice) if is_noisy else said

    def _to_command(self, name: str, is_receiving: bool) -> bytes:
        state = self._press.state
        match name:
            case "~HS":
                if state.is_blocked and not self._profile.answers_when_blocked:
                    return b""
                return answers.host_status(state, is_receiving=is_receiving)
            case "~HI":
                return answers.identity(self._profile)
            case "~HQES":
                return answers.errors(state)
        return b""

    def _to_setting(self, line: str) -> bytes:
        wanted = _GETVAR.fullmatch(line)
        if not wanted:
            return b""
        name = wanted[1].lower()
        if name == answers.ODOMETER and self._is_lost():
            return b""
        return answers.variable(
            name,
            profile=self._profile,
            state=self._press.state,
            label_count=self._press.label_count,
        )

    def _is_lost(self) -> bool:
        with self._lock:
            is_lost = self._lost > 0
            self._lost -= is_lost
        return is_lost


def with_a_wrong_bit(data: bytes, *, dice: random.Random, margin: int = 0) -> bytes:
    """The data with one bit turned over, but not of the first and last so many bytes.

    >>> with_a_wrong_bit(b"^XA...^XZ", dice=random.Random(1), margin=3)
    b'^XA>..^XZ'
    """
    wrong = bytearray(data)
    if len(wrong) > 2 * margin:
        wrong[dice.randrange(margin, len(wrong) - margin)] ^= 1 << dice.randrange(7)
    return bytes(wrong)

"""The person beside the printer: heals what does not heal by itself, decides what is doubtful."""

import threading
from collections.abc import Callable, Sequence
from typing import Self

from printers.emulator import Fault, VirtualPrinter
from printers.emulator.faults import KINDS
from tests.e2e.harness import Api
from tests.faults.books import Books
from tests.faults.checker import OUT
from tests.faults.tray import by_serial, look

HEALED_AFTER_S = 0.15
"""How long a person takes."""
LOOKED_EVERY_S = 0.02

_ACTS: dict[str, Callable[[VirtualPrinter], None]] = {
    "media-out": VirtualPrinter.load_media,
    "ribbon-out": VirtualPrinter.load_ribbon,
    "head-open": VirtualPrinter.close_head,
    "pause": VirtualPrinter.resume,
    "never-print": lambda printer: printer.accept_and_never_print(False),
    "slow": lambda printer: printer.fault("slow 0"),
    "silent": lambda printer: printer.silent(False),
    "half-open": VirtualPrinter.mend_line,
    "xoff": VirtualPrinter.mend_line,
}
"""What a person does about it; a printer that is switched off comes on by itself."""


class Person:
    """Looks at the printer every now and then, in a thread of its own. Use ``with``."""

    def __init__(self, printer: VirtualPrinter, script: Sequence[Fault]) -> None:
        """Heal the faults of ``script`` that last."""
        self._printer = printer
        self._lasting = [fault for fault in script if KINDS[fault.kind].lasts and not fault.for_s]
        self._going = threading.Event()
        self._thread = threading.Thread(target=self._work, name="person", daemon=True)

    @property
    def is_done(self) -> bool:
        """Whether nothing has to be healed, now or later."""
        return not self._lasting

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._going.set()
        self._thread.join()

    def _work(self) -> None:
        while self._lasting and not self._going.wait(LOOKED_EVERY_S):
            waiting = self._printer.waiting_faults
            here = [fault for fault in self._lasting if fault not in waiting]
            if here and not self._going.wait(HEALED_AFTER_S):
                for fault in here:
                    if fault.kind in _ACTS:
                        _ACTS[fault.kind](self._printer)
                self._lasting = [fault for fault in self._lasting if fault not in here]


def decide(api: Api, books: Books) -> int:
    """Decide every doubtful label by what lies in the tray; return how many there were."""
    came_out = {serial: len(seen) for serial, seen in by_serial(look(books)).items()}
    for label in books.labels:
        if label.state in OUT:
            came_out[label.serial] = came_out.get(label.serial, 0) - 1
    doubtful = [label for label in books.labels if label.state == "doubtful"]
    for label in doubtful:
        is_there = came_out.get(label.serial, 0) > 0
        body = {
            "decision": "printed" if is_there else "print_again",
            "reason": "looked into the tray",
            "operator": "mk",
        }
        answer = api.post(f"/doubtful/{label.id}", body)
        assert answer.status_code == 200, answer.text
    return len(doubtful)

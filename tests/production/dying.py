"""What is done in a process that is killed on the way; its modules are loaded once, not for each.

A server forks the processes. It has loaded what they need, and no thread runs in it.
"""

import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__, "labeler.app", "labeler.store.backing", "tests.plants"])
_TIMEOUT_S = 60


def ended(act: Callable[..., None], *given: Any) -> int | None:
    """Do ``act`` in a process of its own; return how that ended, -9 where it was killed."""
    process = _FORKING.Process(target=act, args=given)
    process.start()
    process.join(_TIMEOUT_S)
    code = process.exitcode
    process.kill()
    process.join()
    process.close()
    return code


def die() -> None:
    """Kill this process, as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def issues(path: Path, said: Path, at: int, count: int) -> None:
    """Issue ``count`` serials and die, or when the mark is noted for the time ``at``.

    Each serial goes into ``said`` as soon as it is acknowledged, a line of JSON for each trigger.
    """
    from labeler.production import issuing
    from labeler.store.mark import MarkFile
    from tests import plants

    noted, note = 0, MarkFile.note

    def dying(self: MarkFile, mark: Any) -> None:
        nonlocal noted
        noted += 1
        note(self, mark)
        if noted == at:
            die()

    MarkFile.note = dying  # type: ignore[method-assign]
    with plants.opened(path) as service, said.open("w", buffering=1) as told:
        for number in range(count):
            trigger = plants.trigger(f"dying-{number}")
            told.write(json.dumps(issuing.issue_labels(service.site, trigger).serials) + "\n")
        die()


def restores(url: str, backup: Path, left: int) -> None:
    """Restore a backup, and die before the step ``left``; 0: in the middle of the first one."""
    from labeler.store import backing

    def dying(act: Callable[..., Any]) -> Callable[..., Any]:
        def do(*given: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                die()
            return act(*given)

        return do

    def half(source: Path, target: Path) -> None:
        content = Path(source).read_bytes()
        Path(target).write_bytes(content[: len(content) // 2])
        die()

    shutil.copyfile = dying(shutil.copyfile) if left else half  # type: ignore[assignment]
    places = ((backing, "_sync"), (backing, "_empty_log"), (os, "link"), (Path, "replace"))
    for place, name in places:
        setattr(place, name, dying(getattr(place, name)))
    backing.restore(url, backup, overwrite=True)

"""How a forked child ends: as Python does, but without freeing what it shares with its mother.

To take a hundred thousand objects apart that were loaded before the fork costs a tenth of a second
of CPU, and changes nothing for a process that is about to be gone.
"""

import atexit
import os
import sys
import threading
from collections.abc import Callable
from typing import NoReturn


def run_and_leave(main: Callable[[], object]) -> NoReturn:
    """Run a program's ``main`` and end this process with its exit code.

    An error that it does not mind, or output that nobody takes, ends it as always.
    """
    code: object = None
    try:
        main()
    except SystemExit as said:
        code = said.code
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
        code = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        sys.exit(code)  # type: ignore[arg-type]
    os._exit(code if isinstance(code, int) else 0)

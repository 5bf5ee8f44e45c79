"""Several virtual printers in one process, until SIGTERM."""

import argparse
import signal
import threading
from contextlib import ExitStack

from printers.emulator import VirtualPrinter


def main() -> None:
    """Print at each of the ports."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("ports", type=int, nargs="+")
    arguments.add_argument("--label-time", type=float, default=0.0)
    given = arguments.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with ExitStack() as stack:
        for port in given.ports:
            stack.enter_context(VirtualPrinter(port=port, label_time_s=given.label_time))
        ended.wait()


if __name__ == "__main__":
    main()

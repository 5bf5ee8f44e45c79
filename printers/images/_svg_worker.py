"""Draws one SVG file, in a process that may neither run long nor take much memory.

``python -I _svg_worker.py WIDTH HEIGHT < drawing.svg > drawing.png``; exit code 1 and a line on
standard error where resvg refuses it.
"""

import sys

import resvg_py

_CPU_S = 8
_MEMORY_BYTES = 1 << 30
_CSS_DPI = 96.0


def _limit() -> None:
    """Set the limits where the system has them; the caller's time limit holds in any case."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_CPU, _CPU_S),
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _main() -> int:
    _limit()
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=sys.stdin.buffer.read().decode(),
            width=int(sys.argv[1]),
            height=int(sys.argv[2]),
            dpi=_CSS_DPI,
            skip_system_fonts=True,
        )
    except ValueError as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    sys.stdout.buffer.write(drawn)
    return 0


if __name__ == "__main__":
    sys.exit(_main())

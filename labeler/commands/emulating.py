"""labeler printer emulate."""

import contextlib
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from printers.emulator import Fault, Piece, VirtualPrinter

_LOOK_S = 0.1
_REMEMBERED = 1000
"""Labels and events in memory; what is older was told, and lies in the folder."""
_TEXT_CHARACTERS_MAX = 72
_QUIET = ("~HS", "~HQES", "~HI")
"""Questions come too often to be shown."""


@click.command("emulate")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=9100, show_default=True)
@click.option("--pty", is_flag=True, help="Hang on a serial line instead, a pseudo terminal.")
@click.option(
    "--link",
    type=click.Path(path_type=Path),
    help="With --pty: a link to the serial line, for config.yaml.",
)
@click.option(
    "--baud",
    type=click.IntRange(300, 4_000_000),
    help="As slow as a serial line; with --pty 9600 if not said.",
)
@click.option(
    "--dpi", type=click.Choice(["152", "203", "300", "600"]), default="203", show_default=True
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep every printed label there as a file, with a picture, and a list of all.",
)
@click.option("--page", type=click.IntRange(1, 65535), help="Show it at http://127.0.0.1:PAGE/.")
@click.option("--label-time", type=float, default=0.1, show_default=True, help="Seconds a label.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="FAULT",
    help='What goes wrong, such as "after 3 labels: media-out for 5 s"; more than once. '
    '"list" shows what there is.',
)
@click.option("--seed", type=int, help="Let things go wrong by chance, for each seed the same.")
@click.option(
    "--quiet-when-blocked", is_flag=True, help="Answer no ~HS without media, ribbon or with open "
    "head, as some printers do.",
)  # fmt: skip
def emulate(
    host: str,
    port: int,
    pty: bool,
    link: Path | None,
    baud: int | None,
    dpi: str,
    folder: Path | None,
    page: int | None,
    label_time: float,
    faults: tuple[str, ...],
    seed: int | None,
    quiet_when_blocked: bool,
) -> None:
    """Be a virtual ZPL printer until Ctrl-C or SIGTERM."""
    from printers.emulator import Profile, VirtualPrinter, drawing

    if "list" in faults:
        _list_faults()
        return
    if link and not pty:
        raise click.UsageError("--link is a link to a serial line: it goes with --pty.")
    options: dict[str, Any] = {
        "profile": Profile(dpi=int(dpi), answers_when_blocked=not quiet_when_blocked),
        "folder": folder,
        "book": folder / "book.jsonl" if folder else None,
        "pictures": drawing.is_installed(),
        "label_time_s": label_time,
        "labels_kept": _REMEMBERED,
        "faults": _script(faults, seed),
        "seed": seed or 0,
    }
    if pty:
        virtual = VirtualPrinter.on_pty(link=link, baud=baud or 9600, **options)
    else:
        virtual = VirtualPrinter(host, port, baud=baud, **options)
    _run(virtual, folder, page)


def _script(texts: tuple[str, ...], seed: int | None) -> list["Fault"]:
    from printers.emulator import faults

    try:
        script = [faults.parse(text) for text in texts]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--fault") from error
    return script + list(faults.plan(seed, labels=1000) if seed is not None else ())


def _list_faults() -> None:
    from printers.emulator.faults import KINDS

    for name, kind in KINDS.items():
        forms = ["after N labels:"] + ["in label N:"] * kind.inside
        end = f" [{kind.amount}]" if kind.amount else ""
        end += " [for S s]" if kind.lasts else ""
        click.echo(f"{name + end:<38}{kind.meaning} ({', '.join(forms)})")


def _run(virtual: "VirtualPrinter", folder: Path | None, page: int | None) -> None:
    # Ended by a service manager, or begun behind `&`, it takes its link away, too: a link left
    # behind would name whatever gets that pseudo terminal next.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(virtual)
            kept = f", keeping labels in {folder}" if folder else ""
            click.echo(f"Virtual printer at {virtual.uri}{kept}. Ctrl-C ends it.")
            _show(stack, virtual, page)
            if folder or page:
                _say_whether_drawn()
            for fault in virtual.waiting_faults:
                click.echo(f"Will happen: {fault}")
            _tell(virtual)
    except OSError as error:
        raise click.ClickException(str(error.strerror or error)) from error
    except KeyboardInterrupt:
        click.echo("Ended.")


def _show(stack: contextlib.ExitStack, virtual: "VirtualPrinter", page: int | None) -> None:
    from printers.emulator.page import Page

    if page:
        shown = stack.enter_context(Page(virtual, port=page))
        click.echo(f"Look at it: {shown.address}")


def _say_whether_drawn() -> None:
    from printers.emulator import drawing

    if not drawing.is_installed():
        click.echo(drawing.MISSING)


def _tell(virtual: "VirtualPrinter") -> None:
    """Say what happens, a line each, for ever."""
    since, shown = 0.0, 0
    while True:
        news = [(at, what) for at, what in virtual.history if at > since and not _is_dull(what)]
        came = [piece for piece in virtual.pieces if piece.number > shown]
        shown = max([shown, *(piece.number for piece in came)])
        since = max([since, *(at for at, _ in news)])
        lines = [*news, *((piece.at, _line(piece)) for piece in came)]
        for at, what in sorted(lines):
            click.echo(f"{time.strftime('%H:%M:%S', time.localtime(at))}  {what}")
        time.sleep(_LOOK_S)


def _is_dull(what: str) -> bool:
    """Questions, and what the line of a label says."""
    return what in _QUIET or what.startswith(("printed label", "tore a label", "fed blank label"))


def _line(piece: "Piece") -> str:
    texts = _shortened(" | ".join(piece.texts))
    name = {"label": f"label {piece.odometer}", "torn": "torn label", "blank": "blank label"}
    return f"{name[piece.what]}  {len(piece.data)} bytes  {texts}".rstrip()


def _shortened(texts: str) -> str:
    """Leave out the middle: labels of a run begin alike, and end with the serial.

    >>> _shortened(" | ".join(["Axis controller", "AC-100  GTIN 04012345000009", "Run 1", "SN X1"]))
    'Axis controller | AC-100  GTIN 04012345000009 | Run 1 | SN X1'
    >>> _shortened("Axis controller | " + "Made in Berlin | " * 9 + "SN AC2632700042O")
    'Axis controller | Made in Berlin | M…| Made in Berlin | SN AC2632700042O'
    """
    if len(texts) <= _TEXT_CHARACTERS_MAX:
        return texts
    half = _TEXT_CHARACTERS_MAX // 2
    return f"{texts[:half]}…{texts[half + 1 - _TEXT_CHARACTERS_MAX :]}"

"""The Idempotency-Key of a command: who gives the same one again repeats it safely."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def _printable(_context: click.Context, _option: click.Parameter, key: str | None) -> str | None:
    """Refuse what no header can carry; the service says what else is wrong with a key."""
    if key is not None and not key.isascii():
        raise click.BadParameter("expected printable ASCII characters without spaces.")
    return key


def option(command: Command) -> Command:
    """Give a command --key."""
    return click.option(
        "--key",
        callback=_printable,
        help="Idempotency-Key; give the same one to repeat a command safely.",
    )(command)

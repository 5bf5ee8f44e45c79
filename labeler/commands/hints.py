"""What a refusal advises, for somebody at a command line: commands, not addresses of the API."""

import re
from typing import Final

import click

_OR_COMMAND: Final = re.compile(r"\b(?:GET|POST|PATCH) /api/v1/[^ ,]*, or (?=labeler )")
_OR_ADDRESS: Final = re.compile(r", or (?:GET|POST|PATCH) /api/v1/[^ ,]*?(?=\.?(?: |$))")
_PARAMETER: Final = re.compile(r"(?<= )\?(\w+)=(?=\S)")
_SHAPE: Final = re.compile(r"Look at /api(?: for (?:its|the) shape)?\.")


def spoken(hint: str) -> str:
    """Return a hint of the service as a command says it.

    >>> spoken("List them: GET /api/v1/runs, or labeler run list.")
    'List them: labeler run list.'
    >>> spoken("See it: labeler run show 7, or GET /api/v1/runs/7/reconciliation.")
    'See it: labeler run show 7.'
    >>> spoken("Say which: ?product=AC-100.")
    'Say which: --product AC-100.'
    >>> spoken("Look at /api for its shape.")
    'See labeler --help.'
    """
    for pattern, told in (
        (_OR_COMMAND, ""),
        (_OR_ADDRESS, ""),
        (_PARAMETER, r"--\1 "),
        (_SHAPE, f"See {_command()} --help."),
    ):
        hint = pattern.sub(told, hint)
    return hint


def _command() -> str:
    """Return the command that is at work, as it was called."""
    context = click.get_current_context(silent=True)
    words = [] if context is None else context.command_path.split()[1:]
    return " ".join(["labeler", *words])

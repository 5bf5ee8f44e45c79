"""What a command answered."""

from collections.abc import Callable

from click.testing import Result

from labeler.errors import Refusal

Run = Callable[..., Result]


def said(result: Result) -> tuple[int, str]:
    """Return exit code and output of a command that was not refused."""
    assert not isinstance(result.exception, Refusal), str(result.exception)
    return result.exit_code, result.stdout


def refusal(result: Result) -> tuple[int, str]:
    """Return number and sentence of what a command was refused with."""
    assert isinstance(result.exception, Refusal)
    return result.exception.kind.number, result.exception.sentence

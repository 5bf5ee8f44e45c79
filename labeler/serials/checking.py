"""What several check schemes need: their refusals, in the same words, and sums by column.

>>> confirm("79927398710", scheme="luhn", expected="3")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '79927398710' fails check scheme luhn: expected \
check character '3', got '0'.
"""

from collections.abc import Callable, Mapping, Sequence

from labeler.serials.errors import InvalidSerial, shown

Column = Mapping[str, int]
"""What each character adds to a sum in one column of a text."""


def require_characters(text: str, *, scheme: str, alphabet: str, check_length: int = 0) -> None:
    """Refuse a text with nothing to check, or with a character the scheme does not have.

    The last `check_length` characters are left to `confirm`.
    """
    body = text[: max(0, len(text) - check_length)]
    if not body:
        raise InvalidSerial(
            text,
            problem=f"is too short for check scheme {scheme}: expected"
            f" {check_length + 1} or more characters, got {len(text)}.",
        )
    for position, character in enumerate(body, start=1):
        if character not in alphabet:
            raise InvalidSerial(
                text,
                position=position,
                problem=f"is wrong at position {position} for check scheme {scheme}:"
                f" expected one of {alphabet}, got {shown(character)}.",
            )


def confirm(text: str, *, scheme: str, expected: str) -> str:
    """The text itself if it ends with the check characters that were expected of it."""
    if text.endswith(expected):
        return text
    word = "check character" if len(expected) == 1 else "check characters"
    raise InvalidSerial(
        text,
        position=len(text) - len(expected) + 1,
        problem=f"fails check scheme {scheme}: expected {word} {expected!r},"
        f" got {shown(text[-len(expected) :])}.",
    )


def sum_after(
    prefix: str, tail_length: int, *, repeating: Sequence[Column]
) -> Callable[[str], int]:
    """A function from a tail of that length to the column sum of `prefix + tail`.

    Columns repeat from the right end: `repeating[0]` is the rightmost one.
    """
    length = len(prefix) + tail_length
    columns = [repeating[(length - 1 - index) % len(repeating)] for index in range(length)]
    start = sum(column[character] for column, character in zip(columns, prefix, strict=False))
    tail_columns = columns[len(prefix) :]

    def total(tail: str) -> int:
        total = start
        for column, character in zip(tail_columns, tail, strict=True):
            total += column[character]
        return total

    return total

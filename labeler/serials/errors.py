"""What the serial engine refuses, each time in a whole sentence with the value that was wrong.

Positions are counted from 1, as a person at a label counts characters.

>>> str(InvalidSerial("AC1", problem="has 3 characters: expected 4."))
"Serial 'AC1' has 3 characters: expected 4."
"""

SHOWN_LENGTH_MAX = 80
"""A refused text may be anything a scanner or a network sends; sentences show its beginning."""


def shown(text: str) -> str:
    r"""The text in quotes, control characters made visible, a very long one cut.

    >>> shown("AC1"), shown("A\n"), len(shown("9" * 5000))
    ("'AC1'", "'A\\n'", 85)
    """
    cut = "" if len(text) <= SHOWN_LENGTH_MAX else "..."
    return repr(text[:SHOWN_LENGTH_MAX]) + cut


class SerialError(ValueError):
    """Any refusal of the serial engine; `str()` of it is a full sentence for a person."""


class PatternError(SerialError):
    """A series pattern that cannot be used; says where it is wrong and what to write instead."""

    def __init__(self, pattern: str, *, position: int, problem: str) -> None:
        super().__init__(f"Pattern {shown(pattern)}, character {position}: {problem}")
        self.pattern = pattern
        self.position = position

    @property
    def caret(self) -> str:
        """The pattern with a caret under the character, for a terminal or a fixed-width page.

        >>> print(PatternError("AC{count:5}", position=3, problem="No such field.").caret)
        AC{count:5}
          ^
        """
        return f"{self.pattern}\n{' ' * (self.position - 1)}^"


class InvalidSerial(SerialError):
    """A text that is not a serial of the series, or whose check character is wrong.

    `position` is the first wrong character; None where the length or the whole text is wrong.
    """

    def __init__(self, text: str, *, problem: str, position: int | None = None) -> None:
        super().__init__(f"Serial {shown(text)} {problem}")
        self.text = text
        self.position = position


class CounterExhausted(SerialError):
    """The counter needs more characters than its width has. It never wraps to its start."""

    def __init__(self, pattern: str, *, counter: int, last: int) -> None:
        super().__init__(
            f"Series {shown(pattern)} is exhausted: expected a counter of at most {last},"
            f" got {counter}; release a version of the series with a wider counter."
        )
        self.pattern = pattern
        self.counter = counter
        self.last = last

"""What identifiers refuse, in the words of the serial engine."""

from labeler.serials.errors import SerialError, shown


class InvalidIdentifier(SerialError):
    """A text that is not an identifier of its family.

    `position` is the first wrong character, counted from 1; None where the length or the whole
    text is wrong.

    >>> str(InvalidIdentifier("40063813339", kind="GTIN", problem="has 11 characters."))
    "GTIN '40063813339' has 11 characters."
    """

    def __init__(self, text: str, *, kind: str, problem: str, position: int | None = None) -> None:
        super().__init__(f"{kind} {shown(text)} {problem}")
        self.text = text
        self.kind = kind
        self.position = position

"""What is wrong with a template: the finding for whoever reads it, and the fault within a text."""

SHOWN_MAX = 100
"""Characters of a text that a sentence repeats."""


class TemplateError(ValueError):
    """A template is wrong; the message says at which line and what was expected."""


class Fault(ValueError):
    """Something is wrong within a text of a template; the sentences say what, not at which line."""

    def __init__(self, *sentences: str) -> None:
        """Keep the sentences, one for each thing that is wrong."""
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def shown(text: str) -> str:
    """Return a text as a sentence repeats it: in quotes, and not too long.

    >>> shown("SN {serial"), len(shown("x" * 5000))
    ("'SN {serial'", 102)
    """
    return repr(text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 3]}...")

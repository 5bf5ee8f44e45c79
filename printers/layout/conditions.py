"""Whether an element is drawn: ``shown`` of every element."""

from collections.abc import Mapping

from printers.label import Field, fill

Values = Mapping[str, str]


def is_shown(shown: Field | None, values: Values) -> bool:
    """Whether an element with this condition is drawn."""
    return shown is None or fill((shown,), values) != ""

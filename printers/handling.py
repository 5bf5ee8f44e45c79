"""How a printer treats the stock; a template may say it, or the settings of the printer."""

from dataclasses import dataclass, fields, replace
from typing import Literal

Tracking = Literal["gap", "mark", "continuous"]
Action = Literal["tear", "peel", "rewind", "cut"]


@dataclass(frozen=True, kw_only=True)
class Handling:
    """How stock is moved and printed. None: the label leaves it to the printer's settings."""

    tracking: Tracking | None = None
    """How the printer finds where labels begin: gap (or notch), black mark, continuous."""
    action: Action | None = None
    """What happens to a printed label."""
    speed_mm_s: float | None = None
    """How fast stock moves while it is printed."""
    darkness: int | None = None
    """In steps of the printer from -30 to 30, 0 being its own setting."""
    upside_down: bool | None = None
    """Print the label turned by 180 degrees."""
    copies: int | None = None
    """How many of each label; more than one only where nothing on it is a serial."""

    def over(self, other: "Handling") -> "Handling":
        """What this one says, and what the other one says where it says nothing."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return replace(other, **{name: value for name, value in said.items() if value is not None})

"""What a label states before its first field, so that nothing depends on an earlier job.

Settings of ZPL outlive the label that made them. Each label therefore states

- character set, orientation, mirror, reversal, width, length and home, always;
- the darkness relative to the printer's own (^MD0 where nothing is asked for), the number of
  copies, and ^JZY: a label that runs out of media is printed whole once there is media again, so
  that what the odometer counts is a label. A spoiled piece of it may be left on the old roll.

What people set at the printer stays theirs: the fine position of the print (^LT, ^LS), the own
darkness (~SD), direct thermal or transfer (^MT). Tracking, action and speed are stated where the
label or the printer's settings ask for them, and are the printer's own elsewhere.
"""

from printers.errors import Unprintable
from printers.handling import Handling
from printers.layout import MM_PER_INCH, Form

_TRACKING = {"gap": "Y", "mark": "M", "continuous": "N"}
_ACTION = {"tear": "T", "peel": "P", "rewind": "R", "cut": "C"}
_SPEED_MAX_INCHES_S = 14
_DARKNESS_MAX = 30
_COPIES_MAX = 99_999_999


def page(form: Form) -> str:
    """Orientation, size and home of a label."""
    orientation = "^POI" if form.handling.upside_down else "^PON"
    return f"{orientation}^PMN^LRN^PW{form.width}^LL{form.height}^LH0,0\n"


def media(handling: Handling) -> str:
    """A line of its own: what is done with the stock. Unprintable for what ZPL cannot say."""
    darkness = handling.darkness or 0
    if abs(darkness) > _DARKNESS_MAX:
        raise Unprintable(
            f"Darkness {darkness}: expected -{_DARKNESS_MAX} to {_DARKNESS_MAX} steps around the "
            "printer's own; choose one of these."
        )
    number = copies(handling)
    if not 1 <= number <= _COPIES_MAX:
        raise Unprintable(
            f"Labels in {number} copies: expected 1 to {_COPIES_MAX}; choose another number."
        )
    parts = ["^JZY", f"^MD{darkness}", f"^PQ{number}"]
    if handling.tracking is not None:
        parts.append(f"^MN{_TRACKING[handling.tracking]}")
    if handling.action is not None:
        parts.append(f"^MM{_ACTION[handling.action]}")
    if handling.speed_mm_s is not None:
        parts.append(f"^PR{_inches_per_s(handling.speed_mm_s)}")
    return "".join(parts) + "\n"


def copies(handling: Handling) -> int:
    """How many labels leave the printer for each that is rendered."""
    return 1 if handling.copies is None else handling.copies


def _inches_per_s(speed_mm_s: float) -> int:
    """^PR takes whole inches per second."""
    inches_s = round(speed_mm_s / MM_PER_INCH)
    if not 1 <= inches_s <= _SPEED_MAX_INCHES_S:
        raise Unprintable(
            f"Speed {speed_mm_s:g} mm/s is {inches_s} inches per second: expected 1 to "
            f"{_SPEED_MAX_INCHES_S} (25.4 to {_SPEED_MAX_INCHES_S * MM_PER_INCH:g} mm/s); choose "
            "one that the printer has."
        )
    return inches_s

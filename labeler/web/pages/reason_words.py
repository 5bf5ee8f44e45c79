"""What people call why a run is paused, and why a label is printed again."""

from labeler.web.texts import later

PAUSES = {
    "break": later("Break"),
    "material missing": later("Material missing"),
    "machine fault": later("Machine fault"),
    "shift change": later("Shift change"),
    "urgent order": later("Urgent order"),
}
"""What the record says of a run that was paused at its line -> what stands on the button."""

REASONS = {
    **PAUSES,
    "damaged": later("Damaged"),
    "unreadable": later("Unreadable"),
    "lost": later("Lost"),
    "misapplied": later("Misapplied"),
}
"""With those of `reprints.reasons` that a site has unless it names others."""

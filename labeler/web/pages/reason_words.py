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

CHANNELS = {
    "channel_http": later("over HTTP"),
    "channel_page": later("on a page"),
    "channel_spooler": later("while printing"),
    "channel_config": later("by config.yaml"),
}
"""Through what something was done."""

SETTINGS = {
    "printed": later("printed"),
    "sent": later("sent"),
    "buffered": later("in the printer's memory"),
    "verified": later("verified"),
    "by_hand": later("by hand"),
    "by_scan": later("by a scan of its label"),
    "when_printed": later("when its label is printed"),
}
"""What config.yaml says of a line."""

REASONS = {
    **PAUSES,
    "damaged": later("Damaged"),
    "unreadable": later("Unreadable"),
    "lost": later("Lost"),
    "misapplied": later("Misapplied"),
}
"""With those of `reprints.reasons` that a site has unless it names others."""

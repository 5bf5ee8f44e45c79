"""Serials longer than the string that the PLC of a line keeps for them: it would cut them off."""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding
from labeler.production.template_checks._subject import Subject
from labeler.production.testing import PREFIX

NAME = "plc_string"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each line whose PLC has too short a string for a product's serials."""
    for line, most in subject.plc_strings.items():
        for product, length in subject.serial_lengths.items():
            if length > most:
                yield Finding(
                    severity="error",
                    sentence=too_long(product, line, length=length, most=most),
                    advice=f"Write plc_string_length: {length + len(PREFIX)} or more and enlarge "
                    "the string in the PLC, or give the series a shorter pattern.",
                    about=f"{line} {product}",
                )
            elif length + len(PREFIX) > most:
                yield Finding(
                    severity="warning",
                    sentence=f"Test serials of product '{product}' have {length + len(PREFIX)} "
                    f"characters, and a string in the PLC of line '{line}' has {most}: it would "
                    "cut them off.",
                    advice=f"Enlarge it to {length + len(PREFIX)} characters, or do without test "
                    "runs there.",
                    about=f"{line} {product}",
                )


def too_long(product: str, line: str, *, length: int, most: int) -> str:
    """Return the sentence about serials that a PLC cuts off."""
    return (
        f"Serials of product '{product}' have {length} characters, and a string in the PLC of "
        f"line '{line}' has {most}: it would cut them off."
    )

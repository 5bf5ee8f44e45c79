"""Characters that no font has, and texts that the printer's own font does not draw."""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding, quoted
from labeler.production.template_checks._subject import Subject
from labeler.production.template_checks._texts import character_fault

NAME = "glyphs"


def check(subject: Subject) -> Iterator[Finding]:
    """Yield what cannot be drawn, and what is sent as dots, with its bytes."""
    for view, at in subject.each():
        why = character_fault(view, at)
        if why is not None:
            yield view.finding(
                at,
                why,
                severity="error",
                advice="Correct the text, or name such a font.",
            )
    for one in subject.graphics:
        yield Finding(
            severity="note",
            sentence=f"Text {quoted(one.text)} is not drawn by the printer's own font, and is sent "
            f"as a graphic: {one.bytes} of the {one.label_bytes} bytes of a label.",
            advice="Leave it, or write it in the characters that the printer's setting characters: "
            "names, without font:.",
            element=one.element + 1,
            box_mm=one.box_mm,
            stations=(one.station,),
            about=f"graphic {one.station}",
        )

"""Labels that are larger than the stock in a printer, lie across it, or are for another dpi.

It is an error where no line can print the product's label, and else a warning: a plant need not
make everything everywhere.
"""

from collections.abc import Iterator

from labeler.production.template_checks._findings import Finding
from labeler.production.template_checks._subject import Subject, Trial
from labeler.settings import MediaSettings
from labeler.templates import LabelTemplate

NAME = "media"
_CORRECT = "Correct the template."


def advice(template: LabelTemplate, media: MediaSettings) -> str:
    """Return what to do about such labels: those that fit across can be turned."""
    if template.width_mm <= media.width_mm and template.height_mm <= media.height_mm:
        return "Correct dpi: in the template."
    if template.height_mm <= media.width_mm and template.width_mm <= media.height_mm:
        return (
            f"The stock lies across: write media: {{width_mm: {template.height_mm:g}, height_mm: "
            f"{template.width_mm:g}}} and turn the elements with rotation: 90."
        )
    return _CORRECT


def check(subject: Subject) -> Iterator[Finding]:
    """Yield a finding for each line whose printers do not take the label."""
    for trial in subject.trials:
        if trial.media_refusal is not None:
            is_error = not is_printable(subject, trial.product)
            elsewhere = f"{trial.media_advice} Or do not make it on line '{trial.line}'."
            yield Finding(
                severity="error" if is_error else "warning",
                sentence=f"{trial.where}: {trial.media_refusal}",
                advice=trial.media_advice if is_error else elsewhere,
                about=trial.media_refusal,
            )


def is_printable(subject: Subject, product: str | None) -> bool:
    """Return whether any line can print a product's label."""
    tried: list[Trial] = [one for one in subject.trials if one.product == product]
    return any(one.media_refusal is None and one.refusal is None for one in tried)

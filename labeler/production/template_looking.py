"""A template as it is being written: its label, what is wrong with it, and where.

Somebody who types looks at it three times a second. Nothing is issued by looking, nothing is kept.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from labeler.errors import UNPRINTABLE, Refusal
from labeler.production import (
    identifying,
    remembering,
    template_checks,
    template_linting,
    template_previewing,
    verifying,
)
from labeler.production.site import Site
from labeler.production.template_drafts import Draft
from labeler.production.template_previewing import Look
from labeler.store import Transaction

PICTURE = "png"
_IDENTIFIER = "identifiers."


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What there is to see of a draft."""

    picture: bytes | None
    """A PNG of the label; None where it cannot be drawn."""
    document: bytes | None
    """The label in the language that was asked for; None where it cannot be written."""
    refusal: Refusal | None
    """Why there is no picture, or no document."""
    width_mm: float | None
    height_mm: float | None
    fields: tuple[str, ...]
    """The placeholders of the template."""
    findings: list[dict[str, Any]]
    """As `template_linting.lint` tells them."""


def look_at(site: Site, draft: Draft, look: Look, *, widest: bool = False) -> Seen:
    """Return what a draft looks like; where it is wrong that is said, and not refused.

    With ``widest`` the picture has the widest values that lint measures with, on the first printer.
    """
    try:
        template = template_linting.parsed(draft)
    except Refusal as refusal:
        found = refusal.extra["findings"]
        return Seen(picture=None, document=None, refusal=refusal, width_mm=None, height_mm=None,
                    fields=(), findings=found)  # fmt: skip
    subject = template_linting.subject_of(site, template)
    findings = [template_linting.as_dict(template, one) for one in template_checks.run(subject)]
    picture, document, refused = None, None, None
    try:
        if widest:
            picture = _widest(subject)
        else:
            picture = _drawn(site, draft, replace(look, language=PICTURE))
        if look.language not in (None, PICTURE):
            document = _drawn(site, draft, look)
    except Refusal as refusal:
        refused = refusal
    return Seen(
        picture=picture,
        document=document,
        refusal=refused,
        width_mm=template.width_mm,
        height_mm=template.height_mm,
        fields=tuple(sorted(template.sources)),
        findings=findings,
    )


def values_of_unit(
    site: Site, transaction: Transaction, serial: str, *, draft: Draft
) -> Mapping[str, str]:
    """Return what a label of this draft would show of a unit that exists; secrets are asterisks.

    Refuses an unknown serial (3001), and a draft that cannot be read (4005).
    """
    template = template_linting.parsed(draft)
    unit = verifying.find_unit(transaction, serial)
    run = site.pinned(transaction, unit.run_id)
    carried = remembering.texts_of(transaction, [unit.id]).get(unit.id, {})
    texts = identifying.masked(run, carried)
    own = {f"{_IDENTIFIER}{name}": text for name, text in texts.items() if text is not None}
    known = {name: text for name, text in run.constants.items() if name in template.sources}
    return {**known, **own, "serial": unit.serial, "number": str(unit.position)}


def _drawn(site: Site, draft: Draft, look: Look) -> bytes:
    with site.store.read() as transaction:
        return template_previewing.preview_text(site, transaction, draft.content, look=look).content


def _widest(subject: template_checks.Subject) -> bytes:
    from labeler.production import template_linting_picture  # takes long to load

    if not subject.views:
        raise Refusal(
            UNPRINTABLE,
            f"Template '{subject.template.name}' has no label that could be laid out.",
            hint="See why among what was found.",
        )
    file = io.BytesIO()
    template_linting_picture.bare(subject.views[0]).save(file, format="PNG")
    return file.getvalue()

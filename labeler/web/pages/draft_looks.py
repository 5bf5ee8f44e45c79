"""How a draft is looked at: what a page says of its label, and what it says of a test print."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from labeler.errors import Refusal
from labeler.production import template_drafts, template_editing, template_looking
from labeler.production.showing import FORMATS as LANGUAGES
from labeler.production.template_drafts import Draft
from labeler.production.template_looking import Seen
from labeler.production.template_previewing import Look
from labeler.web.api import site
from labeler.web.pages import notices
from labeler.web.shapes_engineer import LookForm
from labeler.web.texts import gettext, later

FORMATS = LANGUAGES
_READABLE = ("zpl", "tspl", "svg")
"""Languages whose documents people can read."""
_TEXT_MAX = 20_000
"""Characters of a document that a page shows."""
_OUTCOMES = {
    "printed": later("Printed: the printer's counter says so."),
    "sent": later("Sent. Whether it came out, the printer does not say."),
    "doubtful": later("Only a part of it may have arrived."),
    "done": later("Done."),
}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page shows of a draft."""

    picture: str
    """The address of the picture, which is the picture itself; empty where there is none."""
    seen: Seen
    refusal: Refusal | None
    document: str
    """The label's document, as far as people can read it."""
    counts: dict[str, int]
    """severity -> how many findings of it."""


def draft_of(name: str, form: LookForm) -> Draft:
    """Return what somebody is writing, or else what the file says; refuses (4002, 4005)."""
    draft = template_drafts.require(site(), name)
    if form.content is None:
        return draft
    content = template_editing.tidy(form.content)
    return Draft(name=name, content=content, folder=draft.folder)


def seen(draft: Draft, form: LookForm) -> Shown:
    """Look at a draft as a form says."""
    refusal, values = None, {}
    if form.values == "unit" and form.serial:
        try:
            with site().store.read() as transaction:
                values = dict(
                    template_looking.values_of_unit(site(), transaction, form.serial, draft=draft)
                )
        except Refusal as refused:
            refusal = refused
    look = Look(language=form.format, dpi=form.dpi, values=values)
    found = template_looking.look_at(site(), draft, look, widest=form.values == "widest")
    picture = b64encode(found.picture).decode() if found.picture else ""
    counted = {
        one: sum(finding["severity"] == one for finding in found.findings)
        for one in ("error", "warning", "note")
    }
    return Shown(
        picture=f"data:image/png;base64,{picture}" if picture else "",
        seen=found,
        refusal=refusal or found.refusal,
        document=_text(found.document, form.format),
        counts=counted,
    )


def _text(document: bytes | None, language: str) -> str:
    if document is None or language not in _READABLE:
        return ""
    return document.decode("utf-8", "replace")[:_TEXT_MAX]


def tell_outcome(found: dict[str, Any]) -> None:
    """Say on the next page what became of a test label."""
    tone = "ok" if found["state"] in ("printed", "done") else "warn"
    notices.tell(gettext(_OUTCOMES.get(found["state"], found["state"])), tone=tone)

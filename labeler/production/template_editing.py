"""A template's file as people change it in a browser: written whole, or refused if it moved on.

The file is the draft, which an editor on the computer may change as well. So whoever saves says
which text he began with, and is refused where the file says another one by now.
"""

import hashlib
import re
from threading import Lock

from labeler.errors import BAD_VALUE, DRAFT_CHANGED, Refusal
from labeler.production import events, template_copying, template_drafts
from labeler.production.events import Cause
from labeler.production.site import Site
from labeler.production.template_drafts import CONTENT_MAX_BYTES, NAME, Draft
from labeler.production.template_releases import Statement

DESIGN_MAX_BYTES = 1024 * 1024
"""Largest design that is taken in: what a template may show at most."""
_DESIGN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\.(zpl|prn)", re.IGNORECASE)
_saving = Lock()
"""Two who save in this process do so one after the other; another program's edit is compared."""


def digest(content: str) -> str:
    """Return what tells a text from every other: its SHA-256.

    >>> digest("label: a")[:8]
    '71ee1d30'
    """
    return hashlib.sha256(content.encode()).hexdigest()


def save(site: Site, name: str, content: str, *, began: str, said: Statement) -> Draft:
    """Write the draft's file; return the draft. Faults are no reason to refuse: it is a draft.

    ``began`` is the digest of the text that somebody began to change. Refuses an unknown template
    (4002), a file that says something else by now (4009), and a text that is too long (1002).
    """
    text = tidy(content)
    size = len(text.encode())
    if size > CONTENT_MAX_BYTES:
        raise Refusal(
            BAD_VALUE,
            f"Template '{name}' would have {size} bytes, expected {CONTENT_MAX_BYTES} at most.",
            hint="Nothing was saved. Take something out.",
        )
    with _saving:
        before = template_drafts.require(site, name)
        if digest(before.content) != began:
            raise Refusal(
                DRAFT_CHANGED,
                f"The file of template '{name}' was changed by somebody else meanwhile.",
                hint="Nothing was saved. Copy your text, load the page again, and put it in there.",
            )
        if text == before.content:
            return before
        _write(site, f"{name}.yaml", text.encode())
    _note(site, name, said, old=began, new=digest(text))
    return template_drafts.require(site, name)


def begin(site: Site, name: str, *, source: str, said: Statement) -> Draft:
    """Make a template that begins as a copy of another one.

    Refuses a name that no template may have, or that has a file (1002), and an unknown source
    (4002).
    """
    _require_new(site, name)
    copied = template_drafts.require(site, source).content
    text = template_copying.renamed(copied, source, to=name)
    _write(site, f"{name}.yaml", text.encode())
    _note(site, name, said, old=None, new=digest(text))
    return template_drafts.require(site, name)


def bring(site: Site, name: str, design: bytes, *, file: str, said: Statement) -> Draft:
    """Make a template around an existing design in ZPL, whose file is put beside it.

    What is wrong with the design is said by lint, line by line. Refuses a name that no template may
    have or that has a file, what is called otherwise than a design, and one too large (1002).
    """
    _require_new(site, name)
    if not _DESIGN.fullmatch(file):
        raise Refusal(
            BAD_VALUE,
            f"'{file}' is no name of a design: expected letters, digits, '_', '-' or '.', and "
            ".zpl or .prn at the end.",
            hint="Save the design to a file with such a name.",
        )
    if not design or len(design) > DESIGN_MAX_BYTES:
        raise Refusal(
            BAD_VALUE,
            f"'{file}' has {len(design)} bytes, expected 1 to {DESIGN_MAX_BYTES}.",
            hint="Print the label to a file, and bring that.",
        )
    kept = f"{name}{file[-4:].lower()}"
    text = _AROUND.format(name=name, file=kept)
    _write(site, kept, design)
    _write(site, f"{name}.yaml", text.encode())
    _note(site, name, said, old=None, new=digest(text))
    return template_drafts.require(site, name)


_AROUND = """\
# A design that was drawn elsewhere. Correct the size of the label and the dpi of the design,
# and say under fields: what stands in its fields; see docs/designs.md.
label: {name}
media: {{width_mm: 70, height_mm: 40}}
elements:
  - design:
      file: {file}
      dpi: 203
"""


def tidy(content: str) -> str:
    r"""Return a text as files have it: forms of browsers end lines as telegraphs did.

    >>> tidy("label: a\r\nmedia: {}")
    'label: a\nmedia: {}\n'
    """
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.endswith("\n") else f"{text}\n"


def _require_new(site: Site, name: str) -> None:
    if not NAME.fullmatch(name):
        raise Refusal(
            BAD_VALUE,
            f"'{name}' is no name of a template: expected 1 to 64 letters, digits, '_', '.', '-', "
            "a letter or digit first.",
            hint="Choose another name.",
        )
    if name in template_drafts.names(site):
        raise Refusal(BAD_VALUE, f"Template '{name}' exists already.", hint="Choose another name.")


def _write(site: Site, file: str, content: bytes) -> None:
    """Write a file of the folder; refuse (1002) where the folder cannot be written."""
    try:
        site.plant.folder.write(file, content)
    except OSError as error:
        raise Refusal(
            BAD_VALUE,
            f"The file {file} cannot be written: {error.strerror or error}.",
            hint="Nothing was saved. The service needs to write into the folder of the templates.",
        ) from error


def _note(site: Site, name: str, said: Statement, *, old: str | None, new: str) -> None:
    """Let the audit trail say whose edit it was."""
    detail = {"template": name, "operator": said.by, "old": old and old[:12], "new": new[:12]}
    cause = Cause(channel=said.channel, detail=detail)
    site.store.write(
        lambda transaction: events.record(
            transaction, "template_saved", at=site.clock(), cause=cause
        )
    )

"""What differs between labels of two versions of a template, as a picture: dot by dot."""

import io
from dataclasses import replace

from labeler.production import template_previewing
from labeler.production.showing import Document
from labeler.production.site import Site
from labeler.production.template_previewing import Look
from labeler.store import Transaction


def difference(
    site: Site, transaction: Transaction, name: str, *, old: Look, new: Look
) -> Document:
    """Return a PNG of two labels, and of the dots that differ in red.

    Refuses what `template_previewing.preview` refuses.
    """
    from PIL import Image

    from printers import comparing  # takes long to load, and few commands draw a label

    drawn, titles = [], []
    for look in (old, new):
        wanted = replace(look, language="png")
        document = template_previewing.preview(site, transaction, name, look=wanted)
        drawn.append(Image.open(io.BytesIO(document.content)).convert("L"))
        titles.append("draft" if look.version is None else f"version {look.version}")
    both = (titles[0], titles[1])
    found = comparing.compare(drawn[0], drawn[1], symbols=None, titles=both)
    file = io.BytesIO()
    found.picture.save(file, format="PNG")
    return Document(
        content=file.getvalue(),
        media_type="image/png",
        name=f"{name}-difference.png",
        comparison=found.sentence,
    )

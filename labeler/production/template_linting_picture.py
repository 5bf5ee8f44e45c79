"""A label with the places framed in red where something is wrong, and below it what that is.

What is drawn are the marks of the widest values on the first printer: also where an element has no
room and no language would draw the label, since that is what the picture is for.
"""

import io
import textwrap
from collections.abc import Sequence

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

from labeler.errors import UNPRINTABLE, Refusal
from labeler.production import template_checks, template_linting
from labeler.production.showing import Document
from labeler.production.site import Site
from labeler.production.template_checks import Finding, View
from labeler.production.template_drafts import Draft
from labeler.production.template_previewing import DOTS_MAX
from printers.fonts import BUNDLED
from printers.layout import raster
from printers.layout.marks import Commands

WIDTH = 1000
"""About how many dots wide the label is shown: a small one is enlarged."""
_ENLARGED_MAX = 8
_MARGIN, _LINE, _TEXT = 48, 3, 18
_PAPER, _WHITE, _INK, _RED = (225, 225, 225), (255, 255, 255), (0, 0, 0), (210, 0, 0)

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in dots of the picture."""


def picture(site: Site, draft: Draft) -> Document:
    """Return a PNG of a draft and its findings, numbered in the order in which `lint` tells them.

    Refuses (4005) a draft that cannot be read, and (4001) one that nobody can lay out.
    """
    template = template_linting.parsed(draft)
    subject = template_linting.subject_of(site, template)
    if not subject.views:
        raise Refusal(
            UNPRINTABLE,
            f"Template '{template.name}' has no label that could be laid out.",
            hint=f"See why: labeler template lint {template.name}.",
        )
    view = subject.views[0]
    if view.width * view.height > DOTS_MAX:
        raise Refusal(
            UNPRINTABLE,
            f"Template '{template.name}' has {view.width * view.height} dots at {view.device.dpi} "
            f"dpi: expected {DOTS_MAX} at most.",
            hint="Lint it without a picture.",
        )
    file = io.BytesIO()
    drawing(view, template_checks.run(subject)).save(file, format="PNG")
    return Document(
        content=file.getvalue(), media_type="image/png", name=f"{template.name}-lint.png"
    )


def drawing(view: View, findings: Sequence[Finding]) -> Image.Image:
    """Return the label, the places of the findings, and their sentences."""
    scale = max(1, min(_ENLARGED_MAX, round(WIDTH / view.width)))
    label = bare(view).resize((view.width * scale, view.height * scale))
    font = BUNDLED.face("sans", bold=False).at(_TEXT)
    width = max(label.width + 2 * _MARGIN, WIDTH)
    legend = _legend(findings, font, width - 2 * _MARGIN)
    height = label.height + 2 * _MARGIN + len(legend) * (_TEXT + 6) + _MARGIN
    canvas = Image.new("RGB", (width, height), _PAPER)
    canvas.paste(label, (_MARGIN, _MARGIN))
    pen = ImageDraw.Draw(canvas)
    tags: list[Box] = []
    for number, one in enumerate(findings, start=1):
        if one.box_mm is not None:
            left, top, wide, high = (view.dots(mm) * scale for mm in one.box_mm)
            left, top = left + _MARGIN, top + _MARGIN
            frame = (left - 2, top - 2, left + max(wide, 6) + 2, top + max(high, 6) + 2)
            pen.rectangle(frame, outline=_RED, width=_LINE)
            _tag(pen, font, str(number), at=frame, taken=tags)
    for row, text in enumerate(legend):
        pen.text((_MARGIN, label.height + 2 * _MARGIN + row * (_TEXT + 6)), text, _INK, font)
    return canvas


def bare(view: View) -> Image.Image:
    """Return the marks as dots, as far as there are any."""
    dots = Image.new("1", (view.width, view.height), raster.WHITE)
    for at in view.placed:
        for mark in at.marks:
            if not isinstance(mark, Commands):
                raster.draw(dots, mark)
    return dots.convert("RGB")


def _tag(
    pen: ImageDraw.ImageDraw, font: FreeTypeFont, number: str, *, at: Box, taken: list[Box]
) -> None:
    """Write a number on a red ground above a frame, beside the numbers that are there already."""
    width, height = font.getlength(number) + 10, _TEXT + 4
    left, top = at[0], at[1] - height
    box = (left, top, left + width, top + height)
    while any(one[0] < box[2] and box[0] < one[2] and one[1] < box[3] and box[1] < one[3]
              for one in taken):  # fmt: skip
        box = (box[0] + 2, top, box[2] + 2, top + height)
    taken.append(box)
    pen.rectangle(box, fill=_RED)
    pen.text((box[0] + 5, top + 1), number, _WHITE, font)


def _legend(findings: Sequence[Finding], font: FreeTypeFont, width: int) -> list[str]:
    """The sentences in lines that are not longer than the picture is wide."""
    characters = max(20, int(width / font.getlength("n")))
    lines = []
    for number, one in enumerate(findings, start=1):
        element = f", element {one.element}" if one.element else ""
        text = f"{number}  {one.severity}{element}: {one.sentence}"
        lines += textwrap.wrap(text, characters, subsequent_indent="     ")
    return lines or ["Nothing was found."]

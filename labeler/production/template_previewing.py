"""What a label looks like before anybody prints it: of a draft, of a version, of unsaved text.

Nothing is issued by looking: a preview carries the serial that comes next, and belongs on no unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from labeler.errors import BAD_VALUE, UNPRINTABLE, Refusal
from labeler.production import (
    routing,
    sheets,
    template_drafts,
    template_files,
    template_linting,
    template_releases,
    template_samples,
)
from labeler.production.showing import Document
from labeler.production.site import Site
from labeler.production.template_drafts import Draft
from labeler.production.template_samples import Sample, Wanted
from labeler.store import Transaction
from labeler.templates import LabelTemplate, TemplateError, parse
from labeler.yaml_text import YamlError
from labeler.yaml_text import load as load_yaml
from printers import languages
from printers.device import Device
from printers.errors import Unprintable

DOTS_MAX = 40_000_000
"""Largest picture that is drawn: 200 x 250 mm at 600 dpi have 28 million dots."""
COMPARED_DOTS_MAX = 10_000_000
"""Largest label that is compared: three drawings of it lie in one picture."""
_MM_PER_INCH = 25.4


@dataclass(frozen=True, kw_only=True)
class Look:
    """How to look at a label."""

    language: str | None = None
    """One of `showing.FORMATS`; None: the one that a comparison or sheets have, else png."""
    dpi: int | None = None
    """Dots per inch; None: the printer's."""
    printer: str | None = None
    """For which printer; None: the first line's."""
    version: int | None = None
    """Which version of the template; None: the draft."""
    product: str | None = None
    line: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    samples: bool = True
    """Whether to make up the values that are not given."""
    compare: bool = False
    """Whether to draw it beside what zplkit, which is not ours, makes of its ZPL."""
    sheet: sheets.Wanted | None = None
    """On which sheets to lay it; None: on none."""
    count: int | None = None
    """In how many cells of them; None: in all free ones of one sheet."""


def preview(site: Site, transaction: Transaction, name: str, *, look: Look) -> Document:
    """Return a label of a template: of its draft, or of a version.

    Refuses an unknown template (4002), version (4003) or printer (5004), a draft that cannot be
    read (4005), wrong values (1002), and what cannot be drawn (4001).
    """
    if look.version is None:
        template = template_linting.parsed(template_drafts.require(site, name))
    else:
        row = template_releases.find_version(transaction, name, look.version)
        template = template_files.load(transaction, row.id, _old(row.content, name=name))
    return _drawn(site, transaction, template, look=look)


def preview_text(site: Site, transaction: Transaction, content: str, *, look: Look) -> Document:
    """Return a label of a template that nobody saved. Refuses what `preview` refuses."""
    draft = Draft(name=_own_name(content), content=content, folder=site.plant.folder)
    return _drawn(site, transaction, template_linting.parsed(draft), look=look)


def _own_name(content: str) -> str:
    """Return what a text calls itself; what is wrong with it is said by who parses it."""
    try:
        data = load_yaml(content[: template_drafts.CONTENT_MAX_BYTES]).data
    except YamlError:
        return "draft"
    name = data.get("label") if isinstance(data, dict) else None
    return name if isinstance(name, str) and name else "draft"


def _old(content: str, *, name: str) -> LabelTemplate:
    try:
        return parse(content, name=name)
    except TemplateError as error:  # it was right for the program that pinned it
        raise Refusal(
            UNPRINTABLE, str(error), hint="This version of the program cannot read it any more."
        ) from error


def _drawn(
    site: Site, transaction: Transaction, template: LabelTemplate, *, look: Look
) -> Document:
    language, device = _language(look), _device(site, look, template)
    wanted = Wanted(product=look.product, line=look.line, values=look.values, samples=look.samples)
    spoken = languages.load(language)
    try:
        dots_max = COMPARED_DOTS_MAX if look.compare else DOTS_MAX
        _refuse_huge(template, dpi=device.dpi, dots_max=dots_max)
        sample = template_samples.sample(site, transaction, template, wanted=wanted)
        if look.compare:
            return _compared(sample, name=template.name, device=device)
        form = spoken.compile(sample.form.label, device=device)
        if look.sheet is None:
            content = form.document([sample.unit])
        else:
            sheet = sheets.sheet_of(look.sheet)
            count = look.count or sheet.stock.count - sheet.start + 1
            content = sheets.lay(form, [sample.unit] * count, sheet=sheet)
    except Unprintable as error:
        raise Refusal(
            UNPRINTABLE, str(error), hint="Correct the template or the values."
        ) from error
    return Document(
        content=content, media_type=spoken.MEDIA_TYPE, name=f"{template.name}{spoken.SUFFIX}"
    )


def _language(look: Look) -> str:
    """Return which language draws; refuse (1002) one that has no comparison, or no sheets."""
    only = sheets.LANGUAGE if look.sheet else "png" if look.compare else None
    if look.sheet and look.compare:
        raise Refusal(
            BAD_VALUE,
            "Both compare and sheet were given, and a comparison is a picture of one label.",
            hint="Give one of them.",
        )
    if only is not None and look.language not in (None, only):
        raise Refusal(
            BAD_VALUE,
            f"{'Sheets are' if look.sheet else 'A comparison is'} drawn as {only}: expected format "
            f"{only}, got '{look.language}'.",
            hint="Leave out the format.",
        )
    return look.language or only or "png"


def _compared(sample: Sample, *, name: str, device: Device) -> Document:
    from labeler.production import comparing  # takes long to load, and few previews compare

    comparison = comparing.compare(sample.form.label, sample.unit, device=device)
    return Document(
        content=comparing.png(comparison),
        media_type=languages.load("png").MEDIA_TYPE,
        name=f"{name}-compared.png",
        comparison=comparison.sentence,
    )


def _device(site: Site, look: Look, template: LabelTemplate) -> Device:
    if look.dpi is not None and look.printer is not None:
        raise Refusal(
            BAD_VALUE,
            "Both dpi and printer were given, and a printer has its own dpi.",
            hint="Give one of them.",
        )
    if look.dpi is not None:
        return Device(dpi=look.dpi, book=site.plant.book)
    if look.printer is not None:
        site.plant.printer(look.printer)
        return site.plant.device(look.printer)
    lines = site.plant.lines.values()
    names = (line.printer for line in lines if line.printer is not None)
    first = next((routing.shown_at(site, template, name) for name in names), None)
    return site.plant.device(first)


def _refuse_huge(template: LabelTemplate, *, dpi: int, dots_max: int) -> None:
    dots = round(template.width_mm * template.height_mm * (dpi / _MM_PER_INCH) ** 2)
    if dots > dots_max:
        raise Unprintable(
            f"Template '{template.name}' is {template.width_mm:g} x {template.height_mm:g} mm, "
            f"which is {dots} dots at {dpi} dpi: expected {dots_max} at most."
        )

"""What the plant has: lines, printers, series, products, templates, checked against each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from labeler import serials, templates
from labeler.errors import (
    BAD_CONFIG,
    NO_LINE_PRINTER,
    NO_SUCH_LINE,
    NO_SUCH_PRINTER,
    NO_SUCH_PRODUCT,
    NO_SUCH_SERIES,
    Refusal,
)
from labeler.production import numbering, plant_checks
from labeler.production.presentation import Presentation
from labeler.settings import (
    LineSettings,
    PrinterGroupSettings,
    PrinterSettings,
    ProductSettings,
    ReprintSettings,
    Settings,
    SpoolerSettings,
)
from printers.device import Device
from printers.errors import Unprintable
from printers.fonts import Book
from printers.handling import Handling


class TemplateFolder(Protocol):
    """The label templates and the files they show, as they are at this moment."""

    def names(self) -> list[str]:
        """Return the names of the templates."""

    def text(self, name: str) -> str:
        """Return the YAML text of a template; raises OSError, or UnicodeDecodeError."""

    def file(self, name: str) -> bytes:
        """Return a file that a template shows; raises OSError."""

    def write(self, file: str, content: bytes) -> None:
        """Put a file in place of what was there, all of it or nothing; raises OSError."""


FREE_DPI = 203
"""Of a label that is drawn where there is no printer to go by: what most label printers have."""

Place = Callable[..., str]
"""Keys, one in the other -> where config.yaml, or what overrides it, says their value."""


@dataclass(frozen=True, kw_only=True)
class Plant:
    """The settings, once every name in them names something and every pattern is right."""

    site_name: str
    site_code: str
    """The plant's code, for serials; empty if it has none."""
    serial_scope: str
    """Within what a serial is unique: global or product."""
    calendar: serials.Calendar
    printers: dict[str, PrinterSettings]
    printer_groups: dict[str, PrinterGroupSettings]
    lines: dict[str, LineSettings]
    series: dict[str, numbering.PlantSeries]
    vocabulary: serials.Vocabulary
    """Its own words for patterns."""
    words: tuple[str, ...]
    """What a series with a word filter leaves out."""
    products: dict[str, ProductSettings]
    spooler: SpoolerSettings
    reprints: ReprintSettings
    """Who may print a label again, why, and how often."""
    book: Book
    """The fonts that labels may be drawn with."""
    folder: TemplateFolder
    releases_required: bool
    """Whether runs of production open with released templates only."""

    def line(self, name: str) -> LineSettings:
        """Return the line ``name``; refuse (2001) an unknown one."""
        if name not in self.lines:
            raise Refusal(NO_SUCH_LINE, f"There is no line '{name}'.", hint=_known(self.lines))
        return self.lines[name]

    def line_printer(self, name: str) -> str:
        """Return which printer prints a line's labels; refuse (5027) a line that has none."""
        printer = self.line(name).printer
        if printer is None:
            raise Refusal(
                NO_LINE_PRINTER,
                f"Line '{name}' has no printer: its units get serials only, their labels come from "
                "elsewhere.",
                hint="Ask for serials without labels, or name its printer in config.yaml.",
            )
        return printer

    def product(self, name: str) -> ProductSettings:
        """Return the product ``name``; refuse (2002) an unknown one."""
        if name not in self.products:
            raise Refusal(
                NO_SUCH_PRODUCT, f"There is no product '{name}'.", hint=_known(self.products)
            )
        return self.products[name]

    def number_series(self, name: str) -> numbering.PlantSeries:
        """Return the series ``name``; refuse (3008) an unknown one."""
        if name not in self.series:
            raise Refusal(NO_SUCH_SERIES, f"There is no series '{name}'.", hint=_known(self.series))
        return self.series[name]

    def printer(self, name: str) -> PrinterSettings:
        """Return the printer ``name``; refuse (5004) an unknown one, and a group of printers."""
        if name not in self.printers:
            raise self.no_such_printer(name)
        return self.printers[name]

    def no_such_printer(self, name: str) -> Refusal:
        """Return the refusal (5004) of a printer that config.yaml does not know."""
        if name in self.printer_groups:
            sentence = f"'{name}' is no printer, but a group of them."
            members = ", ".join(self.members(name))
            return Refusal(NO_SUCH_PRINTER, sentence, hint=f"Name one of them: {members}.")
        sentence = f"There is no printer '{name}'."
        return Refusal(NO_SUCH_PRINTER, sentence, hint=_known(self.printers))

    def members(self, name: str) -> tuple[str, ...]:
        """Return the printers of the group ``name``; of a printer, itself."""
        group = self.printer_groups.get(name)
        return (name,) if group is None else tuple(group.printers)

    def groups_of(self, printer: str) -> list[str]:
        """Return the groups that ``printer`` is a member of."""
        return [name for name, one in self.printer_groups.items() if printer in one.printers]

    def template(self, name: str) -> templates.LabelTemplate:
        """Read the template ``name`` as it is now; refuse (9004) one that is missing or wrong."""
        try:
            return templates.read(self.folder.text(name), name=name, read_file=self.folder.file)
        except FileNotFoundError as error:
            known = ", ".join(self.folder.names()) or "none"
            raise Refusal(
                BAD_CONFIG,
                f"There is no template '{name}': expected the file {error.filename}.",
                hint=f"Name one that is there ({known}), or put {name}.yaml into that folder.",
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(
                BAD_CONFIG,
                f"Template '{name}' cannot be read: {error}.",
                hint=f"Put {name}.yaml into the folder that config.yaml calls templates.",
            ) from error
        except templates.TemplateError as error:
            raise Refusal(BAD_CONFIG, str(error), hint="Correct the template.") from error

    def device(self, printer: str | None) -> Device:
        """Return a printer as languages see it; refuse (5004) an unknown one.

        None: whatever printer there may be somewhere, of FREE_DPI.
        """
        if printer is None:
            return Device(dpi=FREE_DPI, book=self.book)
        one = self.printer(printer)
        handling = Handling(
            tracking=one.tracking,
            action=one.action,
            speed_mm_s=one.speed_mm_s,
            darkness=one.darkness,
            upside_down=one.upside_down,
        )
        return Device(dpi=one.dpi, characters=one.characters, handling=handling, book=self.book)

    def scope(self, product: str) -> str:
        """Return within what a serial of ``product`` is unique: itself, or everything (empty)."""
        return product if self.serial_scope == "product" else ""

    def identifies(self, name: str) -> list[str]:
        """Return the products whose units carry identifiers of the series ``name``."""
        return [key for key, one in self.products.items() if name in one.identifiers.values()]

    def proof(self, name: str) -> plant_checks.Proof:
        """Return whom the spooler asks what became of the printer's labels."""
        printer = self.printers[name]
        return printer.proof or plant_checks.proofs(printer)[0] or "none"

    def proves(self, name: str) -> bool:
        """Return whether the printer's odometer is asked whether a label was printed."""
        return self.proof(name) == "odometer"

    def asks(self, name: str) -> bool:
        """Return whether the printer is asked how it is, in its own language."""
        return self.proof(name) != "none" and plant_checks.can_answer(self.printers[name])

    def stores(self, name: str) -> bool:
        """Return whether the printer keeps the formats of labels, and is sent values only."""
        printer = self.printers[name]
        if printer.stored_formats is not None:
            return printer.stored_formats
        return printer.uri.startswith("serial:") and self.proves(name)


def _known(names: Mapping[str, object]) -> str:
    return f"Known: {', '.join(names) or 'none'}."


def build(settings: Settings, folder: TemplateFolder, *, place: Place) -> Plant:
    """Check the settings against the code and the templates; refuse (9004) with all findings.

    Where runs open with releases only, files are drafts: a wrong one must not stop the service.
    """
    series, findings = numbering.read(settings)
    findings += plant_checks.findings(settings)
    book, found_fonts = plant_checks.book(settings)
    findings += found_fonts
    if findings:
        sentences = [f"{place(*one.keys)}: {'.'.join(one.keys)}: {one.said}" for one in findings]
        hint = "Correct config.yaml and start again."
        raise Refusal(BAD_CONFIG, "\n".join(sentences), hint=hint)
    plant = Plant(
        site_name=settings.site.name,
        site_code=settings.site.plant or "",
        serial_scope=settings.site.serial_scope,
        calendar=numbering.calendar(settings),
        printers=settings.printers,
        printer_groups=settings.printer_groups,
        lines=settings.lines,
        series=series,
        vocabulary=numbering.vocabulary(settings)[0],
        words=numbering.unwanted_words(settings),
        products=settings.products,
        spooler=settings.spooler,
        reprints=settings.reprints,
        book=book,
        folder=folder,
        releases_required=settings.site.template_release == "required",
    )
    if not plant.releases_required:
        _check_templates(plant, place=place)
    return plant


def _check_templates(plant: Plant, *, place: Place) -> None:
    for name, product in plant.products.items():
        try:
            _refuse_what_is_not_there(plant, plant.template(product.template), name)
        except Refusal as refusal:
            named = place("products", name, "template")
            sentences = [f"{named}: {said}" for said in refusal.sentence.splitlines()]
            raise Refusal(refusal.kind, "\n".join(sentences), hint=refusal.hint) from refusal


def _refuse_what_is_not_there(plant: Plant, template: templates.LabelTemplate, name: str) -> None:
    """Refuse a template that shows identifiers or forms that units of the product never have."""
    product = plant.products[name]
    try:
        shown, _ = template.needs(product_constants(plant, name), product.identifiers)
    except Unprintable as error:
        raise Refusal(BAD_CONFIG, str(error), hint="Correct the template.") from error
    unknown = sorted(templates.names_of(shown) - set(product.identifiers))
    if unknown:
        raise Refusal(
            BAD_CONFIG,
            f"Template '{template.name}' shows '{{identifiers.{unknown[0]}}}', which product "
            f"'{name}' does not name. Known: {', '.join(product.identifiers) or 'none'}.",
            hint=f"Name it under products.{name}.identifiers, or take it out of the template.",
        )
    presentation = Presentation(
        serial=plant.series[product.series].definition,
        identifiers={key: plant.series[one].definition for key, one in product.identifiers.items()},
        gtin=product.gtin or "",
    )
    refusal = presentation.refusal(shown)
    if refusal:
        raise Refusal(
            BAD_CONFIG, f"Template '{template.name}' {refusal}", hint="Correct it and start again."
        )


def product_constants(plant: Plant, name: str) -> dict[str, str]:
    """Return the values a template may show that are the same for all runs of a product."""
    product = plant.products[name]
    return {
        "product.code": name,
        "product.name": product.name,
        "product.gtin": product.gtin or "",
        "site.name": plant.site_name,
        "site.code": plant.site_code,
    }

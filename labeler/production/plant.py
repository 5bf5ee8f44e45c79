"""What the plant has: lines, printers, series, products, templates, checked against each other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from labeler import serials, templates
from labeler.errors import (
    BAD_CONFIG,
    NO_SUCH_LINE,
    NO_SUCH_PRINTER,
    NO_SUCH_PRODUCT,
    NO_SUCH_SERIES,
    Refusal,
)
from labeler.production import numbering
from labeler.serials import checks
from labeler.settings import (
    LineSettings,
    PrinterSettings,
    ProductSettings,
    Settings,
    SpoolerSettings,
)
from printers import languages, transports

ReadTemplate = Callable[[str], str]
"""Name of a template -> its YAML text; raises OSError when there is none."""

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
    lines: dict[str, LineSettings]
    series: dict[str, numbering.PlantSeries]
    vocabulary: serials.Vocabulary
    """Its own words for patterns."""
    words: tuple[str, ...]
    """What a series with a word filter leaves out."""
    products: dict[str, ProductSettings]
    spooler: SpoolerSettings
    read_template: ReadTemplate

    def line(self, name: str) -> LineSettings:
        """Return the line ``name``; refuse (2001) an unknown one."""
        if name not in self.lines:
            raise Refusal(NO_SUCH_LINE, f"There is no line '{name}'.", hint=_known(self.lines))
        return self.lines[name]

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
        """Return the printer ``name``; refuse (5004) an unknown one."""
        if name not in self.printers:
            raise Refusal(
                NO_SUCH_PRINTER, f"There is no printer '{name}'.", hint=_known(self.printers)
            )
        return self.printers[name]

    def template(self, name: str) -> templates.LabelTemplate:
        """Read the template ``name`` as it is now; refuse (9004) one that is missing or wrong."""
        try:
            return templates.parse(self.read_template(name), name=name)
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(
                BAD_CONFIG,
                f"Template '{name}' cannot be read: {error}.",
                hint=f"Put {name}.yaml into the folder that config.yaml calls templates.",
            ) from error
        except templates.TemplateError as error:
            raise Refusal(BAD_CONFIG, str(error), hint="Correct the template.") from error

    def scope(self, product: str) -> str:
        """Return within what a serial of ``product`` is unique: itself, or everything (empty)."""
        return product if self.serial_scope == "product" else ""

    def identifies(self, name: str) -> list[str]:
        """Return the products whose units carry identifiers of the series ``name``."""
        return [key for key, one in self.products.items() if name in one.identifiers.values()]

    def proves(self, name: str) -> bool:
        """Return whether the printer's odometer is asked whether a label was printed."""
        printer = self.printers[name]
        if printer.proof is not None:
            return printer.proof == "odometer"
        return _can_answer(printer)

    def stores(self, name: str) -> bool:
        """Return whether the printer keeps the formats of labels, and is sent values only."""
        printer = self.printers[name]
        if printer.stored_formats is not None:
            return printer.stored_formats
        return printer.uri.startswith("serial:") and self.proves(name)


def _known(names: Mapping[str, object]) -> str:
    return f"Known: {', '.join(names) or 'none'}."


def _can_answer(printer: PrinterSettings) -> bool:
    return languages.load(printer.language).REPLIES and transports.replies(printer.uri)


def build(settings: Settings, read_template: ReadTemplate, *, place: Place) -> Plant:
    """Check the settings against the code and the templates; refuse (9004) with all findings."""
    series, findings = numbering.read(settings)
    for name, printer in settings.printers.items():
        found = _check_printer(printer)
        findings += [numbering.Finding(("printers", name, key), said) for key, said in found]
    for name, product in settings.products.items():
        found = _check_product(product)
        findings += [numbering.Finding(("products", name, key), said) for key, said in found]
    findings += _check_uses(settings)
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
        lines=settings.lines,
        series=series,
        vocabulary=numbering.vocabulary(settings)[0],
        words=numbering.unwanted_words(settings),
        products=settings.products,
        spooler=settings.spooler,
        read_template=read_template,
    )
    for name, product in settings.products.items():
        try:
            _refuse_unknown_identifiers(plant.template(product.template), product, name=name)
        except Refusal as refusal:
            named = place("products", name, "template")
            sentences = [f"{named}: {said}" for said in refusal.sentence.splitlines()]
            raise Refusal(refusal.kind, "\n".join(sentences), hint=refusal.hint) from refusal
    return plant


def _check_uses(settings: Settings) -> Iterator[numbering.Finding]:
    """Yield where a series is used for what it is not for."""
    serials_of = {product.series: name for name, product in settings.products.items()}
    for name, product in settings.products.items():
        entry = settings.series.get(product.series)
        if entry is not None and entry.secret:
            said = (
                f"series '{product.series}' is secret, and a serial is shown everywhere; name "
                "another series, or make it an identifier of the product."
            )
            yield numbering.Finding(("products", name, "series"), said)
        for key, series in product.identifiers.items():
            if series in serials_of:
                said = (
                    f"series '{series}' makes the serials of product {serials_of[series]}. Serials "
                    "and identifiers are unique each among themselves only, so a series is for one "
                    "of them; name another series."
                )
                yield numbering.Finding(("products", name, "identifiers", key), said)


def _refuse_unknown_identifiers(
    template: templates.LabelTemplate, product: ProductSettings, *, name: str
) -> None:
    unknown = sorted(template.identifiers - set(product.identifiers))
    if unknown:
        raise Refusal(
            BAD_CONFIG,
            f"Template '{template.name}' shows '{{identifiers.{unknown[0]}}}', which product "
            f"'{name}' does not name. Known: {', '.join(product.identifiers) or 'none'}.",
            hint=f"Name it under products.{name}.identifiers, or take it out of the template.",
        )


def _check_printer(printer: PrinterSettings) -> list[tuple[str, str]]:
    """Return what is wrong with a printer: which key, and a sentence."""
    findings = []
    if printer.language not in languages.names():
        known = ", ".join(languages.names())
        findings.append(("language", f"'{printer.language}' is not known. Known: {known}."))
    try:
        transports.check_uri(printer.uri)
    except ValueError as error:
        return [*findings, ("uri", str(error))]
    if not findings and printer.proof == "odometer" and not _can_answer(printer):
        who = f"a '{printer.language}' printer at {printer.uri.split(':')[0]}:"
        findings.append(("proof", f"{who} cannot answer. Expected none."))
    if printer.emulated and not printer.uri.startswith("tcp://"):
        findings.append(("emulated", "the virtual printer needs a tcp:// uri."))
    return findings


def _check_product(product: ProductSettings) -> list[tuple[str, str]]:
    if product.gtin is None:
        return []
    try:
        checks.load("gs1_mod10").validate(product.gtin)
    except serials.SerialError as error:
        return [("gtin", str(error))]
    return []

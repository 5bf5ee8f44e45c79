"""What config.yaml says of printers, products and fonts, held against what the code can do."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from labeler import serials
from labeler.production import numbering
from labeler.serials import checks
from labeler.settings import PrinterSettings, ProductSettings, Settings
from printers import languages, profiles, transports
from printers.errors import Unprintable
from printers.fonts import BUNDLED, Book

Proof = Literal["odometer", "status", "none"]
"""Whom the spooler asks what became of a label."""


def findings(settings: Settings) -> Iterator[numbering.Finding]:
    """Yield everything that is wrong."""
    sound = []
    for name, printer in settings.printers.items():
        wrong = _of_printer(printer)
        for key, said in wrong:
            yield numbering.Finding(("printers", name, key), said)
        sound += [] if wrong else [name]
    yield from _of_places(settings, sound)
    for name, line in settings.lines.items():
        if line.archive is not None and line.printer is None:
            said = (
                f"'{line.archive}' gets the labels that are printed, and the line has no printer. "
                "Name one, or leave the archive out."
            )
            yield numbering.Finding(("lines", name, "archive"), said)
    for name, product in settings.products.items():
        for key, said in _of_product(product):
            yield numbering.Finding(("products", name, key), said)
    for name in settings.printer_groups:
        for keys, said in _of_group(settings, name):
            yield numbering.Finding(("printer_groups", name, *keys), said)
    yield from _of_uses(settings)


def _of_group(settings: Settings, name: str) -> list[tuple[tuple[str, ...], str]]:
    """Return what is wrong with a group of printers: which keys, and a sentence."""
    findings: list[tuple[tuple[str, ...], str]] = []
    if name in settings.printers:
        findings.append(((), "a printer has this name, too. Give the group another one."))
    members = settings.printer_groups[name].printers
    twice = dict.fromkeys(one for one in members if members.count(one) > 1)
    said = "'{}' stands there twice. Name it once."
    return [*findings, *((("printers",), said.format(member)) for member in twice)]


def _of_printer(printer: PrinterSettings) -> list[tuple[str, str]]:
    """Return what is wrong with a printer: which key, and a sentence."""
    findings = []
    if printer.language not in languages.names():
        known = ", ".join(languages.names())
        findings.append(("language", f"'{printer.language}' is not known. Known: {known}."))
    try:
        transports.check_uri(printer.uri)
    except ValueError as error:
        return [*findings, ("uri", str(error))]
    # Looking what a language can imports it: not where nobody asks for a proof.
    if not findings and printer.proof is not None and printer.proof not in proofs(printer):
        who = f"a '{printer.language}' printer at {printer.uri.split(':')[0]}:"
        expected = " or ".join(one for one in proofs(printer) if one)
        findings.append(("proof", f"{who} cannot answer. Expected {expected}."))
    if printer.profile is not None and printer.profile not in profiles.names():
        known = ", ".join(profiles.names())
        findings.append(("profile", f"'{printer.profile}' is not known. Known: {known}."))
    if printer.emulated and not printer.uri.startswith("tcp://"):
        findings.append(("emulated", "the virtual printer needs a tcp:// uri."))
    return findings


def _of_places(settings: Settings, names: list[str]) -> Iterator[numbering.Finding]:
    """Yield printers at the place of another one, where an odometer is asked what came out.

    Each would count the labels of the other, and call its own printed by them.
    """
    owners: dict[str, str] = {}
    for name in names:
        printer = settings.printers[name]
        scheme, _, rest = printer.uri.partition("?")[0].rstrip("/").lower().partition(":")
        first = owners.setdefault(f"{'tcp' if scheme == 'socket' else scheme}:{rest}", name)
        both = (printer, settings.printers[first])
        if first != name and "odometer" in [one.proof or proofs(one)[0] for one in both]:
            said = (
                f"printer '{first}' is there, too, and each would count the labels of the other. "
                "Make one printer of them, or set proof: none or status for both."
            )
            yield numbering.Finding(("printers", name, "uri"), said)


def _of_product(product: ProductSettings) -> list[tuple[str, str]]:
    if product.gtin is None:
        return []
    try:
        checks.load("gs1_mod10").validate(product.gtin)
    except serials.SerialError as error:
        return [("gtin", str(error))]
    return []


def _of_uses(settings: Settings) -> Iterator[numbering.Finding]:
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


def book(settings: Settings) -> tuple[Book, list[numbering.Finding]]:
    """Return the bundled fonts and the site's own, and what is wrong with these."""
    book, findings = BUNDLED, []
    for name, font in settings.fonts.items():
        files = (Path(font.regular), Path(font.bold or font.regular))
        try:
            book = book.with_files({name: files})
        except Unprintable as error:
            findings.append(numbering.Finding(("fonts", name), str(error)))
    return book, findings


def can_answer(printer: PrinterSettings) -> bool:
    """Return whether a printer can be asked what it printed."""
    return languages.load(printer.language).REPLIES and transports.replies(printer.uri)


def proofs(printer: PrinterSettings) -> tuple[Proof | None, ...]:
    """Return what a printer's `proof` may be; what None means comes first."""
    if can_answer(printer):
        return ("odometer", "status", "none", None)
    return ("status", "none", None) if transports.keeps_jobs(printer.uri) else ("none", None)

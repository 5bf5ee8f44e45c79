"""What is wrong, or will be, with a label template, and what to write instead.

An *error* is what every line would be refused for; a *warning* is what somebody should know before
the template is released. Errors refuse a release.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Literal

from labeler import templates
from labeler.errors import TEMPLATE_FAULTY, Refusal
from labeler.production import template_samples
from labeler.production.site import Site
from labeler.production.template_drafts import CONTENT_MAX_BYTES, Draft
from labeler.production.template_samples import Wanted
from labeler.store import Transaction
from labeler.templates import LabelTemplate
from printers import languages
from printers.errors import Unprintable

_parse = lru_cache(maxsize=64)(templates.parse)
"""Reading YAML takes milliseconds, and a list of templates reads them all."""
_LINE = re.compile(r"\bline (\d+)\b")


def lint(site: Site, template: LabelTemplate) -> list[dict[str, Any]]:
    """Return the findings about a template that can be read.

    Its labels are tried as each line's printer and archive would draw them, for each product that
    has it, with sample values. A finding has `template`, `element` (counted from 1), `line` of the
    file, `x_mm` and `y_mm`, all but the first None where it is about the whole; `kind`, one word
    for a script; `sentence`, `advice` and `severity`, error or warning.
    """
    users = [name for name, one in site.plant.products.items() if one.template == template.name]
    with site.store.read() as transaction:
        return list(_on_lines(site, transaction, template, products=users or [None]))


def lint_draft(site: Site, draft: Draft) -> list[dict[str, Any]]:
    """Return the findings about a draft, also one that cannot be read."""
    try:
        template = parsed(draft)
    except Refusal as refusal:
        found: list[dict[str, Any]] = refusal.extra["findings"]
        return found
    return lint(site, template)


def parsed(draft: Draft) -> LabelTemplate:
    """Return a draft as a template; refuse (4005) one that cannot be read, with `findings`."""
    size = len(draft.content.encode())
    if size > CONTENT_MAX_BYTES:
        sentence = (
            f"Template '{draft.name}' has {size} bytes, expected {CONTENT_MAX_BYTES} at most."
        )
        raise _faulty(draft.name, [finding(draft.name, sentence, kind="size")])
    try:
        template = _parse(draft.content, name=draft.name)
        return templates.complete(template, read_file=draft.folder.file)
    except templates.TemplateError as error:
        found = [finding(draft.name, one, kind="unreadable") for one in str(error).splitlines()]
        raise _faulty(draft.name, found) from error


def digest_of(draft: Draft) -> str:
    """Return the SHA-256 of a draft and its files; of its text alone if it cannot be read."""
    try:
        return parsed(draft).digest
    except Refusal:
        return hashlib.sha256(draft.content.encode()).hexdigest()


def files_of(draft: Draft) -> Mapping[str, bytes]:
    """Return the files that a draft shows; none if it cannot be read."""
    try:
        return parsed(draft).files
    except Refusal:
        return {}


def require_sound(site: Site, draft: Draft) -> LabelTemplate:
    """Return a draft as a template; refuse (4005) one that has errors, with all `findings`."""
    template = parsed(draft)
    found = lint(site, template)
    if any(one["severity"] == "error" for one in found):
        raise _faulty(draft.name, found)
    return template


def _faulty(name: str, found: list[dict[str, Any]]) -> Refusal:
    sentences = [one["sentence"] for one in found if one["severity"] == "error"]
    return Refusal(
        TEMPLATE_FAULTY,
        "\n".join(sentences),
        hint=f"Correct the template; look at it with labeler template lint {name}.",
        extra={"findings": found},
    )


def finding(
    name: str,
    sentence: str,
    *,
    kind: str,
    severity: Literal["error", "warning"] = "error",
    advice: str = "Correct the template.",
) -> dict[str, Any]:
    """Return a finding about a whole template; the line is the one its sentence names."""
    line = _LINE.search(sentence)
    return {
        "template": name,
        "element": None,
        "line": int(line.group(1)) if line else None,
        "x_mm": None,
        "y_mm": None,
        "kind": kind,
        "sentence": sentence,
        "advice": advice,
        "severity": severity,
    }


def _on_lines(
    site: Site,
    transaction: Transaction,
    template: LabelTemplate,
    *,
    products: Sequence[str | None],
) -> Iterator[dict[str, Any]]:
    """Yield for each product where its label cannot be printed.

    It is an error if there is no line that can print it, and else a warning.
    """
    seen = set()
    for product in products:
        wanted = Wanted(product=product, values={}, strangers=product is None)
        whys = {
            line: _why_not(site, transaction, template, wanted=replace(wanted, line=line))
            for line in site.plant.lines
        }
        is_printable = None in whys.values()
        for line, why in whys.items():
            if why is not None and why not in seen:
                seen.add(why)
                where = f"Line '{line}'" + (f", product '{product}'" if product else "")
                yield finding(
                    template.name,
                    f"{where}: {why}",
                    kind="unprintable",
                    severity="warning" if is_printable else "error",
                    advice=f"Correct the template, or do not make it on line '{line}'."
                    if is_printable
                    else "Correct the template.",
                )


def _why_not(
    site: Site, transaction: Transaction, template: LabelTemplate, *, wanted: Wanted
) -> str | None:
    """Return why a line cannot print the label; None if it can."""
    entry = site.plant.lines[str(wanted.line)]
    try:
        sample = template_samples.sample(site, transaction, template, wanted=wanted)
        for name in filter(None, (entry.printer, entry.archive)):
            require_fits(site, template, name)
            language = languages.load(site.plant.printers[name].language)
            form = language.compile(sample.form.label, device=site.plant.device(name))
            form.check(sample.unit)
    except Unprintable as error:
        return str(error)
    return None


def require_fits(site: Site, template: LabelTemplate, printer: str) -> None:
    """Raise Unprintable where a label is larger than the media of a printer."""
    media = site.plant.printers[printer].media
    if template.width_mm > media.width_mm or template.height_mm > media.height_mm:
        raise Unprintable(
            f"Template '{template.name}' is {template.width_mm:g} x {template.height_mm:g} mm, "
            f"the media of printer '{printer}' {media.width_mm:g} x {media.height_mm:g} mm."
        )


def unreadable(name: str, error: Exception) -> dict[str, Any]:
    """Return the finding about a file that is no text, or is not there."""
    return finding(name, f"Template '{name}' cannot be read: {error}.", kind="unreadable")

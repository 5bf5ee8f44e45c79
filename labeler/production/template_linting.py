"""What is wrong, or will be, with a label template, and what to write instead.

Findings come from `template_checks`; here they become what the command, the API and a release
show. Errors refuse a release, warnings and notes do not.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from labeler import templates, yaml_text
from labeler.errors import TEMPLATE_FAULTY, Refusal
from labeler.production import template_checks
from labeler.production.site import Site
from labeler.production.template_checks import SEVERITIES, Finding, Severity, Subject, build
from labeler.production.template_drafts import CONTENT_MAX_BYTES, Draft
from labeler.templates import LabelTemplate

_parse = lru_cache(maxsize=64)(templates.parse)
"""Reading YAML takes milliseconds, and a list of templates reads them all."""
_LINE = re.compile(r"\bline (\d+)\b")
_PLACE = ("x_mm", "y_mm", "width_mm", "height_mm")


def lint(site: Site, template: LabelTemplate) -> list[dict[str, Any]]:
    """Return the findings about a template that can be read, element by element.

    Its labels are measured on each line's printer and archive, for each product that has it, with
    the widest values, and tried there with sample values; one that no product has is measured at
    203 and 300 dpi on a stock of its own size. `template_checks` says what is looked for.

    A finding has `template`, `element` (counted from 1), `line` of the file, the place `x_mm`,
    `y_mm`, `width_mm`, `height_mm`, `printer` and `dpi`, each None where it has none, and all its
    printers in `stations`; `kind`, one word for a script; `sentence`, `advice` and `severity`:
    error, warning or note.
    """
    return [as_dict(template, one) for one in template_checks.run(subject_of(site, template))]


def subject_of(site: Site, template: LabelTemplate) -> Subject:
    """Return a template with its labels laid out, as checks look at it."""
    with site.store.read() as transaction:
        return build(site, transaction, template)


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
    severity: Severity = "error",
    advice: str = "Correct the template.",
) -> dict[str, Any]:
    """Return a finding about a whole template; the line is the one its sentence names."""
    line = _LINE.search(sentence)
    return {
        "template": name,
        "element": None,
        "line": int(line.group(1)) if line else None,
        **dict.fromkeys((*_PLACE, "printer", "dpi")),
        "stations": [],
        "kind": kind,
        "sentence": sentence,
        "advice": advice,
        "severity": severity,
    }


def counts(found: list[dict[str, Any]]) -> dict[str, int]:
    """Return how many errors, warnings and notes there are among findings."""
    return {f"{one}s": sum(item["severity"] == one for item in found) for one in SEVERITIES}


def as_dict(template: LabelTemplate, one: Finding) -> dict[str, Any]:
    """Return a finding of a check as JSON shows it."""
    first = one.stations[0] if one.stations else None
    line = None
    if one.element is not None:
        line = yaml_text.load(template.content).line(("elements", one.element - 1))
    return {
        **finding(
            template.name,
            one.sentence,
            kind=one.kind,
            severity=one.severity,
            advice=one.advice,
        ),
        "element": one.element,
        "line": line,
        **dict(zip(_PLACE, one.box_mm or [None] * 4, strict=True)),
        "printer": first and first.printer,
        "dpi": first and first.dpi,
        "stations": [str(station) for station in one.stations],
    }


def unreadable(name: str, error: Exception) -> dict[str, Any]:
    """Return the finding about a file that is no text, or is not there."""
    return finding(name, f"Template '{name}' cannot be read: {error}.", kind="unreadable")

"""What may stand first between braces: the values a label can show, and their names.

>>> check("run.lot"), is_unit_value("run.lot"), is_unit_value("date:%d.%m.%Y")
('run.lot', False, True)
>>> check("run.lott")  # doctest: +ELLIPSIS
Traceback (most recent call last):
labeler.templates.errors.Fault: '{run.lott}' is not a known value: did you mean {run.lot}? Known...
"""

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from labeler.templates.errors import Fault, shown

CONSTANTS = frozenset(
    {
        "product.code", "product.name", "product.gtin", "line", "site.name", "site.code",
        "run.id", "run.lot", "run.work_order", "run.operator", "run.quantity",
        "run.purchase_order", "run.sales_order", "run.shift", "run.expires_on", "run.best_before",
    }
)  # fmt: skip
"""Placeholders whose values a run fixes; `attributes.NAME` and `run.opened:FORMAT` come on top."""
DAYS = ("run.expires_on", "run.best_before")
"""Those that are days: `run.expires_on:FORMAT` writes them otherwise than ISO 8601 does."""

ATTRIBUTE = "attributes."
"""What a placeholder of an attribute begins with."""
IDENTIFIER = "identifiers."
"""What a placeholder of an identifier begins with."""
OPENED = "run.opened"
"""The run's constant from which `run.opened:FORMAT` is written: a moment as ISO 8601."""
COPY = "copy"
"""Which copy of the unit's label it is: 0 on the label itself, 1 on its first copy."""
COPY_WIDEST = "99"
"""The widest number of a copy that labels are tried with before there is one."""
_OF_UNITS = ("serial", "number", COPY)

FORMS = (
    "text", "plain", "hyphens", "gtin_14", "element_string", "fnc1", "digital_link",
    "epc_uri", "epc_hex", "epc_hex_170", "epc_hex_202",
)  # fmt: skip
"""Forms of a serial or an identifier. Which of them one has depends on what its series makes."""
ITEM_FORMS = (
    "element_string", "fnc1", "digital_link", "udi_di", "udi_pi", "epc_uri", "epc_hex",
    "epc_hex_198",
)  # fmt: skip
"""Forms of a unit by its GTIN, lot and serial."""

DATE_CODES = frozenset("YymdHMSjGVu%")
"""What may follow a percent sign: digits come of each, in any country."""
FORMAT_MAX = 100
"""Longest date format, in characters."""
_DATE_EXAMPLE = "%d.%m.%Y"
_DATED = ("date:", f"{OPENED}:", *(f"{day}:" for day in DAYS))
_KNOWN = (*_OF_UNITS, *sorted(CONSTANTS))
_PATTERNS = (
    "date:FORMAT", "run.opened:FORMAT", "run.expires_on:FORMAT", "run.best_before:FORMAT",
    "attributes.NAME", "identifiers.NAME",
    "identifiers.NAME.FORM", "serial.FORM", "gs1.FORM",
)  # fmt: skip
_IDENTIFIED = re.compile(r"(identifiers\.[a-z][a-z0-9_]*)(?:\.(.*))?", re.DOTALL)
_NAME_MAX = 60
"""Longer names are not compared with known ones, which takes long."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form of a serial or identifier that a placeholder asks for."""

    of: str
    """serial, gs1 or identifiers.NAME."""
    name: str
    """Its name, such as epc_hex; `text` where the placeholder names none."""


def check(name: str) -> str:
    """Return the name of a value that a label can show; raise Fault for another one."""
    if name in CONSTANTS or name in _OF_UNITS:
        return name
    if name.startswith(ATTRIBUTE) and name != ATTRIBUTE:
        return name
    if name.startswith(_DATED):
        return _dated(name)
    form = form_of(name)
    if form is None:
        raise Fault(_unknown(name))
    known = ITEM_FORMS if form.of == "gs1" else FORMS
    if form.name not in known:
        near = nearest(form.name, known)
        raise Fault(
            f"'{{{_short(name)}}}' asks for a form that is not known{_meant(f'{form.of}.', near)} "
            f"Known: {', '.join(known)}."
        )
    return name


def form_of(name: str) -> Form | None:
    """Return the form that a placeholder asks for; None for one that shows a plain value.

    >>> form_of("identifiers.mac_1.plain"), form_of("serial")
    (Form(of='identifiers.mac_1', name='plain'), None)
    """
    found = _IDENTIFIED.fullmatch(name)
    if found:
        return Form(of=found[1], name="text" if found[2] is None else found[2])
    of, dot, form = name.partition(".")
    return Form(of=of, name=form) if dot and of in ("serial", "gs1") else None


def is_unit_value(name: str) -> bool:
    """Return whether a value differs from label to label, or with the moment of its trigger."""
    return name in _OF_UNITS or name.startswith(("date:", IDENTIFIER, "serial.", "gs1."))


def is_nothing(name: str, value: str) -> bool:
    """Return whether a value says that there is nothing: it is empty, or no copy was made.

    >>> is_nothing("copy", "0"), is_nothing("copy", "1"), is_nothing("number", "0")
    (True, False, False)
    """
    return not value or (name == COPY and value == "0")


def is_never_nothing(name: str) -> bool:
    """Return whether every unit's label has something there."""
    return is_unit_value(name) and name != COPY


def is_attribute(name: str) -> bool:
    """Return whether it is something a run may be opened with, or not."""
    return name.startswith(ATTRIBUTE)


def date_format(name: str) -> str | None:
    """Return how a placeholder writes the moment of its trigger; None where it shows no such.

    >>> date_format("date:%H:%M")
    '%H:%M'
    """
    return name.removeprefix("date:") if name.startswith("date:") else None


def moment_of(name: str) -> str | None:
    """Return the run's constant that a placeholder writes as a day or moment; None if none.

    >>> moment_of("run.expires_on:%y%m%d"), moment_of("run.expires_on")
    ('run.expires_on', None)
    """
    constant, colon, _ = name.partition(":")
    return constant if colon and constant in (OPENED, *DAYS) else None


def written(name: str, constant: str) -> str:
    """Return a day or moment as a placeholder writes it; what is none is shown as it is.

    >>> written("run.opened:%d.%m.%Y", "2026-11-23T13:00:00+01:00")
    '23.11.2026'
    >>> written("run.expires_on:%y%m%d", "2027-12-31"), written("run.expires_on:%y%m%d", "")
    ('271231', '')
    """
    try:
        return datetime.fromisoformat(constant).strftime(name.partition(":")[2])
    except ValueError:
        return constant


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that somebody may have meant, if one is near."""
    if len(name) > _NAME_MAX:
        return None
    found = difflib.get_close_matches(name.strip().lower(), list(known), n=1, cutoff=0.7)
    return found[0] if found else None


def _dated(name: str) -> str:
    given = name.partition(":")
    if len(given[2]) > FORMAT_MAX or not given[2].isprintable():
        raise Fault(
            f"'{{{_short(name)}}}' is not a date format. Expected at most {FORMAT_MAX} printable "
            f"characters, as in {{{given[0]}:{_DATE_EXAMPLE}}}."
        )
    codes = re.findall(r"%(.?)", given[2])
    if codes and DATE_CODES.issuperset(codes):
        return name
    raise Fault(
        f"'{{{_short(name)}}}' is not a date format. Expected codes of "
        f"{' '.join('%' + code for code in sorted(DATE_CODES))}, "
        f"as in {{{given[0]}:{_DATE_EXAMPLE}}}."
    )


def _unknown(name: str) -> str:
    near = nearest(name, (*_KNOWN, *(pattern.partition(":")[0] for pattern in _PATTERNS)))
    full = next((one for one in _PATTERNS if near and one.partition(":")[0] == near), near)
    known = ", ".join((*_KNOWN, *_PATTERNS))
    return f"'{{{_short(name)}}}' is not a known value{_meant('', full)} Known: {known}."


def _meant(before: str, near: str | None) -> str:
    return f": did you mean {{{before}{near}}}?" if near else "."


def _short(name: str) -> str:
    return shown(name)[1:-1]


def names_of(placeholders: Collection[str]) -> frozenset[str]:
    """Return the names of the identifiers among these placeholders.

    >>> sorted(names_of({"serial", "identifiers.imei", "identifiers.mac_1.plain"}))
    ['imei', 'mac_1']
    """
    forms = (form_of(name) for name in placeholders if name.startswith(IDENTIFIER))
    return frozenset(form.of.removeprefix(IDENTIFIER) for form in forms if form)

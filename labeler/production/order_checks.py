"""Whether an order is one: its line, its product, its attributes, its dates, what it reworks."""

import re
from datetime import date, datetime

from labeler.errors import BAD_ATTRIBUTE, BAD_DATES, NOTHING_TO_REWORK, Refusal
from labeler.production import run_records
from labeler.production.pinning import Order
from labeler.production.site import Site
from labeler.settings import ProductSettings
from labeler.settings_parts import AttributeSettings
from labeler.store import Transaction
from labeler.units import RunState

YEARS_MAX = 50
"""GS1's dates have two digits for the year: what is further ahead would be read as past."""

_EXPECTED = {
    "text": "text",
    "integer": "a whole number such as 12",
    "decimal": "a decimal number such as 12.5",
    "date": "a day that exists, as YYYY-MM-DD",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBERS = {
    "integer": re.compile(r"[+-]?\d+", re.ASCII),
    "decimal": re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII),
}


def check(site: Site, order: Order) -> ProductSettings:
    """Return the product of an order that can be made.

    Refuses an unknown line (2001) or product (2002), attributes that are missing or wrong (2022),
    and dates that do not exist or are over (2023).
    """
    site.plant.line(order.line)
    product = site.plant.product(order.product)
    for name, rule in product.attributes.items():
        _check_attribute(order, name, rule)
    _check_dates(order, today=site.local(site.clock()))
    return product


def check_rework(transaction: Transaction, order: Order) -> None:
    """Refuse an order to rework a run that is not there (2003), or has issued nothing (2026)."""
    if order.rework_of is None:
        return
    found = run_records.show(transaction, order.rework_of)
    if found["issued"] == 0:
        state = RunState(found["state"]).value
        raise Refusal(
            NOTHING_TO_REWORK,
            f"Run {order.rework_of} is {state} and has issued no unit that could be reworked.",
            hint="Name the run that made the units, or leave rework_of out.",
        )


def _check_attribute(order: Order, name: str, rule: AttributeSettings) -> None:
    value = order.attributes.get(name)
    if value is None:
        if not rule.required:
            return
        said = f"is missing, expected {_expected(rule)}"
    else:
        wrong = _wrong(value, rule)
        if wrong is None:
            return
        said = f"is '{value}', expected {wrong}"
    raise Refusal(
        BAD_ATTRIBUTE,
        f"Attribute '{name}' of product '{order.product}' {said}.",
        hint=f"Give it with the order: attributes.{name}, or --attribute {name}=VALUE.",
    )


def _expected(rule: AttributeSettings) -> str:
    if rule.type == "choice":
        return f"one of {', '.join(rule.choices)}"
    return _EXPECTED[rule.type]


def _wrong(value: str, rule: AttributeSettings) -> str | None:
    """Return what was expected instead of a value; None where it is right."""
    if rule.type == "choice":
        return None if value in rule.choices else _expected(rule)
    if rule.type == "date":
        return None if _day(value) else _expected(rule)
    if rule.type in _NUMBERS and not _NUMBERS[rule.type].fullmatch(value):
        return _expected(rule)
    if rule.max_length is not None and len(value) > rule.max_length:
        return f"at most {rule.max_length} characters"
    if rule.pattern is not None and not re.fullmatch(rule.pattern, value):
        return f"text like {rule.pattern}"
    return None


def _day(text: str) -> date | None:
    """Return the day that a text names, None if there is no such day."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _check_dates(order: Order, *, today: datetime) -> None:
    days = {}
    for name, said in (("expires_on", order.expires_on), ("best_before", order.best_before)):
        if said is None:
            continue
        day = days[name] = _day(said)
        if day is None:
            raise _bad_date(f"{name} is '{said}', expected {_EXPECTED['date']}.")
        if day < today.date():
            raise _bad_date(f"{name} is {day}, and today is {today.date()}: it is over already.")
        if day.year - today.year > YEARS_MAX:
            raise _bad_date(f"{name} is {day}, expected at most {YEARS_MAX} years from now.")
    first, last = days.get("best_before"), days.get("expires_on")
    if first is not None and last is not None and first > last:
        raise _bad_date(f"best_before is {first}, behind expires_on, {last}; expected before it.")


def _bad_date(sentence: str) -> Refusal:
    return Refusal(BAD_DATES, sentence, hint="Correct the order's dates.")

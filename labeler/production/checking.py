"""What any text is: a right serial, one of something else, a misread one, none at all; and why.

An identifier that a unit carries is as good as its serial. Of an issued serial it says whether it
is where it is met: of this run, this product, this line, and not of a unit that is gone. Of any
other text it says what is wrong with it and which issued serials are near.
"""

from dataclasses import replace
from typing import Any, Literal

from labeler.production import carrying, lease_remarks, lost_remarks, pool_remarks, runs, testing
from labeler.production.carrying import Carried, IssuedUnit, units_with
from labeler.production.fitting import fits_of
from labeler.production.meanings import Expected, beside, choose, fault_of, known_series
from labeler.production.meanings import options as every_option
from labeler.production.neighbours import Known, Neighbour, Search
from labeler.production.site import Site
from labeler.serials.readings import AS_PLAIN, Reading
from labeler.store import Transaction
from labeler.units import GONE, RunMode, UnitState

Verdict = Literal[
    "issued",
    "leased",
    "destroyed",
    "voided",
    "other_run",
    "other_product",
    "test",
    "misread",
    "never_issued",
    "invalid",
]
_NEAREST = ("issued", "leased", "destroyed", "voided", "other_run", "other_product", "test")
"""Of several units with one serial, the one that fits best is meant."""


_LIKELY_SLIPS = ("confusable", "two confusables", "transposition")
"""What people and cameras mistake; of these a well-formed address is told apart."""


_Answer = tuple[Verdict, str, IssuedUnit | None]
"""The verdict, its sentence, and the one unit that it is about."""


def check_text(
    site: Site, transaction: Transaction, given: str, *, expected: Expected
) -> dict[str, Any]:
    """Say of any text whether it is a right serial where it was met, and if not, what it is.

    Refuses an unknown run (2003), and a product (2002) or line (2001) that the plant does not have
    and no unit with this serial is of.
    """
    known = known_series(site, transaction)
    options = every_option(given, known)
    units = units_with(transaction, [option.text for option in options])
    reading = choose(options, units, known=known)
    own = [unit for unit in units if unit.serial == reading.text]
    found = [] if own else carrying.carried(transaction, [option.text for option in options])
    if found:
        own = [one.unit for one in found]
        meant = (option for option in options if option.text == found[0].text)
        reading = next(meant, replace(reading, text=found[0].text))
    reading, expected = beside(site, reading, expected)
    expected = _require_known(site, transaction, expected, own)
    neighbours: list[Neighbour] = []
    if not own:
        identifying = {name for name, _ in known if site.plant.identifies(name)}
        search = Search(transaction, known, identifying=identifying)
        reading, neighbours = _neighbours(search, reading, _with_plain(options), known)
    fits = fits_of(site, reading.text, known=known)
    if own:
        reading = _without_doubt(reading)
        verdict, sentence, unit = _issued(transaction, own, expected)
    else:
        pooled = pool_remarks.remarks(transaction, reading.text, known)
        lost = lost_remarks.remark(transaction, fits, known=dict(known))
        verdict, sentence, unit = _not_issued(reading.text, fits, neighbours, pooled, lost=lost)
    return {
        "text": reading.text,
        "notes": reading.notes,
        "verdict": verdict,
        "sentence": f"{_carried_sentence(found)}{sentence}",
        "identifier": found[0].name if found else None,
        "state": unit.state if unit else None,
        "run": runs.show(transaction, unit.run) if unit else None,
        "units": [_as_dict(one) for one in own],
        "near": [_near_dict(one) for one in neighbours],
        "series": fits,
    }


def _require_known(
    site: Site, transaction: Transaction, expected: Expected, units: list[IssuedUnit]
) -> Expected:
    """Refuse what does not exist; a run also says which product is expected."""
    if expected.product is not None and expected.product not in {unit.product for unit in units}:
        site.plant.product(expected.product)
    if expected.line is not None and expected.line not in {unit.line for unit in units}:
        site.plant.line(expected.line)
    if expected.run is None:
        return expected
    run = runs.show(transaction, expected.run)
    return replace(expected, product=expected.product or run["product"])


def _issued(transaction: Transaction, units: list[IssuedUnit], expected: Expected) -> _Answer:
    verdicts = [_verdict(unit, expected) for unit in units]
    verdict = min(verdicts, key=_NEAREST.index)
    meant = [unit for unit, one in zip(units, verdicts, strict=True) if one == verdict]
    if verdict in ("leased", "voided"):
        sentence = lease_remarks.sentence(transaction, meant[0])
    else:
        sentence = _issued_sentence(meant, verdict, expected)
    return verdict, sentence, meant[0] if len(meant) == 1 else None


def _carried_sentence(found: list[Carried]) -> str:
    """Say which identifier of which units the text is."""
    if not found:
        return ""
    whose = " and ".join(f"{one.name} of serial '{one.unit.serial}'" for one in found)
    return f"'{found[0].text}' is {whose}. "


def _verdict(unit: IssuedUnit, expected: Expected) -> Verdict:
    if unit.mode == RunMode.TEST.value:
        return "test"
    if expected.product not in (None, unit.product):
        return "other_product"
    if unit.state in GONE:
        return "voided" if unit.state == UnitState.VOIDED else "destroyed"
    if expected.run not in (None, unit.run) or expected.line not in (None, unit.line):
        return "other_run"
    return "leased" if unit.state == UnitState.LEASED else "issued"


def _issued_sentence(units: list[IssuedUnit], verdict: Verdict, expected: Expected) -> str:
    if verdict == "test":
        runs_of = " and of run ".join(str(unit.run) for unit in units)
        return f"'{units[0].serial}' is a test serial of run {runs_of}; it names no product."
    by = " and by ".join(unit.made_by for unit in units)
    beginning = f"Serial '{units[0].serial}' was issued by {by}"
    if len(units) > 1 and verdict == "issued":
        return f"{beginning}: say which product is meant."
    state = " and ".join(dict.fromkeys(unit.state for unit in units))
    if verdict == "destroyed":
        return f"{beginning}, but its unit is {state}: nobody should meet it any more."
    if verdict == "other_product":
        return f"{beginning}, not for product {expected.product}; its unit is {state}."
    if verdict == "other_run" and expected.run not in (None, *(unit.run for unit in units)):
        return f"{beginning}, not by run {expected.run}; its unit is {state}."
    if verdict == "other_run":
        return f"{beginning}, not on line {expected.line}; its unit is {state}."
    return f"{beginning}; its unit is {state}."


def _with_plain(options: list[Reading]) -> list[Reading]:
    """Return the readings, and behind them those in groups of characters without what parts them.

    Only what is near may be found so: a serial is never what somebody wrote with other characters.
    """
    found = {one.text: one for one in options}
    for one in options:
        plain = carrying.without_separators(one.text)
        if plain is not None:
            found.setdefault(plain, replace(one, text=plain))
    return list(found.values())


def _neighbours(
    search: Search, reading: Reading, options: list[Reading], known: Known
) -> tuple[Reading, list[Neighbour]]:
    """Return the reading that has issued serials or identifiers near it, and those."""
    for option in [reading, *(other for other in options if other is not reading)]:
        found = search.near(option.text)
        if found or any(fault_of(definition, option.text) is None for _, definition in known):
            return option, found
    return reading, []


def _not_issued(
    text: str,
    fits: list[dict[str, Any]],
    neighbours: list[Neighbour],
    pooled: list[str],
    *,
    lost: str | None,
) -> _Answer:
    valid = [fit for fit in fits if fit["valid"]]
    nearest = neighbours[0].text if neighbours else ""
    if not valid and testing.PREFIX in (
        text[: len(testing.PREFIX)],
        nearest[: len(testing.PREFIX)],
    ):
        return _no_test_serial(text, neighbours)
    verdict: Verdict = "misread" if neighbours else "invalid"
    if valid:
        if pooled or lost or not _is_likely_slip(neighbours, {fit["series"] for fit in valid}):
            verdict = "never_issued"
        parts = [f"Serial '{text}' is well formed, but {lost or 'it was never issued here'}"]
        parts += [
            f"its place in series '{fit['series']}' is {fit['place']}"
            for fit in valid
            if fit["place"] is not None
        ]
        parts += pooled
    elif neighbours:
        parts = [str(fault_of(neighbours[0].definition, text)).removesuffix(".")]
    elif len(fits) == 1:
        parts = [fits[0]["fault"].removesuffix(".")]
    else:
        parts = [f"'{text}' is not a serial of any of {len(fits)} series", "see each one's fault"]
    if neighbours:
        parts.append(_near_sentence(text, neighbours))
    return verdict, f"{'; '.join(parts)}.", None


def _no_test_serial(text: str, neighbours: list[Neighbour]) -> _Answer:
    said = f"'{text}' is no test serial that was issued here"
    if not neighbours:
        return "never_issued", f"{said}.", None
    behind = text.removeprefix(testing.PREFIX)
    could_be = behind != text and fault_of(neighbours[0].definition, behind) is None
    verdict: Verdict = "never_issued" if could_be else "misread"
    return verdict, f"{said}; {_near_sentence(text, neighbours)}.", None


def _is_likely_slip(neighbours: list[Neighbour], fitting: set[str]) -> bool:
    """Return whether a well-formed text is rather the identifier that is near.

    An address has no check character, so a slip in it is well formed, too. That one other character
    is wrong proves nothing: such are the next addresses of the block.
    """
    first = neighbours[0] if neighbours else None
    return (
        first is not None
        and first.identifier is not None
        and first.kind in _LIKELY_SLIPS
        and fitting == {first.series}
    )


def _near_sentence(text: str, neighbours: list[Neighbour]) -> str:
    first = neighbours[0]
    others = len(neighbours) - 1
    whose = f", {first.identifier} of serial '{first.unit.serial}'," if first.identifier else ""
    also = f", and {others} more {'is' if others == 1 else 'are'} near" if others else ""
    issued = f"issued is '{first.text}'{whose} by {first.unit.made_by}"
    return f"{issued}: {_slip(text, first)}{also}"


def _slip(text: str, near_one: Neighbour) -> str:
    """Return what went wrong on the way, in words."""
    meant, place = near_one.text, near_one.position
    if near_one.kind == "extra character":
        return f"position {place}, '{text[place - 1]}', is one too many"
    if near_one.kind == "missing character":
        return f"'{meant[place - 1]}' is missing at position {place}"
    if near_one.kind == "transposition":
        return f"positions {place} and {place + 1} are the other way round"
    pairs = enumerate(zip(text, meant, strict=True), start=1)
    return " and ".join(
        f"position {at} is '{own}' instead of '{right}'"
        for at, (own, right) in pairs
        if own != right
    )


def _near_dict(one: Neighbour) -> dict[str, Any]:
    return {
        **_as_dict(one.unit),
        "identifier": one.identifier,
        "text": one.text,
        "series": one.series,
        "kind": one.kind,
        "position": one.position,
    }


def _as_dict(unit: IssuedUnit) -> dict[str, Any]:
    return {
        "serial": unit.serial,
        "state": unit.state,
        "run": unit.run,
        "product": unit.product,
        "line": unit.line,
    }


def _without_doubt(reading: Reading) -> Reading:
    """Leave out why an issued text is no element string: nobody has to mend a good scan."""
    notes = tuple(note for note in reading.notes if not note.startswith(AS_PLAIN))
    return replace(reading, notes=notes)

"""What a scan is, before anything is said of it: `checking` reads it, its secrets are veiled."""

from dataclasses import dataclass
from typing import Any

from labeler.production import checking
from labeler.production.carrying import IssuedUnit
from labeler.production.meanings import Expected
from labeler.production.quality import secrecy
from labeler.production.site import Site
from labeler.serials.readings import Reading, readings
from labeler.store import Transaction


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A scan, as far as it is understood."""

    verdict: str
    """What `checking.check_text` says of it."""
    sentence: str
    text: str
    """As it was scanned, secrets veiled."""
    serial: str
    """The unit's serial, or the text that was meant, secrets veiled."""
    unit: IssuedUnit | None
    """The one unit that it is about."""
    units: list[dict[str, Any]]
    """All units that have this text."""
    near: list[dict[str, Any]]
    series: str | None
    """The series whose form a serial has that was never issued."""
    beside: Reading | None
    """What else stood on the label, where the text is of a GS1 message."""


def look(site: Site, transaction: Transaction, given: str, *, expected: Expected) -> Seen:
    """Return what a scan is; refuses (2001, 2002, 2003) as `checking.check_text` does."""
    found = checking.check_text(site, transaction, given, expected=expected)
    spared = found["text"] if found["units"] else None
    forms = secrecy.forms(site, transaction)
    text = secrecy.veil(given, forms, spared=spared)
    sentence = found["sentence"] if text == given else _veiled(found["sentence"], given, text)
    unit = _unit(found)
    fits = [one["series"] for one in found["series"] if one["valid"]]
    return Seen(
        verdict=found["verdict"],
        sentence=secrecy.veil(sentence, forms, spared=spared) if text != given else sentence,
        text=text,
        serial=unit.serial if unit else secrecy.veil(found["text"], forms, spared=spared),
        unit=unit,
        units=found["units"],
        near=found["near"],
        series=fits[0] if fits and not found["units"] else None,
        beside=_beside(given, found["text"]),
    )


def _veiled(sentence: str, given: str, text: str) -> str:
    """Return a sentence that quotes the scan with the veiled text in its place."""
    return sentence.replace(given.strip(), text.strip())


def _unit(found: dict[str, Any]) -> IssuedUnit | None:
    run = found["run"]
    if run is None:
        return None
    own = [one for one in found["units"] if one["run"] == run["id"]]
    meant = next(one for one in own if one["state"] == found["state"])
    return IssuedUnit(**meant, mode=run["mode"])


def _beside(given: str, text: str) -> Reading | None:
    """Return the reading that has more than the serial."""
    more = (one for one in readings(given) if one.gtin or one.lot or one.expiry)
    return next((one for one in more if one.text == text), None)

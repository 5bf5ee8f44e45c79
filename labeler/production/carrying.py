"""Which unit carries a text: as its serial, or as an identifier. Secrets are never found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from labeler.store import Transaction

_SEPARATED = re.compile(r"[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(\1[0-9A-Fa-f]{2})+")
"""How people write what a series makes as plain hexadecimal digits."""
_GROUPED = re.compile(
    r"[0-9A-Za-z]{1,3}([:-])[0-9A-Za-z]{1,3}(\1[0-9A-Za-z]{1,3})+"
    r"|[0-9A-Za-z]{3,5}\.[0-9A-Za-z]{3,5}(\.[0-9A-Za-z]{3,5})+"
)
"""The same where a character may be wrong, missing or one too many; also as EUI-48 with dots."""


@dataclass(frozen=True, kw_only=True)
class IssuedUnit:
    """A unit that has a serial, as far as a check tells of it."""

    serial: str
    state: str
    run: int
    product: str
    line: str
    mode: str
    """What its run was for: production or test."""

    @property
    def made_by(self) -> str:
        """Which run issued it, for people."""
        return f"run {self.run} ({self.product} on {self.line})"


@dataclass(frozen=True, kw_only=True)
class Carried:
    """An identifier and the unit that carries it."""

    text: str
    name: str
    """What its product calls it."""
    unit: IssuedUnit


def units_with(transaction: Transaction, serials: Sequence[str]) -> list[IssuedUnit]:
    """Return the units that have one of these serials, in the order of their serials and runs.

    Others may send anything, also what no database takes; no serial is like that.
    """
    asked = [serial for serial in serials if serial.isascii() and serial.isprintable()]
    if not asked:
        return []
    places = ", ".join("?" * len(asked))
    rows = transaction.run_sql(
        "SELECT u.serial, u.state, r.id, r.product, r.line, r.mode FROM unit u "  # noqa: S608
        f"JOIN run r ON r.id = u.run_id WHERE u.serial IN ({places}) ORDER BY u.serial, r.id",
        asked,
    )
    return [
        IssuedUnit(serial=serial, state=state, run=run, product=product, line=line, mode=mode)
        for serial, state, run, product, line, mode in rows
    ]


def carried(transaction: Transaction, texts: Sequence[str]) -> list[Carried]:
    """Return the units that carry the first of these texts that any unit carries."""
    asked = _with_plain(texts)
    found = carriers(transaction, asked)
    meant = min((one.text for one in found), key=asked.index, default=None)
    return [one for one in found if one.text == meant]


def carriers(transaction: Transaction, texts: Sequence[str]) -> list[Carried]:
    """Return the units that carry any of these texts, in the order of their runs."""
    asked = [text for text in texts if text.isascii() and text.isprintable()]
    if not asked:
        return []
    places = ", ".join("?" * len(asked))
    rows = transaction.run_sql(
        "SELECT i.text, i.name, u.serial, u.state, r.id, r.product, r.line, r.mode "  # noqa: S608
        "FROM unit_identifier i JOIN unit u ON u.id = i.unit_id JOIN run r ON r.id = u.run_id "
        f"WHERE i.text IN ({places}) AND i.scope IS NOT NULL ORDER BY r.id, u.id, i.name",
        asked,
    )
    return [
        Carried(
            text=text,
            name=name,
            unit=IssuedUnit(
                serial=serial, state=state, run=run, product=product, line=line, mode=mode
            ),
        )
        for text, name, serial, state, run, product, line, mode in rows
    ]


def _with_plain(texts: Sequence[str]) -> list[str]:
    """Return the texts, and those with colons or hyphens also as plain digits."""
    plain = [re.sub("[:-]", "", text) for text in texts if _SEPARATED.fullmatch(text)]
    return list(dict.fromkeys([*texts, *plain]))


def without_separators(text: str) -> str | None:
    """Return a text in groups as people write addresses, also a misread one, without what parts it.

    >>> without_separators("00:1B:C5:0A:B0:O4"), without_separators("001bc50ab004")
    ('001BC50AB0O4', None)
    """
    return re.sub("[:.-]", "", text).upper() if _GROUPED.fullmatch(text) else None

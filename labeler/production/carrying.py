"""Which unit carries an identifier: found by its text, as by a serial. Secrets are never found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from labeler.production.neighbours import IssuedUnit
from labeler.store import Transaction

_SEPARATED = re.compile(r"[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(\1[0-9A-Fa-f]{2})+")
"""How people write what a series makes as plain hexadecimal digits."""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """An identifier and the unit that carries it."""

    text: str
    name: str
    """What its product calls it."""
    unit: IssuedUnit


def carried(transaction: Transaction, texts: Sequence[str]) -> list[Carried]:
    """Return the units that carry the first of these texts that any unit carries."""
    asked = [text for text in _spelled(texts) if text.isascii() and text.isprintable()]
    if not asked:
        return []
    places = ", ".join("?" * len(asked))
    rows = transaction.run_sql(
        "SELECT i.text, i.name, u.serial, u.state, r.id, r.product, r.line, r.mode "  # noqa: S608
        "FROM unit_identifier i JOIN unit u ON u.id = i.unit_id JOIN run r ON r.id = u.run_id "
        f"WHERE i.text IN ({places}) AND i.scope IS NOT NULL ORDER BY r.id, u.id",
        asked,
    )
    found = [
        Carried(
            text=text,
            name=name,
            unit=IssuedUnit(
                serial=serial, state=state, run=run, product=product, line=line, mode=mode
            ),
        )
        for text, name, serial, state, run, product, line, mode in rows
    ]
    meant = min((one.text for one in found), key=asked.index, default=None)
    return [one for one in found if one.text == meant]


def _spelled(texts: Sequence[str]) -> list[str]:
    """Return the texts, and those with colons or hyphens also as plain digits."""
    plain = [re.sub("[:-]", "", text) for text in texts if _SEPARATED.fullmatch(text)]
    return list(dict.fromkeys([*texts, *plain]))

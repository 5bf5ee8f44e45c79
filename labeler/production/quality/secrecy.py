"""What may be a secret never stands in the record of scans: asterisks stand for it.

Who scans the wrong code of a label scans its secret. The record has forgotten that one by then
(`remembering.py`), so nobody can look it up: whatever has the form of a secret is taken for one.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from sqlalchemy import exists, select

from labeler.production.neighbours import read_definition
from labeler.production.site import Site
from labeler.store import Transaction, schema

Form = tuple[frozenset[str], ...]
"""Which characters can stand at each position of a secret."""


def forms(site: Site, transaction: Transaction) -> list[Form]:
    """Return the forms of all secrets that there are, or ever were."""
    version, own = schema.series_version, schema.run_series
    is_secret = exists().where(own.c.series_version_id == version.c.id, own.c.secret)
    texts = set(transaction.execute(select(version.c.definition).where(is_secret)).scalars())
    texts |= {one.definition.text for one in site.plant.series.values() if one.secret}
    return [_form(text) for text in sorted(texts)]


@lru_cache(maxsize=512)
def _form(definition: str) -> Form:
    series = read_definition(definition).series
    places = range(1, series.text_length + 1)
    return tuple(frozenset(series.characters_at(place)) for place in places)


def veil(text: str, forms: Iterable[Form], *, spared: str | None = None) -> str:
    """Return a text with asterisks where something in it may be a secret.

    ``spared`` is an issued serial or identifier in it, which surely is none.

    >>> digits = frozenset("0123456789")
    >>> veil("AC-7 91234", [(digits,) * 4]), veil("1234", [(digits,) * 4], spared="1234")
    ('AC-7 *****', '1234')
    """
    large = text.upper()
    hidden = {place for form in forms for place in _places(text, large, form)}
    if spared:
        first = large.find(spared.upper())
        hidden -= set(range(first, first + len(spared))) if first >= 0 else set()
    return "".join("*" if place in hidden else one for place, one in enumerate(text))


def _places(text: str, large: str, form: Form) -> set[int]:
    found: set[int] = set()
    for first in range(len(text) - len(form) + 1):
        last = first + len(form)
        if any(_fits(one[first:last], form) for one in (text, large)):
            found.update(range(first, last))
    return found


def _fits(window: Sequence[str], form: Form) -> bool:
    return all(one in allowed for one, allowed in zip(window, form, strict=True))

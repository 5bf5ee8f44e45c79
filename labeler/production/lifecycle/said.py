"""What is said with an order for units: who, why, where, and whose they are."""

from collections.abc import Mapping
from typing import Final

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.lifecycle.verbs import VERBS
from labeler.store.schema import UNIT_WORDS

KEPT: Final = (*UNIT_WORDS, "invoice_link")
"""What the record keeps of a unit: the last that was said."""
_ALWAYS = ("operator", "reason")


def require(verb: str, said: Mapping[str, str]) -> None:
    """Refuse (1002) an order that lacks what its verb needs, or says what it has no use for."""
    rule = VERBS[verb]
    for name in rule.needs:
        if name not in said:
            raise _wrong(f"'{verb}' needs {name}, which is not said.", verb)
    if "operator" not in said and not ("line" in rule.takes and "line" in said):
        also = " or line" if "line" in rule.takes else ""
        raise _wrong(f"'{verb}' needs operator{also}, which is not said.", verb)
    for name in said:
        if name not in (*_ALWAYS, *rule.needs, *rule.takes):
            raise _wrong(f"'{verb}' has no use for {name}.", verb)


def _wrong(sentence: str, verb: str) -> Refusal:
    rule = VERBS[verb]
    needs = ", ".join(rule.needs) or "nothing but who says it"
    takes = ", ".join((*rule.takes, "reason")) if "reason" not in rule.needs else rule.takes
    also = takes if isinstance(takes, str) else ", ".join(takes)
    return Refusal(
        BAD_VALUE,
        sentence,
        hint=f"'{verb}' needs {needs}" + (f"; it takes {also}." if also else "."),
    )

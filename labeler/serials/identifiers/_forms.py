"""Which form of a GS1 key a text is: an element string, a Digital Link URI, or an EPC.

>>> values_of("https://example.com/01/09506000134352/21/7", kind="SGTIN", ais=("01", "21"))
{'01': '09506000134352', '21': '7'}
>>> values_of("(01)09506000134352(10)A", kind="SGTIN", ais=("01", "21"))
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: SGTIN '(01)09506000134352(10)A' holds AIs \
(01)(10): expected (01)(21) and no other; read other texts as element_string or digital_link.
"""

from labeler.serials.identifiers import digital_link, element_string
from labeler.serials.identifiers._errors import InvalidIdentifier


def compact(text: str) -> str:
    """The text without what people and scanners put around it."""
    bare = text.strip(" \t\r\n")
    return bare if "://" in bare else element_string.compact(bare)


def values_of(text: str, *, kind: str, ais: tuple[str, ...]) -> dict[str, str]:
    """The values of an element string or Digital Link URI that holds these AIs and no other."""
    values = {one.ai: one.value for one in elements_of(text).elements}
    if set(values) == set(ais):
        return values
    expected, found = ("".join(f"({ai})" for ai in some) for some in (ais, values))
    problem = (
        f"holds AIs {found}: expected {expected} and no other; read other texts as"
        " element_string or digital_link."
    )
    raise InvalidIdentifier(text, kind=kind, problem=problem)


def elements_of(text: str) -> element_string.ElementString:
    """What an element string or a Digital Link URI says."""
    if "://" in text:
        return digital_link.parse(text).message
    return element_string.parse(text)

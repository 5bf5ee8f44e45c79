"""Which form of a GS1 key a text is: an element string, a Digital Link URI, or an EPC.

>>> values_of("https://example.com/01/09506000134352/21/7", kind="SGTIN", ais=("01", "21"))
{'01': '09506000134352', '21': '7'}
>>> values_of("(01)09506000134352(10)A", kind="SGTIN", ais=("01", "21"))
Traceback (most recent call last):
labeler.serials.identifiers._errors.InvalidIdentifier: SGTIN '(01)09506000134352(10)A' holds AIs \
(01)(10): expected (01)(21) and no other; read other texts as element_string or digital_link.
"""

import re

from labeler.serials.identifiers import digital_link, element_string
from labeler.serials.identifiers._errors import InvalidIdentifier

_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://", re.ASCII)  # RFC 3986, section 3.1


def compact(text: str) -> str:
    """The text without what people and scanners put around it."""
    bare = text.strip(" \t\r\n")
    return bare if is_address(bare) else element_string.compact(bare)


def is_address(text: str) -> bool:
    """Whether a text begins as a URI does; a serial may hold `://` as well.

    >>> is_address("https://id.gs1.org/00/106141412345678908"), is_address("(8004)000000://")
    (True, False)
    """
    return _SCHEME.match(text) is not None


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
    if is_address(text):
        return digital_link.parse(text).message
    return element_string.parse(text)

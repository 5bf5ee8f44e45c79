"""Proof that every text of a pattern is an identifier: SSCC, IMEI, MAC address, VIN.

What the texts will be is known from the fields before the first one is made: which characters may
stand where, how long they are, what their check characters cover. So a pattern is either proved
here, or refused at the character that lets a wrong text through.

>>> from labeler.serials.pattern import read_fields
>>> prove(Identifier(type="sscc"), read_fields("10614141{counter:9}{check:gs1_mod10}"))
>>> prove(Identifier(type="sscc"), read_fields("10614141{counter:8}{check:gs1_mod10}"))
Traceback (most recent call last):
labeler.serials.errors.PatternError: Pattern '10614141{counter:8}{check:gs1_mod10}', character 9: \
An SSCC has 18 characters, and this pattern makes 17; write a number 9 wide.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase, digits
from types import MappingProxyType

from labeler.serials.checks import gs1_mod10
from labeler.serials.errors import PatternError
from labeler.serials.fields import Check, Literal, RunPart
from labeler.serials.identified import Identifier, Type
from labeler.serials.identifiers import vin
from labeler.serials.identifiers._texts import CHARSET_82
from labeler.serials.numbers import Number
from labeler.serials.pieces import Placed

# Lengths of the families, whose files are not read here: loading their tables takes a while.
GRAI_TYPE_LENGTH, GRAI_SERIAL_LENGTH_MAX = 13, 16
GIAI_LENGTH_MAX = 30
GTIN_LENGTHS = (8, 12, 13, 14)
AI_TEXT_LENGTH_MAX = 20
"""Of a serial, AI (21), and of a lot, AI (10)."""
_HEX = digits + "ABCDEF"
_UNIVERSAL = "048C"
"""Second digits of addresses of single devices that the IEEE assigns (IEEE 802-2014, clause 8)."""
_OUI_LENGTH = 6
"""Digits that are the same in the widest block, MA-L."""
UII = digits + ascii_uppercase + "-/"
UII_SERIAL_LENGTH_MAX = 44
"""A UII has 50 characters at most, six of them for issuing agency and CAGE code."""


def prove(identifier: Identifier, placed: Sequence[Placed]) -> None:
    """Refuse a pattern that could make a text which is no such identifier."""
    kind, text = _KINDS[identifier.type], _Text(placed)
    for position in range(1, text.length + 1):
        text.require(position, alphabet=kind.alphabet, said=f"{kind.called} has {kind.words} only")
    if kind.checks:
        _require_check(kind, text)
    if text.length not in kind.lengths:
        raise _wrong_length(kind, text)
    if kind.rule is not None:
        kind.rule(text)
    if identifier.company_prefix_length is not None and identifier.type != "sgtin_serial":
        first = 2 if identifier.type == "sscc" else 1
        _require_company_prefix(text, first, identifier.company_prefix_length)


class _Text:
    """What a pattern says of each position of its texts, counted from 1."""

    def __init__(self, placed: Sequence[Placed]) -> None:
        self.placed = placed
        self._places = [(p, offset) for p in placed for offset in range(p.field.length)]
        self.length = len(self._places)

    def characters(self, position: int) -> str:
        """The characters that can stand there."""
        p, offset = self._places[position - 1]
        return p.field.characters_at(offset)

    def error(self, position: int, problem: str) -> PatternError:
        """A refusal that points at the field of a position; in literals, at the character."""
        p, offset = self._places[position - 1]
        is_literal = isinstance(p.field, Literal) and len(p.piece.text) == p.field.length
        return p.piece.error(problem, offset=offset if is_literal else 0)

    def require(self, position: int, *, alphabet: str, said: str) -> None:
        """Refuse a position where something else than the alphabet can stand."""
        foreign = set(self.characters(position)) - set(alphabet)
        if not foreign:
            return
        part = self._places[position - 1][0].field
        if isinstance(part, Number | RunPart):
            advice = f"write it in the alphabet {_ALPHABETS[alphabet]}"
        else:
            advice = "write another character, or leave it out"
        raise self.error(position, f"{said}, and here {min(foreign)!r} can stand; {advice}.")

    def require_digit_that_stays(self, position: int, said: str) -> None:
        """Refuse a position that is not the same digit in every text."""
        characters = self.characters(position)
        if len(set(characters)) > 1 or characters not in digits:
            raise self.error(position, f"{said}; write its digits.")

    @property
    def check(self) -> tuple[Placed, str] | None:
        """Its check, and the name of the scheme."""
        checks = ((p, p.field.scheme.name) for p in self.placed if isinstance(p.field, Check))
        return next(checks, None)

    @property
    def number(self) -> tuple[Placed, Number]:
        """Its number."""
        return next((p, p.field) for p in self.placed if isinstance(p.field, Number))


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """What all identifiers of a type have in common."""

    called: str
    """With its article, at the beginning of a sentence."""
    lengths: tuple[int, ...] | range
    alphabet: str = digits
    words: str = "digits"
    """The alphabet in words."""
    checks: tuple[str, ...] = ()
    """Check schemes of which it has one, the one to write first."""
    rule: "Callable[[_Text], None] | None" = None
    """What must hold besides."""


def _require_check(kind: _Kind, text: _Text) -> None:
    check = text.check
    wanted = f"write {{check:{kind.checks[0]}}}"
    where = "in position 9" if kind.checks == ("vin",) else "at its end"
    if check is None:
        position = min(9, text.length) if kind.checks == ("vin",) else text.length
        raise text.error(position, f"{kind.called} has a check digit {where}; {wanted} there.")
    if check[1] not in kind.checks:
        raise check[0].piece.error(f"{kind.called} has another check digit; {wanted}.")


def _wrong_length(kind: _Kind, text: _Text) -> PatternError:
    lengths = kind.lengths
    if isinstance(lengths, range):
        wanted = f"{lengths[0]} to {lengths[-1]}"
    else:
        wanted = " or ".join(filter(None, (", ".join(map(str, lengths[:-1])), str(lengths[-1]))))
    piece, number = text.number
    nearest = min(lengths, key=lambda length: abs(length - text.length))
    width = number.width + nearest - text.length
    advice = f"write a number {width} wide" if width > 0 else "leave other fields out"
    return piece.piece.error(
        f"{kind.called} has {wanted} characters, and this pattern makes {text.length}; {advice}."
    )


def _require_company_prefix(text: _Text, first: int, length: int) -> None:
    said = (
        f"The GS1 Company Prefix, positions {first} to {first + length - 1}, is the same in every"
        f" text"
    )
    for position in range(first, min(first + length, text.length + 1)):
        text.require_digit_that_stays(position, said)


def _grai(text: _Text) -> None:
    said = "A GRAI begins with its asset type, 13 digits that are the same in every text"
    for position in range(1, GRAI_TYPE_LENGTH + 1):
        text.require_digit_that_stays(position, said)
    asset_type = "".join(text.characters(place) for place in range(1, GRAI_TYPE_LENGTH + 1))
    expected = gs1_mod10.compute(asset_type[:-1])
    if asset_type[-1] != expected:
        raise text.error(
            GRAI_TYPE_LENGTH,
            f"Asset type '{asset_type}' has a wrong check digit: expected '{expected}', got"
            f" '{asset_type[-1]}'; write {expected}.",
        )


def _giai(text: _Text) -> None:
    for position in range(1, min(text.length, 4) + 1):
        text.require(
            position, alphabet=digits, said="A GIAI begins with a GS1 Company Prefix, digits only"
        )


def _vin(text: _Text) -> None:
    codes = set(text.characters(10)) - set(vin.YEAR_CODES)
    if codes:
        raise text.error(
            10,
            f"A VIN has the code of its model year in position 10, and here {min(codes)!r} can"
            f" stand; write {{code:vin_year}}.",
        )
    for position in range(vin.LENGTH - 3, vin.LENGTH + 1):
        text.require(position, alphabet=digits, said="A VIN ends with four digits")


def _eui(text: _Text) -> None:
    for position in range(1, _OUI_LENGTH + 1):
        if len(set(text.characters(position))) > 1:
            raise text.error(
                position,
                f"No block of addresses is wider than an MA-L, whose first {_OUI_LENGTH} digits"
                f" are the same; write the prefix the IEEE has assigned.",
            )
    second = text.characters(2)
    if second not in _UNIVERSAL:
        raise text.error(
            2,
            f"An address of one device, assigned by the IEEE, has 0, 4, 8 or C here, not"
            f" {second!r}: its multicast bit or its local bit is set; write the prefix the IEEE"
            f" has assigned.",
        )
    placed, number = text.number
    if number.step > 1:
        _require_room(placed, number)


def _require_room(placed: Placed, number: Number) -> None:
    """Refuse devices of several addresses of which the last one's would lie behind the block."""
    at_step = placed.piece.text.index("step=")
    if number.alphabet.characters != _HEX:
        raise placed.piece.error(
            f"A device takes {number.step} addresses, which are counted in hexadecimal digits;"
            f" write the number in the alphabet hex.",
            offset=at_step,
        )
    size = number.alphabet.capacity(number.width)
    if (size - number.start) % number.step:
        step = min(size, 1 << (number.step - 1).bit_length())
        raise placed.piece.error(
            f"A device takes {number.step} addresses, so the last device's would lie behind the"
            f" block's end; write a start and a step with which {size} less the start can be"
            f" divided, such as start=0,step={step}.",
            offset=at_step,
        )


_ALPHABETS = {
    digits: "digits",
    vin.ALPHABET: "digits",
    _HEX: "hex",
    CHARSET_82: "gs1_82",
    UII: "alnum",
}
"""What a position may hold -> the name of an alphabet to write."""


_SET_82, _HEX_WORDS = "characters of GS1's set 82", "hexadecimal digits in capitals"
_AI_TEXT = range(1, AI_TEXT_LENGTH_MAX + 1)
_KINDS: Mapping[Type, _Kind] = MappingProxyType(
    {
        "gtin": _Kind(called="A GTIN", lengths=GTIN_LENGTHS, checks=("gs1_mod10",)),
        "sgtin_serial": _Kind(
            called="The serial of an SGTIN", lengths=_AI_TEXT, alphabet=CHARSET_82, words=_SET_82
        ),
        "sscc": _Kind(called="An SSCC", lengths=(18,), checks=("gs1_mod10",)),
        "grai": _Kind(
            called="A GRAI",
            lengths=range(GRAI_TYPE_LENGTH + 1, GRAI_TYPE_LENGTH + GRAI_SERIAL_LENGTH_MAX + 1),
            alphabet=CHARSET_82,
            words=_SET_82,
            rule=_grai,
        ),
        "giai": _Kind(
            called="A GIAI",
            lengths=range(5, GIAI_LENGTH_MAX + 1),
            alphabet=CHARSET_82,
            words=_SET_82,
            rule=_giai,
        ),
        "lot": _Kind(called="A lot", lengths=_AI_TEXT, alphabet=CHARSET_82, words=_SET_82),
        "vin": _Kind(
            called="A VIN",
            lengths=(vin.LENGTH,),
            alphabet=vin.ALPHABET,
            words="digits and capitals without I, O and Q",
            checks=("vin",),
            rule=_vin,
        ),
        "imei": _Kind(called="An IMEI", lengths=(15,), checks=("imei", "luhn")),
        "eui48": _Kind(
            called="An EUI-48", lengths=(12,), alphabet=_HEX, words=_HEX_WORDS, rule=_eui
        ),
        "eui64": _Kind(
            called="An EUI-64", lengths=(16,), alphabet=_HEX, words=_HEX_WORDS, rule=_eui
        ),
        "iuid": _Kind(
            called="The serial of an IUID",
            lengths=range(1, UII_SERIAL_LENGTH_MAX + 1),
            alphabet=UII,
            words="digits, capitals, - and /",
        ),
    }
)

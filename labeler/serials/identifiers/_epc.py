"""EPC: GS1 keys as URNs and as the bits of RFID tags.

Standard: EPC Tag Data Standard 1.13, sections 6 (pure identity URN), 12 (tag URI), 14.2 (headers),
14.3 and 14.4 (integers and strings), 14.6 (partition tables), 15.1.1 (zeros up to a whole word).
The "+" encodings that release 2.0 adds are not here.

All partition tables are one rule: the company prefix of L digits takes PREFIX_BITS[L] bits, and
the reference gets what is left of the key's bits and digits.
"""

import re
from dataclasses import dataclass
from string import hexdigits

from labeler.serials.identifiers._errors import InvalidIdentifier
from labeler.serials.identifiers._texts import CHARSET_82, require_charset_82, require_digits

PREFIX_BITS = {12: 40, 11: 37, 10: 34, 9: 30, 8: 27, 7: 24, 6: 20}
"""Digits of the GS1 Company Prefix -> bits; its partition value is 12 less the digits."""

_ESCAPED = {character: f"%{ord(character):02X}" for character in '"%&/<>?'}
_PLAIN_PART = re.compile(r"(?:[^\"%&/<>?]|%(?:2[256F]|3[CEF]))*", re.IGNORECASE)
_HEAD_BITS = 8 + 3 + 3


@dataclass(frozen=True, kw_only=True)
class Key:
    """A kind of GS1 key, and how its digits are divided."""

    name: str
    """Its word in URNs."""
    digits: int
    """Digits of company prefix and reference together; 0 where there is no reference."""
    bits: int
    """Bits of both together; 0 where there is no reference."""
    serial_length_max: int
    """Characters of the serial; the company prefix counts where there is no reference; 0: none."""

    @property
    def has_serial(self) -> bool:
        """Whether a serial follows."""
        return bool(self.serial_length_max)


SGTIN = Key(name="sgtin", digits=13, bits=44, serial_length_max=20)
SSCC = Key(name="sscc", digits=17, bits=58, serial_length_max=0)
GRAI = Key(name="grai", digits=12, bits=44, serial_length_max=16)
GIAI = Key(name="giai", digits=0, bits=0, serial_length_max=30)


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """A way to write a key in bits."""

    name: str
    """Its word in tag URIs."""
    key: Key
    """What it writes."""
    header: int
    """Its first eight bits."""
    bits: int
    """All of them."""
    is_text: bool = False
    """Whether the serial is text, seven bits a character; otherwise it is a number."""

    def serial_bits(self, prefix_length: int) -> int:
        """How many bits are left for the serial."""
        return self.bits - _HEAD_BITS - (self.key.bits or PREFIX_BITS[prefix_length])


SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme(name="sgtin-96", key=SGTIN, header=0x30, bits=96),
        Scheme(name="sgtin-198", key=SGTIN, header=0x36, bits=198, is_text=True),
        Scheme(name="sscc-96", key=SSCC, header=0x31, bits=96),
        Scheme(name="grai-96", key=GRAI, header=0x33, bits=96),
        Scheme(name="grai-170", key=GRAI, header=0x37, bits=170, is_text=True),
        Scheme(name="giai-96", key=GIAI, header=0x34, bits=96),
        Scheme(name="giai-202", key=GIAI, header=0x38, bits=202, is_text=True),
    )
}


@dataclass(frozen=True, kw_only=True)
class Epc:
    """The parts of a key, divided where its company prefix ends."""

    key: Key
    """Which kind it is."""
    company_prefix: str
    """Six to twelve digits."""
    reference: str = ""
    """What follows the prefix, without check digit; indicator or extension digit in front."""
    serial: str = ""
    """Digits or text."""

    def __post_init__(self) -> None:
        length = len(self.company_prefix)
        require_digits(self.company_prefix, kind="GS1 Company Prefix", lengths=range(6, 13))
        if self.key.digits:
            lengths = (self.key.digits - length,)
            kind = f"{self.key.name.upper()} reference"
            require_digits(self.reference, kind=kind, lengths=lengths)
        if self.key.has_serial:
            longest = self.key.serial_length_max - (0 if self.key.digits else length)
            kind = f"{self.key.name.upper()} serial"
            require_charset_82(self.serial, kind=kind, longest=longest)

    @property
    def urn(self) -> str:
        """The pure identity, as EPCIS events name a thing."""
        return f"urn:epc:id:{self.key.name}:{self.body}"

    @property
    def body(self) -> str:
        """The parts with dots between them, escaped (table A-1)."""
        parts = [self.company_prefix]
        if self.key.digits:
            parts.append(self.reference)
        if self.key.has_serial:
            parts.append("".join(_ESCAPED.get(one, one) for one in self.serial))
        return ".".join(parts)


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A key as a tag holds it."""

    scheme: Scheme
    """How it is written."""
    filter_value: int
    """0 to 7: 0 others, 1 point of sale, 2 full case … for an SGTIN (section 10.2)."""
    epc: Epc
    """What is written."""

    def __post_init__(self) -> None:
        text = f"{self.scheme.name}:{self.filter_value}.{self.epc.body}"
        if self.filter_value not in range(8):
            problem = f"has filter value {self.filter_value}: expected 0 to 7; choose another one."
            raise InvalidIdentifier(text, kind="EPC tag", problem=problem)
        if self.epc.key.has_serial and not self.scheme.is_text:
            _require_number(self, text)

    @property
    def uri(self) -> str:
        """The EPC tag URI."""
        return f"urn:epc:tag:{self.scheme.name}:{self.filter_value}.{self.epc.body}"

    @property
    def hex(self) -> str:
        """The bits of the tag's EPC bank, in whole words of 16 bits."""
        prefix, key = self.epc.company_prefix, self.scheme.key
        prefix_bits = PREFIX_BITS[len(prefix)]
        bits = f"{self.scheme.header:08b}{self.filter_value:03b}{12 - len(prefix):03b}"
        bits += f"{int(prefix):0{prefix_bits}b}"
        if key.bits:
            bits += f"{int(self.epc.reference or '0'):0{key.bits - prefix_bits}b}"
        if self.scheme.is_text:
            bits += "".join(f"{ord(one):07b}" for one in self.epc.serial)
        elif key.has_serial:
            bits += f"{int(self.epc.serial):0{self.scheme.serial_bits(len(prefix))}b}"
        whole = -(-self.scheme.bits // 16) * 16
        return f"{int(bits.ljust(whole, '0'), 2):0{whole // 4}X}"


def _require_number(tag: Tag, text: str) -> None:
    serial, bits = tag.epc.serial, tag.scheme.serial_bits(len(tag.epc.company_prefix))
    is_plain = serial.isascii() and serial.isdigit() and (serial == "0" or serial[0] != "0")
    if is_plain and int(serial) < 2**bits:
        return
    wider = next(one.name for one in SCHEMES.values() if one.key == tag.scheme.key and one.is_text)
    problem = (
        f"cannot hold serial {serial!r}: expected a number below {2**bits} without zeros in front;"
        f" use {wider}."
    )
    raise InvalidIdentifier(text, kind="EPC tag", problem=problem)


def require_prefix_length(length: int) -> None:
    """Refuse a company prefix length that no partition has.

    >>> require_prefix_length(5)
    Traceback (most recent call last):
    labeler.serials.identifiers._errors.InvalidIdentifier: company_prefix_length '5' is not in the \
partition tables: expected 6 to 12; ask GS1 which prefix is yours.
    """
    if length not in PREFIX_BITS:
        problem = "is not in the partition tables: expected 6 to 12; ask GS1 which prefix is yours."
        raise InvalidIdentifier(str(length), kind="company_prefix_length", problem=problem)


def make_tag(epc: Epc, *, scheme: str, filter_value: int) -> Tag:
    """The tag of a key; refused where the scheme is another key's or the serial does not fit."""
    known = [name for name, one in SCHEMES.items() if one.key == epc.key]
    if scheme not in known:
        problem = f"does not hold {epc.key.name.upper()}s: expected one of {', '.join(known)}."
        raise InvalidIdentifier(scheme, kind="EPC scheme", problem=problem)
    return Tag(scheme=SCHEMES[scheme], filter_value=filter_value, epc=epc)


def read(text: str, *, key: Key) -> Epc | None:
    """The key of a URN, a tag URI or a tag's hex; None where the text is none of these."""
    bare = text.strip(" \t\r\n")
    if bare.startswith(f"urn:epc:id:{key.name}:"):
        return _epc_of(bare.removeprefix(f"urn:epc:id:{key.name}:"), key=key, text=bare)
    if bare.startswith("urn:") or _scheme_of_hex(bare, key=key):
        return read_tag(bare, key=key).epc
    return None


def read_tag(text: str, *, key: Key) -> Tag:
    """The tag of a tag URI, or of hex as a reader sends it."""
    bare = text.strip(" \t\r\n")
    encoded = _scheme_of_hex(bare, key=key)
    if encoded:
        return _tag_of_hex(bare, scheme=encoded)
    for scheme in SCHEMES.values():
        beginning = f"urn:epc:tag:{scheme.name}:"
        if scheme.key == key and re.match(beginning + r"[0-7]\.", bare):
            rest = bare.removeprefix(beginning)
            return Tag(
                scheme=scheme,
                filter_value=int(rest[0]),
                epc=_epc_of(rest[2:], key=key, text=bare),
            )
    names = ", ".join(name for name, scheme in SCHEMES.items() if scheme.key == key)
    problem = (
        f"is no EPC of an {key.name.upper()}: expected a URN, a tag URI or hex of {names};"
        " read it as what it is."
    )
    raise InvalidIdentifier(text, kind="EPC", problem=problem)


def _epc_of(body: str, *, key: Key, text: str) -> Epc:
    count = 1 + bool(key.digits) + key.has_serial
    prefix, *others = body.split(".", count - 1)
    serial = others[-1] if key.has_serial and others else ""
    if len(others) != count - 1 or not _PLAIN_PART.fullmatch(serial):
        problem = (
            f"is broken: expected {count} parts with dots between them, reserved characters as"
            " % and two digits; scan it again."
        )
        raise InvalidIdentifier(text, kind="EPC", problem=problem)
    plain = re.sub("%(..)", lambda found: chr(int(found.group(1), 16)), serial)
    return Epc(
        key=key, company_prefix=prefix, reference=others[0] if key.digits else "", serial=plain
    )


def _scheme_of_hex(text: str, *, key: Key) -> Scheme | None:
    """The key's scheme with the header and the length of this hex; None where there is none.

    Readers send the bits alone, in whole bytes, or in whole words.
    """
    if not text or text.strip(hexdigits):
        return None
    for scheme in SCHEMES.values():
        lengths = {-(-scheme.bits // unit) * unit // 4 for unit in (4, 8, 16)}
        if scheme.key == key and len(text) in lengths and text.startswith(f"{scheme.header:X}"):
            return scheme
    return None


def _tag_of_hex(text: str, *, scheme: Scheme) -> Tag:
    key = scheme.key
    bits = f"{int(text, 16):0{len(text) * 4}b}"
    filter_value, length = int(bits[8:11], 2), 12 - int(bits[11:14], 2)
    if length in PREFIX_BITS:
        prefix_end = _HEAD_BITS + PREFIX_BITS[length]
        reference_end = _HEAD_BITS + (key.bits or PREFIX_BITS[length])
        prefix = str(int(bits[_HEAD_BITS:prefix_end], 2)).zfill(length)
        width = key.digits - length if key.digits else 0
        reference = str(int("0" + bits[prefix_end:reference_end], 2)).zfill(width)
        serial = _serial_of(bits[reference_end : scheme.bits], scheme=scheme)
        fits = len(prefix) == length and (len(reference) == width or int(reference) == width == 0)
        if fits and serial is not None and "1" not in bits[scheme.bits :]:
            epc = Epc(key=key, company_prefix=prefix, reference=reference[:width], serial=serial)
            return Tag(scheme=scheme, filter_value=filter_value, epc=epc)
    problem = f"is not encoded as {scheme.name}: expected bits of section 14; read the tag again."
    raise InvalidIdentifier(text, kind="EPC tag", problem=problem)


def _serial_of(bits: str, *, scheme: Scheme) -> str | None:
    """The serial in these bits; None where they hold none."""
    if not scheme.key.has_serial:
        return None if "1" in bits else ""
    if not scheme.is_text:
        return str(int(bits, 2))
    codes = [int(bits[place : place + 7], 2) for place in range(0, len(bits) - 6, 7)]
    text = "".join(map(chr, codes)).rstrip("\0")
    rest = bits[len(codes) * 7 :]
    return text if "1" not in rest and all(one in CHARSET_82 for one in text) else None

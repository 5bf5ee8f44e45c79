"""The messages of IPP as bytes (RFC 8010), as much of it as a print job needs.

>>> message = encode(GET_JOB_ATTRIBUTES, [Attribute(INTEGER, "job-id", 12)], number=7)
>>> message.hex(" ")
'02 00 00 09 00 00 00 07 01 21 00 06 6a 6f 62 2d 69 64 00 04 00 00 00 0c 03'

Read is everything a printer may say; what is no number or text stays bytes, and the members of a
collection are passed over.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

PRINT_JOB, GET_JOB_ATTRIBUTES, GET_PRINTER_ATTRIBUTES = 0x0002, 0x0009, 0x000B
"""Operations: RFC 8011, 5.4.15."""
INTEGER, ENUM, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME_TYPE = (
    *(0x21, 0x23, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49),
)
"""Tags of values: RFC 8010, 3.5.2."""
OPERATION_GROUP, JOB_GROUP, _END, PRINTER_GROUP = 0x01, 0x02, 0x03, 0x04
_GROUP_MAX = 0x0F
_COLLECTION, _COLLECTION_END, _MEMBER = 0x34, 0x37, 0x4A
_TEXT_WITH_LANGUAGE, _NAME_WITH_LANGUAGE = 0x35, 0x36
_TEXT_MIN = 0x40
_NO_VALUE_TAG = 0x13
NO_VALUE = b"no-value"
"""What stands for the value of an attribute that has none so far (RFC 8011, 5.1.4)."""
_VERSION = b"\x02\x00"

Value = int | str | bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a printer answered."""

    status: int
    """Below 256: successful (RFC 8011, B.1)."""
    groups: list[tuple[int, dict[str, list[Value]]]] = field(default_factory=list)
    """Tag of the group, and its attributes."""

    def values(self, group: int, name: str) -> list[Value]:
        """All values of an attribute in the first group of that tag; none: it was not said."""
        return next((found.get(name, []) for tag, found in self.groups if tag == group), [])


@dataclass(frozen=True)
class Attribute:
    """An attribute to send, with one value or several."""

    tag: int
    name: str
    value: int | str | tuple[str, ...]


def encode(
    operation: int, asked: Iterable[Attribute], *, number: int, job: Iterable[Attribute] = ()
) -> bytes:
    """A request up to where the document begins; its number comes back in the answer."""
    message = _VERSION + struct.pack(">HI", operation, number)
    message += bytes([OPERATION_GROUP]) + b"".join(map(_encoded, asked))
    of_job = b"".join(map(_encoded, job))
    return message + (bytes([JOB_GROUP]) + of_job if of_job else b"") + bytes([_END])


def decode(message: bytes) -> Answer:
    """An answer, or ValueError if it is none."""
    try:
        status = struct.unpack_from(">H", message, 2)[0]
        answer = Answer(status=status)
        _read_groups(message, answer)
    except (struct.error, IndexError) as error:
        raise ValueError(f"it is cut off after {len(message)} bytes") from error
    return answer


def _encoded(attribute: Attribute) -> bytes:
    values = attribute.value if isinstance(attribute.value, tuple) else (attribute.value,)
    found = b""
    name = attribute.name.encode()
    for value in values:
        data = struct.pack(">i", value) if isinstance(value, int) else value.encode()
        found += struct.pack(">BH", attribute.tag, len(name)) + name
        found += struct.pack(">H", len(data)) + data
        name = b""  # further values follow without it: RFC 8010, 3.1.5
    return found


def _read_groups(message: bytes, answer: Answer) -> None:
    depth, name = 0, ""
    for tag, given, data in _parts(message):
        if tag <= _GROUP_MAX:
            answer.groups.append((tag, {}))
            continue
        if not answer.groups:
            raise ValueError("it has an attribute outside of every group")
        depth += (tag == _COLLECTION) - (tag == _COLLECTION_END)
        if depth or tag in (_COLLECTION, _COLLECTION_END, _MEMBER):
            continue
        name = given or name
        answer.groups[-1][1].setdefault(name, []).append(_value(tag, data))


def _parts(message: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Each tag with its name and value; a group's tag alone. Ends with the attributes."""
    place = 8
    while (tag := message[place]) != _END:
        place += 1
        if tag <= _GROUP_MAX:
            yield tag, "", b""
            continue
        name, place = _field(message, place)
        data, place = _field(message, place)
        yield tag, name.decode(errors="replace"), data


def _field(message: bytes, place: int) -> tuple[bytes, int]:
    end = place + 2 + int(struct.unpack_from(">H", message, place)[0])
    if end > len(message):
        raise IndexError
    return message[place + 2 : end], end


def _value(tag: int, data: bytes) -> Value:
    if tag == _NO_VALUE_TAG:
        return NO_VALUE
    if tag in (INTEGER, ENUM):
        return int(struct.unpack(">i", data)[0])
    if tag in (_TEXT_WITH_LANGUAGE, _NAME_WITH_LANGUAGE):
        _, place = _field(data, 0)
        return _field(data, place)[0].decode(errors="replace")
    return data.decode(errors="replace") if tag >= _TEXT_MIN else data

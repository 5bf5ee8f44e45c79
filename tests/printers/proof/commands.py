"""What a document says to its printer or viewer: every command of it, and no data.

Each reader takes the bytes as a machine does: whatever looks like a command is one.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from xml.etree import ElementTree as ET

from tests.printers.witness import tspl

Commands = Counter[str]

_ZPL = re.compile(rb"([\^~])([A-Z][A-Z0-9@])([^\^~]*)")
_ZPL_BYTES = re.compile(rb"[\n -~]*")
_ZPL_FIELD = re.compile(r".+?(?:\^LH|\^FS)|.+")
_ZPL_INK = (
    re.compile(r"\^FO \^A0( \^FB)? \^FH \^FD \^FS"),
    re.compile(r"\^FO \^GF \^FS"),
    re.compile(r"\^BY \^FO \^B[A-Z0-9] \^FH \^FD \^FS"),
    re.compile(r"\^FO \^BX \^FH \^FD \^FS"),
)
_HEX = re.compile(rb"_([0-9A-F]{2})")
_STREAM = re.compile(rb"\bstream\r?\n.*?\nendstream", re.DOTALL)
_PDF_NAME = re.compile(rb"/(?![A-Z]{6}\+)[A-Za-z0-9]+")
_PDF_PICTURE = re.compile(r"/P\d+")
"""What a page calls its pictures."""
_SVG_INK = re.compile(
    r"path( (d|fill|fill-rule|transform))?"
    r"|image( (x|y|width|height|transform|style|image-rendering|href data:image/png;base64))?"
)
_NAMESPACE = re.compile(r"\{[^}]*\}")
_PDF_IMAGE = {
    *("/Image", "/ImageMask", "/Width", "/Height", "/BitsPerComponent", "/Decode", "/true"),
    *("/ColorSpace", "/DeviceGray", "/Interpolate"),
}


class Foreign(AssertionError):
    """Bytes that a document of ours never has."""


def zpl_commands(document: bytes) -> list[tuple[str, bytes]]:
    """Each command with its parameters or data."""
    if not _ZPL_BYTES.fullmatch(document):
        raise Foreign(f"a byte that is no printable ASCII: {document!r}")
    found = [((mark + name).decode(), rest) for mark, name, rest in _ZPL.findall(document)]
    length = sum(len(name) + len(rest) for name, rest in found)
    if length != len(document):
        raise Foreign(f"{len(document) - length} bytes belong to no command: {document!r}")
    return found


def zpl_texts(document: bytes) -> list[str]:
    """Data of the fields in the printer's own font, as the printer takes it."""
    found, is_text = [], False
    for name, rest in zpl_commands(document):
        if name == "^FD" and is_text:
            found.append(_HEX.sub(lambda code: bytes.fromhex(code[1].decode()), rest).decode())
        is_text = name == "^A0" or (is_text and name != "^FS")
    return found


def _zpl(document: bytes) -> Commands:
    """Fields by the names of their commands, and what stands before and behind all of them."""
    names = " ".join([name for name, _ in zpl_commands(document)])
    return Counter(one.strip() for one in _ZPL_FIELD.findall(names))


def _tspl(document: bytes) -> Commands:
    """The reader's finest printer has room for the dots of any other."""
    printer = tspl.Printer(dpi=600)
    printer.feed(document)
    return Counter(line.split(" ")[0] for line in printer.commands)


def _svg(document: bytes) -> Commands:
    """Elements and their attributes; of an address, what it loads."""
    found: Commands = Counter()
    for one in ET.fromstring(document).iter():  # noqa: S314  written by ourselves a moment ago
        tag = _NAMESPACE.sub("", one.tag)
        found[tag] += 1
        for name, value in one.attrib.items():
            is_address = name.endswith("href")
            loaded = f" {value.partition(',')[0]}" if is_address else ""
            found[f"{tag} {_NAMESPACE.sub('', name)}{loaded}"] += 1
    return found


def _pdf(document: bytes) -> Commands:
    """The names in it, without streams, which hold drawing operators and fonts, all compressed."""
    names = {one.decode() for one in _PDF_NAME.findall(_STREAM.sub(b"", document))}
    return Counter(names)


def _png(document: bytes) -> Commands:
    found, at = [], 8
    while at < len(document):
        length = int.from_bytes(document[at : at + 4], "big")
        found.append(document[at + 4 : at + 8].decode("ascii"))
        at += 12 + length
    return Counter(found)


_READERS: Mapping[str, Callable[[bytes], Commands]] = {
    "pdf": _pdf,
    "png": _png,
    "svg": _svg,
    "tspl": _tspl,
    "zpl": _zpl,
}


def zpl_symbols(document: bytes) -> Commands:
    """Its symbols by their commands."""
    return Counter(name for name, _ in zpl_commands(document) if name[:2] == "^B" and name != "^BY")


def _is_ink(language: str, command: str) -> bool:
    """Whether values may add such a thing: dots, lines of text, symbols (counted otherwise)."""
    match language:
        case "zpl":
            return any(one.fullmatch(command) for one in _ZPL_INK)
        case "tspl":
            return command in {"BAR", "BITMAP"}
        case "svg":
            return _SVG_INK.fullmatch(command) is not None
        case "pdf":
            return command in _PDF_IMAGE or _PDF_PICTURE.fullmatch(command) is not None
        case _:
            return command == "IDAT"


def beyond(language: str, document: bytes, harmless: bytes) -> Commands:
    """What a document says that the label of harmless values does not; its ink left out."""
    read = _READERS[language]
    more = read(document) - read(harmless)
    return Counter({name: n for name, n in more.items() if not _is_ink(language, name)})

"""Formats that a printer stores (^DF), and labels that recall them (^XF).

>>> formats = Formats()
>>> formats.keep(b"^XA^DFR:A.ZPL^FS^FO9,9^A0N,30,30^FN1^FS^XZ")
'A'
>>> formats.expand(b"^XA^XFR:A.ZPL^FS^FN1^FH^FDAC-1^FS^PQ2^XZ")
b'^XA^FO9,9^A0N,30,30^FH^FDAC-1^FS^PQ2^XZ'
>>> formats.expand(b"^XA^XFR:B.ZPL^FS^FN1^FDAC-1^FS^XZ")
b'^XA^XZ'

A format that is not there leaves a label without its fields, and the odometer counts it: manuals do
not say what printers do, and this is the worst of it, since nothing but the paper tells.
"""

import re

_WHERE = rb"\s*(?:[A-Z]:)?([^.,^~\s]*)[^^~]*(?:\^FS)?"
_STORE = re.compile(rb"\s*\^XA\s*\^DF" + _WHERE, re.IGNORECASE)
_RECALL = re.compile(rb"\^XF" + _WHERE, re.IGNORECASE)
_END = re.compile(rb"\^XZ\s*\Z", re.IGNORECASE)
_DATA = re.compile(rb"\^FN([0-9]{1,4})((?:\^FH[^^~]*)?\^F[DV][^^~]*)\^FS\n?", re.IGNORECASE)
_PLACE = re.compile(rb"\^FN([0-9]{1,4})", re.IGNORECASE)


def is_stored(data: bytes) -> bool:
    """Whether a format, or the beginning of one, is to be kept and not printed."""
    return _STORE.match(data) is not None


class Formats:
    """What one printer stores until it is switched off."""

    def __init__(self) -> None:
        self._kept: dict[bytes, bytes] = {}

    def keep(self, data: bytes) -> str | None:
        """Store what begins with ^DF; the format's name, or None for a label to be printed."""
        found = _STORE.match(data)
        if found is None:
            return None
        name = found[1].upper()
        self._kept[name] = _END.sub(b"", data[found.end() :])
        return name.decode("latin-1")

    def expand(self, data: bytes) -> bytes:
        """The label as if each format that it recalls stood there, its fields filled."""
        if _RECALL.search(data) is None:
            return data
        values = {int(found[1]): found[2] for found in _DATA.finditer(data)}

        def recalled(found: re.Match[bytes]) -> bytes:
            kept = self._kept.get(found[1].upper(), b"")
            return _PLACE.sub(lambda place: values.get(int(place[1]), b""), kept)

        return _RECALL.sub(recalled, _DATA.sub(b"", data))

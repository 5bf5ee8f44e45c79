"""A PDF file that is written while it is drawn, ISO 32000-1: its objects, page tree, xref table.

What has been written is forgotten but for its place, 8 bytes an object: so the number of pages is
bounded by the disk. ReportLab's own documents keep every page until the end: 100,000 labels took
1,094 MB of memory (5.1, measured), and 46 MB this way.
"""

import hashlib
import zlib
from array import array
from typing import BinaryIO

PRODUCER = "labeler"
_KIDS_MAX = 250
"""Pages in a node of the tree, so that a viewer finds one of many quickly."""


class File:
    """One file. ``reserve`` gives the number of an object that is written later."""

    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._digest = hashlib.sha256()
        self._size = 0
        self._offsets = array("Q")
        self._tree = self.reserve()
        self._nodes: list[tuple[int, int]] = []
        self._node = 0
        self._kids: list[int] = []
        self._write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        """The number of an object that the caller will write."""
        self._offsets.append(0)
        return len(self._offsets)

    def add(self, body: str, number: int | None = None) -> int:
        """Write an object; returns its number."""
        number = self.reserve() if number is None else number
        self._offsets[number - 1] = self._size
        self._write(f"{number} 0 obj\n{body}\nendobj\n".encode("ascii"))
        return number

    def add_stream(self, data: bytes, entries: str = "") -> int:
        """Write a stream object, deflated; returns its number."""
        number = self.reserve()
        self._offsets[number - 1] = self._size
        packed = zlib.compress(data)
        head = f"{number} 0 obj\n<<{entries}/Filter/FlateDecode/Length {len(packed)}>>stream\n"
        self._write(b"".join((head.encode("ascii"), packed, b"\nendstream\nendobj\n")))
        return number

    def add_page(self, contents: int, entries: str = "") -> None:
        """Write a page; ``entries`` is what it does not share with all others."""
        if not self._kids:
            self._node = self.reserve()
        page = f"<</Type/Page/Parent {self._node} 0 R/Contents {contents} 0 R{entries}>>"
        self._kids.append(self.add(page))
        if len(self._kids) == _KIDS_MAX:
            self._end_node()

    def close(self, shared: str, information: dict[str, str]) -> None:
        """Write what stands at the end: ``shared`` is what all pages have in common."""
        if self._kids:
            self._end_node()
        kids = " ".join(f"{number} 0 R" for number, _ in self._nodes)
        count = sum(pages for _, pages in self._nodes)
        self.add(f"<</Type/Pages/Count {count}/Kids[{kids}]{shared}>>", self._tree)
        # A viewer must not shrink a label to what it believes the margins of the paper to be.
        preferences = "/ViewerPreferences<</PrintScaling/None>>"
        root = self.add(f"<</Type/Catalog/Pages {self._tree} 0 R{preferences}>>")
        told = "".join(f"/{key}{text_string(text)}" for key, text in information.items())
        info = self.add(f"<<{told}>>")
        # The same content gets the same identifier, and no clock or chance is asked.
        name = self._digest.hexdigest()[:32]
        start, size = self._size, len(self._offsets) + 1
        self._write(f"xref\n0 {size}\n0000000000 65535 f \n".encode("ascii"))
        for at in range(0, len(self._offsets), 1000):
            places = self._offsets[at : at + 1000]
            self._write("".join([f"{place:010} 00000 n \n" for place in places]).encode("ascii"))
        trailer = f"<</Size {size}/Root {root} 0 R/Info {info} 0 R/ID[<{name}><{name}>]>>"
        self._write(f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii"))

    def _end_node(self) -> None:
        kids = " ".join([f"{kid} 0 R" for kid in self._kids])
        node = f"<</Type/Pages/Parent {self._tree} 0 R/Count {len(self._kids)}/Kids[{kids}]>>"
        self._nodes.append((self.add(node, self._node), len(self._kids)))
        self._kids = []

    def _write(self, data: bytes) -> None:
        self._target.write(data)
        self._digest.update(data)
        self._size += len(data)


def text_string(text: str) -> str:
    """A text for people: UTF-16 in hexadecimal, which nothing in it can end (7.9.2.2)."""
    return f"<feff{text.encode('utf-16-be').hex()}>"


def name(text: str) -> str:
    """A name object, its irregular characters as #xx (7.3.5)."""
    regular = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_."
    return "/" + "".join(
        chr(byte) if chr(byte) in regular else f"#{byte:02x}" for byte in text.encode()
    )

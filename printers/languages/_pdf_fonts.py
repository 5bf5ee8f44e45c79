"""Fonts in a PDF: TrueType faces, embedded with the glyphs that one document shows and no others.

Each face is a composite font whose codes are handed out as characters come up (ISO 32000-1, 9.7),
so that a page can be written long before it is known which glyphs the last one needs. ReportLab
reads the font files and makes the subsets.
"""

import threading
import zlib
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFError, TTFontFace

from printers.fonts import Face
from printers.languages import _outlines
from printers.languages._pdf_file import File, name
from printers.languages._text import start, turn
from printers.layout.marks import Words

_subsetting = threading.Lock()
"""A ReportLab face has one reading position: one thread at a time."""
_FLAGS_SYMBOLIC = 4
_USAGE, _RESTRICTED, _NO_SUBSETS = 0x000F, 0x0002, 0x0300
"""Of fsType in the OS/2 table of OpenType: what the maker of a font allows."""
_RANGES_MAX = 100
"""Of characters in one block of a CMap (Adobe Technical Note 5014)."""


class Fonts:
    """The faces of one document, and which of their characters it has shown so far."""

    def __init__(self) -> None:
        self._faces: dict[Path, _Subset] = {}

    def copy(self) -> "Fonts":
        """The same, to go on with in another document."""
        made = Fonts()
        made._faces = {path: one.copy() for path, one in self._faces.items()}
        return made

    def show(self, words: Words) -> str:
        """The operators that draw a line of text."""
        subset = self._faces.get(words.face.path) or self._begin(words.face)
        if subset is None or not subset.has(words.text):
            return _outlines.as_pdf(words)  # Its font cannot be embedded, or reads otherwise.
        a, b, c, d = turn(words)
        x, y = start(words)
        codes = subset.encode(words.text)
        font = f"/{subset.label} {words.size} Tf"
        return f"BT {font} {a} {b} {c} {d} {x:.2f} {y:.2f} Tm <{codes}> Tj ET"

    def write(self, file: File) -> str:
        """Write all of them; returns the dictionary that pages name them by."""
        named = [f"/{one.label} {one.write(file)} 0 R" for one in self._faces.values()]
        return f"<<{''.join(named)}>>"

    def _begin(self, face: Face) -> "_Subset | None":
        source = _source(face.path)
        if source is None:
            return None
        self._faces[face.path] = _Subset(source, f"F{len(self._faces)}", {})
        return self._faces[face.path]


class _Subset:
    def __init__(self, source: TTFontFace, label: str, codes: dict[str, str]) -> None:
        self._source = source
        self.label = label
        self._codes = codes
        """Character to code, four hexadecimal digits, from 1 in the order of appearance."""

    def copy(self) -> "_Subset":
        return _Subset(self._source, self.label, dict(self._codes))

    def has(self, text: str) -> bool:
        return all(one in self._codes or ord(one) in self._source.charToGlyph for one in text)

    def encode(self, text: str) -> str:
        codes = self._codes
        try:
            return "".join([codes[one] for one in text])
        except KeyError:
            for one in text:
                codes.setdefault(one, f"{len(codes) + 1:04x}")
            return self.encode(text)

    def write(self, file: File) -> int:
        """A composite font, its descendant, descriptor and file (9.7.6, 9.8, 9.9)."""
        source, characters = self._source, list(self._codes)
        with _subsetting:
            embedded = source.makeSubset(list(map(ord, characters)))
        tag = zlib.crc32("".join(characters).encode())
        letters = "".join(chr(65 + tag // 26**at % 26) for at in range(6))
        base = name(f"{letters}+{source.name.decode('latin-1')}")
        program = file.add_stream(embedded, f"/Length1 {len(embedded)}")
        box = " ".join(f"{edge:.0f}" for edge in source.bbox)
        descriptor = file.add(
            f"<</Type/FontDescriptor/FontName{base}/Flags {_FLAGS_SYMBOLIC}/FontBBox[{box}]"
            f"/ItalicAngle {source.italicAngle:g}/Ascent {source.ascent:.0f}"
            f"/Descent {source.descent:.0f}/CapHeight {source.capHeight:.0f}"
            f"/StemV {source.stemV:.0f}/FontFile2 {program} 0 R>>"
        )
        widths = " ".join(f"{source.charWidths[ord(one)]:.2f}" for one in characters)
        descendant = file.add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont{base}/FontDescriptor {descriptor} 0 R"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/W[1[{widths}]]/CIDToGIDMap {file.add_stream(self._glyphs())} 0 R>>"
        )
        return file.add(
            f"<</Type/Font/Subtype/Type0/BaseFont{base}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {file.add_stream(self._cmap())} 0 R>>"
        )

    def _glyphs(self) -> bytes:
        """Which glyph of the subset each code is: ReportLab numbers them as they come up."""
        order = {0: 0}
        of = self._source.charToGlyph
        numbers = [0, *(order.setdefault(of[ord(one)], len(order)) for one in self._codes)]
        return b"".join(number.to_bytes(2) for number in numbers)

    def _cmap(self) -> bytes:
        """Which character each code is, for searching and copying (9.10.3)."""
        pairs = [f"<{code}><{one.encode('utf-16-be').hex()}>" for one, code in self._codes.items()]
        blocks = [pairs[at : at + _RANGES_MAX] for at in range(0, len(pairs), _RANGES_MAX)]
        lines = [
            "/CIDInit/ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def",
            "/CMapName/Adobe-Identity-UCS def/CMapType 2 def",
            "1 begincodespacerange<0000><ffff>endcodespacerange",
            *(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks),
            "endcmap CMapName currentdict/CMap defineresource pop end end",
        ]
        return "\n".join(lines).encode("ascii")


@lru_cache(maxsize=64)
def _source(path: Path) -> TTFontFace | None:
    """The face; None where it cannot be embedded (PostScript outlines), or its maker forbids it."""
    try:
        face = TTFontFace(str(path))
    except TTFError:
        return None
    rights = 0
    if "OS/2" in face.table:
        table: bytes = face.get_table("OS/2")  # type: ignore[no-untyped-call]
        rights = int.from_bytes(table[8:10])
    is_forbidden = rights & _USAGE == _RESTRICTED or rights & _NO_SUBSETS
    return None if is_forbidden else face

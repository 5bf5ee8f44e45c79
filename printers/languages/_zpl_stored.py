"""A form as a stored format: sent to the printer once, recalled for each label.

The printer keeps the format's text in R:, its memory, until it is switched off. Fields of which
only the data waits for values are numbered there (^FN), and each label sends their data; fields
that values may change otherwise (HRI, what is hidden or wrapped, graphics) are sent whole behind
the recall. Page, character set and fixed fields belong to the format; media handling and the number
of copies to the recall, since a printer obeys them when it prints.

^FH in the format does not reach data sent at recall, so it stands before each of these again; and
^DF must follow ^XA at once.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence

from printers.languages._zpl_fields import DATA, END, Gap, Piece

_NAME_CHARACTERS = 8


class Stored:
    """What the protocol calls a StoredForm."""

    def __init__(
        self,
        *,
        body: str,
        media: str,
        pieces: Sequence[Piece],
        whole: Callable[[Mapping[str, str]], bytes],
    ) -> None:
        """``whole`` renders a label whose values the format's fields cannot take."""
        self._whole = whole
        numbered = list(enumerate([one for one in pieces if isinstance(one, Gap)], start=1))
        fields = "".join([f"{at}^FN{n}{END}" for n, gap in numbered for at in gap.starts])
        content = body + fields
        digest = hashlib.sha256(content.encode("ascii")).digest()
        self.name = base64.b32encode(digest).decode()[:_NAME_CHARACTERS]
        self.download = f"^XA^DFR:{self.name}.ZPL{END}{content}^XZ\n".encode("ascii")
        self._head = f"^XA\n{media}^CI28^XFR:{self.name}.ZPL{END}"
        self._gaps = [(f"^FN{n}{DATA}", gap.data) for n, gap in numbered]
        self._others = [one.fields for one in pieces if not isinstance(one, Gap)]

    @property
    def overhead(self) -> int:
        """Bytes of a recall without its values."""
        gaps = sum(len(start) + len(END) for start, _ in self._gaps)
        return len(self._head) + gaps + len("^XZ\n")

    def recall(self, values: Mapping[str, str]) -> bytes:
        """One label; where a value needs other fields than the format has, the whole label."""
        parts = [self._head]
        for start, make in self._gaps:
            data = make(values)
            if data is None:
                return self._whole(values)
            parts += (start, data, END)
        parts += [fields(values) for fields in self._others]
        parts.append("^XZ\n")
        return "".join(parts).encode("ascii")

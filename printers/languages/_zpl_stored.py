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

from printers.languages._zpl_fields import DATA, END, Blank, Piece, Whole
from printers.languages._zpl_skeleton import Gap, Skeleton

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
        blanks = list(enumerate([one for one in pieces if isinstance(one, Blank)], start=1))
        fields = "".join([f"{at}^FN{n}{END}" for n, blank in blanks for at in blank.starts])
        content = body + fields
        digest = hashlib.sha256(content.encode("ascii")).digest()
        self.name = base64.b32encode(digest).decode()[:_NAME_CHARACTERS]
        self.download = f"^XA^DFR:{self.name}.ZPL{END}{content}^XZ\n".encode("ascii")
        parts: list[str | Gap] = [f"^XA\n{media}^CI28^XFR:{self.name}.ZPL{END}"]
        for n, blank in blanks:
            parts += [f"^FN{n}{DATA}", blank.data, END]
        parts += [Gap(exact=one.fields) for one in pieces if isinstance(one, Whole)]
        self._skeleton = Skeleton([*parts, "^XZ\n"])

    def recall(self, values: Mapping[str, str]) -> bytes:
        """One label; where a value needs other fields than the format has, the whole label."""
        return self._skeleton.fill(values) or self._whole(values)

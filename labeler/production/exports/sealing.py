"""The last line of an export: how many rows it has, and the digest of all before it.

A file that ends early looks whole: a line of CSV is missing, and nobody sees it. Who asks for
`end=line` gets one line more, always of the same length, which says what must have come before.
"""

import hashlib
import re
from collections.abc import Callable, Iterator

SEAL_BYTES = 96
"""Length of the last line."""
_SEAL = re.compile(rb"\n#end rows=([0-9]{12}) sha256=([0-9a-f]{64})\n")


def sealed(pieces: Iterator[bytes], rows: Callable[[], int]) -> Iterator[bytes]:
    """Yield the pieces and then the last line; ``rows`` says how many rows there were."""
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        yield piece
    yield f"\n#end rows={rows():012d} sha256={digest.hexdigest()}\n".encode()


class Opening:
    """Takes the last line off an export that comes in pieces, and says whether all of it came."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._digest = hashlib.sha256()
        self._kept = b""

    def pass_on(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Yield all but the last line."""
        for piece in pieces:
            both = self._kept + piece
            ready, self._kept = both[:-SEAL_BYTES], both[-SEAL_BYTES:]
            if ready:
                self._digest.update(ready)
                yield ready

    def rows(self) -> int | None:
        """Return how many rows came; None: it is not whole, or not as it was sent."""
        found = _SEAL.fullmatch(self._kept)
        if found is None or found[2].decode() != self._digest.hexdigest():
            return None
        return int(found[1])

"""NDJSON: a JSON object a line, in UTF-8; nothing is changed but times, which are texts."""

import json
from collections.abc import Iterator, Sequence

from labeler.production.exports.formats import Options
from labeler.production.exports.rows import Pages

MEDIA_TYPE = "application/x-ndjson"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def write(heads: Sequence[str], pages: Pages, *, options: Options) -> Iterator[bytes]:
    """Yield a line for each row; an export without rows is an empty file."""
    del options
    for page in pages:
        lines = (_encode(dict(zip(heads, row, strict=True))) for row in page)
        yield ("\n".join(lines) + "\n").encode("utf-8")

"""What pages load besides themselves: style sheets, scripts, icons, all of them out of the package.

A file's address has a hash of what is in it, so a browser keeps it for ever, and asks for another
one when there is a new version. Files are read and compressed when somebody first asks for one.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from importlib import resources

from flask import Response, abort, request

_FOLDER = "static"
_FOR_EVER = "public, max-age=31536000, immutable"
_WORTH_PACKING = 600
"""Bytes below which a compressed file saves no packet."""


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file."""

    content: bytes
    packed: bytes | None
    """The same by gzip, where that is shorter."""
    media_type: str
    digest: str
    """The beginning of its SHA-256, in its address."""


@cache
def asset(name: str) -> Asset | None:
    """Return the file ``name``, such as vendor/htmx/htmx.min.js; None: there is none."""
    steps = name.split("/")
    if any(step in ("", ".", "..") or "\\" in step for step in steps):
        return None
    place = resources.files("labeler.web").joinpath(_FOLDER, *steps)
    if not place.is_file():
        return None
    content = place.read_bytes()
    packed = gzip.compress(content, 9, mtime=0) if len(content) > _WORTH_PACKING else content
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return Asset(
        content=content,
        packed=packed if len(packed) < len(content) else None,
        media_type=kind,
        digest=hashlib.sha256(content).hexdigest()[:12],
    )


def address(name: str) -> str:
    """Return where a page finds the file ``name``; raises LookupError if there is none."""
    found = asset(name)
    if found is None:
        raise LookupError(name)
    return f"/static/{found.digest}/{name}"


def answer(digest: str, name: str) -> Response:
    """Return a file; one of another version is not found, rather than kept for ever."""
    found = asset(name)
    if found is None or found.digest != digest:
        abort(404)
    is_packed = found.packed is not None and request.accept_encodings["gzip"] > 0
    response = Response(
        found.packed if is_packed else found.content, content_type=_typed(found.media_type)
    )
    if is_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = _FOR_EVER
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(f"{found.digest}-gzip" if is_packed else found.digest)
    response.make_conditional(request)
    return response


def _typed(media_type: str) -> str:
    is_text = media_type.startswith("text/") or media_type.endswith(("javascript", "+xml"))
    return f"{media_type}; charset=utf-8" if is_text else media_type

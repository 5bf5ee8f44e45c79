"""Where a page can be looked at again: the answer of a form stands where only forms are taken."""

from typing import cast
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

_SHOWN = ("GET", "HEAD")


def here() -> str:
    """Return the address that shows this page, or else the one its form came from.

    Where neither can be opened, it is the nearest above: /templates/NAME of /templates/NAME/look.
    """
    if request.method in _SHOWN:
        return request.full_path.rstrip("?")
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host and _shows(_adapter(), came_from.path):
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return nearest(request.path)


def nearest(path: str) -> str:
    """Return ``path``, or the nearest above it that shows a page."""
    adapter = _adapter()
    while path and not _shows(adapter, path):
        path = path.rpartition("/")[0]
    return path or "/"


def _adapter() -> MapAdapter:
    return cast(MapAdapter, current_app.create_url_adapter(request))  # None without a request only


def _shows(adapter: MapAdapter, path: str) -> bool:
    try:
        adapter.match(path, method="GET")
    except HTTPException:  # nothing is there, or it takes forms only
        return False
    return True

"""By which name the record calls whoever does something on a page."""

from labeler.web import access
from labeler.web.pages.visitor import visitor

CHANNEL = "http"
"""What people do on pages comes by HTTP, as what they do through the API."""


def who() -> str:
    """Return the visitor's name; where nobody is signed in, what let him in."""
    return visitor().name or access.principal().name

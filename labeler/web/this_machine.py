"""Whether a request comes from this computer itself, and from nobody through it.

A proxy on this computer passes on what strangers ask, and a browser on it what strange pages want:
by a form, or under a name of theirs that leads to 127.0.0.1 (DNS rebinding). Neither is this
computer.
"""

import ipaddress
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

FORWARDED: Final = "labeler.forwarded"
"""Set in the WSGI environment by the server, which takes headers of proxies away before us."""

_PROXIED: Final = frozenset(
    {
        *("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_CLIENT_IP", FORWARDED),
        *(f"HTTP_X_FORWARDED_{one}" for one in ("FOR", "BY", "HOST", "PROTO", "PORT", "SERVER")),
        *("HTTP_X_FORWARDED", "HTTP_X_FORWARDED_PREFIX", "HTTP_X_FORWARDED_SSL"),
    }
)
"""What proxies add (RFC 7239, and what was before it); asked of each trigger, so it is one look."""


def is_forwarded(environ: dict[str, Any]) -> bool:
    """Return whether a header says that a proxy passed the request on."""
    return not _PROXIED.isdisjoint(environ)


def is_foreign(environ: dict[str, Any]) -> bool:
    """Return whether a browser says that a page of another origin asks."""
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = environ.get("HTTP_ORIGIN")
    scheme, host = environ.get("wsgi.url_scheme", "http"), environ.get("HTTP_HOST", "")
    return origin is not None and origin.casefold() != f"{scheme}://{host}".casefold()


def is_this_machine(environ: dict[str, Any]) -> bool:
    """Return whether a program on this computer asks, under a name of this computer."""
    return (
        _is_loopback(environ.get("REMOTE_ADDR", ""))
        and _names_loopback(environ.get("HTTP_HOST", "localhost"))
        and not is_foreign(environ)
        and not is_forwarded(environ)
    )


@lru_cache(maxsize=256)
def _is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


@lru_cache(maxsize=256)
def _names_loopback(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name == "localhost" or _is_loopback(name)

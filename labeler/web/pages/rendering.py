"""A template and its values become a page, with all that every page has around it."""

import json
from functools import cache
from typing import Any

from flask import Response, g, request, url_for
from jinja2 import Environment, PackageLoader, StrictUndefined

from labeler.production.safekeeping import anchoring
from labeler.web import assets, sentences, texts
from labeler.web.api import site
from labeler.web.pages import formats, notices, places, words
from labeler.web.pages.navigation import navigation
from labeler.web.pages.visitor import visitor

THEMES = ("light", "dark")
THEME_COOKIE = "theme"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy of every page: nothing inline, nothing of other hosts."""

_HSTS_S = 365 * 24 * 3600
"""How long a browser that came by TLS once comes by nothing else."""

HTMX = json.dumps(
    {
        "includeIndicatorStyles": False,  # they would be an inline style, which the policy refuses
        "allowEval": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,  # a page read again is a page that is true
        "refreshOnHistoryMiss": True,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {
                "code": "[45]..",
                "swap": True,
                "target": "#notices",
                "select": ".refusal",
                "swapOverride": "innerHTML",
            },
        ],
    }
)
"""What htmx is told by every page."""


@cache
def environment() -> Environment:
    """Return what reads the templates; a value that a template lacks is a bug, not a gap."""
    made = Environment(
        loader=PackageLoader("labeler.web.pages", "html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(texts.gettext, texts.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals |= {
        "address": address,
        "asset": assets.address,
        "htmx_config": HTMX,
        "language": texts.language,
        "languages": texts.LANGUAGES,
        "navigation": navigation,
        "notices": notices.take,
        "plant_name": lambda: site().plant.site_name,
        "here": places.here,
        "in_words": sentences.said,
        "is_locked": lambda: anchoring.is_locked(site()),
        "is_part": is_part,
        "theme": theme,
        "unique": unique,
        "url_for": url_for,
        "visitor": visitor,
    }
    made.globals |= {
        "changed": words.changed,
        "pairs": words.pairs,
        "state_of": words.state_of,
        "states_of": words.states_of,
        "thing": words.thing,
        "word": words.word,
        "words_of": words.words_of,
    }
    made.filters |= formats.FILTERS
    return made


def page(template: str, status: int = 200, /, **values: Any) -> Response:
    """Return a page: ``template`` of html/ with ``values``."""
    return Response(
        markup(template, **values), status=status, content_type="text/html; charset=utf-8"
    )


def markup(template: str, /, **values: Any) -> str:
    """Return the HTML of a template, for a part of a page."""
    return environment().get_template(template).render(**values)


def is_part() -> bool:
    """Return whether htmx asks, for a part of the page that is shown already."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def unique(name: str) -> str:
    """Return an id that no other field of this page has: NAME, then NAME-2."""
    seen: dict[str, int] = g.setdefault("ids", {})
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"


def theme() -> str:
    """Return light or dark as the visitor chose, or auto: as their system has it."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def address(**changes: Any) -> str:
    """Return the address of this page with other parameters; None takes one out."""
    kept = {name: value for name, value in request.args.items() if value}
    return url_for(str(request.endpoint), **(request.view_args or {}), **{**kept, **changes})


def let_wasm_run() -> None:
    """Let this page run WebAssembly of ours, which no other page may."""
    g.policy = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


def secured(response: Response) -> Response:
    """Put the headers on a page that keep it ours: its policy, and nobody keeps a copy."""
    response.headers["Content-Security-Policy"] = g.get("policy", POLICY)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={_HSTS_S}"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Vary"] = "Cookie, Accept-Language, HX-Request"
    return response

"""Joins the pages to the application: their addresses, their headers, the files they load."""

from flask import Blueprint, Flask, Response, redirect, request, url_for

from labeler.production.quality.photos import PHOTO_MAX_BYTES
from labeler.roles import Role
from labeler.web import access, assets
from labeler.web.pages import (
    accounts,
    audit,
    balance,
    dashboard,
    doubtful,
    exports,
    keys,
    line,
    line_acts,
    line_setup,
    lines,
    notices,
    printers,
    ranges,
    recalls,
    rendering,
    runs,
    series,
    signing,
    sites,
    switches,
    template_pictures,
    templates,
    unit,
    units,
    verify,
    visitor,
)

_SUBJECTS = (
    *(dashboard, lines, units, runs, audit, accounts, keys, signing, switches),
    *(line, line_acts, templates, template_pictures, printers, line_setup, series),
    *(unit, verify, balance, recalls, ranges, exports, sites, doubtful),
)
"""A module a subject of pages; each has a `blueprint`."""

_FORM_MAX_BYTES = 64 * 1024
"""What stands beside a photo in its form."""
pages = Blueprint("pages", __name__)
"""Around all of them: what a form must carry, and what every answer says."""

for _subject in _SUBJECTS:
    pages.register_blueprint(_subject.blueprint)
pages.before_request(visitor.require_token)
pages.after_request(notices.carry)
pages.after_request(visitor.remember)
pages.after_request(rendering.secured)

BLUEPRINTS = frozenset(f"pages.{one.blueprint.name}" for one in _SUBJECTS)
"""What takes forms instead of JSON."""


def join(app: Flask) -> None:
    """Let ``app`` answer the addresses of pages, and of what they load."""
    app.before_request(_let_photos_in)  # before whoever reads the form for its token
    app.register_blueprint(pages)
    app.add_url_rule("/", "start", view_func=_start)
    app.add_url_rule("/static/<digest>/<path:name>", "static_file", view_func=assets.answer)


def _let_photos_in() -> None:
    if request.endpoint == verify.PHOTO:
        request.max_content_length = PHOTO_MAX_BYTES + _FORM_MAX_BYTES


def _start() -> Response:
    """Lead to the dashboard; who does nothing but work at lines is led to them."""
    token = access.session_token()  # this door is public: nobody was looked up yet
    who = None if token is None else access.of_session(token)
    works_at_lines = who is not None and set(who.roles) == {Role.OPERATOR.value}
    page = "pages.lines.list_lines" if works_at_lines else "pages.dashboard.show_dashboard"
    return redirect(url_for(page))  # type: ignore[return-value]

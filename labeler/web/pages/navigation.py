"""Where people can go from every page: what they may see, and what there is."""

from typing import NamedTuple

from flask import current_app, request, url_for

from labeler.web.pages.visitor import visitor
from labeler.web.texts import gettext, later


class Place(NamedTuple):
    """A page that the navigation leads to."""

    endpoint: str
    """A place whose page is not there is left out."""
    label: str
    icon: str
    permission: str


class Link(NamedTuple):
    """A place as a page shows it."""

    address: str
    label: str
    icon: str
    is_here: bool


PLACES = (
    Place("pages.dashboard.show_dashboard", later("Dashboard"), "dashboard", "read"),
    Place("pages.lines.list_lines", later("Lines"), "building-factory-2", "read"),
    Place("pages.runs.list_runs", later("Runs"), "player-play", "read"),
    Place("pages.units.list_units", later("Serial numbers"), "barcode", "read"),
    Place("pages.verify.show_scan", later("Verify"), "scan", "read"),
    Place("pages.printers.list_printers", later("Printers"), "printer", "read"),
    Place("pages.series.list_series", later("Number series"), "list-numbers", "read"),
    Place("pages.templates.list_templates", later("Label templates"), "template", "read"),
    Place("pages.recalls.list_recalls", later("Recalls"), "arrow-back-up", "read"),
    Place("pages.ranges.show_range", later("Ranges"), "list-numbers", "read"),
    Place("pages.exports.list_exports", later("Exports"), "download", "read"),
    Place("pages.audit.list_audit", later("Audit trail"), "shield-check", "read"),
    Place("pages.accounts.list_accounts", later("Accounts"), "users", "admin"),
    Place("pages.sites.show_site", later("Site"), "lock", "admin"),
    Place("pages.keys.list_keys", later("API keys"), "key", "admin"),
)
"""In the order in which they are shown."""


_INSIDE = {
    "pages.unit": "pages.units",
    "pages.balance": "pages.runs",
    "pages.doubtful": "pages.printers",
}
"""Subject -> the one among whose pages its pages stand."""


def navigation() -> list[Link]:
    """Return the places that whoever asks may see."""
    here, known = request.blueprint or "", current_app.view_functions
    here = _INSIDE.get(here, here)
    return [
        Link(
            address=url_for(one.endpoint),
            label=gettext(one.label),
            icon=one.icon,
            is_here=one.endpoint.rpartition(".")[0] == here
            or request.path.startswith(url_for(one.endpoint) + "/"),
        )
        for one in PLACES
        if one.endpoint in known and visitor().may(one.permission)
    ]

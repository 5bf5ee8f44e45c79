"""The site as a whole: is it locked, why, and two people who let it go on above what was lost."""

from flask import Blueprint, Response, redirect, request, url_for

from labeler.production.safekeeping import unlocking
from labeler.production.safekeeping.unlocking import UnlockOrder
from labeler.roles import Permission
from labeler.web.api import site
from labeler.web.pages import asking, formats, notices, persons, rendering
from labeler.web.shapes_pages import UnlockForm
from labeler.web.texts import ngettext

blueprint = Blueprint("sites", __name__)


@blueprint.get("/site")
def show_site() -> Response:
    """Show whether anything is issued, and if not, why, and what goes on above it."""
    return rendering.page("site.html", state=unlocking.state(site()))


@blueprint.post("/site/unlock")
def unlock_site() -> Response:
    """Let two people go on above everything that may have been issued and is lost."""
    given = {name: request.form.get(name) or None for name in UnlockForm.model_fields}
    said = asking.read(UnlockForm, given | {"reason": request.form.get("reason", "")})
    order = UnlockOrder(
        operator=persons.doer(),
        approved_by=persons.second(Permission.QUALITY),
        reason=said.reason,
        steps=said.steps,
        channel=persons.CHANNEL,
    )
    count = unlocking.unlock(site(), order)["steps"]
    notices.tell(
        ngettext(
            "The site goes on: %(count)s number of each counter was left out.",
            "The site goes on: %(count)s numbers of each counter were left out.",
            count,
        )
        % {"count": formats.number(count)}
    )
    return redirect(url_for("pages.sites.show_site"), 303)  # type: ignore[return-value]

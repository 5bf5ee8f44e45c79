"""Recalls: which there are, calling units back after a look at what is meant, and their end."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from labeler.production.recalls import recall_lists, recalling, walking
from labeler.production.recalls.criteria import Criteria
from labeler.web.api import page, site
from labeler.web.pages import asking, notices, persons, rendering
from labeler.web.shapes_recalls import (
    RecallClose,
    RecallCriteria,
    RecallListQuery,
    RecallOrder,
    RecallUnitsQuery,
)
from labeler.web.texts import gettext

blueprint = Blueprint("recalls", __name__)

_LISTS = ("lots", "products", "lines", "runs", "printers", "operators", "templates", "series")
"""Criteria of which several may be said, separated by commas."""
_STATES = ("gathering", "open", "closed")


@blueprint.get("/recalls")
def list_recalls() -> Response:
    """Show a page of recalls, the newest first."""
    query = asking.read(RecallListQuery, request.args)
    with site().store.read() as transaction:
        rows = recall_lists.list_recalls(
            transaction, state=query.state, before=query.before, limit=query.limit + 1
        )
    found = page("recalls", rows, limit=query.limit)
    return rendering.page(
        "recalls.html",
        rows=found["recalls"],
        next=found["next"],
        chosen=request.args,
        states=_STATES,
        is_filtered=bool(request.args.get("state")),
    )


@blueprint.get("/recalls/new")
def draft_recall() -> Response:
    """Show the form of a recall; once something is said of units, how many are meant, and where."""
    figures = None
    if any(request.args.get(one) for one in (*_LISTS, "from", "to")):
        wanted = _criteria(_given())
        with site().store.read() as transaction:
            search = walking.begin(transaction, wanted, until=site().clock())
            figures = recall_lists.preview(transaction, search)
    return rendering.page(
        "recall_new.html",
        chosen=request.args,
        figures=figures,
        lists=_LISTS,
        since=asking.midnight("from"),
        before=asking.midnight("to", days=1),
        products=sorted(site().plant.products),
    )


@blueprint.post("/recalls")
def recall() -> Response:
    """Call back what the form means: what the look before it showed."""
    given: dict[str, Any] = {one: request.form.get(one, "") for one in _LISTS}
    given |= {name: request.form.get(name) or None for name in ("since", "before")}
    said = {name: request.form.get(name, "") for name in ("name", "reason")}
    said["operator"] = persons.doer()
    order = asking.read(RecallOrder, said | {"criteria": _shape(given)})
    recalling.recall(
        site(),
        recalling.RecallOrder(
            name=order.name,
            reason=order.reason,
            operator=order.operator,
            channel=persons.CHANNEL,
            criteria=_criteria(given),
        ),
    )
    notices.tell(gettext("The units are called back."))
    return _to(order.name)


@blueprint.get("/recalls/<name>")
def show_recall(name: str) -> Response:
    """Show a recall: why, by whom, and where its units are now."""
    query = asking.read(RecallUnitsQuery, request.args)
    with site().store.read() as transaction:
        found = recall_lists.show(transaction, name)
        units, behind = recall_lists.units(transaction, name, after=query.after, limit=query.limit)
    return rendering.page("recall.html", recall=found, rows=units, next=behind)


@blueprint.post("/recalls/<name>/close")
def close_recall(name: str) -> Response:
    """End a recall."""
    given = {"reason": request.form.get("reason", ""), "operator": persons.doer()}
    said = asking.read(RecallClose, given)
    order = recalling.CloseOrder(
        name=name, reason=said.reason, operator=said.operator, channel=persons.CHANNEL
    )
    recalling.close(site(), order)
    notices.tell(gettext("The recall is closed."))
    return _to(name)


def _given() -> dict[str, Any]:
    """Return what the form of a draft says of units."""
    given: dict[str, Any] = {one: request.args.get(one, "") for one in _LISTS}
    return given | {"since": asking.midnight("from"), "before": asking.midnight("to", days=1)}


def _shape(given: dict[str, Any]) -> dict[str, Any]:
    """Return it as the API is told: lists of what commas separate."""
    said: dict[str, Any] = {}
    for name in _LISTS:
        values = [one.strip() for one in given[name].split(",") if one.strip()]
        said[name] = [int(one) if one.isdecimal() else one for one in values]
        if name != "runs":
            said[name] = values
    for name in ("since", "before"):
        if given[name]:
            said[name] = given[name]
            if isinstance(given[name], datetime):
                said[name] = given[name].isoformat()
    return said


def _criteria(given: dict[str, Any]) -> Criteria:
    said: dict[str, Any] = asking.read(RecallCriteria, _shape(given)).model_dump()
    for name in _LISTS:
        said[name] = tuple(said[name])
    return Criteria(**said)


def _to(name: str) -> Response:
    return redirect(url_for("pages.recalls.show_recall", name=name), 303)  # type: ignore[return-value]

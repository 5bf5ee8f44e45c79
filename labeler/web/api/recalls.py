"""Recalls: what would be called back, calling back, where its units are now, the end."""

from typing import Any

from flask import Response

from labeler.production.recalls import recall_lists, recalling, walking
from labeler.production.recalls.criteria import Criteria
from labeler.web import shapes_recalls as shapes
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.door import Door

blueprint = Door("recalls", __name__, tag="quality")


@blueprint.post("/recalls", responses={201: shapes.RecallMade, 200: shapes.RecallMade, **PROBLEMS})
def recall(body: shapes.RecallOrder) -> Response:
    """Call back every unit that is all that is said: it is `recalled` until the recall is closed.

    201 for a new one; 200 with `replayed: true` for the very same again.
    """
    order = recalling.RecallOrder(
        name=body.name,
        reason=body.reason,
        operator=body.operator,
        criteria=_criteria(body.criteria),
    )
    found = recalling.recall(site(), order)
    response = answer(found, 200 if found["replayed"] else 201)
    response.headers["Location"] = f"/api/v1/recalls/{body.name}"
    return response


@blueprint.post("/recalls/preview", responses={200: shapes.RecallFigures, **PROBLEMS})
def preview(body: shapes.RecallPreview) -> Response:
    """Say how many units a recall would call back, and where they are now; keep nothing."""
    with site().store.read() as transaction:
        search = walking.begin(transaction, _criteria(body.criteria), until=site().clock())
        return answer(recall_lists.preview(transaction, search))


@blueprint.post("/recalls/preview/units", responses={200: shapes.RecallPreviewUnits, **PROBLEMS})
def preview_units(body: shapes.RecallPreviewPage) -> Response:
    """List the units that a recall would call back."""
    with site().store.read() as transaction:
        search = walking.begin(transaction, _criteria(body.criteria), until=site().clock())
        found, behind = recall_lists.preview_units(
            transaction, search, after=body.after, limit=body.limit
        )
    return answer({"units": found, "next": behind})


@blueprint.get("/recalls", responses={200: shapes.Recalls, **PROBLEMS})
def list_recalls(query: shapes.RecallListQuery) -> Response:
    """List recalls, the newest first."""
    with site().store.read() as transaction:
        found = recall_lists.list_recalls(
            transaction, state=query.state, before=query.before, limit=query.limit + 1
        )
    return answer(page("recalls", found, limit=query.limit))


@blueprint.get("/recalls/<name>", responses={200: shapes.Recall, **PROBLEMS})
def show_recall(path: shapes.RecallPath) -> Response:
    """Show a recall: why, by whom, and how many of its units are where now."""
    with site().store.read() as transaction:
        return answer(recall_lists.show(transaction, path.name))


@blueprint.get("/recalls/<name>/units", responses={200: shapes.RecallUnits, **PROBLEMS})
def list_recall_units(path: shapes.RecallPath, query: shapes.RecallUnitsQuery) -> Response:
    """List the units of a recall as they are now."""
    with site().store.read() as transaction:
        found, behind = recall_lists.units(
            transaction, path.name, after=query.after, limit=query.limit
        )
    return answer({"units": found, "next": behind})


@blueprint.post("/recalls/<name>/close", responses={200: shapes.Recall, **PROBLEMS})
def close_recall(path: shapes.RecallPath, body: shapes.RecallClose) -> Response:
    """End a recall: its units may go on, unless another one has them, too."""
    order = recalling.CloseOrder(name=path.name, reason=body.reason, operator=body.operator)
    return answer(recalling.close(site(), order))


def _criteria(given: shapes.RecallCriteria) -> Criteria:
    said: dict[str, Any] = given.model_dump()
    for name, value in said.items():
        said[name] = tuple(value) if isinstance(value, list) else value
    return Criteria(**said)

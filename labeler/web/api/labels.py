"""POST /lines/{line}/labels: the door of the trigger, and so the hot one."""

from typing import Any

from flask import Response, request
from flask_openapi import RequestBody
from pydantic import ValidationError

from labeler.production import issuing
from labeler.production.booking import Trigger
from labeler.web import problems, shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documented import documented
from labeler.web.api.door import Door
from labeler.web.api.keys import key

blueprint = Door("labels", __name__, tag="labels")


@blueprint.post(
    "/lines/<line>/labels",
    responses={201: shapes.Issued, 200: shapes.Issued, **PROBLEMS},
)
@documented(path=shapes.LinePath, header=shapes.KeyHeader, body=shapes.LabelsOrder)
def issue_labels(line: str) -> Response:
    """Issue the next serials of the line's open run and print their labels.

    201 for new serials; 200 with `replayed: true` when the key was served before.
    """
    try:
        given = request.get_json() if request.get_data() else {}  # both have defaults
        order = shapes.LabelsOrder.model_validate(given)
    except ValidationError as error:
        return problems.from_validation(error)
    trigger = Trigger(
        channel="http", line=line, key=key(), quantity=order.quantity, print=order.print
    )
    reply = issuing.issue_labels(site(), trigger)
    found: dict[str, Any] = {
        "serials": reply.serials,
        "run": reply.run,
        "job": reply.job,
        "replayed": reply.replayed,
    }
    if reply.identifiers:
        found["units"] = [
            {"serial": serial, "identifiers": identifiers}
            for serial, identifiers in zip(reply.serials, reply.identifiers, strict=True)
        ]
    return answer(found, 200 if reply.replayed else 201)


@blueprint.amend
def _describe(door: Door) -> None:
    """Let no body be required of which each key has a default."""
    for path in door.paths.values():
        if path.post and isinstance(path.post.requestBody, RequestBody):
            path.post.requestBody.required = False

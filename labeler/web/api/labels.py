"""POST /lines/{line}/labels: the door of the trigger, and so the hot one."""

from collections.abc import Callable
from typing import TypeVar

from flask import Response, request
from flask_openapi import APIBlueprint, RequestBody
from pydantic import BaseModel, ValidationError

from labeler.errors import KEY_MISSING, Refusal
from labeler.production import issuing
from labeler.production.booking import Trigger
from labeler.web import problems, shapes
from labeler.web.api import PROBLEMS, answer, site

blueprint = APIBlueprint("labels", __name__, url_prefix="/api/v1", abp_tags=[{"name": "labels"}])

_KEY_MAX = 255

View = TypeVar("View", bound=Callable[..., Response])


def _documented(**shown: type[BaseModel]) -> Callable[[View], View]:
    """Let /openapi.json describe path, header and body, and leave their reading to the view.

    flask-openapi would make the header's JSON schema anew for each request, and three models.
    """

    def mark(view: View) -> View:
        view.__annotations__ = dict(shown)
        view.__delay_validate_request__ = True  # type: ignore[attr-defined]
        return view

    return mark


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not 1 <= len(key) <= _KEY_MAX or not (key.isascii() and key.isprintable()) or " " in key:
        raise Refusal(
            KEY_MISSING,
            f"The header Idempotency-Key is {key[:40]!r}."
            if key
            else "There is no Idempotency-Key.",
            hint="Send 1 to 255 printable ASCII characters without spaces: a new key for a new "
            "label, the same key for a retry.",
        )
    return key


@blueprint.post(
    "/lines/<line>/labels",
    responses={201: shapes.Issued, 200: shapes.Issued, **PROBLEMS},
)
@_documented(path=shapes.LinePath, header=shapes.KeyHeader, body=shapes.LabelsOrder)
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
        channel="http", line=line, key=_key(), quantity=order.quantity, print=order.print
    )
    reply = issuing.issue_labels(site(), trigger)
    return answer(
        {
            "serials": reply.serials,
            "run": reply.run,
            "job": reply.job,
            "replayed": reply.replayed,
        },
        200 if reply.replayed else 201,
    )


for _path in blueprint.paths.values():
    # flask-openapi calls every body required; each key of this one has a default.
    if _path.post and isinstance(_path.post.requestBody, RequestBody):
        _path.post.requestBody.required = False

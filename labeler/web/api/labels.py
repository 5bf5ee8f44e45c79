"""POST /lines/{line}/labels: the door of the trigger, and so the hot one."""

from collections.abc import Callable
from functools import wraps

from flask import Response, request
from flask_openapi import APIBlueprint
from pydantic import ValidationError

from labeler.errors import KEY_MISSING, Refusal
from labeler.production import issuing
from labeler.production.booking import Trigger
from labeler.web import problems, shapes
from labeler.web.api import PROBLEMS, answer, site

blueprint = APIBlueprint("labels", __name__, url_prefix="/api/v1", abp_tags=[{"name": "labels"}])

_KEY_MAX = 255


def _read_lean(view: Callable[..., Response]) -> Callable[..., Response]:
    """Read path, header and body once and directly.

    flask-openapi would make the header's JSON schema anew for each request; with this attribute it
    only documents the annotations and leaves the reading to us.
    """

    @wraps(view)
    def read(line: str) -> Response:
        try:
            given = request.get_json() if request.get_data() else {}  # both have defaults
            body = shapes.LabelsOrder.model_validate(given)
        except ValidationError as error:
            return problems.from_validation(error)
        path = shapes.LinePath.model_construct(line=line)
        header = shapes.KeyHeader.model_construct(idempotency_key=_key())
        return view(path=path, header=header, body=body)

    read.__delay_validate_request__ = True  # type: ignore[attr-defined]
    return read


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
@_read_lean
def issue_labels(
    path: shapes.LinePath, header: shapes.KeyHeader, body: shapes.LabelsOrder
) -> Response:
    """Issue the next serials of the line's open run and print their labels.

    201 for new serials; 200 with `replayed: true` when the key was served before.
    """
    trigger = Trigger(
        channel="http",
        line=path.line,
        key=header.idempotency_key,
        quantity=body.quantity,
        print=body.print,
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

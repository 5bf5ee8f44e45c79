"""Print the label of a unit again."""

from flask import Response, request
from pydantic import ValidationError

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.printing import reprinting
from labeler.production.printing.reprinting import Order, Which
from labeler.web import problems, shapes
from labeler.web import shapes_reprints as own
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documented import documented
from labeler.web.api.door import Door
from labeler.web.api.keys import key

blueprint = Door("reprints", __name__, tag="labels")

_REPLIES = {201: own.Reprinted, 200: own.Reprinted, **PROBLEMS}


@blueprint.post("/serials/<path:serial>/reprint", responses=_REPLIES)
@documented(
    path=shapes.SerialPath, query=shapes.SerialQuery, header=shapes.KeyHeader, body=own.ReprintOrder
)
def reprint_serial(serial: str) -> Response:
    """Print the label of a serial again, as a copy; of several products' serial, name the product.

    201 for a new job; 200 with `replayed: true` when the key was served before.
    """
    try:
        query = shapes.SerialQuery.model_validate(request.args.to_dict())
    except ValidationError as error:
        return problems.from_validation(error)
    return _reprint(Which(serial=serial, product=query.product))


@blueprint.post("/labels/<int:label_id>/reprint", responses=_REPLIES)
@documented(path=own.ReprintPath, header=shapes.KeyHeader, body=own.ReprintOrder)
def reprint_label(label_id: int) -> Response:
    """Print the label of the unit that has this one again, as a copy.

    201 for a new job; 200 with `replayed: true` when the key was served before.
    """
    return _reprint(Which(label_id=label_id))


def _reprint(which: Which) -> Response:
    if not request.get_data():
        raise Refusal(BAD_VALUE, "The body is empty.", hint="Send {...}; see /api.")
    try:
        body = own.ReprintOrder.model_validate(request.get_json())
    except ValidationError as error:
        return problems.from_validation(error)
    order = Order(channel="http", key=key(), **dict(body))
    done = reprinting.reprint(site(), which, order)
    return answer(done, 200 if done["replayed"] else 201)

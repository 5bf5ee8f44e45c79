"""QA's scans: `ok`, or exactly why not; and what was said so far."""

from flask import Response, request
from flask_openapi import MediaType, RequestBody, Schema
from pydantic import ValidationError

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.quality import failure_rates, photos, verification_lists, verifications
from labeler.production.quality.judging import Scan
from labeler.production.quality.photos import PHOTO_MAX_BYTES
from labeler.web import problems
from labeler.web import shapes_quality as shapes
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.documented import documented
from labeler.web.api.door import Door
from labeler.web.api.keys import key
from labeler.web.shapes import KeyHeader

blueprint = Door("verifications", __name__, tag="quality")

__all__ = ["PHOTOS", "PHOTO_MAX_BYTES", "VERIFY", "blueprint"]

VERIFY = "verifications.verify_scan"
"""The endpoint whose body may be a photo."""
PHOTOS = frozenset({"image/png", "image/jpeg"})
_REPLIES = {201: shapes.Verified, 200: shapes.Verified, **PROBLEMS}


@blueprint.post("/verifications", responses=_REPLIES)
@documented(header=KeyHeader, query=shapes.PhotoQuery, body=shapes.VerificationOrder)
def verify_scan() -> Response:
    """Say of a scan, or of a photo of a label, whether it is right: `ok`, or exactly why not.

    201 for a new one, on the record for ever, whatever its verdict; 200 with `replayed: true` when
    the key was served before. An `ok` verifies the label, too. A photo is sent as image/png or
    image/jpeg, and what is said of it in the query.
    """
    try:
        order = _order()
    except ValidationError as error:
        return problems.from_validation(error)
    given = order.model_dump()
    scan = Scan(text=given.pop("scan"), channel="http", key=key(), **given)
    found = verifications.verify(site(), scan)
    return answer(found, 200 if found["replayed"] else 201)


def _order() -> shapes.VerificationOrder:
    query = shapes.PhotoQuery.model_validate(request.args.to_dict())
    if request.mimetype not in PHOTOS:
        if not request.get_data():
            raise Refusal(BAD_VALUE, "The body is empty.", hint="Send {...}, or a photo; see /api.")
        return shapes.VerificationOrder.model_validate(request.get_json())
    said = query.model_dump(exclude_none=True)
    shapes.VerificationOrder.model_validate({**said, "scan": "?"})  # before the photo is looked at
    text = photos.scanned(site(), request.get_data())
    return shapes.VerificationOrder.model_validate({**said, "scan": text})


@blueprint.get("/verifications", responses={200: shapes.Verifications, **PROBLEMS})
def list_verifications(query: shapes.VerificationQuery) -> Response:
    """List verifications, the newest first."""
    given = query.model_dump()
    limit = given.pop("limit")
    wish = verification_lists.Wish(**given)
    with site().store.read() as transaction:
        found = verification_lists.list_verifications(transaction, wish, limit=limit + 1)
    return answer(page("verifications", found, limit=limit))


@blueprint.get("/verifications/failures", responses={200: shapes.Failures, **PROBLEMS})
def count_failures(query: shapes.FailuresQuery) -> Response:
    """Count scans and those that were not ok, by line and hour of the site's clock."""
    given = query.model_dump()
    limit = given.pop("limit")
    wish = failure_rates.Wish(**given)
    with site().store.read() as transaction:
        found = failure_rates.failures(site(), transaction, wish, limit=limit)
    return answer({**found, **page("hours", found["hours"], limit=limit, cursor="cursor")})


@blueprint.amend
def _describe(door: Door) -> None:
    """Let photos be taken, too: flask-openapi knows bodies of JSON only."""
    for path in door.paths.values():
        body = path.post.requestBody if path.post else None
        if isinstance(body, RequestBody):
            for media_type in sorted(PHOTOS):
                body.content[media_type] = MediaType(schema=Schema(type="string"))

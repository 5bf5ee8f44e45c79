"""The scan box: a scanner types, and the page says at once whether the label is right."""

import secrets
from time import perf_counter
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.quality import photos, verification_lists, verifications
from labeler.production.quality.judging import Scan
from labeler.web.api import site
from labeler.web.pages import asking, persons, rendering
from labeler.web.shapes_pages import ScanShown
from labeler.web.shapes_quality import PhotoQuery, VerificationOrder

blueprint = Blueprint("verify", __name__)

PHOTO = "pages.verify.verify_photo"
"""The endpoint whose form carries a photo."""
LAST_MAX = 15
"""Scans that are listed below the box."""
STATION = "scan page"
"""Where a scan was made, if nobody says."""
ALARMS = {
    **dict.fromkeys(("already_verified", "copy", "several_labels"), "duplicate"),
    **dict.fromkeys(("never_issued", "invalid", "test"), "stranger"),
}
"""Verdict -> the alarm that it raises."""
_KEPT = ("station", "line")
_KEPT_S = 400 * 24 * 3600


@blueprint.get("/verify")
def show_scan() -> Response:
    """Show the box, and the last scans; after a scan without a script its verdict, too."""
    shown = asking.read(ScanShown, {"scan": request.args.get("scan", "")}).scan
    with site().store.read() as transaction:
        last = _last(transaction)
        wish = None if shown is None else verification_lists.Wish(before=shown + 1)
        found = wish and verification_lists.list_verifications(transaction, wish, limit=1)
    rendering.let_wasm_run()  # which reads what the camera sees
    return rendering.page(
        "verify.html",
        verified=_told(found[0]) if found else None,
        took_ms=None,
        rows=last,
        key=secrets.token_hex(16),
        kept={name: request.cookies.get(name, "") for name in _KEPT},
        station=STATION,
        lines=sorted(site().plant.lines),
    )


@blueprint.post("/verify")
def verify_scan() -> Response:
    """Verify what was scanned: a part of the page for its script, else the page again."""
    names = ("scan", "station", "line")
    given = {name: request.form.get(name, "") for name in names} | {"operator": persons.doer()}
    return _verify(asking.read(VerificationOrder, given))


@blueprint.post("/verify/photo")
def verify_photo() -> Response:
    """Verify the label on a photo."""
    given = {"line": request.form.get("line", ""), "operator": persons.doer()}
    given["station"] = request.form.get("station", "") or STATION
    said = asking.read(PhotoQuery, given).model_dump(exclude_none=True)
    photo = request.files.get("photo")
    if photo is None or not photo.filename:
        raise Refusal(BAD_VALUE, "There is no photo.", hint="Choose a PNG or a JPEG.")
    text = photos.scanned(site(), photo.read())
    return _verify(
        asking.read(
            VerificationOrder, said | {"scan": text, "station": given["station"] or STATION}
        )
    )


def _verify(order: VerificationOrder) -> Response:
    began = perf_counter()
    said = order.model_dump()
    key = request.form.get("key", "")[:64] or secrets.token_hex(16)
    scan = Scan(text=said.pop("scan"), channel=persons.CHANNEL, key=f"page-{key}", **said)
    found = verifications.verify(site(), scan)
    took_ms = (perf_counter() - began) * 1000
    if rendering.is_part():
        with site().store.read() as transaction:
            rows = _last(transaction)
        response = rendering.page(
            "parts/verified.html", verified=_told(found), took_ms=took_ms, rows=rows
        )
    else:
        response = redirect(url_for("pages.verify.show_scan", scan=found["id"]), 303)  # type: ignore[assignment]
    response.headers["Server-Timing"] = f"verify;dur={took_ms:.1f}"
    for name in _KEPT:
        value = getattr(order, name) or ""
        response.set_cookie(
            name, value, max_age=_KEPT_S, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response


def _last(transaction: Any) -> list[dict[str, Any]]:
    wish = verification_lists.Wish()
    found = verification_lists.list_verifications(transaction, wish, limit=LAST_MAX)
    return [_told(one) for one in found]


def _told(found: dict[str, Any]) -> dict[str, Any]:
    """Return a verification with the alarm that it raises: duplicate, stranger, wrong or none."""
    alarm = None if found["verdict"] == "ok" else ALARMS.get(found["verdict"], "wrong")
    return {**found, "alarm": alarm}

"""The page of one serial: its life, its labels, why they are there, what may be done."""

import base64
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from labeler.production import verifying
from labeler.production.lease_lists import Serials
from labeler.production.lifecycle import changing, history
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.lifecycle.verbs import VERBS
from labeler.production.printing import hops, sent
from labeler.units import UnitState
from labeler.web.api import site
from labeler.web.pages import asking, notices, persons, rendering, words
from labeler.web.pages.visitor import visitor
from labeler.web.shapes_pages import UnitForm, UnitShown
from labeler.web.texts import gettext

blueprint = Blueprint("unit", __name__)

_FIELDS = ("location", "owner", "sales_order", "purchase_order", "invoice")
"""What a verb may need beside a reason, in the order of the form."""
LABELS_MAX = 10
"""Labels that are shown, the newest ones: each is drawn again and compared."""
_SECRET = "•" * 8
"""Stands for a secret that nobody may see."""


@blueprint.get("/units/<path:serial>")
def show_unit(serial: str) -> Response:
    """Show everything that is known of one serial."""
    names = UnitShown.model_fields
    query = asking.read(UnitShown, {k: v for k, v in request.args.items() if k in names})
    with site().store.read() as transaction:
        unit = verifying.show_serial(transaction, serial, product=query.product)
        life = history.show(transaction, serial, product=query.product)
        way = hops.why(transaction, serial, product=query.product, label=query.label)
        labels = [
            sent.show_label(site(), transaction, one["id"]) for one in unit["labels"][-LABELS_MAX:]
        ]
    verbs = _verbs(unit["state"]) if visitor().may("quality") else {}
    return rendering.page(
        "unit.html",
        unit=unit,
        life=life,
        way=way,
        labels=labels,
        chosen=query.label or (labels[0]["id"] if labels else None),
        identifiers={name: text or _SECRET for name, text in unit["identifiers"].items()},
        verbs=verbs,
        fields=_FIELDS,
        key=base64.b32encode(site().random_bytes(15)).decode(),
        product=query.product,
    )


@blueprint.post("/units/<path:serial>")
def change_unit(serial: str) -> Response:
    """Do with a unit what the form says: scrap it, take it as a sample, destroy it, and so on."""
    names = UnitForm.model_fields
    given = asking.read(UnitForm, {k: v for k, v in request.form.items() if k in names})
    rule = VERBS[given.do]
    takes = {"reason", *rule.needs, *rule.takes}
    said = given.model_dump(exclude_none=True, exclude={"do", "key", "product"})
    said = {name: value for name, value in said.items() if name in takes}
    order = UnitOrder(
        verb=given.do,
        key=f"page-{given.key}",
        channel=persons.CHANNEL,
        product=given.product,
        said=said | {"operator": persons.doer()},
    )
    changing.change(site(), order, Serials(rows=[(1, serial)]))
    notices.tell(gettext("It is on the record: %(what)s.") % {"what": words.word(rule.kind)})
    here = url_for("pages.unit.show_unit", serial=serial, product=given.product)
    return redirect(here, 303)  # type: ignore[return-value]


def _verbs(state: str) -> dict[str, dict[str, Any]]:
    """Return what may be done with a unit that is in this state, and what has to be said."""
    return {
        name: {"kind": verb.kind, "needs": verb.needs, "takes": verb.takes}
        for name, verb in VERBS.items()
        if UnitState(state) in verb.becomes
    }

"""The balance of a run: how it is, whose serials are behind it, reconciling and releasing."""

from typing import get_args

from flask import Response

from labeler.production.reconciling import counting, reconciling, records, releasing
from labeler.production.reconciling.reconciling import Deviation
from labeler.production.reconciling.terms import Kind
from labeler.production.run_records import Said
from labeler.web import shapes
from labeler.web import shapes_reconciliation as own
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.door import Door

blueprint = Door("reconciliation", __name__, tag="quality")


@blueprint.get("/runs/<int:run_id>/reconciliation", responses={200: own.Balance, **PROBLEMS})
def show_balance(path: shapes.RunPath) -> Response:
    """Say whether a run adds up, and why not; each number says where its serials are listed."""
    with site().store.read() as transaction:
        found = records.now(transaction, path.run_id)
    address = f"/api/v1/runs/{path.run_id}/reconciliation"
    return answer(found | {"serials": {kind: f"{address}/{kind}" for kind in get_args(Kind)}})


@blueprint.get(
    "/runs/<int:run_id>/reconciliation/<kind>", responses={200: own.BalanceSerials, **PROBLEMS}
)
def list_balance(path: own.BalancePath, query: own.BalanceQuery) -> Response:
    """List the serials behind a number of the balance, in the order of their places."""
    after = counting.place(query.after)
    with site().store.read() as transaction:
        found = counting.list_serials(
            transaction, path.run_id, path.kind, after=after, limit=query.limit + 1
        )
    return answer(page("serials", found, limit=query.limit, cursor="place"))


@blueprint.post("/runs/<int:run_id>/reconcile", responses={200: own.Reconciliation, **PROBLEMS})
def reconcile_run(path: shapes.RunPath, body: own.Reconcile) -> Response:
    """Void what was never used, and sign the balance of a closed run.

    A run that does not add up is refused (2030), unless a deviation names the difference, the
    reason, and a second person.
    """
    given = None if body.deviation is None else Deviation(**body.deviation.model_dump())
    said = Said(operator=body.operator)
    return answer(reconciling.reconcile(site(), path.run_id, said, deviation=given))


@blueprint.post("/runs/<int:run_id>/release", responses={200: shapes.Run, **PROBLEMS})
def release_run(path: shapes.RunPath, body: own.Release) -> Response:
    """Release a reconciled run: with a deviation, not by who reconciled it. Its units stay."""
    said = Said(operator=body.operator, reason=body.reason)
    return answer(releasing.release(site(), path.run_id, said))

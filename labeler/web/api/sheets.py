"""Labels on sheets of stock for office printers: documents, of which the record hears nothing."""

from flask import Response

from labeler.production import sheets
from labeler.production.sheets import Wanted
from labeler.web import shapes_sheets as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.documents import SHEETS, drawn
from labeler.web.api.door import Door

blueprint = Door("sheets", __name__, tag="sheets")


@blueprint.get("/stocks", responses={200: shapes.Stocks, **PROBLEMS})
def list_stocks() -> Response:
    """List the kinds of sheets: how large their cells are, and where they lie."""
    return answer({"stocks": sheets.stocks()})


@blueprint.get("/stocks/<stock>", responses={200: shapes.Stock, **PROBLEMS})
def show_stock(path: shapes.StockPath) -> Response:
    """Show one kind of sheet."""
    return answer(sheets.show_stock(path.stock))


@blueprint.get("/jobs/<int:job_id>/sheet.pdf", responses={200: SHEETS, **PROBLEMS})
def job_sheet(path: shapes.JobSheetPath, query: shapes.SheetQuery) -> Response:
    """Return the job's labels on sheets of stock. No label counts as printed by it."""
    wanted = Wanted(**dict(query))
    with site().store.read() as transaction:
        return drawn(sheets.job_sheet(site(), transaction, path.job_id, wanted=wanted))


@blueprint.get("/runs/<int:run_id>/sheet.pdf", responses={200: SHEETS, **PROBLEMS})
def run_sheet(path: shapes.RunSheetPath, query: shapes.SheetQuery) -> Response:
    """Return the labels of all units of a run on sheets of stock. None counts as printed by it."""
    wanted = Wanted(**dict(query))
    with site().store.read() as transaction:
        return drawn(sheets.run_sheet(site(), transaction, path.run_id, wanted=wanted))

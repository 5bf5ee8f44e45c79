"""Print jobs, what was or would be printed, and labels that wait for a decision."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler.production import doubtful, printing, queues, showing
from labeler.web import shapes
from labeler.web.api import PROBLEMS, answer, page, site

blueprint = APIBlueprint("jobs", __name__, url_prefix="/api/v1", abp_tags=[{"name": "jobs"}])


@blueprint.get("/jobs/<int:job_id>", responses={200: shapes.Job, **PROBLEMS})
def show_job(path: shapes.JobPath) -> Response:
    """Show a print job and what is known of each of its labels."""
    with site().store.read() as transaction:
        return answer(printing.show_job(transaction, path.job_id))


@blueprint.get(
    "/jobs/<int:job_id>/labels.zpl",
    responses={200: {"content": {"application/vnd.zebra.zpl": {}}}, **PROBLEMS},
)
def job_zpl(path: shapes.JobPath) -> Response:
    """Return the ZPL that was or would be sent to the job's printer."""
    return _document(path.job_id, "zpl")


@blueprint.get(
    "/jobs/<int:job_id>/labels.pdf",
    responses={200: {"content": {"application/pdf": {}}}, **PROBLEMS},
)
def job_pdf(path: shapes.JobPath) -> Response:
    """Return the job's labels as PDF, one a page."""
    return _document(path.job_id, "pdf")


@blueprint.get(
    "/jobs/<int:job_id>/labels.png", responses={200: {"content": {"image/png": {}}}, **PROBLEMS}
)
def job_png(path: shapes.JobPath, query: shapes.LabelQuery) -> Response:
    """Return one label of the job as a picture, at the printer's resolution."""
    return _document(path.job_id, "png", position=query.position)


@blueprint.post("/jobs/<int:job_id>/cancel", responses={200: shapes.Canceled, **PROBLEMS})
def cancel_job(path: shapes.JobPath, body: shapes.Reasoned) -> Response:
    """Print nothing more of a job. Serials stay issued; labels on their way are not touched."""
    instruction = queues.Instruction(**dict(body), channel="http")
    return answer(queues.cancel_job(site(), path.job_id, instruction))


def _document(job_id: int, language: str, *, position: int | None = None) -> Response:
    with site().store.read() as transaction:
        shown = showing.job_document(
            site(), transaction, job_id, language=language, position=position
        )
    response = Response(shown.content, mimetype=shown.media_type)
    response.headers["Content-Disposition"] = f'inline; filename="{shown.name}"'
    return response


@blueprint.get("/doubtful", responses={200: shapes.Doubtful, **PROBLEMS})
def list_doubtful(query: shapes.DoubtfulQuery) -> Response:
    """List the labels that may exist or not, and wait for a decision; the oldest first."""
    with site().store.read() as transaction:
        found = doubtful.list_doubtful(transaction, after=query.after, limit=query.limit + 1)
    return answer(page("doubtful", found, limit=query.limit))


@blueprint.post("/doubtful/<int:label_id>", responses={200: shapes.Decided, **PROBLEMS})
def decide_doubtful(path: shapes.LabelPath, body: shapes.DoubtDecision) -> Response:
    """Decide about a doubtful label: printed, print_again or scrap."""
    finding = doubtful.Finding(**dict(body), channel="http")
    return answer(doubtful.decide(site(), path.label_id, finding))

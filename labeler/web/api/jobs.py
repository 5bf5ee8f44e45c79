"""Print jobs, what was or would be printed, and labels that wait for a decision."""

from flask import Response
from flask_openapi import APIBlueprint

from labeler.production import showing
from labeler.production.printing import doubtful, queues, spool
from labeler.web import shapes
from labeler.web import shapes_templates as templates
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.documents import DRAWN, drawn

blueprint = APIBlueprint("jobs", __name__, url_prefix="/api/v1", abp_tags=[{"name": "jobs"}])


@blueprint.get("/jobs/<int:job_id>", responses={200: shapes.Job, **PROBLEMS})
def show_job(path: shapes.JobPath) -> Response:
    """Show a print job and what is known of each of its labels."""
    with site().store.read() as transaction:
        return answer(spool.show_job(transaction, path.job_id))


@blueprint.get("/jobs/<int:job_id>/labels.<format>", responses={200: DRAWN, **PROBLEMS})
def draw_labels(path: templates.DrawnJobPath, query: shapes.LabelQuery) -> Response:
    """Return the job's labels in a format, all or one; a png or svg holds one, the first."""
    with site().store.read() as transaction:
        return drawn(
            showing.job_document(
                site(), transaction, path.job_id, language=path.format, position=query.position
            )
        )


@blueprint.post("/jobs/<int:job_id>/cancel", responses={200: shapes.Canceled, **PROBLEMS})
def cancel_job(path: shapes.JobPath, body: shapes.Reasoned) -> Response:
    """Print nothing more of a job. Serials stay issued; labels on their way are not touched."""
    instruction = queues.Instruction(**dict(body), channel="http")
    return answer(queues.cancel_job(site(), path.job_id, instruction))


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

"""Print jobs, what was or would be printed, and labels that wait for a decision."""

from flask import Response

from labeler.production import showing
from labeler.production.printing import doubtful, job_control, jobs, releasing
from labeler.production.printing.instructions import Instruction
from labeler.web import shapes, shapes_jobs
from labeler.web import shapes_templates as templates
from labeler.web.api import PROBLEMS, answer, page, site
from labeler.web.api.documents import DRAWN, drawn
from labeler.web.api.door import Door

blueprint = Door("jobs", __name__, tag="jobs")


@blueprint.get("/jobs", responses={200: shapes_jobs.Jobs, **PROBLEMS})
def list_jobs(query: shapes_jobs.JobsQuery) -> Response:
    """List print jobs with how far they are: the newest first, or in the order of their queue."""
    given = query.model_dump()
    limit = given.pop("limit")
    with site().store.read() as transaction:
        found = jobs.list_jobs(transaction, jobs.Wish(**given), limit=limit + 1)
    return answer(page("jobs", found, limit=limit))


@blueprint.get("/jobs/<int:job_id>", responses={200: shapes_jobs.Job, **PROBLEMS})
def show_job(path: shapes.JobPath) -> Response:
    """Show a print job and what is known of each of its labels."""
    with site().store.read() as transaction:
        return answer(jobs.show_job(transaction, path.job_id))


@blueprint.get("/jobs/<int:job_id>/labels.<format>", responses={200: DRAWN, **PROBLEMS})
def draw_labels(path: templates.DrawnJobPath, query: shapes.LabelQuery) -> Response:
    """Return the job's labels in a format, all or one; a png or svg holds one, the first."""
    with site().store.read() as transaction:
        return drawn(
            showing.job_document(
                site(), transaction, path.job_id, language=path.format, position=query.position
            )
        )


@blueprint.post("/jobs/<int:job_id>/cancel", responses={200: shapes_jobs.Canceled, **PROBLEMS})
def cancel_job(path: shapes.JobPath, body: shapes.Reasoned) -> Response:
    """Print nothing more of a job. Serials stay issued; labels on their way are not touched."""
    return answer(job_control.cancel(site(), path.job_id, _said(body)))


@blueprint.post("/jobs/<int:job_id>/hold", responses={200: shapes_jobs.Held, **PROBLEMS})
def hold_job(path: shapes.JobPath, body: shapes.Reasoned) -> Response:
    """Print nothing of a job until it is released; the queue behind it goes on."""
    return answer(job_control.hold(site(), path.job_id, _said(body)))


@blueprint.post("/jobs/<int:job_id>/release", responses={200: shapes_jobs.Released, **PROBLEMS})
def release_job(path: shapes.JobPath, body: shapes_jobs.JobRelease) -> Response:
    """Print a held job, from one of its labels on if that is said; nothing is sent again."""
    first, printed = body.from_position, body.printed
    outcome = releasing.release(site(), path.job_id, _said(body), first=first, printed=printed)
    return answer(outcome)


@blueprint.post("/jobs/<int:job_id>/priority", responses={200: shapes_jobs.Ranked, **PROBLEMS})
def set_priority(path: shapes.JobPath, body: shapes_jobs.JobPriority) -> Response:
    """Let a job go before or behind others; what is on its way is not overtaken."""
    priority = body.priority
    return answer(job_control.set_priority(site(), path.job_id, _said(body), priority=priority))


@blueprint.post("/jobs/<int:job_id>/move", responses={200: shapes_jobs.MovedJob, **PROBLEMS})
def move_job(path: shapes.JobPath, body: shapes.LabelsMove) -> Response:
    """Let another printer print what waits of a job."""
    return answer(job_control.move(site(), path.job_id, _said(body), to=body.to))


def _said(body: shapes.Reasoned) -> Instruction:
    return Instruction(reason=body.reason, operator=body.operator, channel="http")


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

"""Health, metrics, and what the numbers of refusals mean."""

from flask import Response

from labeler import errors
from labeler.errors import NO_SUCH_ADDRESS, Refusal
from labeler.production import health
from labeler.web import shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door

blueprint = Door("service", __name__, tag="service", prefix="")


@blueprint.get("/api/v1/errors/<int:number>", responses={200: shapes.Kind, **PROBLEMS})
def explain_error(path: shapes.ErrorPath) -> Response:
    """Say what a refusal's number means; problem documents point here."""
    for kind in errors.KINDS:
        if kind.number == path.number:
            return answer({"number": kind.number, "title": kind.title, "status": kind.status})
    raise Refusal(
        NO_SUCH_ADDRESS, f"No refusal has number {path.number}.", hint="GET /api/v1/errors."
    )


@blueprint.get("/api/v1/errors", responses={200: shapes.Kinds, **PROBLEMS})
def list_errors() -> Response:
    """List the numbers of all refusals."""
    rows = [{"number": k.number, "title": k.title, "status": k.status} for k in errors.KINDS]
    return answer({"errors": rows})


@blueprint.get("/healthz", responses={200: shapes.Alive, **PROBLEMS})
def healthz() -> Response:
    """Say that the process lives."""
    return answer({"status": "ok"})


@blueprint.get("/readyz", responses={200: shapes.Ready, 503: shapes.Ready, **PROBLEMS})
def readyz() -> Response:
    """Say whether a trigger would be served: the store can be written, the spooler lives."""
    findings = health.findings(site())
    status = {"status": "not ready" if findings else "ready", "findings": findings}
    return answer({**status, "remarks": health.remarks(site())}, 503 if findings else 200)


@blueprint.get("/metrics", responses={200: {"content": {"text/plain": {}}}, **PROBLEMS})
def metrics() -> Response:
    """Return metrics in the text format of Prometheus."""
    return Response(health.metrics_text(site()), content_type=health.METRICS_MEDIA_TYPE)

"""Number series: where they stand, what comes next, what is wrong with them."""

from flask import Response

from labeler.errors import BAD_VALUE, Refusal
from labeler.production import catalogue, linting, previewing, remarks, series_releases
from labeler.production.template_releases import Statement
from labeler.web import shapes_series as shapes
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door

blueprint = Door("series", __name__, tag="series")


@blueprint.get("/series", responses={200: shapes.SeriesList, **PROBLEMS})
def list_series() -> Response:
    """List the number series: kind, pattern, how much is used, when it runs out."""
    with site().store.read() as transaction:
        return answer({"series": catalogue.list_series(site(), transaction)})


@blueprint.get("/series/<series>", responses={200: shapes.SeriesDetails, **PROBLEMS})
def show_series(path: shapes.SeriesPath) -> Response:
    """Show a series with its options and versions."""
    with site().store.read() as transaction:
        return answer(catalogue.show_series(site(), transaction, path.series))


@blueprint.get("/series/<series>/preview", responses={200: shapes.Preview, **PROBLEMS})
def preview_series(path: shapes.SeriesPath, query: shapes.PreviewQuery) -> Response:
    """Show the next serials, and those after the next reset. Showing never takes a number."""
    with site().store.read() as transaction:
        found = previewing.preview(site(), transaction, path.series, count=query.count, at=query.at)
    return answer(found)


@blueprint.post("/series/<series>/release", responses={201: shapes.SeriesDetails, **PROBLEMS})
def release_series(path: shapes.SeriesPath, body: shapes.SeriesRelease) -> Response:
    """Make the version that config.yaml describes, before a run needs it."""
    said = Statement(by=body.by, comment=body.comment, channel="http")
    return answer(series_releases.release(site(), path.series, said), 201)


@blueprint.post("/series/lint", responses={200: shapes.Linted, **PROBLEMS})
def lint_series(body: shapes.PatternTrial) -> Response:
    """Say what is wrong with the series of config.yaml, or with a pattern. Nothing is changed."""
    if body.pattern is None and (body.unguessable or body.word_filter or body.change):
        raise Refusal(
            BAD_VALUE,
            "unguessable, word_filter and change belong to a pattern, and there is none.",
            hint="Send pattern, too.",
        )
    with site().store.read() as transaction:
        if body.pattern is None:
            found = linting.lint(site(), transaction, body.series)
        else:
            trial = linting.Trial(**(dict(body) | {"pattern": body.pattern}))
            found = linting.try_pattern(site(), transaction, trial)
    errors = sum(one.severity == "error" for one in found)
    rows = [remarks.as_dict(one) for one in found]
    return answer({"errors": errors, "warnings": len(found) - errors, "findings": rows})

"""Number series: where each stands, what comes next, and patterns that somebody tries."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from labeler.production import (
    catalogue,
    linting,
    pattern_trials,
    previewing,
    remarks,
    running_low,
    series_releases,
)
from labeler.production.linting import Trial
from labeler.production.template_releases import Statement
from labeler.web import shapes_engineer as shapes
from labeler.web.api import site
from labeler.web.pages import asking, notices, persons, rendering, version_words
from labeler.web.texts import gettext

blueprint = Blueprint("series", __name__)

_SHOWN = 5
"""Serials that a preview shows for each moment."""


@blueprint.get("/series")
def list_series() -> Response:
    """Show every series of config.yaml: what comes next, how full it is, when it runs out."""
    with site().store.read() as transaction:
        rows = catalogue.list_series(site(), transaction)
        found = linting.lint(site(), transaction)
        soon = _soon(transaction)
    return rendering.page(
        "series_list.html",
        rows=rows,
        soon=soon,
        findings=[remarks.as_dict(one) for one in found],
    )


@blueprint.get("/series/<series>")
def show_series(series: str) -> Response:
    """Show one series with its versions, and what another pattern of it would make."""
    form = asking.read(shapes.PatternForm, request.args)
    with site().store.read() as transaction:
        row = catalogue.show_series(site(), transaction, series)
        preview = previewing.preview(site(), transaction, series, count=_SHOWN)
        found = linting.lint(site(), transaction, series)
        pattern = form.pattern or row["pattern"]
        is_asked = bool(form.pattern)
        trial = Trial(
            pattern=pattern,
            series=series,
            unguessable=form.unguessable if is_asked else row["options"]["unguessable"],
            word_filter=form.word_filter if is_asked else bool(row["options"]["word_filter"]),
            change=form.change if is_asked else row["options"]["change"],
        )
        tried = pattern_trials.tell(site(), transaction, trial, count=_SHOWN)
        soon = series in _soon(transaction)
    return rendering.page(
        "series.html",
        row=row,
        soon=soon,
        preview=preview,
        findings=[remarks.as_dict(one) for one in found],
        trial=trial,
        tried=tried,
        versions=version_words.compared(_versions(row)),
    )


def _versions(row: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the versions of a series, and at last what config.yaml says, if that is none yet."""
    known: list[dict[str, Any]] = row["versions"]
    new = {key: row[key] for key in ("version", "epoch", "pattern")}
    return known if row["is_pinned"] else [*known, {**new, "issued": 0, "created_at": None}]


@blueprint.post("/series/<series>/release")
def release_series(series: str) -> Response:
    """Make the version that config.yaml describes, before a run needs it."""
    form = asking.read(shapes.ReleaseForm, request.form)
    said = Statement(by=persons.doer(), comment=form.comment, channel=persons.CHANNEL)
    found = series_releases.release(site(), series, said)
    text = gettext("Version %(version)s is released. Runs that open from now on take it.")
    notices.tell(text % {"version": found["version"]})
    return asking.back(url_for("pages.series.show_series", series=series))


def _soon(transaction: Any) -> set[str]:
    """Return the series that are used up within days, full or not, as the dashboard tells."""
    found = running_low.running_low(site(), transaction)
    return {one["name"] for one in found if one["level"] == "ok"}


@blueprint.get("/patterns")
def try_pattern() -> Response:
    """Show what a pattern of a series that is not there yet would make."""
    form = asking.read(shapes.PatternForm, request.args)
    trial = Trial(
        pattern=form.pattern or "SN{date:%y}{counter:6}{check:iso7064_mod_37_36}",
        unguessable=form.unguessable,
        word_filter=form.word_filter,
    )
    with site().store.read() as transaction:
        tried = pattern_trials.tell(site(), transaction, trial, count=_SHOWN)
    return rendering.page("pattern.html", trial=trial, tried=tried)

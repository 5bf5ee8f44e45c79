"""Label templates: which there are, one with its label while it is written, and its releases."""

from flask import Blueprint, Response, request, url_for
from werkzeug.datastructures import FileStorage

from labeler.production import (
    template_catalogue,
    template_drafts,
    template_editing,
    template_releases,
)
from labeler.production.printing import sample_errand
from labeler.production.printing.errands import Wish
from labeler.production.template_releases import Statement
from labeler.web import shapes_engineer as shapes
from labeler.web.api import site
from labeler.web.pages import asking, draft_looks, notices, persons, rendering
from labeler.web.texts import gettext

blueprint = Blueprint("templates", __name__)


@blueprint.get("/templates")
def list_templates() -> Response:
    """Show a picture of every template, and which of them differ from their release."""
    with site().store.read() as transaction:
        rows = template_catalogue.list_templates(site(), transaction)
    return rendering.page("templates.html", rows=rows, names=[one["name"] for one in rows])


@blueprint.post("/templates")
def make_template() -> Response:
    """Begin a template: as a copy of another one, or around a design that is brought along."""
    form = asking.read(shapes.NewTemplateForm, request.form)
    design = request.files.get("design")
    if design is not None and design.filename:
        _bring(form.name, design)
    else:
        template_editing.begin(site(), form.name, source=form.source or "", said=_said())
    notices.tell(gettext("The template was made. Nothing uses it until a product names it."))
    return _to(form.name)


def _bring(name: str, design: FileStorage) -> None:
    content = design.stream.read(template_editing.DESIGN_MAX_BYTES + 1)
    template_editing.bring(site(), name, content, file=design.filename or "", said=_said())


@blueprint.get("/templates/<template>")
def show_template(template: str) -> Response:
    """Show a template's draft with its label, what is wrong with it, and its versions."""
    return _page(template, asking.read(shapes.LookForm, request.args))


@blueprint.post("/templates/<template>/look")
def look_at_draft(template: str) -> Response:
    """Show what a text would look like as this template. Nothing is saved."""
    form = asking.read(shapes.LookForm, request.form)
    if not rendering.is_part():
        return _page(template, form)
    draft = draft_looks.draft_of(template, form)
    look = draft_looks.seen(draft, form)
    return rendering.page("parts/look.html", look=look, name=template, chosen=form)


@blueprint.post("/templates/<template>")
def save_template(template: str) -> Response:
    """Save a draft, unless somebody else changed it meanwhile."""
    form = asking.read(shapes.SaveForm, request.form)
    template_editing.save(site(), template, form.content, began=form.began, said=_said())
    if site().plant.releases_required:
        notices.tell(gettext("Saved. Lines print it once it is released."))
    else:
        notices.tell(gettext("Saved. Runs that open from now on print it."))
    return _to(template)


@blueprint.post("/templates/<template>/release")
def release_template(template: str) -> Response:
    """Release the draft as its file says it: later runs print it."""
    form = asking.read(shapes.ReleaseForm, request.form)
    found = template_releases.release(site(), template, _said(form.comment))
    said = gettext("Version %(version)s is released. Runs that open from now on print it.")
    notices.tell(said % {"version": found["version"]})
    return _to(template)


@blueprint.post("/templates/<template>/print")
def print_sample(template: str) -> Response:
    """Print a label of the draft as its file says it, with the mark TEST."""
    form = asking.read(shapes.PrinterForm, request.form)
    draft = template_drafts.require(site(), template)
    wish = Wish(operator=persons.doer(), channel=persons.CHANNEL)
    found = sample_errand.print_sample(site(), draft, printer=form.printer, wish=wish)
    draft_looks.tell_outcome(found)
    return _to(template)


def _page(template: str, form: shapes.LookForm) -> Response:
    with site().store.read() as transaction:
        found = template_catalogue.show_template(site(), transaction, template)
    draft = template_drafts.require(site(), template)
    shown = draft_looks.draft_of(template, form)
    return rendering.page(
        "template.html",
        row=found,
        content=shown.content,
        began=template_editing.digest(draft.content),
        is_saved=shown.content == draft.content,
        look=draft_looks.seen(shown, form),
        name=template,
        chosen=form,
        formats=draft_looks.FORMATS,
        printers=sorted(site().plant.printers),
    )


def _said(comment: str | None = None) -> Statement:
    return Statement(by=persons.doer(), comment=comment, channel=persons.CHANNEL)


def _to(template: str) -> Response:
    return asking.back(url_for("pages.templates.show_template", template=template))

"""The shapes of forms that pages of the engineer send."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.production.printing.doubtful import Decision
from labeler.web.bounds import Id, Limit, Shape
from labeler.web.shapes import Word
from labeler.web.shapes_templates import Format, Version

Content = Annotated[str, StringConstraints(min_length=1, max_length=1024 * 1024)]
Reason = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Form(Shape):
    """A form: it also has a token and, often, a place to go back to, which others look at."""

    model_config = ConfigDict(extra="ignore")


class LookForm(Form):
    """How somebody looks at a draft."""

    content: Content | None = None
    values: Literal["sample", "widest", "unit"] = "sample"
    serial: Word | None = None
    dpi: Annotated[int, Field(ge=100, le=1200)] | None = None
    format: Format = "png"


class SaveForm(LookForm):
    """A draft that is saved."""

    content: Content
    began: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class ReleaseForm(Form):
    """Why a draft is released."""

    comment: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class DoubtfulListQuery(Form):
    """Which doubtful labels."""

    printer: Word | None = None
    after: Id | None = None
    limit: Limit = 50


class DoubtForm(Form):
    """What somebody found who looked for a doubtful label."""

    label: Id
    decision: Decision
    reason: Reason


class NewTemplateForm(Form):
    """A template that begins as a copy, or around a design."""

    name: Word
    source: Word | None = None


class DifferenceQuery(Form):
    """Which two contents of a template."""

    old: Version | None = None
    new: Version | None = None
    dpi: Annotated[int, Field(ge=100, le=600)] | None = None


class PictureQuery(Form):
    """Which label of a template."""

    version: Version | None = None
    dpi: Annotated[int, Field(ge=100, le=600)] = 203


class PrinterForm(Form):
    """A printer of the plant."""

    printer: Word


class JobForm(Form):
    """What becomes of a job."""

    verb: Literal["hold", "release", "cancel", "move", "first"]
    job: Id
    reason: Reason
    to: Word | None = None


class PauseForm(Form):
    """Why a printer stops or goes on."""

    verb: Literal["pause", "resume"]
    reason: Reason


class MoveForm(Form):
    """Where all goes that waits for a printer, and why."""

    to: Word
    reason: Reason


class ConsoleForm(Form):
    """Commands for a printer."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    print: bool = False
    sure: bool = False


class RollForm(Form):
    """A roll that is put in."""

    labels: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class PatternForm(Form):
    """A pattern that is only looked at."""

    pattern: Annotated[str, StringConstraints(max_length=1000)] = ""
    unguessable: bool = False
    word_filter: bool = False
    change: Literal["continue", "restart"] | None = None

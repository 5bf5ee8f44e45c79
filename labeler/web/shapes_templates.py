"""The shapes of requests and replies about label templates, and labels shown again."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.production.showing import FORMATS
from labeler.production.template_drafts import CONTENT_MAX_BYTES
from labeler.web.bounds import Id, Shape
from labeler.web.shapes import JobPath, Reply, Request, Word
from labeler.web.shapes_sheets import PreviewSheet

Version = Annotated[int, Field(ge=1, le=2**31 - 1)]

Text = Annotated[str, StringConstraints(max_length=1000)]
"""The value of a placeholder."""

Placeholder = Annotated[str, StringConstraints(min_length=1, max_length=100)]

if TYPE_CHECKING:
    Format = str
else:
    Format = Literal[FORMATS]


class TemplatePath(Shape):
    """A label template."""

    template: str


class TemplateVersionPath(TemplatePath):
    """A version of a label template."""

    version: Version


class ReleaseOrder(Request):
    """Who releases, and why."""

    by: Word = Field(examples=["mk"])
    comment: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = Field(
        default=None, examples=["larger code, as QA asked"]
    )


class DiffQuery(Shape):
    """Which two contents; without them the newest release and the draft."""

    model_config = ConfigDict(extra="forbid")

    old: Version | None = Field(default=None, description="a version; default: the newest release")
    new: Version | None = Field(default=None, description="a version; default: the draft")


class PreviewOrder(Request):
    """How a label shall look, and what it shows."""

    format: Format | None = Field(
        default=None, description="default: png, or what a comparison or sheets have"
    )
    dpi: Annotated[int, Field(ge=100, le=1200)] | None = Field(
        default=None, description="default: that of the printer"
    )
    printer: Word | None = Field(default=None, description="default: the first line's")
    version: Version | None = Field(default=None, description="default: the draft")
    product: Word | None = Field(
        default=None, description="default: the first that has this template"
    )
    line: Word | None = None
    values: Annotated[dict[Placeholder, Text], Field(max_length=100)] = Field(
        default_factory=dict,
        examples=[{"serial": "AC2632700042O", "run.lot": "L42"}],
        description="placeholder without its braces -> text",
        json_schema_extra={"additionalProperties": {"type": "string", "maxLength": 1000}},
    )
    samples: bool = Field(
        default=True, description="false: refuse a placeholder without a value; nothing is made up"
    )
    compare: bool = Field(
        default=False,
        description="true: a png of our drawing beside an independent one of its ZPL; the header "
        "Comparison says what differs",
    )
    sheet: PreviewSheet | None = Field(
        default=None, description="a pdf of the label on sheets of stock"
    )


class DraftOrder(PreviewOrder):
    """A template that nobody saved, and how its label shall look."""

    content: Annotated[str, StringConstraints(min_length=1, max_length=CONTENT_MAX_BYTES)] = Field(
        description="the YAML text, 256 KiB of UTF-8 at most; with the rest it must be within "
        "http.body_max_kib"
    )
    version: None = Field(default=None, description="none: it is a draft")


class ShownLabelPath(Shape):
    """A label that was printed, or will be."""

    label_id: Id


class DrawnLabelPath(ShownLabelPath):
    """A label in a format."""

    format: Format


class DrawnJobPath(JobPath):
    """The labels of a job in a format."""

    format: Format


class NewestRelease(Reply):
    """What runs print where releases are required."""

    number: int = Field(description="counts the releases of the template")
    version: int
    digest: str
    released_at: datetime
    released_by: str
    comment: str | None
    implicit: bool = Field(description="true: a run that opened released it")


class LastRun(Reply):
    """The newest run of a template."""

    id: int
    line: str
    opened_at: datetime
    template_version: int


class TemplateState(Reply):
    """A label template: its draft, its newest release, and who uses it."""

    name: str
    draft_digest: str | None = Field(description="SHA-256 of the file; null: there is none")
    draft_fault: str = Field(description="why the file cannot be read as a template")
    is_changed: bool = Field(description="whether the draft differs from the newest release")
    newest_release: NewestRelease | None
    products: list[str]
    last_run: LastRun | None


class Templates(Reply):
    """The label templates."""

    templates: list[TemplateState]


class Release(Reply):
    """Somebody's word about a version."""

    number: int
    released_at: datetime
    released_by: str
    channel: str
    comment: str | None
    implicit: bool = Field(description="true: a run that opened released it")


class TemplateVersion(Reply):
    """A version of a template; it never changes."""

    template: str
    version: int
    digest: str = Field(description="SHA-256 of the content")
    state: Literal["draft", "released"]
    is_newest_release: bool
    created_at: datetime
    releases: list[Release] = Field(description="the oldest first; none of a draft in a test run")


class TemplateVersions(Reply):
    """The versions of a template, the newest first."""

    versions: list[TemplateVersion]


class TemplateVersionDetails(TemplateVersion):
    """A version with its content."""

    content: str


class TemplateDetails(TemplateState):
    """A label template with its draft's content and its versions, the newest first."""

    content: str | None
    width_mm: float | None
    height_mm: float | None
    fields: list[str] = Field(description="the placeholders of the draft")
    versions: list[TemplateVersion]


class DiffSide(Reply):
    """One of two contents."""

    label: str
    version: int | None
    digest: str


class DiffLine(Reply):
    """A line of a comparison."""

    kind: Literal["same", "added", "removed"]
    old_line: int | None
    new_line: int | None
    text: str


class Diff(Reply):
    """What differs between two contents of a template."""

    template: str
    old: DiffSide
    new: DiffSide
    is_same: bool
    added: int
    removed: int
    sentence: str
    changes: list[str] = Field(description="what a label shows differently, a phrase each")
    lines: list[DiffLine] = Field(description="the lines that differ, and three around them")
    text: str = Field(description="the same as a unified diff")


class TemplateFinding(Reply):
    """One thing that is wrong with a template, or will be."""

    template: str
    element: int | None = Field(description="which element, from 1; null: the whole")
    line: int | None = Field(description="of the file, from 1")
    x_mm: float | None = Field(description="left of the place on the label; null: none")
    y_mm: float | None
    width_mm: float | None
    height_mm: float | None
    printer: str | None = Field(description="on which it was found; null: on none in particular")
    dpi: int | None
    stations: list[str] = Field(description="all printers that have it, such as zebra-1 at 203 dpi")
    kind: str = Field(description="which check: overlap, quiet_zone, … or unreadable")
    sentence: str
    advice: str
    severity: Literal["error", "warning", "note"]


class LintedTemplate(Reply):
    """What was found; errors refuse a release."""

    errors: int
    warnings: int
    notes: int
    findings: list[TemplateFinding]


class LabelsOfSerial(Reply):
    """The labels of a serial, the oldest first."""

    labels: list[dict[str, Any]]


class ShownLabel(Reply):
    """What is known of a label, and whether it can be drawn again as it was sent."""

    id: int
    serial: str
    run: int
    job: int
    position: int
    purpose: Literal["print", "archive", "reprint"]
    reason: str | None = Field(description="why it was printed again")
    copy_number: int = Field(
        alias="copy", description="which copy of the unit's label it is; 0 is the label itself"
    )
    printer: str
    state: str
    sent_at: datetime | None
    settled_at: datetime | None
    digest: str | None = Field(
        description="SHA-256 of the bytes it was sent in; null if it shows a secret"
    )
    language: str | None = Field(description="null: not recorded, or not sent yet")
    dpi: int | None
    program_version: str | None
    template: str
    template_version: int
    template_digest: str
    template_state: Literal["draft", "released"]
    same_as_sent: Literal["yes", "no", "unknown"]
    sentence: str

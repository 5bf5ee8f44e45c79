"""The shapes of requests and replies: what /openapi.json says, and what the door checks."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.production.checking import Verdict
from labeler.production.issuing import QUANTITY_MAX
from labeler.production.printing.doubtful import Decision
from labeler.units import RunMode, RunState
from labeler.web.bounds import Id, Limit, Shape

Word = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Field(description="one line of text, 1 to 64 characters"),
]
"""A name or number of the plant: one line of text."""

Note = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
    Field(description="one line of text, 1 to 200 characters"),
]
"""Why something is done, or what else is to be said of it."""

Lot = Annotated[
    str,
    StringConstraints(pattern=r"^[!-~]{1,20}$"),
    Field(description="1 to 20 printable ASCII characters without spaces"),
]
"""GS1 AI (10)."""

Key = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,255}$")]


class Request(Shape):
    """A body: keys it does not know and values of another type are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Reply(Shape):
    """What a door gives back."""

    model_config = ConfigDict(from_attributes=True)


class LabelsOrder(Request):
    """How many serials, and whether to print them."""

    quantity: Annotated[int, Field(ge=1, le=QUANTITY_MAX)] = 1
    print: bool | None = Field(
        default=None,
        description="false: serials only, no label; left out: labels where the line has a printer",
    )


class CheckText(Request):
    """A text somebody read or scanned."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        examples=["AC2632700042O"],
        description="as it was read, typed or scanned: a GS1 element string or Digital Link is "
        "understood, too",
    )
    run: Id | None = Field(default=None, description="where it was met: in this run,", examples=[1])
    product: Word | None = Field(default=None, description="as this product,", examples=["AC-100"])
    line: Word | None = Field(default=None, description="on this line", examples=["line-1"])


class Reasoned(Request):
    """Who decides, and why; the record keeps it."""

    reason: Note = Field(examples=["label lies in the tray"])
    operator: Word = Field(examples=["mk"])


class DoubtDecision(Reasoned):
    """What a person found out about a doubtful label."""

    decision: Annotated[Decision, Field(strict=False)]


class LabelsMove(Reasoned):
    """Where a printer's labels shall be printed instead."""

    to: Word = Field(examples=["zebra-2"])


class KeyHeader(Shape):
    """One key for each wish; a retry carries the same one."""

    idempotency_key: Key = Field(
        alias="Idempotency-Key", description="1 to 255 printable ASCII characters, no spaces"
    )


class LinePath(Shape):
    """A line of the plant."""

    line: str


class RunPath(Shape):
    """A run."""

    run_id: Id


class SerialPath(Shape):
    """A serial, check characters included."""

    serial: str


class SerialQuery(Shape):
    """Whose serial, where several products may have the same."""

    model_config = ConfigDict(extra="forbid")

    product: Word | None = None


class JobPath(Shape):
    """A print job."""

    job_id: Id


class PrinterPath(Shape):
    """A printer, also one that config.yaml does not know any more."""

    printer: Word


class LabelPath(Shape):
    """A label."""

    label_id: Id


class ErrorPath(Shape):
    """A refusal's number."""

    number: int


class DoubtfulQuery(Shape):
    """Which doubtful labels; the oldest first."""

    model_config = ConfigDict(extra="forbid")

    after: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class LabelQuery(Shape):
    """Which label of the job."""

    model_config = ConfigDict(extra="forbid")

    position: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="from 1; default: all, or the first where a document holds one label",
    )


class Run(Reply):
    """A production run."""

    id: int
    product: str
    line: str
    mode: RunMode = Field(description="test: its serials name no product")
    state: RunState
    quantity: int = Field(description="units planned")
    overrun: int = Field(description="units more than planned that somebody let it issue")
    issued: int
    remaining: int
    on_lease: int = Field(description="serials in other hands of which nothing is known yet")
    lot: str | None
    work_order: str | None
    operator: str | None
    purchase_order: str | None
    sales_order: str | None
    shift: str | None
    expires_on: str | None
    best_before: str | None
    rework_of: int | None = Field(description="the run whose units it makes good again")
    attributes: dict[str, str]
    series: str | None = Field(description="pinned when it opens; null before, as what follows")
    series_version: int | None
    template: str | None
    template_version: int | None
    template_digest: str | None = Field(description="SHA-256 of that version's content")
    template_state: Literal["draft", "released"] | None = Field(
        description="draft: a test run that took what nobody had released"
    )
    opened_at: datetime | None
    closed_at: datetime | None


class IssuedUnit(Reply):
    """A unit with all that it carries."""

    serial: str
    identifiers: dict[str, str] = Field(
        description="name -> text, as the product names them; secrets stand on the label only"
    )


class Issued(Reply):
    """The serials a trigger got."""

    serials: list[str]
    run: int
    job: int | None
    replayed: bool = Field(description="true: this key was served before; the same answer again")
    units: list[IssuedUnit] = Field(
        default=[], description="only of a product with identifiers: the units, in the same order"
    )


class Serial(Reply):
    """Everything known of a serial."""

    serial: str
    state: str
    number: int = Field(description="the unit's place in its run, from 1")
    counter: int
    allocated_at: datetime
    identifiers: dict[str, str | None] = Field(
        description="what else the unit carries; null for a secret, which nobody is shown"
    )
    secrets: dict[str, Literal["waiting", "sent", "printed", "scrapped"]] = Field(
        description="of each secret, whether its label waits or the secret is forgotten, and why"
    )
    forms: dict[str, str] = Field(
        description="the serial and identifiers as machines and people write them, by the names "
        "that label templates have for them, such as serial.epc_hex; of secrets none",
        examples=[{"serial.text": "AC1", "gs1.element_string": "(01)04012345000009(21)AC1"}],
    )
    run: Run
    labels: list[dict[str, Any]]
    events: list[dict[str, Any]]


class Checked(Reply):
    """What is known of a text."""

    text: str = Field(description="the serial or identifier that was meant")
    notes: list[str] = Field(description="how it was read, where that is not plain")
    verdict: Verdict
    sentence: str
    identifier: str | None = Field(
        description="which identifier of its unit the text is; null for a serial"
    )
    state: str | None
    run: Run | None
    units: list[dict[str, Any]] = Field(description="every unit that has this serial")
    near: list[dict[str, Any]] = Field(
        description="issued serials and identifiers one slip away, the likeliest slip first: "
        "`text`, `identifier` if it is one of its unit, and `kind` and `position` of the mistake"
    )
    series: list[dict[str, Any]] = Field(
        description="of every series and pattern it ever had, whether the text is its serial; "
        "the likeliest first; `place` is that in a permuted series"
    )


class Printers(Reply):
    """The printers and what is known of them."""

    printers: list[dict[str, Any]]


class Doubtful(Reply):
    """A page of labels that wait for a decision."""

    doubtful: list[dict[str, Any]]
    next: int | None = Field(description="`after` of the next page; null at the end")


class Decided(Reply):
    """What became of a doubtful label."""

    label: int
    state: str
    job: int | None


class Moved(Reply):
    """What became of a printer's labels."""

    printer: str
    to: str
    moved: int
    doubtful: int = Field(description="were on their way to a printer that is gone")


class Kind(Reply):
    """What a refusal's number means."""

    number: int
    title: str
    status: int


class Kinds(Reply):
    """Every number of a refusal, in ascending order."""

    errors: list[Kind]


class Alive(Reply):
    """The process lives."""

    status: Literal["ok"]


class Ready(Reply):
    """Whether a trigger would be served now."""

    status: Literal["ready", "not ready"]
    findings: list[str] = Field(description="why not, in sentences")
    remarks: list[str] = Field(
        description="what stops no trigger, but somebody should know: printers that people paused"
    )


class Problem(Reply):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    number: int
    hint: str

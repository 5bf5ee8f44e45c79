"""The shapes of requests and replies about production runs."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from labeler.units import RunMode, RunState
from labeler.web.bounds import Id, Limit, Shape
from labeler.web.shapes import Lot, Note, Reasoned, Reply, Request, Run, Word

Day = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"),
    Field(description="a day as YYYY-MM-DD", examples=["2028-12-31"]),
]
"""A day as ISO 8601 writes it; whether there is such a day is for the verbs to say."""


class RunOrder(Request):
    """What is to be made."""

    product: Word = Field(examples=["AC-100"])
    line: Word = Field(examples=["line-1"])
    quantity: Annotated[int, Field(ge=1, le=10_000_000)] = Field(examples=[300])
    lot: Lot | None = Field(default=None, examples=["L42"], description="GS1 AI (10)")
    work_order: Word | None = Field(default=None, examples=["WO-7001"])
    operator: Word | None = Field(default=None, examples=["mk"])
    purchase_order: Word | None = Field(default=None, description="the customer's order")
    sales_order: Word | None = None
    shift: Word | None = Field(default=None, description="the shift it is planned for")
    expires_on: Day | None = Field(default=None, description="GS1 AI (17)")
    best_before: Day | None = Field(default=None, description="GS1 AI (15)")
    rework_of: Id | None = Field(
        default=None, description="the run whose units it makes good again; it has issued some"
    )
    attributes: Annotated[dict[Word, Word], Field(max_length=50)] = Field(
        default_factory=dict,
        examples=[{"revision": "C"}],
        description="what the product asks for, and anything else; templates show it as "
        "{attributes.NAME}",
        # pydantic states this for each pattern of a key, which flask-openapi leaves out.
        json_schema_extra={
            "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 64}
        },
    )
    mode: Annotated[RunMode, Field(strict=False)] = Field(
        default=RunMode.PRODUCTION,
        description="test: its serials begin with TEST- and name no product, its labels say so",
    )
    state: Literal["planned", "open"] = Field(
        default="open", description="planned: recorded only; nothing is pinned until it is opened"
    )


class RunStart(Request):
    """Who opens or closes a run, and why; nothing of it has to be said."""

    operator: Word | None = Field(default=None, examples=["mk"])
    reason: Note | None = None

    @model_validator(mode="before")
    @classmethod
    def _nothing(cls, value: Any) -> Any:
        return {} if value is None else value


class WorkOrderStart(Request):
    """Which work order is begun, and who begins it."""

    work_order: Word = Field(examples=["WO-7001"])
    line: Word | None = Field(default=None, description="where several lines have runs of it")
    operator: Word | None = Field(default=None, examples=["mk"])


class RunOverrun(Reasoned):
    """How many units more than planned a run may issue, who says so, and why."""

    units: Annotated[int, Field(ge=1, le=10_000_000)] = Field(examples=[5])


class Changeover(Reasoned):
    """Which run a line goes on with, and what becomes of the one it has."""

    run: Id = Field(description="planned or paused, of this line", examples=[5])
    leave: Literal["close", "pause"] = Field(
        default="close", description="what becomes of the run that is open now"
    )


class RunEdit(Reasoned):
    """What is otherwise in the order of a planned run, who says so, and why."""

    # Left out, it stays; so it has no default that a document could show.
    quantity: Annotated[int, Field(ge=1, le=10_000_000)] = Field(
        default_factory=int, examples=[280]
    )
    lot: Lot | None = Field(default=None, examples=["L43"])
    work_order: Word | None = None
    purchase_order: Word | None = None
    sales_order: Word | None = None
    shift: Word | None = None
    expires_on: Day | None = None
    best_before: Day | None = None
    attributes: Annotated[dict[Word, Word], Field(max_length=50)] = Field(
        default_factory=dict,
        examples=[{"revision": "D"}],
        description="all of them: one that is left out here is taken away",
        json_schema_extra={
            "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 64}
        },
    )


class RunQuery(Shape):
    """Which runs; the newest first."""

    model_config = ConfigDict(extra="forbid")

    line: Word | None = None
    state: RunState | None = None
    mode: RunMode | None = None
    work_order: Word | None = None
    before: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class OpenedRun(Run):
    """A production run, and what to mind."""

    remarks: list[str] = Field(description="in sentences: that labels may run short, say")


class ChangedOver(Shape):
    """What a line left, and what it goes on with."""

    left: Run | None = Field(description="null: the line had no open run")
    run: OpenedRun


class RunStep(Shape):
    """One step of a run."""

    at: datetime
    from_: RunState | None = Field(alias="from", description="null: it began")
    to: RunState
    units: int | None = Field(
        description="so many units more than planned may be issued since; the state stayed"
    )
    operator: str | None
    reason: str | None
    channel: str


class RunEdited(Shape):
    """A change of the order of a run, while it was planned."""

    at: datetime
    operator: str
    reason: str
    channel: str
    changes: dict[str, Any] = Field(
        description="name -> `old` and `new`", examples=[{"lot": {"old": "L42", "new": "L43"}}]
    )


class ShownRun(OpenedRun):
    """A production run, what to mind, and its life."""

    edits: list[RunEdited] = Field(description="how its order was changed while it was planned")

    steps: list[RunStep] = Field(description="the first one first")
    reworked_by: list[int] = Field(description="the runs that make its units good again")


class Runs(Reply):
    """A page of runs."""

    runs: list[Run]
    next: int | None = Field(description="`before` of the next page; null at the end")

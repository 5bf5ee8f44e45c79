"""The shapes of requests and replies about printers and the stream of events."""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from labeler.production.streaming import TOPICS
from labeler.web.bounds import Id, Limit, Shape
from labeler.web.shapes import Reply, Request, Word


class HistoryQuery(Shape):
    """Which changes; the newest first."""

    model_config = ConfigDict(extra="forbid")

    before: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class EventsHeader(Shape):
    """Where a stream of events goes on."""

    last_event_id: str | None = Field(
        default=None,
        alias="Last-Event-ID",
        description="the id of the last event that was heard: the stream goes on behind it",
    )


class EventsQuery(Shape):
    """Which events."""

    model_config = ConfigDict(extra="forbid")

    topics: str = Field(
        default=",".join(TOPICS),
        pattern=rf"^({'|'.join(TOPICS)})(,({'|'.join(TOPICS)}))*$",
        description="printers, labels, doubtful, jobs, with commas between them",
    )
    printer: str | None = Field(
        default=None, description="of this printer, its labels and its jobs only"
    )
    run: Id | None = Field(default=None, description="labels and jobs of this run only")
    after: str | None = Field(default=None, description="as Last-Event-ID, for who cannot send it")
    brief: Literal["yes"] | None = Field(
        default=None, description="one event `news` with how many, instead of each of them"
    )


class RollChange(Request):
    """A roll that is put into a printer."""

    labels: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="on the roll; null: as config.yaml says (printers.NAME.media.roll_labels)",
        examples=[1000],
    )
    operator: Word = Field(examples=["mk"])


class Roll(Reply):
    """The roll in a printer."""

    printer: str
    at: datetime = Field(description="when it was put in")
    labels: int = Field(description="on it then")
    used: int = Field(description="came out since, also what others printed or fed, if it tells")
    left: int
    estimated: bool = Field(description="true: counted by what was sent, not by its odometer")
    operator: str


class ForecastQuery(Shape):
    """For how many units."""

    model_config = ConfigDict(extra="forbid")

    quantity: int = Field(ge=1, le=1_000_000_000)
    product: str | None = Field(default=None, description="its template says how many copies")


class Forecast(Reply):
    """Whether a line has labels enough."""

    line: str
    quantity: int
    needed: int = Field(description="for these units, and for what waits")
    waiting: int = Field(description="labels that wait for the line's printers already")
    left: int | None = Field(description="null: nobody has said of each printer how many")
    enough: bool | None
    printers: list[dict[str, Any]] = Field(description="{printer, left, estimated, media}")
    remarks: list[str] = Field(description="what to mind, in sentences")


class Printer(Reply):
    """One printer."""

    name: str
    uri: str | None = Field(description="null: config.yaml does not know it any more")
    language: str | None
    dpi: int | None
    media: dict[str, float | None] | None
    proof: str | None
    emulated: bool
    state: str = Field(description="unknown, idle, processing or stopped")
    reasons: list[str] = Field(
        description="keywords of RFC 8011, 5.4.12; one that ends with -warning stops nothing"
    )
    sentence: str
    since: datetime | None
    pause: dict[str, Any] | None = Field(description="at, reason and operator, if one paused it")
    labels_waiting: int
    labels_held: int
    labels_doubtful: int
    groups: list[str] | None = Field(description="the groups it is a member of")
    roll: Roll | None = Field(description="null: nobody has entered one")
    heard_at: datetime | None = Field(description="when it was asked last")
    identity: dict[str, Any] | None = Field(description="what it says it is")
    profile: dict[str, Any] | None = Field(description="what is known of such printers")
    label_count: int | None
    label_length_dots: int | None
    print_mode: str | None


class History(Reply):
    """A page of changes."""

    changes: list[dict[str, Any]]
    next: int | None = Field(description="`before` of the next page; null at the end")

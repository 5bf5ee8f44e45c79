"""The shapes of requests and replies about print jobs, and about pauses of printers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from labeler.production.printing.jobs import Order
from labeler.units import JobState
from labeler.web.bounds import Id, Limit, Shape
from labeler.web.shapes import Reasoned, Reply, Word


class JobsQuery(Shape):
    """Which jobs, and in which order."""

    model_config = ConfigDict(extra="forbid")

    printer: Word | None = Field(default=None, description="which is to print it, or did so last")
    state: JobState | None = Field(default=None, description="RFC 8011, 5.3.7")
    run: Id | None = None
    order: Order = Field(
        default=Order.NEWEST,
        description="newest: the newest first; queue: those of which labels wait or are on their "
        "way, the next first, or with `state` those in that state",
    )
    after: Id | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class JobRelease(Reasoned):
    """Who releases a job, why, and from which of its labels on."""

    from_position: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="label to go on with; what waits before it becomes not_printed. Default: all",
    )
    printed: bool = Field(
        default=False,
        description="what waits before that label exists, so it becomes printed on your word; "
        "from_position may be one behind the last label then",
    )


class JobPriority(Reasoned):
    """How soon a job is printed."""

    priority: Annotated[int, Field(ge=1, le=100)] = Field(
        examples=[80], description="RFC 8011, 5.2.1: 100 is printed first"
    )


class ListedJob(Reply):
    """A print job."""

    id: int
    printer: str
    run_id: Id
    purpose: Literal["print", "archive", "reprint"]
    state: str = Field(description="RFC 8011, 5.3.7")
    label_count: int
    created_at: datetime
    settled_at: datetime | None
    priority: int = Field(description="1 to 100; 100 is printed first")
    hold_reason: str | None = Field(description="who holds it and why, or why it was held")
    cancel_unsent: bool = Field(
        description="it was canceled while labels were on their way; unsent ones are canceled, too"
    )
    retry_count: int
    printer_group: str | None
    reason: str | None = Field(description="why it was ordered, where somebody had to say so")
    progress: dict[str, int] = Field(description="state -> how many of its labels are in it")


class Job(ListedJob):
    """A print job and its labels."""

    labels: list[dict[str, Any]]


class Jobs(Reply):
    """A page of jobs."""

    jobs: list[ListedJob]
    next: int | None = Field(description="`after` of the next page; null at the end")


class Held(Reply):
    """What became of a job."""

    job: int
    state: str
    held: int
    sending: int = Field(description="are on their way and not touched; unsent ones are held, too")


class Released(Reply):
    """What became of a job."""

    job: int
    state: str
    queued: int
    printed: int = Field(description="waited before the label to go on with, and exist")
    not_printed: int = Field(description="waited before it, and are given up")
    sending: int = Field(description="are on their way and not touched")
    left: dict[str, list[int]] = Field(
        description="from that label on, state -> positions of labels that are not sent again",
        examples=[{"printed": [3, 4], "doubtful": [5]}],
    )


class Ranked(Reply):
    """What became of a job."""

    job: int
    state: str
    priority: int
    labels: int = Field(description="of how many labels that changes the place")


class MovedJob(Reply):
    """What became of a job."""

    job: int
    to: str
    moved: int
    sending: int = Field(description="are on their way and not touched")
    doubtful: int = Field(description="were on their way to a printer that is gone")


class Canceled(Reply):
    """What became of a job."""

    job: int
    state: str
    canceled: int
    sending: int = Field(
        description="are on their way and not touched; unsent ones are canceled, too"
    )
    doubtful: int = Field(description="were on their way to a printer that is gone")


class Paused(Reply):
    """Who paused a printer, and why."""

    printer: str
    at: datetime
    reason: str
    operator: str


class Resumed(Reply):
    """Since when the printer was paused."""

    printer: str
    paused_at: datetime

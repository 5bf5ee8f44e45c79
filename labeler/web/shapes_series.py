"""The shapes of requests and replies about number series."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from labeler.production.previewing import COUNT_MAX
from labeler.web.bounds import Shape, Time
from labeler.web.shapes import Note, Reply, Request, Word

Reset = Literal["never", "run", "shift", "day", "week", "month", "year"]


class SeriesPath(Shape):
    """A number series of config.yaml."""

    series: str


class PreviewQuery(Shape):
    """How many serials, and as of when."""

    model_config = ConfigDict(extra="forbid")

    count: Annotated[int, Field(ge=1, le=COUNT_MAX)] = 5
    at: Time | None = Field(default=None, description="a time with its zone; default: now")


class PatternTrial(Request):
    """A pattern to look at; nothing at all looks at every series of config.yaml."""

    pattern: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = Field(
        default=None, examples=["AC{date:%y%j}{counter:5}{check:iso7064_mod_37_36}"]
    )
    series: str | None = Field(
        default=None, description="only this series; with a pattern: the series that would have it"
    )
    unguessable: bool = False
    word_filter: bool = False
    change: Literal["continue", "restart"] | None = None


class SeriesState(Reply):
    """A number series and where it stands."""

    name: str
    kind: Literal["sequential", "permuted", "random", "pool"]
    pattern: str
    version: int = Field(description="of the next run")
    is_pinned: bool = Field(description="false: the next run makes this version")
    epoch: int = Field(description="which of the series' counts it draws from")
    refusal: str | None = Field(description="why the next run could not open")
    products: list[str]
    issued: int = Field(description="by all its versions")
    period: str = Field(description="what the pattern shows of the counter's period")
    next_serial: str | None = Field(description="null where nobody can know it")
    used: int = Field(description="numbers, in this period")
    limit: int = Field(description="numbers, in each period")
    left: int
    fill_percent: float
    level: Literal["ok", "warn_80", "warn_95", "exhausted"]
    sentence: str = Field(description="what to do, if something is")
    per_day: float = Field(description="serials a day in the last seven days")
    exhausted_at: datetime | None = Field(description="at that rate")


class SeriesVersion(Reply):
    """A version of a series; it never changes."""

    version: int
    epoch: int
    pattern: str
    created_at: datetime
    issued: int


class SeriesDetails(SeriesState):
    """A number series, what it is made of, and its versions, the oldest first."""

    options: dict[str, Any]
    versions: list[SeriesVersion]


class SeriesRelease(Request):
    """Who releases a series, and why."""

    by: Word = Field(examples=["mk"])
    comment: Note | None = Field(default=None, examples=["six digits from 2027 on"])


class SeriesList(Reply):
    """The series of config.yaml."""

    series: list[SeriesState]


class PreviewMoment(Reply):
    """The next serials on an occasion."""

    at: datetime
    day: str = Field(description="the production day")
    shift: str | None
    period: str
    next: int = Field(description="where the counter stands")
    serials: list[str]
    why_fewer: str = Field(description="why there are fewer than were asked for")


class Preview(Reply):
    """What a series will issue next. Nothing was issued."""

    series: str
    kind: Literal["sequential", "permuted", "random", "pool"]
    pattern: str
    version: int
    reset: Reset
    run: int | None = Field(description="the open run whose values are shown")
    values: dict[str, str] = Field(description="what the serials show of the run")
    is_sample: bool = Field(description="true: these are not the next serials, only like them")
    samples: dict[str, str] = Field(description="values that are made up")
    sentence: str
    now: PreviewMoment
    after_reset: PreviewMoment | None


class SeriesFinding(Reply):
    """One thing that is wrong with a series or pattern, or will be."""

    series: str
    severity: Literal["error", "warning"]
    kind: str
    sentence: str
    pattern: str | None
    position: int | None = Field(description="the character of the pattern, from 1")
    caret: str | None = Field(description="the pattern with a caret under that character")
    example: str | None = Field(description="a text that two series make")


class Linted(Reply):
    """What was found; errors would be refused, or would repeat a serial."""

    errors: int
    warnings: int
    findings: list[SeriesFinding]

"""What config.yaml may say of printers and of how labels travel to them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from labeler.settings_parts import Millimetres, Name, Part


class SpoolerSettings(Part):
    """How labels travel to printers."""

    labels_in_flight_max: Annotated[int, Field(ge=1, le=1000)] = 200
    """Labels sent before the printer must prove them; at most so many become doubtful at once. As
    a rule fewer travel: about as many as the printer prints in a second, ten at least.
    """
    connect_timeout_s: Annotated[float, Field(gt=0, le=60)] = 3.0
    keep_connection_s: Annotated[float, Field(ge=0, le=3600)] = 30.0
    """How long a connection to a printer stays open for the next label; 0: it is closed at once."""
    write_timeout_s: Annotated[float, Field(gt=0, le=600)] = 10.0
    reply_timeout_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    """How long one status question may stay unanswered."""
    proof_timeout_s: Annotated[float, Field(gt=0, le=3600)] = 30.0
    """How long the odometer may stand still before labels sent are called doubtful."""
    retry_delay_max_s: Annotated[float, Field(gt=0, le=600)] = 10.0
    """Longest pause between two tries to reach a printer."""
    retry_count_max: Annotated[int, Field(ge=1, le=1000)] = 3
    """How often a printer may refuse a job before it is held and the queue goes on."""
    status_interval_s: Annotated[float, Field(ge=0, le=86400)] = 30.0
    """How often a printer that has nothing to do is asked how it is; 0: never."""
    printer_history_max: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000
    """Changes of a printer's condition that the record keeps."""
    priority_print: Annotated[int, Field(ge=1, le=100)] = 50
    """Priority of the jobs that triggers make (RFC 8011, section 5.2.1): 100 is printed first."""
    priority_reprint: Annotated[int, Field(ge=1, le=100)] = 60
    """Priority of reprints: above `priority_print` somebody who waits at a unit waits for one label
    only, below it reprints wait until the line's labels are out."""


Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64, pattern=r"^[^\s\x00-\x1f\x7f](.*\S)?$"),
    Field(description="1 to 64 characters, no space first or last"),
]
"""A reason or a name, as people choose it from a list."""


def _each_once(given: list[str]) -> list[str]:
    doubles = sorted({one for one in given if given.count(one) > 1})
    if doubles:
        raise ValueError(f"expected each once, and '{doubles[0]}' stands there twice")
    return given


class ReprintSettings(Part):
    """What a label is printed again for, by whom, and how often."""

    reasons: Annotated[list[Words], Field(min_length=1), AfterValidator(_each_once)] = Field(
        default_factory=lambda: ["damaged", "unreadable", "lost", "misapplied"]
    )
    """Who prints a label again chooses one of these."""
    copies_max: Annotated[int, Field(ge=0)] | None = None
    """How many copies of the label of one unit may ever be ordered. None: as many as are needed."""
    second_person: bool = False
    """Whether somebody else than the operator must approve each time."""
    operators: Annotated[list[Words], AfterValidator(_each_once)] = Field(default_factory=list)
    """Who may order copies, by the names they give; nobody proves a name. Empty: everybody."""


class MediaSettings(Part):
    """The label stock in a printer."""

    width_mm: Millimetres
    height_mm: Millimetres
    roll_labels: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    """Labels on a new roll, where nobody says how many there are when it is put in."""


class PrinterSettings(Part):
    """One printer: a language over a transport."""

    uri: str
    """tcp://host:port, socket://host:port, rfc2217://host:port?baudrate=9600, serial:///dev/ttyUSB0,
    usb:///dev/usb/lp0, ipp://host/path, ipps://host/path, lpd://host/queue, or file:folder/ beside
    config.yaml. Parameters of each: the engineer's guide, "How printers are reached"."""
    language: str
    dpi: Annotated[int, Field(ge=100, le=1200)] = 203
    media: MediaSettings
    proof: Literal["odometer", "status", "none"] | None = None
    """odometer: a label counts as printed when the printer's own counter says so. status: it is
    *buffered* when the printer answers behind it; what keeps jobs (ipp) is asked what became of it.
    none: nobody is asked. Default: odometer where language and transport can answer, status for
    ipp."""
    stored_formats: bool | None = None
    """true: the printer keeps the format of a label in its memory, and is sent values only, about a
    third of the bytes. Default: on a serial line that is asked for its odometer, where bytes take
    time; a network does not need it, and a format that is lost without notice leaves labels empty.
    """
    characters: Literal["ascii", "latin-1", "none"] = "latin-1"
    """What its own font has for sure; a text with anything else is drawn and sent as a graphic."""
    tracking: Literal["gap", "mark", "continuous"] | None = None
    """How it finds where labels begin. None: as the printer is set."""
    action: Literal["tear", "peel", "rewind", "cut"] | None = None
    """What happens to a printed label. None: as the printer is set."""
    speed_mm_s: Annotated[float, Field(ge=25, le=400)] | None = None
    """How fast it prints. None: as the printer is set."""
    darkness: Annotated[int, Field(ge=-30, le=30)] | None = None
    """How dark, in steps from its own setting, which is 0."""
    upside_down: bool | None = None
    """Whether labels come out turned by 180 degrees."""
    profile: str | None = None
    """Which model it is, by its row in printers/profiles.py. None: as it says when it is asked."""
    emulated: bool = False
    """Start the built-in virtual printer at `uri` together with the service (tcp only)."""


class PrinterGroupSettings(Part):
    """Printers that stand in for each other."""

    printers: Annotated[list[Name], Field(min_length=1, max_length=32)]
    """Its members, the first choice first."""
    choose: Literal["failover", "round_robin"] = "failover"
    """failover: a job goes to the first member that is not stopped. round_robin: to each in turn,
    but for those that are stopped."""
    failover_after_s: Annotated[float, Field(ge=0, le=86400)] = 5.0
    """How long a member must have been stopped before labels that wait for it go to another."""

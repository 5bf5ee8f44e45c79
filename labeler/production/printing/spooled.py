"""A label in the spool, with what is needed to draw it."""

from dataclasses import dataclass
from datetime import datetime

from labeler.units import LabelState


@dataclass(frozen=True, kw_only=True)
class SpooledLabel:
    """One label of a job, with what is needed to render it."""

    id: int
    job_id: int
    printer: str
    unit_id: int
    run_id: int
    serial: str
    number: int
    """The unit's place in its run, from 1."""
    allocated_at: datetime
    position: int
    """The label's place in its job, from 1."""
    state: LabelState
    purpose: str
    """print, archive or reprint."""
    copy: int
    """Which copy of the unit's label it is; 0 is the label itself."""
    odometer: int | None
    """The printer's label count before this label was sent."""

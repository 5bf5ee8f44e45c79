"""The shapes of what only pages are asked: addresses and forms that no door of the API has."""

from typing import Annotated

from pydantic import Field, StringConstraints

from labeler.production.quality.ranges import Kind as RangeKind
from labeler.production.reconciling.terms import Kind
from labeler.web.bounds import Id, Limit, Shape
from labeler.web.shapes import Note, Word
from labeler.web.shapes_quality import ScanText
from labeler.web.shapes_units import UnitVerb


class SecondPersonForm(Shape):
    """Who else says yes."""

    approved_by: Word = Field(description="the second person's name")
    second_password: str = Field(default="", max_length=200)


class UnlockForm(Shape):
    """Why a site goes on, and above what."""

    reason: Note
    steps: Annotated[int, Field(ge=0, le=10**9)] | None = None


class ScanShown(Shape):
    """Which verification is shown above the others."""

    scan: Annotated[int, Field(ge=0, le=2**53)] | None = None


class UnitShown(Shape):
    """Of several products' serial whose, and why which of its labels."""

    product: Word | None = None
    label: Id | None = None


class UnitForm(Shape):
    """What is done with a unit, and what is said with it."""

    do: UnitVerb
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9=]{8,64}$")] = Field(
        description="of the page's own: a form that is sent twice does it once"
    )
    product: Word | None = None
    reason: Note | None = None
    location: Word | None = None
    owner: Word | None = None
    sales_order: Word | None = None
    purchase_order: Word | None = None
    invoice: Word | None = None


class BalanceShown(Shape):
    """Which number of a balance."""

    kind: Kind


class ReasonForm(Shape):
    """Why, if somebody says."""

    reason: Note | None = None


class DeviationForm(Shape):
    """Why a run is reconciled although it does not add up."""

    reason: Note
    difference: int = Field(ge=-(2**31), le=2**31)


class RangeShown(Shape):
    """A run, or a series from one serial to another."""

    run: Id | None = None
    series: Word | None = None
    first: ScanText | None = None
    last: ScanText | None = None


class RangePage(Shape):
    """Which number of a range, and which page."""

    kind: RangeKind
    after: ScanText | None = None
    limit: Limit = 50

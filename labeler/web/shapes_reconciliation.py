"""The shapes of requests and replies about the balance of a run."""

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from labeler.production.reconciling.terms import Cause, Kind
from labeler.units import RunState
from labeler.web.bounds import Id, Limit, Shape
from labeler.web.shapes import Note, Reply, Request, Word


class Deviation(Request):
    """Why a run is reconciled although it does not add up, and who else is for it."""

    reason: Note = Field(examples=["2 labels fell into the machine and were not found"])
    approved_by: Word = Field(examples=["qa"], description="another person than the operator")
    difference: Annotated[int, Field(ge=-(2**31), le=2**31)] = Field(
        examples=[2], description="the difference both know of; any other is refused (2031)"
    )


class Reconcile(Request):
    """Who reconciles a run; with a deviation where it does not add up."""

    operator: Word = Field(examples=["mk"])
    deviation: Deviation | None = None


class Release(Request):
    """Who releases a run, and why."""

    operator: Word = Field(examples=["qa"])
    reason: Note | None = None


class CertificateQuery(Shape):
    """Who wants a certificate."""

    model_config = ConfigDict(extra="forbid")

    operator: Word | None = Field(default=None, description="who wants it: the trail keeps that")


class SiteKey(Reply):
    """The public key that proves what the site signed."""

    fingerprint: str = Field(examples=["3f2a91bc5d0e7716a8c4e2b19d503f6a"])
    pem: str = Field(description="the public key (RFC 7468): ECDSA on P-256")


class BalancePath(Shape):
    """A number of a run's balance."""

    run_id: Id
    kind: Kind


class BalanceQuery(Shape):
    """Which page of the serials behind a number."""

    model_config = ConfigDict(extra="forbid")

    after: str | None = Field(default=None, description="`next` of the page before")
    limit: Limit = 50


class Difference(Shape):
    """Why serials are not accounted for."""

    cause: Cause = Field(examples=["encoded"])
    count: int = Field(examples=[2])
    sentence: str = Field(examples=["Their label exists, and nobody has said what became of it."])


class Figures(Shape):
    """issued = commissioned + sampled + scrapped + destroyed + unused + difference."""

    issued: int = Field(examples=[300])
    commissioned: int = Field(
        examples=[294], description="set aside, shipped and released ones among them"
    )
    sampled: int = Field(examples=[2], description="the unit, or its label")
    scrapped: int = Field(examples=[1], description="its label, and the serial with it")
    destroyed: int = Field(examples=[0])
    unused: int = Field(examples=[1], description="no label of it can exist")
    difference: int = Field(examples=[2])
    causes: list[Difference] = Field(description="why units are in no term")


class Signed(Figures):
    """A balance as people signed it: it never changes again."""

    at: datetime
    operator: str
    approved_by: str | None = Field(description="who else was for it; null: it added up")
    reason: str | None
    digest: str = Field(description="SHA-256 over the figures as canonical JSON")


class Reconciliation(Signed):
    """What was signed of a run."""

    run: int


class Balance(Figures, Reply):
    """The balance of a run as it is now, and as it was signed."""

    run: int
    state: RunState
    balanced: bool = Field(description="whether the run is reconciled without a deviation")
    unvoided: int = Field(description="allocated ones that reconciling will void, or give up")
    reconciled: Signed | None = Field(description="null: nobody has reconciled it yet")
    serials: dict[str, str] = Field(description="where the serials behind each number are listed")


class BalanceSerial(Shape):
    """A unit behind a number; of `missing`, places without a unit."""

    place: int = Field(description="its place in the run; of missing ones the last of them")
    serial: str | None = None
    state: str | None = None
    first: int | None = Field(default=None, description="the first missing place")
    last: int | None = Field(default=None, description="the last missing place")


class BalanceSerials(Reply):
    """A page of the serials behind a number."""

    serials: list[BalanceSerial]
    next: int | None = Field(description="`after` of the next page; null at the end")

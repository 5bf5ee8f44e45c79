"""The shapes of orders for labels printed again, and of what is made of them."""

from typing import Annotated

from pydantic import Field

from labeler.production.printing.reprinting import COPIES_AT_ONCE_MAX
from labeler.web.bounds import Id, Shape
from labeler.web.shapes import Note, Reply, Request, Word


class ReprintOrder(Request):
    """Why a label is printed again, who says so, and how often."""

    reason: Word = Field(examples=["damaged"], description="one of reprints.reasons")
    operator: Word = Field(examples=["mk"], description="who orders it")
    approved_by: Word | None = Field(
        default=None,
        examples=["ab"],
        description="another person, who is for it; needed where reprints.second_person is true",
    )
    note: Note | None = Field(default=None, examples=["torn by the applicator"])
    copies: Annotated[int, Field(ge=1, le=COPIES_AT_ONCE_MAX)] = Field(default=1, examples=[1])
    printer: Word | None = Field(
        default=None,
        examples=["zebra-1"],
        description="left out: the one of the unit's last label, or else that of its line; of a "
        "group, one that is not stopped",
    )


class ReprintPath(Shape):
    """A label, whose unit gets another one."""

    label_id: Id


class Copy(Reply):
    """A label that was ordered."""

    id: int
    copy_number: int = Field(
        alias="copy",
        description="which copy of the unit's label it is, from 1; 0 where the label itself surely "
        "does not exist, so that this one is no copy",
    )


class Reprinted(Reply):
    """What is printed again."""

    serial: str = Field(examples=["AC2632700042O"])
    run: int
    job: int
    printer: str
    labels: list[Copy] = Field(examples=[[{"id": 8, "copy": 1}]])
    replayed: bool = Field(description="true: this key was served before; the same answer again")

"""What a printer has said of a parcel, added up."""

from labeler.production.printing.spooled import SpooledLabel
from labeler.spooler.accounts import Account
from labeler.spooler.parcels import Parcel, Part
from labeler.units import LabelState
from printers.status import Reason, Status
from tests import plants


def account(expected: int = 3, *, is_countable: bool = True) -> Account:
    return Account(before=10, expected=expected, is_countable=is_countable)


def status(waiting: int, *reasons: Reason, receiving: bool = False) -> Status:
    return Status(ready=not reasons, reasons=reasons, labels_waiting=waiting, receiving=receiving)


def test_so_many_are_out_as_the_counter_moved_when_the_others_still_wait() -> None:
    found = account()
    found.hear(status(2), 11, is_own=True)
    assert (found.moved, found.surely_out) == (1, 0), "between the two one may have come out"
    found.hear(status(2), 11, is_own=True)
    assert (found.moved, found.surely_out) == (1, 1)


def test_nothing_is_sure_where_the_numbers_do_not_add_up() -> None:
    for said, own in ((status(1), True), (status(3), True), (status(2), False), (None, True)):
        found = account()
        for _ in range(3):
            found.hear(said, 11, is_own=own)
        assert (found.moved, found.surely_out) == (1, 0)
    copies = account(is_countable=False)
    still = account()
    for one, said in ((copies, status(2)), (still, status(2, receiving=True))):
        for _ in range(3):
            one.hear(said, 11, is_own=True)
        assert one.surely_out == 0


def test_an_odometer_without_an_answer_makes_nothing_sure() -> None:
    found = account()
    for count in (11, None, 11):
        found.hear(status(2), count, is_own=True)
    assert (found.moved, found.surely_out) == (1, 0)


def test_a_stop_tears_the_next_label_or_the_last_one_where_the_piece_counted() -> None:
    plain, counted = account(), account()
    for _ in range(2):
        plain.hear(status(2, "media-empty"), 11, is_own=True)
        counted.hear(status(2, "cover-open"), 12, is_own=True)
    assert (plain.tears, plain.excess) == ({"media-empty": 1}, None)
    assert (counted.tears, counted.excess) == ({"cover-open": 1}, (0, 2))
    paused = account()
    for _ in range(2):
        paused.hear(status(2, "paused"), 11, is_own=True)
    assert paused.tears == {}


def label(number: int) -> SpooledLabel:
    return SpooledLabel(
        id=number, job_id=1, printer="zebra-1", unit_id=number, run_id=1, serial=f"S{number}",
        number=number, allocated_at=plants.NOON, position=number, state=LabelState.QUEUED,
        purpose="print", odometer=None,
        copy=0,
    )  # fmt: skip


def test_each_label_of_a_parcel_is_whole_or_torn_or_untouched() -> None:
    labels = [label(number) for number in (1, 2, 3)]
    parts = [
        Part(own=b"^XA1^XZ\n", digest=""),
        Part(own=b"^XA2^XZ\n", lead=b"^DF..", digest=""),
        Part(own=b"^XA3^XZ\n", digest=""),
    ]
    parcel = Parcel(labels=labels, parts=parts, name="zebra-1")
    ends = {1: (0, 7), 2: (13, 20), 3: (21, 28)}
    for written in range(len(parcel.data) + 1):
        reach = parcel.reached(written)
        found = {
            "whole": [one.id for one in reach.whole],
            "torn": [one.id for one in reach.torn],
            "untouched": [one.id for one in reach.untouched],
        }
        assert found == {
            "whole": [number for number, (_, end) in ends.items() if end <= written],
            "torn": [number for number, (start, end) in ends.items() if start < written < end],
            "untouched": [number for number, (start, _) in ends.items() if written <= start],
        }, written
    assert not parcel.is_countable

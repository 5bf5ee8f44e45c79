"""The checker on small books: every difference is named, and nothing is explained too widely."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from labeler.units import JobState, LabelState, UnitState
from printers.emulator import Piece, faults
from tests.faults.books import Books, Event, JobRow, LabelRow, Told
from tests.faults.checker import differences

A, B = "AC1", "AC2"
UNPROVEN = (
    "label 2 of serial AC2 is called printed by an odometer that went from 0 to 2, "
    "and it did not come out then."
)
PRINTED, DOUBTFUL, QUEUED = LabelState.PRINTED, LabelState.DOUBTFUL, LabelState.QUEUED


def data(serial: str) -> bytes:
    return f"^XA^FO1,1^FDSN {serial}^FS^XZ".encode()


def digest(serial: str) -> str:
    return hashlib.sha256(data(serial) + b"\n").hexdigest()


def piece(number: int, serial: str, **changes: Any) -> Piece:
    given = {"what": "label", "odometer": number, "data": data(serial), **changes}
    return Piece(number=number, at=0.0, **given)


def printed(before: int = 0, after: int = 2, **more: Any) -> tuple[Event, ...]:
    detail = {"odometer_before": before, "odometer_after": after, **more}
    return (Event(kind="label_printed", channel="spooler", detail=detail),)


def label(label_id: int, serial: str, **changes: Any) -> LabelRow:
    given = {"state": PRINTED, "events": printed(), "position": label_id, **changes}
    return LabelRow(id=label_id, job=1, serial=serial, digest=digest(serial), **given)


def doubted(label_id: int, serial: str) -> LabelRow:
    events = (Event(kind="label_doubtful", channel="spooler"),)
    return label(label_id, serial, state=DOUBTFUL, events=events)


def books(**changes: Any) -> Books:
    """Two labels of one job that were printed, and all books agree."""
    given: dict[str, Any] = {
        "told": (Told(key="k1", serials=(A, B), job=1),),
        "units": {A: UnitState.ENCODED, B: UnitState.ENCODED},
        "jobs": (JobRow(id=1, state=JobState.COMPLETED, label_count=2),),
        "labels": (label(1, A), label(2, B)),
        "pieces": (piece(1, A), piece(2, B)),
    }
    return Books(**{**given, **changes})


def test_books_that_agree_have_no_difference():
    assert differences(books()) == []


def test_an_acknowledged_serial_that_the_record_does_not_have_is_named():
    told = (Told(key="k1", serials=(A, B), job=1), Told(key="k2", serials=("AC3",), job=2))
    assert differences(books(told=told)) == [
        "Serial AC3 was acknowledged, and the record has no unit of it.",
        "Key k2 was told other serials than its job 2 has.",
    ]


def test_a_serial_told_twice_is_named():
    told = (Told(key="k1", serials=(A, B), job=1), Told(key="k2", serials=(A, B), job=1))
    assert differences(books(told=told)) == [
        f"Serial {A} was told 2 times.",
        f"Serial {B} was told 2 times.",
        "The client was told jobs in this order: 1, 1.",
    ]


def test_a_serial_that_nobody_was_told_of_is_named():
    units = {A: UnitState.ENCODED, B: UnitState.ENCODED, "AC3": UnitState.ALLOCATED}
    assert differences(books(units=units)) == [
        "Serial AC3 is in the record, and nobody was told of it."
    ]


def test_a_label_that_came_out_twice_is_named_and_doubt_is_no_excuse():
    labels = (label(1, A, events=printed(0, 1)), doubted(2, B))
    changed = books(
        labels=labels,
        pieces=(piece(1, A), piece(2, B), piece(3, A), piece(4, B)),
        units={A: UnitState.ENCODED, B: UnitState.ALLOCATED},
        jobs=(JobRow(id=1, state=JobState.STOPPED, label_count=2),),
        crashes=1,
    )
    assert differences(changed) == [
        f"Serial {A} came out 2 times, though label 1 is printed.",
        f"Serial {B} came out 2 times, though label 2 is doubtful.",
    ]


def test_a_label_that_the_printer_printed_twice_by_itself_is_explained_once():
    pieces = (piece(1, A), piece(2, B), piece(3, B))
    labels = (label(1, A, events=printed(0, 3)), label(2, B, events=printed(0, 3)))
    once = books(labels=labels, pieces=pieces, faults=(faults.parse("print-twice"),))
    assert differences(once) == []
    thrice = replace(once, pieces=(*pieces, piece(4, B)))
    assert differences(thrice) == [f"Serial {B} came out 2 times, though label 2 is printed."]
    assert differences(replace(once, faults=())) == [
        f"Serial {B} came out 2 times, though label 2 is printed."
    ]


def test_a_torn_label_that_is_printed_again_whole_is_explained_by_its_fault():
    torn = piece(2, B, what="torn", odometer=1)
    changed = books(
        pieces=(piece(1, A), torn, piece(3, B, odometer=2)),
        faults=(faults.parse("in label 2: media-out"),),
    )
    assert differences(changed) == []
    assert differences(replace(changed, faults=())) == [
        "1 labels were torn: expected 0 by the faults."
    ]


def test_a_label_called_printed_that_did_not_come_out_is_named():
    assert differences(books(pieces=(piece(1, A),))) == [UNPROVEN]


def test_a_blank_label_of_feed_hides_one_lost_label_in_its_own_interval_only():
    blank = piece(2, "", what="blank", data=b"")
    hidden = books(pieces=(piece(1, A), blank), faults=(faults.parse("feed"),))
    assert differences(hidden) == []
    assert differences(replace(hidden, faults=())) == [
        "1 blank labels came out: expected 0 by the faults."
    ]
    both = replace(hidden, pieces=(piece(1, "", what="blank", data=b""),))
    assert len(differences(both)) == 1
    later = replace(hidden, pieces=(piece(1, A), replace(blank, odometer=3)))
    assert len(differences(later)) == 1


def test_a_label_with_a_wrong_bit_is_known_by_its_bytes():
    wrong = bytearray(data(B))
    wrong[wrong.index(b"SN ")] ^= 4
    pieces = (piece(1, A), piece(2, "", data=bytes(wrong)))
    noisy = books(pieces=pieces, faults=(faults.parse("data-noise"),))
    assert differences(noisy) == []
    wrong[-5] ^= 1
    other = (piece(1, A), piece(2, "", data=bytes(wrong)))
    assert differences(replace(noisy, pieces=other)) == [
        "Piece 2 of the printer shows no serial of the record.",
        UNPROVEN,
    ]


def test_a_label_called_printed_without_a_proof_is_named():
    event = Event(kind="label_printed", channel="spooler", detail={})
    changed = books(labels=(label(1, A), label(2, B, events=(event,))))
    assert differences(changed) == [f"label 2 of serial {B} is called printed without a proof."]


def test_a_label_that_came_out_though_it_is_called_unsent_is_named():
    labels = (label(1, A), label(2, B, state=QUEUED, events=()))
    changed = books(
        labels=labels,
        jobs=(JobRow(id=1, state=JobState.PROCESSING, label_count=2),),
        units={A: UnitState.ENCODED, B: UnitState.ALLOCATED},
    )
    assert differences(changed) == [
        f"Serial {B} came out once, though label 2 is queued.",
        f"The label 2 of serial {B} was forgotten: it is still queued.",
    ]


def test_labels_out_of_order_are_named_unless_one_was_doubtful():
    swapped = (piece(1, B), piece(2, A))
    sentence = f"The label 2 of serial {B} came out before the label 1 of serial {A}."
    assert differences(books(pieces=swapped)) == [sentence]
    doubt = Event(kind="label_doubtful", channel="spooler")
    word = Event(kind="label_printed", channel="http")
    decided = (label(1, A, events=(doubt, word)), label(2, B))
    assert differences(books(pieces=swapped, labels=decided, crashes=1)) == []


@pytest.mark.parametrize(
    ("events", "sentences"),
    [
        (
            (Event(kind="label_scrapped", channel="http"), *printed()),
            [
                "The label 2 of serial AC2 went from queued to scrapped.",
                "The label 2 of serial AC2 went from scrapped to printed.",
            ],
        ),
        (
            (Event(kind="label_doubtful", channel="spooler"),),
            [
                "label 2 of serial AC2 is printed, and no event says so.",
                "The label 2 of serial AC2 is printed, its events say doubtful.",
            ],
        ),
    ],
)
def test_a_label_that_went_where_no_label_may_go_is_named(events, sentences):
    labels = (label(1, A), label(2, B, events=events))
    assert differences(books(labels=labels, crashes=1)) == sentences


def test_a_job_or_a_unit_that_says_something_else_than_its_labels_is_named():
    changed = books(
        jobs=(JobRow(id=1, state=JobState.PENDING, label_count=3),),
        units={A: UnitState.ENCODED, B: UnitState.ALLOCATED},
    )
    assert differences(changed) == [
        "Job 1 is pending, its labels are printed.",
        "Job 1 has 2 labels of 3.",
        f"Unit {B} is allocated: expected encoded by its labels.",
    ]


def test_doubt_without_a_reason_is_named():
    changed = books(
        labels=(label(1, A), doubted(2, B)),
        jobs=(JobRow(id=1, state=JobState.STOPPED, label_count=2),),
        units={A: UnitState.ENCODED, B: UnitState.ALLOCATED},
    )
    assert differences(changed) == [
        f"The label 2 of serial {B} was doubted, though nothing went wrong."
    ]
    assert differences(replace(changed, crashes=1)) == []

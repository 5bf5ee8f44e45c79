"""Who changes the record, with all rights and the triggers gone, is found out: where, and how."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from labeler.store import Anchor, Store, chain, chain_checking
from labeler.store.chain_checking import Bad, Check
from tests.store.chains import expected, forge, reseal, tell

KINDS = list("abcdefgh")
AT = "2026-11-23T12:00:00.000000Z"
PUT = (
    "INSERT INTO event (id, at, kind, channel, detail) VALUES (:id, "
    "'2026-11-23T12:00:00.000000Z', 'x', 'http', '{}')"
)


@pytest.fixture
def told(record: Store) -> Store:
    """Return a record with eight events."""
    for kind in KINDS:
        record.write(tell(kind))
    return record


def check(record: Store, own: Sequence[Anchor] = (), others: Sequence[Anchor] = ()) -> Check:
    """Return what a check of all rows finds."""
    with record.read() as transaction:
        *_, last = chain_checking.check(transaction, own, others=others)
    return last


def anchor(seq: int, **changes: Any) -> Anchor:
    """Return an anchor of a row as the eight events seal it."""
    return replace(Anchor(seq=seq, hash=expected(KINDS)[seq - 1][2], at=AT), **changes)


def said(bad: Bad | None) -> tuple[str, int | None, int | None, str] | None:
    return None if bad is None else (bad.what, bad.seq, bad.event, bad.sentence)


def test_check_of_nothing_is_right(record: Store) -> None:
    assert check(record) == Check(rows=0, of=0, head=chain.START)


def test_check_of_what_was_sealed_is_right(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_checking, "ROWS_AT_ONCE", 3)
    found = check(told, [anchor(2), anchor(8)], [anchor(5)])
    head = chain.Head(8, bytes.fromhex(expected(KINDS)[-1][2]))
    assert found == Check(rows=8, of=8, head=head, anchors=3)


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'z'", "channel = 'cli'", "at = '2026-11-23T12:00:00.000001Z'",
        """detail = '{"operator": "ab", "why": "ü"}'""",
        """detail = '{"operator":"mk", "why": "ü"}'""",
    ],
)  # fmt: skip
def test_an_edit_in_the_middle_is_named(told: Store, change: str) -> None:
    forge(told.engine, f"UPDATE event SET {change} WHERE id = 4")  # noqa: S608
    found = check(told)
    kind = "z" if change.startswith("kind") else "d"
    at = "2026-11-23T12:00:00.000001Z" if change.startswith("at") else AT
    sentence = (
        f"Row 4 is not what was sealed: event 4, '{kind}' of {at}, or its hash was changed, put in "
        "or put elsewhere."
    )
    assert said(found.bad) == ("changed", 4, 4, sentence)
    assert (found.rows, found.of) == (3, 8)


def test_an_event_that_was_deleted_is_named(told: Store) -> None:
    forge(told.engine, "DELETE FROM event WHERE id = 4")
    assert said(check(told).bad) == ("gone", 4, 4, "Row 4 seals event 4, which is gone.")


def test_an_event_that_was_deleted_with_its_seal_is_named(told: Store) -> None:
    forge(
        told.engine, "DELETE FROM event WHERE id = 4", "DELETE FROM audit_chain WHERE event_id = 4"
    )
    sentence = "Row 4 is missing: row 5 follows row 3."
    assert said(check(told).bad) == ("missing", 4, None, sentence)


def test_an_event_that_was_deleted_and_the_rest_moved_up_is_named(told: Store) -> None:
    up = "UPDATE audit_chain SET seq = {} WHERE seq = {}"
    forge(
        told.engine,
        "DELETE FROM event WHERE id = 4",
        "DELETE FROM audit_chain WHERE event_id = 4",
        *(up.format(seq - 1, seq) for seq in range(5, 9)),
    )
    found = said(check(told).bad)
    assert found is not None
    assert found[:3] == ("changed", 4, 5)


def test_an_event_that_was_put_in_is_named(told: Store) -> None:
    forge(told.engine, PUT, id=99)
    sentence = "Event 99, 'x', was put in behind the trail's back: no row seals it."
    assert said(check(told).bad) == ("added", None, 99, sentence)


def test_two_rows_that_changed_places_are_named(told: Store) -> None:
    forge(
        told.engine,
        "UPDATE audit_chain SET event_id = 99 WHERE seq = 4",
        "UPDATE audit_chain SET event_id = 4 WHERE seq = 5",
        "UPDATE audit_chain SET event_id = 5 WHERE seq = 4",
    )
    found = said(check(told).bad)
    assert found is not None
    assert found[:3] == ("changed", 4, 5)


def test_a_tail_that_was_cut_is_found_by_an_anchor_only(told: Store) -> None:
    cut = ("DELETE FROM event WHERE id > 5", "DELETE FROM audit_chain WHERE event_id > 5")
    forge(told.engine, *cut)
    sentence = (
        f"The trail ends at row 5, and row 8 was anchored at {AT}: 3 rows or more were cut off."
    )
    for own, others in (([anchor(2), anchor(8)], []), ([], [anchor(8)])):
        assert said(check(told, own, others).bad) == ("cut", 6, None, sentence)
    assert said(check(told, [anchor(2)]).bad) is None


def test_a_trail_that_was_sealed_anew_is_found_by_an_anchor_only(told: Store) -> None:
    forge(told.engine, "UPDATE event SET kind = 'z' WHERE id = 4")
    reseal(told.engine)
    sentence = (
        f"Row 7 is not the one that was anchored at {AT}: the trail was sealed anew, or is another "
        "record's, from somewhere behind row 2 on."
    )
    found = check(told, [anchor(2), anchor(7), anchor(8)])
    assert said(found.bad) == ("resealed", 3, None, sentence)
    assert said(check(told, [anchor(2)]).bad) is None


def test_an_anchor_that_was_edited_is_not_believed(told: Store) -> None:
    found = check(told, [anchor(2), anchor(7, hash="0" * 64)])
    assert found.bad is not None
    assert found.bad.what == "resealed"


def test_a_loss_counts_as_decided_only_if_the_trail_says_who_decided_it(told: Store) -> None:
    cut = ("DELETE FROM event WHERE id > 5", "DELETE FROM audit_chain WHERE event_id > 5")
    forge(told.engine, *cut)
    told.write(tell("z"))
    with told.read() as transaction:
        head = chain.head(transaction)
    anew = Anchor(seq=6, hash=head.hash.hex(), at=AT, lost_after=5)
    sentence = (
        f"The anchors say that rows 6 to 8 were lost at {AT}, and no unlocking in the trail says "
        "so."
    )
    found = check(told, [anchor(2), anchor(8), anew])
    assert said(found.bad) == ("anchors", 6, None, sentence)


def test_a_copy_from_elsewhere_of_rows_that_were_given_up_is_named_and_not_counted(
    told: Store,
) -> None:
    cut = ("DELETE FROM event WHERE id > 5", "DELETE FROM audit_chain WHERE event_id > 5")
    forge(told.engine, *cut)
    detail = '{"audit_lost": {"seq": 8}}'
    told.write(tell(chain_checking.UNLOCKED, detail=detail))
    with told.read() as transaction:
        head = chain.head(transaction)
    anew = Anchor(seq=6, hash=head.hash.hex(), at=AT, lost_after=5)
    own = [anchor(2), anchor(8), anew]
    wrong = [anchor(seq, hash="ab" * 32, at="") for seq in (7, 6)]
    found = check(told, own, [*wrong, anchor(8, at=""), replace(anew, at="", lost_after=None)])
    assert (found.bad, found.skipped, found.anchors) == (None, wrong[::-1], 3)
    below = check(told, own, [anchor(3, hash="ab" * 32, at="")])
    assert below.bad is not None
    assert (below.bad.what, below.skipped) == ("resealed", [])

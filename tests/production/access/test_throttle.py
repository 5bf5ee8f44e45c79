"""The throttle: how many tries a guesser gets, and that nobody else pays for it."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.errors import Refusal
from labeler.production.access import throttle
from labeler.production.access.throttle import Throttle
from tests.plants import NOON


class WrongError(Exception):
    """A guess that was wrong."""


def guess(found: Throttle, *keys: str, at_s: float, is_right: bool = False) -> str:
    """Try once; return what became of it."""
    try:
        with found.attempt(*keys, now=NOON + timedelta(seconds=at_s)):
            if not is_right:
                raise WrongError
    except WrongError:
        return "wrong"
    except Refusal as refusal:
        return "too soon" if 1 <= refusal.extra["retry_after_s"] <= throttle.WAIT_MAX_S else "odd"
    return "in"


@settings(max_examples=60)
@given(st.lists(st.integers(0, 400), min_size=1, max_size=400))
def test_a_guesser_gets_few_tries_however_he_spreads_them(pauses: list[int]) -> None:
    found, at_s, tried = Throttle(), 0, 0
    for pause in pauses:
        at_s += pause
        outcome = guess(found, "mk", at_s=at_s)
        assert outcome in ("wrong", "too soon")
        tried += outcome == "wrong"
    # Five for nothing, nine while the wait doubles up to its most, then one for each such wait.
    assert tried <= throttle.FREE + 9 + at_s / throttle.WAIT_MAX_S


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=60))
def test_what_others_try_keeps_nobody_out(tries: list[tuple[int, bool]]) -> None:
    found, at_s = Throttle(), 0
    for pause, is_right in tries:
        at_s += pause
        guess(found, "mk", "from 10.0.0.1", at_s=at_s, is_right=is_right)
        assert guess(found, "ab", "from 10.0.0.2", at_s=at_s, is_right=True) == "in"


def test_a_quiet_while_forgets_all() -> None:
    found = Throttle()
    for _ in range(5):
        guess(found, "mk", at_s=0)
    later = throttle.FORGET_S + 1
    assert [guess(found, "mk", at_s=later) for _ in range(6)] == ["wrong"] * 5 + ["too soon"]


def test_tries_at_the_same_moment_are_no_free_ones() -> None:
    found, outcomes = Throttle(), []

    def nested(depth: int) -> None:
        if depth:
            try:
                with found.attempt("mk", now=NOON):
                    nested(depth - 1)
                    raise WrongError
            except (WrongError, Refusal) as error:
                outcomes.append(type(error).__name__)

    nested(9)
    assert sorted(outcomes) == ["Refusal"] + ["WrongError"] * 5


def test_what_is_remembered_has_a_limit() -> None:
    found = Throttle()
    for number in range(throttle.KEPT_MAX + 5):
        guess(found, f"name{number}", at_s=0)
    assert len(found._tries) == throttle.KEPT_MAX

"""States: which steps are legal, and what a job's labels make of the job."""

from itertools import combinations

import pytest

from labeler.units import (
    LEGAL,
    RUN_LEGAL,
    UNPINNED,
    UNSETTLED,
    JobState,
    LabelState,
    RunState,
    job_state,
)

QUEUED, SENDING, SENT = LabelState.QUEUED, LabelState.SENDING, LabelState.SENT
PRINTED, DOUBTFUL = LabelState.PRINTED, LabelState.DOUBTFUL
NOT_PRINTED, SCRAPPED = LabelState.NOT_PRINTED, LabelState.SCRAPPED
HELD, BUFFERED, VERIFIED = LabelState.HELD, LabelState.BUFFERED, LabelState.VERIFIED


def test_label_steps_that_are_legal() -> None:
    assert {
        QUEUED: {HELD, SENDING, NOT_PRINTED},
        HELD: {QUEUED, NOT_PRINTED},
        SENDING: {QUEUED, SENT, BUFFERED, PRINTED, DOUBTFUL},
        SENT: {BUFFERED, PRINTED, VERIFIED, DOUBTFUL},
        BUFFERED: {PRINTED, VERIFIED, DOUBTFUL, NOT_PRINTED},
        DOUBTFUL: {PRINTED, VERIFIED, NOT_PRINTED, SCRAPPED},
        PRINTED: {VERIFIED},
        VERIFIED: set(),
        NOT_PRINTED: set(),
        SCRAPPED: set(),
    } == LEGAL


def test_run_steps_that_are_legal() -> None:
    found = {state.value: sorted(RUN_LEGAL[state]) for state in RunState}
    assert found == {
        "planned": ["canceled", "open"],
        "open": ["closed", "paused"],
        "paused": ["closed", "open"],
        "closed": ["reconciled"],
        "reconciled": ["released"],
        "released": [],
        "canceled": [],
    }


def test_run_that_was_open_is_never_again_without_its_versions() -> None:
    for state in set(RunState) - UNPINNED:
        assert not RUN_LEGAL[state] & UNPINNED, state


def test_label_becomes_printed_only_after_its_bytes_left() -> None:
    assert [state for state, steps in LEGAL.items() if PRINTED in steps] == [
        SENDING,
        SENT,
        BUFFERED,
        DOUBTFUL,
    ]


def test_label_is_never_sent_twice_by_a_step() -> None:
    assert [state for state, steps in LEGAL.items() if SENDING in steps] == [QUEUED]
    assert [state for state, steps in LEGAL.items() if QUEUED in steps] == [HELD, SENDING]


@pytest.mark.parametrize(
    ("labels", "state"),
    [
        ({QUEUED}, JobState.PENDING),
        ({QUEUED, PRINTED}, JobState.PROCESSING),
        ({SENDING}, JobState.PROCESSING),
        ({QUEUED, DOUBTFUL}, JobState.PROCESSING),
        ({QUEUED, HELD}, JobState.PROCESSING),
        ({HELD}, JobState.HELD),
        ({HELD, PRINTED}, JobState.HELD),
        ({HELD, DOUBTFUL}, JobState.STOPPED),
        ({BUFFERED, VERIFIED}, JobState.COMPLETED),
        ({DOUBTFUL}, JobState.STOPPED),
        ({DOUBTFUL, PRINTED, SCRAPPED}, JobState.STOPPED),
        ({PRINTED}, JobState.COMPLETED),
        ({SENT}, JobState.COMPLETED),
        ({PRINTED, NOT_PRINTED}, JobState.COMPLETED),
        ({NOT_PRINTED}, JobState.CANCELED),
        ({SCRAPPED, NOT_PRINTED}, JobState.CANCELED),
    ],
)
def test_job_state_follows_from_its_labels(labels: set[LabelState], state: JobState) -> None:
    assert job_state(frozenset(labels)) == state


def test_job_is_settled_exactly_when_nothing_is_on_its_way_or_doubtful() -> None:
    for size in range(1, len(LabelState) + 1):
        for labels in map(frozenset, combinations(LabelState, size)):
            settled = job_state(labels) in (JobState.COMPLETED, JobState.CANCELED)
            assert settled == (not labels & (UNSETTLED | {DOUBTFUL, HELD})), labels


def test_job_of_which_nothing_could_be_printed_is_aborted() -> None:
    assert job_state(frozenset({NOT_PRINTED}), gave_up=True) == JobState.ABORTED
    assert job_state(frozenset({NOT_PRINTED, PRINTED}), gave_up=True) == JobState.COMPLETED

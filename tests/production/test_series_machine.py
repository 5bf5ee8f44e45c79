"""Series live at random, and every number is accounted for."""

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from tests.production.series_lives import Lives


def live(machine: type[Lives], *, examples: int, steps: int) -> None:
    """Let so many sites live."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def test_series_issue_what_their_counters_say_whatever_happens() -> None:
    live(Lives, examples=4, steps=25)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_series_issue_what_their_counters_say_in_many_lives() -> None:
    live(Lives, examples=150, steps=50)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_series_issue_what_their_counters_say_on_postgresql(postgres_database: str) -> None:
    class OnPostgres(Lives):
        url = postgres_database

        def __init__(self) -> None:
            with psycopg.connect(postgres_database, autocommit=True) as connection:
                connection.execute("DROP SCHEMA public CASCADE")
                connection.execute("CREATE SCHEMA public")
            super().__init__()

    live(OnPostgres, examples=30, steps=40)

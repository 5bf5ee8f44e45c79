"""The server killed at every named point: printed once or doubtful, in order, nothing lost."""

import pytest

from tests.faults.cases import Case, Death, check
from tests.faults.harm import POINTS
from tests.faults.seeds import seed_of

LINES = ("tcp", "pty")
CHAINS = tuple(POINTS[start::3] for start in range(3))
"""Every point once, in three rows of deaths."""
PASSAGES = 20
"""In the long sweep a server dies at one of so many first passages."""
LONG_LABELS = 100
"""In each of its lives; deaths share a case."""


def chain(points: tuple[str, ...], passage: int) -> tuple[Death, ...]:
    """Return a death at each of the points."""
    return tuple(Death(point=point, passage=passage) for point in points)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("points", CHAINS, ids=lambda points: points[0])
def test_a_server_killed_at_point_after_point_prints_each_label_once_or_doubts_it(
    tmp_path, points, line
):
    check(Case(line=line, deaths=chain(points, 2)), tmp_path)


@pytest.mark.parametrize("points", CHAINS, ids=lambda points: points[0])
def test_a_server_on_postgresql_killed_again_and_again_keeps_its_promises(
    tmp_path, postgres_url, points
):
    check(Case(line="tcp", database=postgres_url, deaths=chain(points, 1)), tmp_path)


def test_a_server_on_postgresql_killed_in_its_writes_to_a_serial_line_keeps_its_promises(
    tmp_path, postgres_url
):
    points = ("before write", "in write", "after write", "in proof")
    check(Case(line="pty", database=postgres_url, deaths=chain(points, 1)), tmp_path)


def test_a_server_killed_while_it_recovers_keeps_its_promises(tmp_path):
    deaths = (Death(point="after write"), Death(point="before settle"), Death(point="in proof"))
    check(Case(line="tcp", deaths=deaths), tmp_path)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.parametrize("point", POINTS)
def test_a_server_killed_ten_times_at_one_point_keeps_its_promises(
    tmp_path, request, point, database, line
):
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else None
    seed, dice = seed_of(request)
    deaths = tuple(Death(point=point, passage=dice.randint(1, PASSAGES)) for _ in range(9))
    case = Case(line=line, database=url, deaths=deaths, labels=LONG_LABELS, seed=seed)
    check(case, tmp_path)

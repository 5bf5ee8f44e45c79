"""The server killed at every named point: printed once or doubtful, in order, nothing lost."""

import pytest

from tests.faults.cases import Case, Death, check
from tests.faults.harm import POINTS


@pytest.mark.parametrize("line", ["tcp", "pty"])
@pytest.mark.parametrize("point", POINTS)
def test_a_server_killed_at_any_point_prints_each_label_once_or_doubts_it(tmp_path, point, line):
    check(Case(line=line, deaths=(Death(point=point, passage=2),)), tmp_path)

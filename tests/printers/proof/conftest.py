"""The steps that tests of the proof share say what differed, as tests do."""

import pytest

from tests.printers.proof.goldens import Goldens

pytest.register_assert_rewrite("tests.printers.proof.proving")


@pytest.fixture
def golden(request, tmp_path) -> Goldens:
    """Returns what knows the golden labels of this folder."""
    return Goldens(
        update=request.config.getoption("--update-golden", default=False), folder=tmp_path
    )

"""The steps that tests of the proof share say what differed, as tests do."""

import pytest

pytest.register_assert_rewrite("tests.printers.proof.proving")

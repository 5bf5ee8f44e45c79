"""What a test needs and this machine lacks: it is skipped here, and fails where CI=true."""

import os
from typing import NoReturn

import pytest


def lacks(sentence: str) -> NoReturn:
    """Skip the test since ``sentence``; with CI=true fail it, since nobody reads skips there."""
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)

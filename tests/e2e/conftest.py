"""Fixtures of the end-to-end tests."""

import logging
import os
import random

import pytest


@pytest.fixture
def dice() -> random.Random:
    """Return a random source; its seed is logged, and LABELER_TEST_SEED sets it."""
    seed = int(os.environ.get("LABELER_TEST_SEED") or random.randrange(1_000_000))
    logging.getLogger("tests").warning("LABELER_TEST_SEED=%d", seed)
    return random.Random(seed)

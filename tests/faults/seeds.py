"""The seed of a case that is drawn by chance: its own, or the one of LABELER_TEST_SEED."""

import logging
import os
import random
import zlib

import pytest


def seed_of(request: pytest.FixtureRequest) -> tuple[int, random.Random]:
    """Return the seed of this test, and dice that it throws; a failure shows the seed.

    Without LABELER_TEST_SEED it is made of the test's name: a case is the same every night.
    """
    given = os.environ.get("LABELER_TEST_SEED")
    seed = int(given) if given else zlib.crc32(request.node.name.encode()) % 1_000_000
    logging.getLogger("tests").warning("LABELER_TEST_SEED=%d", seed)
    return seed, random.Random(seed)

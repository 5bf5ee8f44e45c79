"""Passwords that are compared at once, for tests that are about something else.

What is kept of a password takes a tenth of a second to compute, so that whoever stole it guesses
slowly. Tests sign in a thousand times: for them it is made with the least that argon2 takes.
"""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from labeler.production.access import passwords

STRONG = passwords._hasher
"""What the service makes them with."""
NOBODY = passwords._NOBODY

_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="package", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Make and compare passwords quickly in all tests of the folder that names this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", _QUICK)
        patch.setattr(passwords, "_NOBODY", _QUICK.hash("nobody has this"))
        yield

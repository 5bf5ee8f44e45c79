"""Passwords and PINs: which are good enough, how they are kept, how they are compared.

They are kept as argon2id (RFC 9106) with the least memory that OWASP's Password Storage Cheat Sheet
asks for: 19 MiB, two passes, one lane. More would let a few sign-ins take what triggers need.
"""

from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from labeler.errors import WEAK_PASSWORD, Refusal

LENGTH_MIN: Final = 12
LENGTH_MAX: Final = 128
"""Longer ones are no safer, and somebody has to compute them."""
PIN_MIN: Final = 4
PIN_MAX: Final = 12

COMMON: Final = frozenset(
    {
        *("123456789012", "1234567890123", "12345678901234", "1234567890ab", "111111111111"),
        *("000000000000", "121212121212", "123123123123", "password1234", "password12345"),
        *("passwordpassword", "qwertyuiop12", "qwertyuiop123", "qwertyuiopas", "qwertzuiopas"),
        *("qwertzuiop123", "abcdefghijkl", "abc123abc123", "iloveyou1234", "letmein12345"),
        *("administrator", "adminadminadmin", "admin1234567", "welcome12345", "willkommen123"),
        *("passwort1234", "passwort12345", "changeme1234", "changemechangeme", "labelerlabeler"),
    }
)
"""What is tried first, of those that are long enough."""

_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$2N1jcC+MfAzDq4HJxjCUXw$05xi4gaMqm68I3pkN0WFbAtUg6pJA+BeBXR3IJD0"
    "eco"
)
"""The hash of a password nobody has: compared where there is no account, which takes as long."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = BoundedSemaphore(2)
"""So many are computed at once: sign-ins wait for each other, and triggers do not wait for them."""

_ONE_TIME: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without l, o, 0 and 1: each of them is taken for another."""


def hashed(secret: str) -> str:
    """Return what is kept of a password or PIN; it says how it was made."""
    with _turns:
        return _hasher.hash(secret)


def fits(kept: str | None, secret: str) -> bool:
    """Return whether ``secret`` is what was kept; it takes as long where nothing was."""
    with _turns:
        try:
            _hasher.verify(kept or _NOBODY, secret)
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def one_time(chance: bytes) -> str:
    """Return a password of 80 bits that can be read out: four groups of four; 16 bytes of chance.

    >>> one_time(bytes(range(16)))
    'abcd-efgh-ijkm-npqr'
    """
    text = "".join(_ONE_TIME[byte % len(_ONE_TIME)] for byte in chance[:16])
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def require_good(password: str, *, name: str) -> None:
    """Refuse (7008) a password that is too short or too long, or among the first to be tried."""
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        raise Refusal(
            WEAK_PASSWORD,
            f"The password has {len(password)} characters, expected {LENGTH_MIN} to {LENGTH_MAX}.",
            hint="Some words that do not belong together make a good one.",
        )
    plain = password.casefold()
    if name.casefold() in plain and len(plain) - len(name) < LENGTH_MIN:
        raise Refusal(
            WEAK_PASSWORD,
            "The password is the name of the account with little else.",
            hint="Leave the name out of it.",
        )
    if plain in COMMON or len(set(plain)) < 4:
        raise Refusal(
            WEAK_PASSWORD,
            "The password is one of those that are tried first.",
            hint="Choose one that nobody else would think of.",
        )


def require_good_pin(pin: str) -> None:
    """Refuse (7008) a PIN that is not 4 to 12 digits, or all the same."""
    is_number = pin.isascii() and pin.isdigit() and PIN_MIN <= len(pin) <= PIN_MAX
    if not is_number or len(set(pin)) < 2:
        raise Refusal(
            WEAK_PASSWORD,
            f"The PIN is not {PIN_MIN} to {PIN_MAX} digits, of which two differ.",
            hint="Choose another one.",
        )

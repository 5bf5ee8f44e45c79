"""How a command on this machine proves to the running service that it may do everything.

Whoever may read the site's secret key may do all that the key does; so a command proves that it
may, with an HMAC that holds for one method, one address, and a minute.
"""

import hashlib
import hmac
import re
from datetime import datetime
from typing import Final

SCHEME: Final = "Labeler-Command"
"""The scheme of the Authorization header (RFC 9110, section 11.4)."""
VALID_S: Final = 60

_PROOF = re.compile(r"([0-9]{1,12})\.([0-9a-f]{64})")


def make(pem: bytes, *, method: str, path: str, now: datetime) -> str:
    """Return the proof for one request; ``path`` as people read it, without what is asked."""
    at = str(int(now.timestamp()))
    return f"{at}.{_mac(pem, at, method, path)}"


def holds(pem: bytes, proof: str, *, method: str, path: str, now: datetime) -> bool:
    """Return whether a proof was made with the same key, for this request, within a minute."""
    read = _PROOF.fullmatch(proof)
    if read is None or abs(now.timestamp() - int(read[1])) > VALID_S:
        return False
    return hmac.compare_digest(read[2], _mac(pem, read[1], method, path))


def _mac(pem: bytes, at: str, method: str, path: str) -> str:
    key = hashlib.sha256(b"labeler command " + pem).digest()
    return hmac.new(key, f"{at}\n{method}\n{path}".encode(), hashlib.sha256).hexdigest()

"""How the tests of QA scan labels."""

from itertools import count
from typing import Any

from sqlalchemy import select

from labeler.production.quality import verifications
from labeler.production.quality.judging import Scan
from labeler.production.site import Site
from labeler.store.schema_quality import verification
from tests import plants

_KEYS = count(1)


def scan(text: str = plants.FIRST, **changes: Any) -> Scan:
    """Return a scan with a key of its own."""
    said = {"operator": "mk", "station": "qa-1", "channel": "http", "key": f"v{next(_KEYS)}"}
    return Scan(text=text, **{**said, **changes})


def verify(site: Site, text: str = plants.FIRST, **changes: Any) -> dict[str, Any]:
    """Verify a scan."""
    return verifications.verify(site, scan(text, **changes))


def told(site: Site, text: str = plants.FIRST, **changes: Any) -> tuple[str, str, dict[str, Any]]:
    """Return verdict, sentence and details of a scan, and see that its row says the same."""
    found = verify(site, text, **changes)
    with site.store.read() as transaction:
        query = select(verification).where(verification.c.id == found["id"])
        row = transaction.execute(query).one()
    said = found["verdict"], found["sentence"], found["details"]
    assert said == (row.verdict, row.sentence, row.details)
    return said

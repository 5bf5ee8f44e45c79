"""How the tests of recalls call units back."""

from typing import Any

from labeler.production.recalls import recall_lists, recalling, walking
from labeler.production.recalls.criteria import Criteria
from labeler.production.recalls.recalling import CloseOrder, RecallOrder
from labeler.production.site import Site

NAME, WHY, WHO = "R-1", "may crack", "qa"


def order(name: str = NAME, **criteria: Any) -> RecallOrder:
    """Return an order to call back what the criteria say."""
    return RecallOrder(name=name, reason=WHY, operator=WHO, criteria=Criteria(**criteria))


def recall(site: Site, name: str = NAME, **criteria: Any) -> dict[str, Any]:
    """Call back what the criteria say."""
    return recalling.recall(site, order(name, **criteria))


def close(site: Site, name: str = NAME, **changes: Any) -> dict[str, Any]:
    """End a recall."""
    said = {"reason": "replaced", "operator": "qa-2", **changes}
    return recalling.close(site, CloseOrder(name=name, **said))


def members(site: Site, name: str = NAME, *, limit: int = 500) -> list[str]:
    """Return the serials of a recall, page by page."""
    found: list[str] = []
    after: int | None = 0
    with site.store.read() as transaction:
        while after is not None:
            page, after = recall_lists.units(transaction, name, after=after, limit=limit)
            found += [one["serial"] for one in page]
    return found


def previewed(site: Site, *, limit: int = 500, **criteria: Any) -> list[str]:
    """Return the serials that a recall would call back, page by page; see that they are counted."""
    found: list[str] = []
    after = None
    with site.store.read() as transaction:
        search = walking.begin(transaction, Criteria(**criteria), until=site.clock())
        while True:
            page, after = recall_lists.preview_units(transaction, search, after=after, limit=limit)
            found += [one["serial"] for one in page]
            if after is None:
                break
        assert recall_lists.preview(transaction, search)["count"] == len(found)
    return found

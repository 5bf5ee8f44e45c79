"""Is the site locked, and go on above what was lost."""

from flask import Response

from labeler.production.safekeeping import recording, unlocking
from labeler.web import shapes_sites as own
from labeler.web.api import PROBLEMS, answer, site
from labeler.web.api.door import Door

blueprint = Door("site", __name__, tag="service")


@blueprint.get("/site", responses={200: own.SiteState, **PROBLEMS})
def show_site() -> Response:
    """Say whether the site is locked: its database is not the one that issued last."""
    return answer(unlocking.state(site()))


@blueprint.post("/site/unlock", responses={200: own.Unlocked, **PROBLEMS})
def unlock_site(body: own.UnlockOrder) -> Response:
    """Let two people go on above everything that may have been issued and is lost."""
    return answer(unlocking.unlock(site(), unlocking.UnlockOrder(**dict(body))))


@blueprint.post("/site/backups", responses={201: own.BackupNoted, **PROBLEMS})
def note_backup(body: own.BackupNote) -> Response:
    """Record that a backup begins, and anchor the audit trail outside it."""
    return answer(recording.note_backup(site(), recording.Backup(**dict(body))), 201)

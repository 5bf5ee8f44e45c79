"""The kinds of rows of the audit trail, and a sentence for a word that is none of them."""

import difflib
from typing import Final

from labeler.errors import BAD_VALUE, Refusal
from labeler.production.lifecycle.verbs import VERBS
from labeler.units import LabelState

KINDS: Final = frozenset({
    "account_changed", "account_created", "account_disabled", "account_enabled", "api_key_made",
    "api_key_revoked", "badge_removed", "badge_set", "password_changed", "password_reset",
    "sign_in_refused", "signed_in", "signed_out",
    "allocated", "backup_begun", "block_allocated", "certificate_made", "config_loaded",
    "console_asked",
    "console_sent",
    "database_upgraded", "job_canceled", "job_held", "job_priority", "label_moved",
    "lease_closed", "lease_extended", "lease_opened", "lease_used", "lease_voided",
    "pool_import_abandoned", "pool_imported", "pool_returned", "printer_calibration",
    "printer_paused", "printer_resumed", "printer_roll", "printer_test_label", "recall_closed",
    "recall_opened", "reprint_queued", "run_closed", "run_edited", "run_opened", "run_overrun",
    "run_paused", "run_planned", "run_reconciled", "run_released", "run_resumed", "run_withdrawn",
    "series_version", "site_key_found", "site_key_made", "site_unlocked", "template_released",
    "template_saved",    "template_version", "verification",
    *(f"label_{state.value}" for state in LabelState),
    *(verb.kind for verb in VERBS.values()),
})  # fmt: skip
"""Every kind of event that this program records."""
_NEAR = 3


def require(kind: str) -> None:
    """Refuse (1002) a word that no row has: an empty answer would say that nothing was done."""
    if kind in KINDS:
        return
    near = difflib.get_close_matches(kind.lower(), sorted(KINDS), n=_NEAR, cutoff=0)
    raise Refusal(
        BAD_VALUE,
        f"'{kind}' is no kind of row of the audit trail.",
        hint=f"Nearest are {', '.join(near)}.",
    )

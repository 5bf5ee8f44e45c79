"""Which permission each door asks for. A door that does not stand here is shut.

`tests/web/test_access_matrix.py` names a door that is missing, and walks all of them as everybody.
"""

from collections.abc import Mapping
from typing import Final, Literal

from labeler.roles import Permission

Asked = Permission | Literal["public", "signed_in"]
PUBLIC: Final = "public"
"""Whoever asks: whether the service lives, the way in, and files that are the same for all."""
SIGNED_IN: Final = "signed_in"
"""Whoever is known, also with a one-time password."""

_PUBLIC = (
    *("service.healthz", "service.readyz"),
    *("session.sign_in", "openapi.static", "swagger.static"),
    *("start", "static_file", "pages.switches.choose_theme", "pages.switches.choose_language"),
    *("pages.signing.show_sign_in", "pages.signing.sign_in"),
)
_SIGNED_IN = (
    *("session.show_session", "session.sign_out", "session.change_password"),
    *("pages.signing.sign_out", "pages.signing.show_password", "pages.signing.change_password"),
)
_READ = (
    *("page /api", "page /api/", "openapi_json"),
    "pages.dashboard.show_dashboard",
    "pages.doubtful.list_doubtful",
    *("pages.lines.list_lines", "pages.runs.list_runs", "pages.runs.show_run"),
    "pages.line.show_line",
    *("pages.units.list_units", "pages.audit.list_audit", "pages.audit.verify_audit"),
    *("pages.templates.list_templates", "pages.templates.show_template"),
    *("pages.templates.look_at_draft", "pages.template_pictures.draw_template"),
    *("pages.template_pictures.compare_template", "pages.template_pictures.draw_difference"),
    *("pages.printers.list_printers", "pages.printers.show_printer"),
    *("pages.printers.draw_test_label", "pages.line_setup.show_setup"),
    *("pages.series.list_series", "pages.series.show_series", "pages.series.try_pattern"),
    *("pages.recalls.list_recalls", "pages.recalls.show_recall", "pages.recalls.draft_recall"),
    *("pages.ranges.show_range", "pages.ranges.list_range", "pages.exports.list_exports"),
    *("pages.balance.list_serials", "pages.balance.show_hours"),
    *("pages.verify.show_scan", "pages.unit.show_unit", "pages.sites.show_site"),
    *("openapi.doc_url", "openapi.openapi", "swagger.swagger", "swagger.oauth2-redirect"),
    *("service.explain_error", "service.list_errors", "service.metrics", "events.stream_events"),
    *("audit.list_audit", "audit.show_audit_head", "audit.verify_audit"),
    *("blocks.list_serials", "certificates.show_key", "errands.draw_test_label"),
    *("exports.list_exports", "jobs.draw_labels", "jobs.list_doubtful", "jobs.list_jobs"),
    *("jobs.show_job", "leases.list_lease_serials", "leases.list_leases", "leases.show_lease"),
    *("pools.list_pools", "pools.returned_csv", "pools.returned_text", "pools.show_pool"),
    *("printers.list_printers", "printers.printer_history", "printers.show_printer"),
    *("printers.show_roll", "ranges.count_run", "ranges.count_series", "ranges.list_run"),
    *("ranges.list_series", "recalls.list_recall_units", "recalls.list_recalls"),
    *("recalls.preview", "recalls.preview_units", "recalls.show_recall"),
    *("reconciliation.list_balance", "reconciliation.show_balance"),
    *("runs.list_runs", "runs.show_forecast", "runs.show_run"),
    *("sent.draw_label", "sent.list_labels", "sent.show_label"),
    *("serials.check_serial", "serials.show_serial", "sheets.job_sheet", "sheets.list_stocks"),
    *("sheets.run_sheet", "sheets.show_stock", "site.show_site"),
    *("series.lint_series", "series.list_series", "series.preview_series", "series.show_series"),
    *("templates.compare_template", "templates.lint_template", "templates.list_templates"),
    *("templates.list_versions", "templates.picture_of_lint", "templates.preview_draft"),
    *("templates.preview_template", "templates.show_template", "templates.show_version"),
    *("units.list_units", "units.show_history"),
    *("verifications.count_failures", "verifications.list_verifications"),
)
_PRINT = (
    *("labels.issue_labels", "blocks.issue_block", "errands.check"),
    *("jobs.cancel_job", "jobs.decide_doubtful", "jobs.hold_job", "jobs.move_job"),
    *("jobs.release_job", "jobs.set_priority", "printers.move_labels", "printers.pause_printer"),
    *("printers.put_in_roll", "printers.resume_printer"),
    *("reprints.reprint_label", "reprints.reprint_serial", "runs.change_over", "runs.close_run"),
    *("runs.edit_run", "runs.open_planned", "runs.open_run", "runs.open_work_order"),
    *("runs.overrun_run", "runs.pause_run", "runs.resume_run", "runs.withdraw_run"),
    *("pages.line_acts.print_label", "pages.line_acts.start_run", "pages.line_acts.pause_run"),
    *("pages.line_acts.change_over", "pages.doubtful.decide_doubtful"),
    *("pages.line_acts.close_run", "pages.line_acts.reprint", "pages.line_acts.decide_doubtful"),
    *("pages.line_acts.put_in_roll", "pages.line_acts.resume_printer"),
)
_VERIFY = (
    *("verifications.verify_scan", "scans.scan_label"),
    *("pages.line_acts.take_scan", "pages.verify.verify_scan", "pages.verify.verify_photo"),
)
_PRINT_PAGES = (
    *("pages.printers.change_job", "pages.printers.pause_printer"),
    "pages.printers.move_queue",
    *("pages.printers.check_printer", "pages.printers.put_in_roll"),
)
_QUALITY = (
    "pages.unit.change_unit",
    *("pages.balance.reconcile_run", "pages.balance.release_run"),
    *("pages.balance.make_certificate", "pages.exports.export_file"),
    *("pages.recalls.recall", "pages.recalls.close_recall"),
    *("audit.anchor_audit", "certificates.make_certificate", "exports.export_file"),
    *("recalls.recall", "recalls.close_recall", "units.change_units"),
    *("reconciliation.reconcile_run", "reconciliation.release_run"),
)
_ENGINEER = (
    *("errands.calibrate", "errands.print_test_label", "templates.release_template"),
    *("errands.send_to_console", "pages.printers.send_to_console"),
    *("leases.close_lease", "leases.extend_lease", "leases.open_lease", "leases.report_used"),
    *("leases.report_void", "pools.import_numbers", "pools.return_numbers"),
    *("pages.templates.make_template", "pages.templates.save_template"),
    *("series.release_series", "pages.series.release_series"),
    *("pages.templates.release_template", "pages.templates.print_sample"),
    *("pages.printers.print_test_label", "pages.printers.calibrate"),
)
_ADMIN = (
    *("accounts.list_accounts", "accounts.create_account", "accounts.change_account"),
    *("accounts.reset_password", "accounts.disable_account", "accounts.enable_account"),
    *("accounts.set_badge", "accounts.sign_out_account"),
    *("api_keys.list_keys", "api_keys.make_key", "api_keys.revoke_key"),
    *("site.note_backup", "site.unlock_site"),
    *("pages.accounts.list_accounts", "pages.accounts.create_account"),
    *("pages.accounts.change_account", "pages.accounts.take_step", "pages.accounts.set_badge"),
    "pages.sites.unlock_site",
    *("pages.keys.list_keys", "pages.keys.make_key", "pages.keys.revoke_key"),
)

DOORS: Final[Mapping[str, Asked]] = {
    **dict.fromkeys(_PUBLIC, PUBLIC),
    **dict.fromkeys(_SIGNED_IN, SIGNED_IN),
    **dict.fromkeys(_READ, Permission.READ),
    **dict.fromkeys((*_PRINT, *_PRINT_PAGES), Permission.PRINT),
    **dict.fromkeys(_VERIFY, Permission.VERIFY),
    **dict.fromkeys(_QUALITY, Permission.QUALITY),
    **dict.fromkeys(_ENGINEER, Permission.ENGINEER),
    **dict.fromkeys(_ADMIN, Permission.ADMIN),
}
"""Endpoint, as Flask calls a door -> what it asks for."""

SECOND: Final[Mapping[str, Permission]] = {"site.unlock_site": Permission.QUALITY}
"""What the second person of a step needs, where it is not what the step itself asks for."""

ANY_LINE: Final = frozenset(
    {
        *("session.sign_out", "serials.check_serial", "verifications.verify_scan"),
        *("scans.scan_label", "series.lint_series", "templates.preview_draft"),
        *("templates.preview_template", "templates.lint_template", "templates.picture_of_lint"),
        *("recalls.preview", "recalls.preview_units", "audit.verify_audit"),
        "pages.templates.look_at_draft",
    }
)
"""What a key of some lines may send although no line stands in it: it looks, or puts a scan on the
record, wherever the label was made."""

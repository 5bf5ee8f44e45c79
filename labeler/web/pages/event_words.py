"""What people call what was done: the kinds of events that the audit trail has most of."""

from labeler.web.texts import later

EVENTS = {
    "run_planned": later("Run planned"),
    "run_opened": later("Run opened"),
    "run_resumed": later("Run resumed"),
    "run_paused": later("Run paused"),
    "run_withdrawn": later("Run withdrawn"),
    "run_closed": later("Run closed"),
    "run_reconciled": later("Run reconciled"),
    "run_released": later("Run released"),
    "template_saved": later("Template saved"),
    "template_released": later("Template released"),
    "unit_commissioned": later("Unit commissioned"),
    "unit_sampled": later("Unit sampled"),
    "unit_label_scrapped": later("Label scrapped"),
    "unit_destroyed": later("Unit destroyed"),
    "unit_deactivated": later("Unit set aside"),
    "unit_moved": later("Unit moved"),
    "unit_owner_changed": later("Owner changed"),
    "unit_received": later("Unit received"),
    "unit_released": later("Unit released"),
    "unit_returned": later("Unit came back"),
    "unit_shipped": later("Unit shipped"),
    "unit_voided": later("Serial voided"),
    "label_queued": later("Label queued"),
    "label_held": later("Label held"),
    "label_sending": later("Label being sent"),
    "label_sent": later("Label sent"),
    "label_buffered": later("Label in the printer"),
    "label_printed": later("Label printed"),
    "label_verified": later("Label verified"),
    "label_doubtful": later("Label doubtful"),
    "label_not_printed": later("Label not printed"),
    "label_scrapped": later("Label scrapped"),
}
"""Kind of event -> what it is called; others are shown as the record names them."""

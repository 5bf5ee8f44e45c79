"""Every refusal the service can give: its number, its title, its HTTP status.

A refusal is a sentence with a number. The number goes into a PLC's register and never changes its
meaning; the sentence goes to the HMI and says what, which value, what was expected, what to do.

The hundreds group them: 1xxx the request, 2xxx runs, 3xxx serials, 4xxx labels and templates,
5xxx printers and jobs, 6xxx verification and ranges, 7xxx who may do what, 9xxx the service itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from typing_extensions import override


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of refusal: a row of the table below."""

    number: int
    """Stable number, given to PLCs and in problem documents."""
    title: str
    """Short, the same for every occurrence (RFC 9457, section 3.1.3)."""
    status: int
    """HTTP status code the refusal travels with."""


class Refusal(Exception):
    """A request was understood and refused; nothing was changed by it."""

    def __init__(
        self, kind: Kind, sentence: str, *, hint: str = "", extra: Mapping[str, Any] | None = None
    ) -> None:
        """Refuse with ``sentence`` (what, which value, expected what) and ``hint`` (do what).

        ``extra`` is what else the problem document lists, such as lines that are wrong.
        """
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.hint = hint
        self.extra = dict(extra or {})

    @override
    def __str__(self) -> str:
        """Return the sentence and the hint as one text."""
        return f"{self.sentence} {self.hint}".strip()


_KINDS: list[Kind] = []


def _kind(number: int, title: str, status: int) -> Kind:
    kind = Kind(number=number, title=title, status=status)
    _KINDS.append(kind)
    return kind


BAD_REQUEST: Final = _kind(1001, "The request is malformed", 400)
BAD_VALUE: Final = _kind(1002, "A value of the request is wrong", 422)
TOO_LARGE: Final = _kind(1003, "The request is too large", 413)
NOT_JSON: Final = _kind(1004, "The request is not JSON", 415)
NO_SUCH_ADDRESS: Final = _kind(1005, "There is nothing at this address", 404)
WRONG_METHOD: Final = _kind(1006, "This method is not allowed here", 405)
KEY_MISSING: Final = _kind(1007, "The Idempotency-Key is missing or malformed", 400)
KEY_REUSED: Final = _kind(1008, "The Idempotency-Key was used with other arguments", 422)
HEADER_TOO_LARGE: Final = _kind(1009, "The header of the request is too large", 431)
NO_SUCH_RANGE: Final = _kind(1010, "The range asked for does not exist", 416)

NO_SUCH_LINE: Final = _kind(2001, "No such line", 404)
NO_SUCH_PRODUCT: Final = _kind(2002, "No such product", 422)
NO_SUCH_RUN: Final = _kind(2003, "No such run", 404)
RUN_OPEN: Final = _kind(2004, "The line already has an open run", 409)
NO_OPEN_RUN: Final = _kind(2005, "The line has no open run", 409)
RUN_CLOSED: Final = _kind(2006, "The run is closed", 409)
RUN_FULL: Final = _kind(2007, "More than the run's remaining quantity", 409)
RUN_LACKS: Final = _kind(2008, "The run lacks something its serials show", 422)
NO_TEST_SERIALS: Final = _kind(2009, "The series cannot make test serials", 422)
NOT_RELEASED: Final = _kind(2010, "The template has no release", 409)
RUN_PAUSED: Final = _kind(2020, "The run is paused", 409)
RUN_STEP: Final = _kind(2021, "The run cannot take this step", 409)
BAD_ATTRIBUTE: Final = _kind(2022, "An attribute of the order is missing or wrong", 422)
BAD_DATES: Final = _kind(2023, "The dates of the order are wrong", 422)
NO_PLANNED_RUN: Final = _kind(2024, "No run is planned for the work order", 404)
RUNS_OF_SEVERAL_LINES: Final = _kind(2025, "Several lines have runs of the work order", 409)
NOTHING_TO_REWORK: Final = _kind(2026, "The run has nothing to rework", 409)
RUN_EDITED: Final = _kind(2027, "The order was changed at the same moment", 409)
NOT_BALANCED: Final = _kind(2030, "The run does not add up", 409)
OTHER_DIFFERENCE: Final = _kind(2031, "The deviation is about another difference", 409)
RUN_RECONCILED: Final = _kind(2032, "The run is reconciled", 409)
NO_RECONCILIATION: Final = _kind(2033, "The run was not reconciled", 404)

NO_SUCH_SERIAL: Final = _kind(3001, "No such serial", 404)
SERIAL_TAKEN: Final = _kind(3002, "A serial would be issued twice", 409)
SERIES_EXHAUSTED: Final = _kind(3003, "The number series is used up", 409)
SERIES_CHANGED: Final = _kind(3004, "The number series was changed", 409)
SERIES_OVERLAP: Final = _kind(3005, "Serials could repeat", 409)
POOL_EMPTY: Final = _kind(3006, "The pool has too few numbers", 409)
WRONG_KEY: Final = _kind(3007, "The series has another key", 409)
NO_SUCH_SERIES: Final = _kind(3008, "No such series", 404)
SERIAL_OF_SEVERAL: Final = _kind(3009, "Several products have this serial", 409)
NO_POOL: Final = _kind(3011, "The series has no pool", 409)
BAD_NUMBERS: Final = _kind(3012, "Numbers cannot be imported", 422)
POOL_BUSY: Final = _kind(3013, "Somebody else changes the pool", 409)
NO_SUCH_RETURN: Final = _kind(3014, "No such return", 404)
NO_SUCH_NUMBER: Final = _kind(3015, "No such number waits", 409)
SECRET_UNPRINTED: Final = _kind(3016, "A secret would be printed nowhere", 409)
NO_SUCH_LEASE: Final = _kind(3020, "No such lease", 404)
LEASE_CLOSED: Final = _kind(3021, "The lease is closed", 409)
WRONG_SERIALS: Final = _kind(3022, "Serials cannot be reported so", 422)
LEASE_OPEN: Final = _kind(3023, "Serials of the lease are unaccounted for", 409)
LEASE_BUSY: Final = _kind(3024, "Somebody else reported the same serials", 409)
UNIT_STEP: Final = _kind(3025, "The unit cannot take this step", 409)
WRONG_UNITS: Final = _kind(3026, "Units cannot be changed so", 422)
TOO_MANY_UNITS: Final = _kind(3028, "Too many units for one request", 422)

UNPRINTABLE: Final = _kind(4001, "The label cannot be printed", 422)
NO_SUCH_TEMPLATE: Final = _kind(4002, "No such template", 404)
NO_SUCH_VERSION: Final = _kind(4003, "No such version of the template", 404)
RELEASED_ALREADY: Final = _kind(4004, "This is the newest release already", 409)
TEMPLATE_FAULTY: Final = _kind(4005, "The template has errors", 422)
NOT_SENT: Final = _kind(4006, "Nobody knows how the label was sent", 409)
NO_SUCH_STOCK: Final = _kind(4007, "No such stock", 404)
TOO_MANY_LABELS: Final = _kind(4008, "Too many labels for one document", 422)
DRAFT_CHANGED: Final = _kind(4009, "Somebody else changed the template", 409)

NO_SUCH_JOB: Final = _kind(5001, "No such job", 404)
NO_SUCH_LABEL: Final = _kind(5002, "No such label", 404)
NOT_DOUBTFUL: Final = _kind(5003, "The label is not doubtful", 409)
NO_SUCH_PRINTER: Final = _kind(5004, "No such printer", 404)
ILLEGAL_STEP: Final = _kind(5005, "The label cannot take this step", 409)
NOTHING_WAITS: Final = _kind(5006, "No label waits there", 409)
JOB_HELD: Final = _kind(5007, "The job is held already", 409)
JOB_NOT_HELD: Final = _kind(5008, "The job is not held", 409)
PAUSED_ALREADY: Final = _kind(5009, "The printer is paused already", 409)
NOT_PAUSED: Final = _kind(5010, "The printer is not paused", 409)
NOTHING_TO_VERIFY: Final = _kind(5015, "No label of the unit can be out", 409)
SEVERAL_LABELS: Final = _kind(5016, "Several labels may have been scanned", 409)
OTHER_LABEL: Final = _kind(5017, "The label is of another serial", 409)
NO_REASON: Final = _kind(5020, "The reason is not one of the list", 422)
NO_LABEL_DUE: Final = _kind(5021, "The unit gets no label from here", 409)
NOT_PRINTED_YET: Final = _kind(5022, "A label of the unit is not printed yet", 409)
IN_DOUBT: Final = _kind(5023, "A label of the unit is doubtful", 409)
TOO_MANY_COPIES: Final = _kind(5024, "No more copies of the label may be printed", 409)
NOT_YOURS: Final = _kind(5025, "The operator may not print labels again", 403)
SECOND_PERSON: Final = _kind(5026, "A second person must approve", 422)
NO_LINE_PRINTER: Final = _kind(5027, "The line has no printer", 409)
SECRET_FORGOTTEN: Final = _kind(5028, "The label shows a secret that is forgotten", 409)
NO_PRINTER_SUITS: Final = _kind(5030, "No printer of the group takes the label", 422)
NO_ROLL: Final = _kind(5031, "Nobody has said how many labels are on the roll", 404)
PRINTER_BUSY: Final = _kind(5040, "The printer is busy", 409)
PRINTER_STOPPED: Final = _kind(5041, "The printer cannot be used now", 409)
PRINTER_CANNOT: Final = _kind(5042, "The printer cannot do that", 422)
NOBODY_PRINTS: Final = _kind(5043, "No service runs that prints", 409)
CONSOLE_HARM: Final = _kind(5050, "The commands could do harm", 409)

NO_CODE: Final = _kind(6001, "The photo shows no code that can be read", 422)
NO_PHOTO: Final = _kind(6002, "The photo cannot be opened", 422)
SEVERAL_CODES: Final = _kind(6003, "The photo shows labels of several units", 422)
SPAN_TOO_LONG: Final = _kind(6004, "The span of time is too long", 422)
BAD_RANGE: Final = _kind(6005, "The range of serials is wrong", 422)
NO_SUCH_RECALL: Final = _kind(6010, "No such recall", 404)
RECALL_NAMED_SO: Final = _kind(6011, "Another recall has this name", 409)
NOTHING_TO_RECALL: Final = _kind(6012, "No unit is what the recall asks for", 422)
RECALL_CLOSED: Final = _kind(6013, "The recall is closed", 409)
RECALLED: Final = _kind(6014, "The unit is recalled", 409)
NO_SUCH_EXPORT: Final = _kind(6020, "Nothing of this name is exported", 404)
NOT_FILTERED_SO: Final = _kind(6021, "The export has no use for a filter", 422)
AUDIT_ANCHOR: Final = _kind(6030, "The anchor cannot be read", 422)
NO_CERTIFICATE: Final = _kind(6040, "The run gets no certificate yet", 409)
NOT_A_CERTIFICATE: Final = _kind(6041, "This is no certificate", 422)
BAD_KEY: Final = _kind(6042, "The key cannot be used", 422)
BALANCE_CHANGED: Final = _kind(6043, "The balance is not as it was signed", 409)

NOT_SIGNED_IN: Final = _kind(7001, "Nobody is signed in", 401)
SIGN_IN_REFUSED: Final = _kind(7002, "The sign-in is refused", 401)
NOT_PERMITTED: Final = _kind(7003, "The permission is missing", 403)
OTHER_LINE: Final = _kind(7004, "The key is for other lines", 403)
NO_FORM_TOKEN: Final = _kind(7005, "The token against forged requests is missing or wrong", 403)
TOO_MANY_SIGN_INS: Final = _kind(7006, "Too many sign-ins failed", 429)
PASSWORD_DUE: Final = _kind(7007, "The password has to be changed first", 403)
WEAK_PASSWORD: Final = _kind(7008, "The password or PIN cannot be used", 422)
OTHER_PERSON: Final = _kind(7009, "Somebody else is signed in", 403)
NO_SUCH_ACCOUNT: Final = _kind(7010, "No such account", 404)
ACCOUNT_EXISTS: Final = _kind(7011, "There is such an account already", 409)
LAST_ADMIN: Final = _kind(7012, "Nobody would be left who may say who may do what", 409)
NO_SUCH_API_KEY: Final = _kind(7013, "No such API key", 404)
BADGE_TAKEN: Final = _kind(7014, "Somebody else has this badge", 409)
NOT_EMPTY: Final = _kind(7020, "The site is no empty demo site", 409)

INTERNAL: Final = _kind(9001, "The service failed", 500)
STORE_UNAVAILABLE: Final = _kind(9002, "The database cannot be written", 503)
STORE_HELD: Final = _kind(9003, "The database is held by another process", 503)
BAD_CONFIG: Final = _kind(9004, "The configuration is wrong", 500)
STORE_OUTDATED: Final = _kind(9005, "The database has another schema", 503)
SHUTTING_DOWN: Final = _kind(9006, "The service is shutting down", 503)
OVERLOADED: Final = _kind(9007, "Too many requests are waiting", 503)
NOT_SUPPORTED: Final = _kind(9008, "The service does not support this kind of request", 501)
SITE_LOCKED: Final = _kind(9010, "The database is not the one that issued last", 503)
BAD_BACKUP: Final = _kind(9011, "The backup cannot be used", 500)
NOT_OVERWRITTEN: Final = _kind(9012, "Something newer would be overwritten", 500)

KINDS: Final = tuple(_KINDS)
"""Every kind, in ascending order of its number."""

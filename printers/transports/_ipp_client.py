"""What ipp: and ipps: share: Print-Job and Get-Job-Attributes over HTTP."""

import itertools
import ssl
import time
from collections.abc import Iterable
from pathlib import Path
from typing import get_args

import httpx

from printers.connection import Connection, JobReport, JobState, KeepsJobs
from printers.errors import TransportError
from printers.transports import _ipp_messages as messages
from printers.transports._addresses import Address, Form, Parameter
from printers.transports._ipp_http import (
    Body,
    LateError,
    RefusedError,
    Requester,
    is_about_document,
    said,
    surely_no_job,
)
from printers.transports._ipp_messages import Attribute

_FORMATS = {".pdf": "application/pdf", ".png": "image/png"}
_SCALINGS = ("none", "auto", "auto-fit", "fill", "fit")
"""PWG 5100.16, print-scaling."""
_STATES: tuple[JobState, ...] = get_args(JobState)
_FIRST_STATE = 3
"""RFC 8011, 5.3.7: pending is 3, and so on in that order."""
_POLL_S, _POLL_MAX_S = 0.1, 2.0
_BEGUN, _SHEETS = "time-at-processing", "job-media-sheets-completed"


def form(scheme: str) -> Form:
    """How addresses of ipp: and ipps: look."""
    return Form(
        scheme=scheme,
        expected=f"{scheme}://host/path of a printer or queue",
        example=f"{scheme}://10.0.0.9/ipp/print or {scheme}://printserver/printers/labels",
        port=631,
        has_path=True,
        has_user=True,
        parameters={
            "format": Parameter(default=""),
            "media": Parameter(default=""),
            "scaling": Parameter(default="none", choices=_SCALINGS),
            "user_name": Parameter(default="labeler"),
            **({"ca": Parameter(default="")} if scheme == "ipps" else {}),
        },
    )


def connect(address: Address, *, timeout_s: float) -> "IppConnection":
    """See that somebody is there, or TransportError within the time."""
    try:
        file = address.parameters.get("ca")
        is_secret = address.uri.startswith("ipps:")
        verify: ssl.SSLContext | bool = _context(Path(file)) if file else is_secret
    except (OSError, ValueError) as error:
        raise TransportError(
            f"Printer {address.uri} cannot be reached: {error}; expected a PEM file with a "
            "certificate under the parameter ca."
        ) from error
    connection = IppConnection(address, verify)
    try:
        connection.greet(timeout_s=timeout_s)
    except TransportError:
        connection.close()
        raise
    return connection


class IppConnection(Connection, KeepsJobs):
    """A printer that takes documents as jobs."""

    def __init__(self, address: Address, verify: ssl.SSLContext | bool) -> None:
        self._address = address
        host = f"[{address.host}]" if ":" in address.host else address.host
        scheme = address.uri.partition(":")[0]
        self._printer = f"{scheme}://{host}:{address.port}{address.path}"
        url = f"http{scheme.removeprefix('ipp')}{self._printer.removeprefix(scheme)}"
        self._numbers = itertools.count(1)
        self._job: int | None = None
        # The proxies of the environment are not for printers.
        self._http = httpx.Client(verify=verify, trust_env=False, follow_redirects=False)
        self._requester = Requester(self._http, url, address=address)

    def greet(self, *, timeout_s: float) -> None:
        """See that the printer is there and takes jobs, or TransportError."""
        asked = ("printer-state", "printer-is-accepting-jobs")
        attributes = [Attribute(messages.KEYWORD, "requested-attributes", asked)]
        deadline = time.monotonic() + timeout_s
        body = self._body(messages.GET_PRINTER_ATTRIBUTES, attributes, deadline=deadline)
        try:
            answer = self._requester.ask(body, deadline=deadline)
            if answer.values(messages.PRINTER_GROUP, "printer-is-accepting-jobs") == [b"\0"]:
                raise RefusedError("the word that it accepts no jobs", surely_no_job=True)
        except (httpx.HTTPError, LateError, RefusedError, ValueError) as error:
            raise TransportError(
                f"Printer {self._address.uri} cannot be reached: expected an IPP printer that "
                f"answers within {timeout_s:g} s, got {said(error)}; check that it is switched "
                "on, in the network and has this address and path."
            ) from error

    def write(self, data: bytes, *, name: str, timeout_s: float) -> None:
        """Have the printer accept the document as a job, or TransportError with bytes_written."""
        deadline = time.monotonic() + timeout_s
        given = self._address.parameters
        kind = given["format"] or _FORMATS.get(Path(name).suffix, "application/octet-stream")
        attributes = [
            Attribute(messages.NAME, "job-name", name),
            Attribute(messages.MIME_TYPE, "document-format", kind),
        ]
        template = [Attribute(messages.KEYWORD, "print-scaling", given["scaling"])]
        if given["media"]:
            template.append(Attribute(messages.KEYWORD, "media", given["media"]))
        self._job = None
        body = self._body(messages.PRINT_JOB, attributes, job=template, deadline=deadline)
        body.document = data
        try:
            answer = self._requester.ask(body, deadline=deadline)
            self._job = _number(answer.values(messages.JOB_GROUP, "job-id"), "job-id")
        except (httpx.HTTPError, LateError, RefusedError, ValueError) as error:
            raise TransportError(
                f"Printer {self._address.uri} did not accept {name!r}, {body.sent} of {len(data)} "
                f"bytes sent: {said(error)}; expected a job of its own within {timeout_s:g} s; "
                "see what it shows.",
                bytes_written=0 if surely_no_job(error) else body.sent,
                is_about_data=is_about_document(error),
            ) from error

    def await_job(self, *, timeout_s: float) -> JobReport:
        """What the printer says of the job written last, once that is over or the time is.

        TransportError if it does not answer, ValueError if nothing was written.
        """
        if self._job is None:
            raise ValueError("No job was accepted: expected a write before; write a document.")
        deadline = time.monotonic() + timeout_s
        pause_s = _POLL_S
        while True:
            report = self._report(self._job, deadline=max(deadline, time.monotonic() + _POLL_MAX_S))
            left_s = deadline - time.monotonic()
            if report.is_over or left_s <= 0:
                return report
            time.sleep(min(pause_s, left_s))
            pause_s = min(pause_s * 2, _POLL_MAX_S)

    def read(self, *, timeout_s: float) -> bytes:
        """Nothing: a printer answers requests and says nothing of its own."""
        return b""

    def close(self) -> None:
        """Close what is open."""
        self._http.close()

    def _report(self, job: int, *, deadline: float) -> JobReport:
        asked = ("job-state", "job-state-reasons", _BEGUN, _SHEETS)
        attributes = [
            Attribute(messages.INTEGER, "job-id", job),
            Attribute(messages.KEYWORD, "requested-attributes", asked),
        ]
        body = self._body(messages.GET_JOB_ATTRIBUTES, attributes, deadline=deadline)
        try:
            answer = self._requester.ask(body, deadline=deadline)
            state = _number(answer.values(messages.JOB_GROUP, "job-state"), "job-state")
            if not 0 <= state - _FIRST_STATE < len(_STATES):
                raise ValueError(f"job-state {state}, which no job has")
        except (httpx.HTTPError, LateError, RefusedError, ValueError) as error:
            raise TransportError(
                f"Printer {self._address.uri} does not say what became of job {job}: "
                f"{said(error)}; expected its state; ask again, or look at the printer."
            ) from error
        reasons = answer.values(messages.JOB_GROUP, "job-state-reasons")
        return JobReport(
            number=job,
            state=_STATES[state - _FIRST_STATE],
            reasons=tuple(str(one) for one in reasons if one != "none"),
            has_begun=_has_begun(answer.values(messages.JOB_GROUP, _BEGUN)),
            sheets=_count(answer.values(messages.JOB_GROUP, _SHEETS)),
        )

    def _body(
        self,
        operation: int,
        asked: list[Attribute],
        *,
        job: Iterable[Attribute] = (),
        deadline: float,
    ) -> Body:
        """RFC 8011, 4.1.4: charset and language first, then who is asked, then who asks."""
        target = [
            Attribute(messages.CHARSET, "attributes-charset", "utf-8"),
            Attribute(messages.LANGUAGE, "attributes-natural-language", "en"),
            Attribute(messages.URI, "printer-uri", self._printer),
        ]
        # RFC 8011, 4.1.5: the number of a job belongs to its printer, and stands beside it.
        beside = [one for one in asked if one.name == "job-id"]
        user = Attribute(
            messages.NAME, "requesting-user-name", self._address.parameters["user_name"]
        )
        others = [one for one in asked if one.name != "job-id"]
        asked = [*target, *beside, user, *others]
        head = messages.encode(operation, asked, number=next(self._numbers), job=job)
        return Body(head, deadline=deadline)


def _context(file: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=file)


def _number(values: list[messages.Value], name: str) -> int:
    if len(values) != 1 or not isinstance(values[0], int):
        raise ValueError(f"an answer without {name}")
    return values[0]


def _has_begun(values: list[messages.Value]) -> bool | None:
    """RFC 8011, 5.3.14.2: no-value until the job enters the state *processing*."""
    if values == [messages.NO_VALUE]:
        return False
    return True if len(values) == 1 and isinstance(values[0], int) else None


def _count(values: list[messages.Value]) -> int | None:
    return values[0] if len(values) == 1 and isinstance(values[0], int) else None

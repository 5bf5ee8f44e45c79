"""Ask a printer whether it can take labels, before any are sent."""

import time
from typing import cast

from labeler.production.site import Site
from labeler.spooler import notices
from printers import languages
from printers.languages import ReplyingLanguage
from printers.status import Reason, Status
from printers.transports import Connection


class NotNow(Exception):
    """The printer cannot be used at the moment; ``reasons`` are keywords of RFC 8011, 5.4.12."""

    def __init__(self, sentence: str, *reasons: Reason) -> None:
        """Say why in a sentence, and name the reasons."""
        super().__init__(sentence)
        self.reasons = reasons


class Questions:
    """What one printer is asked; its caller owns the connection."""

    def __init__(self, site: Site, printer: str) -> None:
        """Ask ``printer`` in its language, and wait as long as the settings say."""
        self._printer = printer
        self._language = cast(
            ReplyingLanguage, languages.load(site.plant.printers[printer].language)
        )
        self._timeout_s = site.plant.spooler.reply_timeout_s
        self._write_timeout_s = site.plant.spooler.write_timeout_s
        self._receives_since: float | None = None
        """When it was first found in the middle of a label that is not over yet."""

    def status(self, connection: Connection) -> Status | None:
        """Return what it says; None if it is silent."""
        return self._language.ask_status(connection, timeout_s=self._timeout_s)

    def label_count(self, connection: Connection) -> int | None:
        """Return its odometer; None if it does not say."""
        return self._language.ask_label_count(connection, timeout_s=self._timeout_s)

    def odometer_when_ready(self, connection: Connection) -> int:
        """Return the printer's label count once it is ready and idle; NotNow if it is not."""
        status = self.require_ready(connection)
        if status.labels_waiting:
            raise NotNow(f"Printer '{self._printer}' prints labels of others.", "other")
        odometer = self.label_count(connection)
        if odometer is None:
            raise NotNow(
                f"Printer '{self._printer}' did not tell its label count "
                f"(odometer.total_label_count) within {self._timeout_s:g} s; it is asked again. "
                "If it never tells, set proof: none for it in config.yaml; its labels then stay "
                "'sent'.",
                "other",
            )
        return odometer

    def require_ready(self, connection: Connection) -> Status:
        """Return what a printer says that is ready and in the middle of nothing; else NotNow."""
        status = self.status(connection)
        if status is None:
            silence = notices.silent(self._printer, self._timeout_s)
            raise NotNow(f"{silence} Nothing was sent.", "timed-out")
        if not status.ready:
            raise NotNow(notices.says(self._printer, status), *status.reasons)
        if status.receiving:
            self._end_what_stays(connection)
            raise NotNow(f"Printer '{self._printer}' prints labels of others.", "other")
        self._receives_since = None
        return status

    def _end_what_stays(self, connection: Connection) -> None:
        """Let the printer forget the beginning of a label that nobody sends the end of.

        A write that broke off leaves one, since a serial line does not tell a printer that it broke
        off: the printer would wait for the end for ever. We hold the port, and no label takes
        longer than a write may: nobody is sending it any more. It is doubtful already.
        """
        now = time.monotonic()
        since = self._receives_since = self._receives_since or now
        if now - since > self._write_timeout_s:
            self._language.forget_beginning(connection, timeout_s=self._timeout_s)
            self._receives_since = None

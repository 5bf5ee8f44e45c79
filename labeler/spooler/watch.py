"""Ask a printer that has nothing to do how it is, now and then, and never in a label's way.

A question is given up at once when a label comes, and none is asked while labels travel: then the
courier hears how the printer is. A printer that is silent or away is asked less and less often.
"""

import time
from collections.abc import Callable
from typing import cast

from labeler.production.site import Site
from labeler.spooler.notices import CANNOT_BE_ASKED, NOBODY_ASKS, NOT_ASKED_YET, Notice
from printers import languages, transports
from printers.errors import GivenUp, TransportError
from printers.languages import ReplyingLanguage
from printers.status import Silence

BACK_OFF_MAX = 8
"""How many times the interval a printer that says nothing is left alone at most."""


class Watch:
    """Asks one printer; its caller owns the thread, and calls it while nothing waits."""

    def __init__(
        self, site: Site, printer: str, *, notice: Notice, give_up: Callable[[], bool]
    ) -> None:
        """``give_up`` says whether there is something better to do."""
        entry = site.plant.printers[printer]
        self._uri = entry.uri
        self._language = entry.language
        self._settings = site.plant.spooler
        self._can_answer = site.plant.asks(printer)
        self._notice = notice
        self._give_up = give_up
        self._next_s = 0.0
        self._unanswered = 0
        self.begin()

    def begin(self) -> None:
        """Say that nothing is known of the printer, and what will change that."""
        if not self._can_answer:
            self._notice.show("unknown", sentence=CANNOT_BE_ASKED)
        elif not self._settings.status_interval_s:
            self._notice.show("unknown", sentence=NOBODY_ASKS)
        else:
            self._notice.show("unknown", sentence=NOT_ASKED_YET)

    @property
    def asks(self) -> bool:
        """Whether the printer is ever asked while it has nothing to do."""
        return self._can_answer and self._settings.status_interval_s > 0

    @property
    def due(self) -> bool:
        """Whether it is to be asked now."""
        return self.asks and time.monotonic() >= self._next_s

    def heard(self) -> None:
        """Hear that the printer has answered somebody else just now."""
        self._unanswered = 0
        self._next_s = time.monotonic() + self._settings.status_interval_s

    def soon(self) -> None:
        """Ask as soon as nothing waits: what is shown of the printer may be wrong by then."""
        self._next_s = 0.0

    def ask(self) -> None:
        """Ask, and show what was heard; if it was given up, nothing has changed."""
        language = cast(ReplyingLanguage, languages.load(self._language))
        settings = self._settings
        try:
            with transports.connect(self._uri, timeout_s=settings.connect_timeout_s) as connection:
                picture = language.ask(
                    connection, timeout_s=settings.reply_timeout_s, give_up=self._give_up
                )
        except GivenUp:
            return
        except TransportError as error:
            self._notice.show("stopped", ("connecting-to-device",), sentence=str(error))
            self._back_off()
            return
        self._notice.hear(picture)
        if isinstance(picture.status, Silence):
            self._back_off()
        else:
            self.heard()

    def _back_off(self) -> None:
        factor = min(2**self._unanswered, BACK_OFF_MAX)
        self._unanswered += 1
        self._next_s = time.monotonic() + factor * self._settings.status_interval_s

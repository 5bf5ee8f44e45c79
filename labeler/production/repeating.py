"""The same trigger again: the same reply, for ever."""

import json
from collections.abc import Sequence
from typing import Any, Protocol

from labeler.errors import KEY_REUSED, Refusal
from labeler.production.booking import Draft, Reply, Trigger
from labeler.store import Transaction


class Keyed(Protocol):
    """Whatever somebody wishes with a key of their own."""

    @property
    def channel(self) -> str:
        """Through which door it came."""

    @property
    def line(self) -> str:
        """For which line."""

    @property
    def key(self) -> str:
        """Chosen by the sender, unique for each wish."""

    @property
    def arguments(self) -> str:
        """Everything that must be equal in a retry."""


def known_replies(
    transaction: Transaction, triggers: Sequence[Keyed]
) -> dict[tuple[str, str, str], tuple[str, Any]]:
    """Return channel, line and key -> arguments and stored reply, as far as they were served."""
    keys: dict[tuple[str, str], list[str]] = {}
    for trigger in triggers:
        keys.setdefault((trigger.channel, trigger.line), []).append(trigger.key)
    known: dict[tuple[str, str, str], tuple[str, Any]] = {}
    for (channel, line), wanted in keys.items():
        # Not (channel, line, key) IN (VALUES …): for that, SQLite scans the whole table.
        places = ", ".join("?" * len(wanted))
        rows = transaction.run_sql(
            "SELECT key, arguments, reply FROM trigger_reply "  # noqa: S608 places are ours
            f"WHERE channel = ? AND line = ? AND key IN ({places})",
            (channel, line, *wanted),
        )
        known.update({(channel, line, row[0]): (row[1], row[2]) for row in rows})
    return known


def replay(
    trigger: Trigger, *, arguments: str, stored: "str | Draft"
) -> "Reply | Refusal | tuple[Draft, bool]":
    """Return what was replied to this key, or will be; refuse (1008) it with other arguments."""
    if arguments != trigger.arguments:
        return other_arguments(trigger, arguments)
    if isinstance(stored, Draft):
        return stored, True
    reply = json.loads(stored)
    return Reply(
        serials=tuple(reply["serials"]),
        run=reply["run"],
        job=reply["job"],
        identifiers=tuple(reply.get("identifiers", ())),
        replayed=True,
    )


def other_arguments(wish: Keyed, arguments: str) -> Refusal:
    """Return the refusal (1008) of a key that was used with other ``arguments``."""
    return Refusal(
        KEY_REUSED,
        f"Idempotency-Key '{wish.key}' of line '{wish.line}' was used with {arguments}, "
        f"now with {wish.arguments}.",
        hint="Send the same arguments for a retry, or a new key for a new label.",
    )

"""Times on a command line."""

from datetime import datetime, tzinfo

import click


def moment(text: str | None, zone: tzinfo) -> datetime | None:
    """Return the time that is meant: in the site's zone, unless it names another."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            f"'{text}': expected a time such as 2026-11-23T06:00.", param_hint="--at"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=zone)

"""Which printer prints a label: the line's, or one of its group.

A member is chosen at the trigger, from memory alone: the settings, and what the spooler has heard.
Who is stopped now is passed over, but a label never waits for an answer. What was chosen wrongly
goes to another member later (`printing.failover`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labeler.production.printing.printer_facts import is_dpi
from labeler.production.site import PrinterState, Site
from labeler.settings import PrinterSettings
from labeler.templates import LabelTemplate
from printers.errors import Unprintable


class NoneSuits(Unprintable):
    """No printer of a group takes a label."""


def unsuited(template: LabelTemplate, name: str, *, printer: PrinterSettings) -> str | None:
    """Return why a printer does not take the labels of a template; None if it does."""
    if template.dpi and not any(is_dpi(printer, one) for one in template.dpi):
        made_for = " or ".join(map(str, template.dpi))
        return (
            f"Template '{template.name}' is made for {made_for} dpi, printer '{name}' has "
            f"{printer.dpi}."
        )
    return too_large(template, name, printer=printer)


def too_large(template: LabelTemplate, name: str, *, printer: PrinterSettings) -> str | None:
    """Return why the stock in a printer does not take the labels; None if it does."""
    media = printer.media
    if template.width_mm <= media.width_mm and template.height_mm <= media.height_mm:
        return None
    return (
        f"Template '{template.name}' is {template.width_mm:g} x {template.height_mm:g} mm, "
        f"the media of printer '{name}' {media.width_mm:g} x {media.height_mm:g} mm."
    )


def require_suits(site: Site, template: LabelTemplate, name: str) -> None:
    """Raise Unprintable where the labels of a template are not for the printer ``name``."""
    why = unsuited(template, name, printer=site.plant.printers[name])
    if why is not None:
        raise Unprintable(why)


def suited(site: Site, template: LabelTemplate, name: str) -> tuple[str, ...]:
    """Return the members of the group ``name`` that take a template's labels, in its order.

    A printer is returned as it is: who opened the run has looked whether it takes them. Raises
    NoneSuits where no member does.
    """
    group = site.plant.printer_groups.get(name)
    if group is None:
        return (name,)
    printers = site.plant.printers
    reasons = {one: unsuited(template, one, printer=printers[one]) for one in group.printers}
    found = tuple(one for one, why in reasons.items() if why is None)
    if not found:
        why = " ".join(str(reason) for reason in reasons.values())
        raise NoneSuits(f"No printer of group '{name}' takes template '{template.name}'. {why}")
    return found


def shown_at(site: Site, template: LabelTemplate, name: str) -> str:
    """Return as which printer's labels those of a printer or group are shown: its first choice."""
    try:
        return suited(site, template, name)[0]
    except NoneSuits:
        return site.plant.members(name)[0]


def choose(site: Site, template: LabelTemplate, name: str) -> str:
    """Return the printer for the next job of a line that prints to the printer or group ``name``.

    Where all members are stopped it is the first that takes the label, and the label waits. Raises
    NoneSuits where none takes it.
    """
    if name not in site.plant.printer_groups:
        return name
    members = suited(site, template, name)
    return _next(site, name, usable(site, members)) or members[0]


@dataclass(frozen=True, kw_only=True)
class Way:
    """Which printer prints a job, and of which group it was chosen."""

    printer: str
    group: str | None = None
    """None: it stays with the printer, whatever becomes of that."""


def again(site: Site, template: LabelTemplate, group: str, *, last: str | None) -> Way:
    """Return the way of a label that is printed again for a group: the member that had it ``last``.

    None: none had. One that has stopped is passed over, unless all have. Raises NoneSuits where no
    member takes the label.
    """
    members = suited(site, template, group)
    works = usable(site, members)
    if last is not None and last in (works or members):
        return Way(printer=last, group=group)
    return Way(printer=choose(site, template, group), group=group)


def instead(site: Site, template: LabelTemplate, name: str, *, of: str) -> str | None:
    """Return the member that prints what waits for the member ``of``; None if none works."""
    others = [one for one in suited(site, template, name) if one != of]
    return _next(site, name, usable(site, others))


def usable(site: Site, members: Sequence[str]) -> list[str]:
    """Return the members that are not known to be stopped."""
    return [one for one in members if not is_stopped(site, one)]


def is_stopped(site: Site, printer: str) -> bool:
    """Return whether a printer is known to print nothing now.

    One that cannot be asked, and from which labels were taken away, is not trusted for a while.
    """
    state = site.printer_states.get(printer, PrinterState()).state
    return state == "stopped" or (state == "unknown" and printer in site.avoided)


def _next(site: Site, name: str, members: Sequence[str]) -> str | None:
    """Return the first of the members, or whose turn it is where all take turns."""
    group = site.plant.printer_groups[name]
    if not members or group.choose == "failover":
        return members[0] if members else None
    turn = site.turns.get(name, 0)
    places = range(turn, turn + len(group.printers))
    order = [place % len(group.printers) for place in places]
    place = next(one for one in order if group.printers[one] in members)
    site.turns[name] = place + 1
    return group.printers[place]

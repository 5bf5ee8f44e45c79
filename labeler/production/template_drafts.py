"""Drafts: the files of the templates folder, as they are at this moment."""

import re
from dataclasses import dataclass, field

from labeler.errors import NO_SUCH_TEMPLATE, TEMPLATE_FAULTY, Refusal
from labeler.production.plant import TemplateFolder
from labeler.production.site import Site

CONTENT_MAX_BYTES = 256 * 1024
"""Longest template that is released or previewed, in UTF-8."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""What a template's name looks like, as in config.yaml."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A template as its file says, which may be wrong, or as somebody is writing it."""

    name: str
    content: str
    folder: TemplateFolder = field(compare=False, repr=False)
    """Where the files are that it shows."""


def read(folder: TemplateFolder, name: str) -> Draft:
    """Return a draft as its file says now; raises OSError, or UnicodeDecodeError."""
    return Draft(name=name, content=folder.text(name), folder=folder)


def names(site: Site) -> list[str]:
    """Return the templates that have a file."""
    return sorted(name for name in site.plant.folder.names() if NAME.fullmatch(name))


def find(site: Site, name: str) -> Draft | None:
    """Return a draft; None if there is no such file. Refuses (4005) one that cannot be read."""
    if name not in names(site):
        return None
    try:
        return read(site.plant.folder, name)
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            TEMPLATE_FAULTY,
            f"Template '{name}' cannot be read: {error}.",
            hint="Correct its file in the folder that config.yaml calls templates.",
        ) from error


def require(site: Site, name: str) -> Draft:
    """Return a draft; refuse (4002) one that has no file, and (4005) one that cannot be read."""
    found = find(site, name)
    if found is None:
        raise unknown(site, name)
    return found


def unknown(site: Site, name: str) -> Refusal:
    """Return the refusal (4002) of a template that does not exist."""
    return Refusal(
        NO_SUCH_TEMPLATE,
        f"There is no template '{name}'.",
        hint=f"Known: {', '.join(names(site)) or 'none'}.",
    )

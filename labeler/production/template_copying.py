"""A new draft that begins as a copy of another one, comments and all."""

import re
from pathlib import Path

from labeler.errors import BAD_VALUE, NO_SUCH_TEMPLATE, Refusal
from labeler.production.template_drafts import NAME

_OWN_NAME = re.compile(r"^label:[^#\n]*?(?=[ \t]*(?:#.*)?$)", re.MULTILINE)
"""The line in which a template says its name, up to a comment."""


def copy(folder: Path, source: str, *, to: str) -> Path:
    """Make the file of template ``to`` from that of ``source``; return it. Nothing is overwritten.

    Refuses a name that no template may have or that has a file (1002), a source that has none
    (4002), and one that does not say its name in a line of its own (1002).
    """
    if not NAME.fullmatch(to):
        raise Refusal(
            BAD_VALUE,
            f"'{to}' is no name of a template: expected 1 to 64 letters, digits, '_', '.', '-', a "
            "letter or digit first.",
            hint="Choose another name.",
        )
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    if source not in known:
        raise Refusal(
            NO_SUCH_TEMPLATE,
            f"There is no template '{source}'.",
            hint=f"Known: {', '.join(known) or 'none'}.",
        )
    text = renamed((folder / f"{source}.yaml").read_text(encoding="utf-8"), source, to=to)
    target = folder / f"{to}.yaml"
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Refusal(
            BAD_VALUE, f"{target} exists already.", hint="Choose another name."
        ) from error
    return target


def renamed(content: str, source: str, *, to: str) -> str:
    """Return the text of template ``source`` under another name.

    Refuses (1002) one that does not say its name in a line of its own.
    """
    text, count = _OWN_NAME.subn(f"label: {to}", content)
    if count != 1:
        raise Refusal(
            BAD_VALUE,
            f"Template '{source}' says its name in {count} lines that begin with 'label:': "
            "expected 1.",
            hint="Copy the file by hand, and write the new name into it.",
        )
    return text

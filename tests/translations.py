"""The texts of pages and their translations: what is missing, doubtful, wrong, or used no more.

Run as ``python -m tests.translations``: it says in a sentence each what is wrong. With ``--update``
it adds what is missing, without its translation, and takes out what is not used any more.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from labeler.errors import KINDS
from labeler.web.sentences import PHRASES
from tests import sentences

ROOT = Path(__file__).parents[1]
WEB = ROOT / "labeler" / "web"
TRANSLATIONS = WEB / "translations"
SENTENCES = TRANSLATIONS / "sentences"

_METHODS = [("**.py", "python"), ("**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
_KEYWORDS = {"_": None, "gettext": None, "later": None, "ngettext": (1, 2)}
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def extracted(folder: Path = WEB) -> Catalog:
    """Return every text that the pages in ``folder`` show."""
    found = Catalog()
    for _, _, text, comments, context in extract_from_dir(
        folder, _METHODS, _OPTIONS, keywords=_KEYWORDS
    ):
        found.add(text, auto_comments=comments, context=context)
    if folder == WEB:
        for kind in KINDS:  # pages show the titles of refusals, too
            found.add(kind.title)
    return found


def spoken() -> Catalog:
    """Return every sentence of the service that stands in its source; see `sentences`."""
    found = Catalog()
    for text in sorted({*sentences.found(), *PHRASES}):
        found.add(text)
    return found


def translated(path: Path) -> Catalog:
    """Return the catalogue of a .po file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def wrong(source: Catalog, path: Path) -> list[str]:
    """Return what is wrong with the translations in ``path``, each in a sentence."""
    found = translated(path)
    complaints = [
        f"{path.name}: '{_first(one)}' has no translation."
        for one in _texts(source)
        if (known := found.get(one.id, one.context)) is None or not _all(known)
    ]
    for known in _texts(found):
        if source.get(known.id, known.context) is None:
            complaints.append(f"{path.name}: '{_first(known)}' is used no more.")
        elif known.fuzzy:
            complaints.append(f"{path.name}: '{_first(known)}' is marked fuzzy.")
        elif _all(known) and _has_others(known):
            complaints.append(
                f"{path.name}: '{_first(known)}' is translated with other placeholders."
            )
    complaints += [
        f"{path.name}: '{_first(one)}' is used no more." for one in found.obsolete.values()
    ]
    return complaints


def update(source: Catalog, path: Path) -> None:
    """Add what the translations lack, and take out what is not used any more."""
    found = translated(path)
    found.update(source, no_fuzzy_matching=True)
    found.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, found, width=100, omit_header=False, no_location=True, sort_output=True)
    text = path.read_text(encoding="utf-8")
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {path.stem}\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {found.plural_forms}\\n"\n'
    )
    # Dates, tools and people of the header would differ with every run, and say nothing.
    _, _, rest = text.partition("\n\n")
    path.write_text(f"{header}\n{rest.strip()}\n", encoding="utf-8")


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (one for one in catalogue if one.id)


def _first(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, (list, tuple)) else message.id)


def _forms(text: object) -> list[str]:
    return [str(one) for one in text] if isinstance(text, (list, tuple)) else [str(text)]


def _all(message: Message) -> bool:
    forms = _forms(message.string)
    wanted = 2 if isinstance(message.id, (list, tuple)) else 1
    return len(forms) >= wanted and all(forms)


def _has_others(message: Message) -> bool:
    """Return whether a form of the translation has not the placeholders of its source."""
    sources, forms = _forms(message.id), _forms(message.string)
    pairs = zip([sources[0], *[sources[-1]] * (len(forms) - 1)], forms, strict=True)
    return any(sorted(_PLACEHOLDER.findall(a)) != sorted(_PLACEHOLDER.findall(b)) for a, b in pairs)


def main(arguments: list[str]) -> int:
    """Check or update every language; return how a shell should take it."""
    found = []
    for folder, source in ((TRANSLATIONS, extracted()), (SENTENCES, spoken())):
        for path in sorted(folder.glob("*.po")):
            if "--update" in arguments:
                update(source, path)
            found += wrong(source, path)
    sys.stderr.writelines(f"{one}\n" for one in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

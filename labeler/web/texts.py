"""The texts of pages in the languages of people: English as it is written, others from a .po file.

A catalogue is made in memory from translations/LANGUAGE.po when somebody first wants it: there is
no compiled file that could be older than its source. `make check` says what is missing. See
docs/decisions/0053.
"""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import g, has_request_context, request

from labeler.web.pages.visitor import visitor

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Code -> what the language is called in itself; the first one is that of the source."""
COOKIE = "language"
_LOCALES = {"en": "en_GB", "de": "de_DE"}
"""How dates and numbers are written; en_GB has the day first and 24 hours, as plants write it."""


@cache
def catalogue(language: str) -> NullTranslations:
    """Return the texts of a language; those of English stand in the source."""
    if language == "en":
        return NullTranslations()
    place = resources.files("labeler.web").joinpath("translations", f"{language}.po")
    compiled = io.BytesIO()
    with place.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def language() -> str:
    """Return the language of whoever asks: of the account, of the cookie, of the browser."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        chosen = (visitor().language, request.cookies.get(COOKIE))
        known = [one for one in chosen if one in LANGUAGES]
        g.language = known[0] if known else request.accept_languages.best_match(LANGUAGES, "en")
    found: str = g.language
    return found


def locale() -> Locale:
    """Return how dates and numbers are written for whoever asks."""
    return Locale.parse(_LOCALES[language()])


def gettext(message: str) -> str:
    """Return a text in the language of whoever asks."""
    return catalogue(language()).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Return a text about ``count`` things in the language of whoever asks."""
    return catalogue(language()).ngettext(one, many, count)


def later(message: str) -> str:
    """Mark a text that `gettext` translates where it is shown; returns it as it is."""
    return message

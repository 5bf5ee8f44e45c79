"""Every text of the pages is translated, and the check that says so sees what is wrong."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tests import translations

HEADER = (
    'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
GOOD = (
    '#, python-format\nmsgid "%(num)s unit"\nmsgid_plural "%(num)s units"\n'
    'msgstr[0] "%(num)s Einheit"\nmsgstr[1] "%(num)s Einheiten"\n\n'
    'msgid "Line"\nmsgstr "Linie"\n'
)


@pytest.fixture
def source(tmp_path: Path) -> Catalog:
    """The texts of a page and of a module."""
    (tmp_path / "page.html").write_text(
        '{{ _("Line") }} {{ ngettext("%(num)s unit", "%(num)s units", count) }}'
    )
    (tmp_path / "words.py").write_text('LINE = later("Line")\n')
    return translations.extracted(tmp_path)


def wrong(source: Catalog, folder: Path, text: str) -> list[str]:
    path = folder / "de.po"
    path.write_text(HEADER + text, encoding="utf-8")
    return translations.wrong(source, path)


def test_translations_of_the_pages_are_whole() -> None:
    source = translations.extracted()
    paths = sorted(translations.TRANSLATIONS.glob("*.po"))
    assert [path.stem for path in paths] == ["de"]
    assert [one for path in paths for one in translations.wrong(source, path)] == []


def test_translations_that_are_right_are_not_complained_of(source: Catalog, tmp_path: Path) -> None:
    assert wrong(source, tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('msgstr "Linie"', 'msgstr ""', "de.po: 'Line' has no translation."),
        ('msgid "Line"', 'msgid "Lime"', "de.po: 'Line' has no translation."),
        ("%(num)s Einheiten", "", "de.po: '%(num)s unit' has no translation."),
        (
            "%(num)s Einheiten",
            "%(count)s Einheiten",
            "de.po: '%(num)s unit' is translated with other placeholders.",
        ),
        ('msgid "Line"', '#, fuzzy\nmsgid "Line"', "de.po: 'Line' is marked fuzzy."),
        (
            'msgid "Line"',
            'msgid "Gone"\nmsgstr "Weg"\n\nmsgid "Line"',
            "de.po: 'Gone' is used no more.",
        ),
        (
            'msgid "Line"',
            '#~ msgid "Old"\n#~ msgstr "Alt"\n\nmsgid "Line"',
            "de.po: 'Old' is used no more.",
        ),
    ],
)
def test_translations_what_is_wrong_is_said(
    source: Catalog, tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert sentence in wrong(source, tmp_path, GOOD.replace(old, new))


def test_translations_update_adds_and_takes_out(source: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "de.po"
    path.write_text(HEADER + 'msgid "Gone"\nmsgstr "Weg"\n', encoding="utf-8")
    translations.update(source, path)
    assert sorted(translations.wrong(source, path)) == [
        "de.po: '%(num)s unit' has no translation.",
        "de.po: 'Line' has no translation.",
    ]
    once = path.read_text(encoding="utf-8")
    translations.update(source, path)
    assert path.read_text(encoding="utf-8") == once

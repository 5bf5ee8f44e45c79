"""What is true of every label, whatever its values: the steps that the tests of the proof share."""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache

from printers import languages
from printers.device import Device
from printers.errors import Unprintable
from tests.printers.pictures import picture
from tests.printers.proof import commands, expecting, labels
from tests.printers.proof.seeing import LANGUAGES, device, read

NO_COMMAND: commands.Commands = Counter()


def prove_label(
    name: str,
    texts: Mapping[str, str],
    *,
    dpi: int,
    among: Collection[str] = LANGUAGES,
) -> None:
    """Every symbol of the label scans as itself, nothing else scans, no command is added."""
    given = device(dpi, texts)
    one, wanted = labels.filled(name, texts), expecting.symbols(labels.content(name), texts)
    for language in among:
        document = one.render(language, given)
        found = read(picture(language, document, dpi=dpi))
        assert (language, found) == (language, wanted)
        more = commands.beyond(language, document, _harmless(name, language, given))
        assert (language, more) == (language, NO_COMMAND)
        if language == "zpl":
            _prove_zpl(name, texts, document)


def _prove_zpl(name: str, texts: Mapping[str, str], document: bytes) -> None:
    """No symbol more than the template's; a line in the printer's font reaches it as it is."""
    template = labels.content(name)
    more = commands.zpl_symbols(document) - expecting.zpl_symbols(template)
    assert more == NO_COMMAND
    found = commands.zpl_texts(document)
    native = [
        line
        for line in expecting.lines(template, texts)
        if line.strip() and line.isascii() and "\\" not in line
    ]
    assert [line for line in native if line not in found] == []


@cache
def _harmless(name: str, language: str, given: Device) -> bytes:
    return labels.filled(name, labels.harmless(name)).render(language, given)


def refusals(name: str, texts: Mapping[str, str], *, dpi: int) -> dict[str, str | None]:
    """Language -> why it refuses the label, by all ways there are; None where it does not."""
    given = Device(dpi=dpi)
    try:
        one = labels.filled(name, texts)
    except Unprintable as refused:
        return dict.fromkeys(LANGUAGES, str(refused))
    return {language: _refusal(language, one, given) for language in LANGUAGES}


def _refusal(language: str, one: labels.Filled, given: Device) -> str | None:
    try:
        compiled = one.compiled(language, given)
    except Unprintable as refused:
        return str(refused)
    ways = [compiled.check, compiled.render, lambda row: compiled.document([row])]
    form = languages.stored(compiled)
    if form is not None:
        ways.append(form.recall)
    answers: set[str | None] = set()
    for way in ways:
        try:
            way(one.row)
        except Unprintable as refused:
            answers.add(str(refused))
        else:
            answers.add(None)
    [answer] = answers
    return answer

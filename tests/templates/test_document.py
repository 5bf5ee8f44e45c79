"""Label templates as files: what is read, and what is refused, at which place."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from labeler import templates
from labeler.serials import presenting
from labeler.templates import TemplateError, placeholders
from tests import plants
from tests.templates.reading import HEAD, parse, refusal, sentences, text


def test_template_of_the_plant_is_read() -> None:
    content = yaml.safe_dump(plants.TEMPLATE)
    found = templates.parse(content, name="unit-label")
    assert (found.name, found.width_mm, found.height_mm) == ("unit-label", 70, 40)
    assert found.content == content
    assert found.digest == hashlib.sha256(content.encode()).hexdigest()
    assert found.sources == {"product.name", "run.lot", "number", "date:%d.%m.%Y", "serial"}


def test_template_that_ships_is_right() -> None:
    for path in (Path(__file__).parents[2] / "templates").glob("*.yaml"):
        assert templates.parse(path.read_text(encoding="utf-8"), name=path.stem).pieces


KNOWN = (
    "Known: serial, number, copy, line, product.code, product.gtin, product.name, "
    "run.best_before, run.expires_on, run.id, run.lot, run.operator, run.purchase_order, "
    "run.quantity, run.sales_order, run.shift, run.work_order, site.code, site.name, date:FORMAT, "
    "run.opened:FORMAT, run.expires_on:FORMAT, run.best_before:FORMAT, attributes.NAME, "
    "identifiers.NAME, identifiers.NAME.FORM, serial.FORM, gs1.FORM."
)
CODES = "%% %G %H %M %S %V %Y %d %j %m %u %y"
FORMS = (
    "Known: text, plain, hyphens, gtin_14, element_string, fnc1, digital_link, epc_uri, epc_hex, "
    "epc_hex_170, epc_hex_202."
)
ITEM_FORMS = (
    "Known: element_string, fnc1, digital_link, udi_di, udi_pi, epc_uri, epc_hex, epc_hex_198."
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{colour}", f"'{{colour}}' is not a known value. {KNOWN}"),
        ("{}", f"'{{}}' is not a known value. {KNOWN}"),
        ("{ serial }", f"'{{ serial }}' is not a known value: did you mean {{serial}}? {KNOWN}"),
        (
            "{attributes.}",
            f"'{{attributes.}}' is not a known value: did you mean {{attributes.NAME}}? {KNOWN}",
        ),
        ("{run.Lot}", f"'{{run.Lot}}' is not a known value: did you mean {{run.lot}}? {KNOWN}"),
        (
            "{dat}",
            f"'{{dat}}' is not a known value: did you mean {{date:FORMAT}}? {KNOWN}",
        ),
        (
            "{identifiers.Mac}",
            (
                "'{identifiers.Mac}' is not a known value: did you mean {identifiers.NAME}? "
                f"{KNOWN}"
            ),
        ),
        (
            "{serial.epc}",
            f"'{{serial.epc}}' asks for a form that is not known. {FORMS}",
        ),
        (
            "{identifiers.mac_1.hyphen}",
            (
                "'{identifiers.mac_1.hyphen}' asks for a form that is not known: did you mean "
                f"{{identifiers.mac_1.hyphens}}? {FORMS}"
            ),
        ),
        (
            "{gs1.text}",
            f"'{{gs1.text}}' asks for a form that is not known. {ITEM_FORMS}",
        ),
        (
            "{date:%q}",
            (
                f"'{{date:%q}}' is not a date format. Expected codes of {CODES}, "
                "as in {date:%d.%m.%Y}."
            ),
        ),
        (
            "{date:}",
            (
                f"'{{date:}}' is not a date format. Expected codes of {CODES}, "
                "as in {date:%d.%m.%Y}."
            ),
        ),
        (
            "{run.opened:%Y%}",
            (
                f"'{{run.opened:%Y%}}' is not a date format. Expected codes of {CODES}, "
                "as in {run.opened:%d.%m.%Y}."
            ),
        ),
        (
            "{date:" + 51 * "%d" + "}",
            (
                f"'{{date:{46 * '%d'}...}}' is not a date format. Expected at most 100 printable "
                "characters, as in {date:%d.%m.%Y}."
            ),
        ),
        (
            "SN {serial",
            "a single '{' at position 4 of 'SN {serial'. Write '{{' for the character itself.",
        ),
        (
            "serial}",
            "a single '}' at position 7 of 'serial}'. Write '}}' for the character itself.",
        ),
        (
            "{line}" * 101,
            "a text has more than 100 placeholders. Split it.",
        ),
    ],
)
def test_placeholder_that_is_wrong_is_refused(content: str, sentence: str) -> None:
    document = HEAD + f"  - {text('fine')}\n  - {text(content)}\n"
    assert refusal(document) == f"Template 'unit-label', line 5, column 30: {sentence}"
    barcode = (
        f"  - barcode: {{x_mm: 1, y_mm: 1, symbology: qr, data: {content!r}, x_dimension_mm: 1}}\n"
    )
    assert refusal(HEAD + barcode) == f"Template 'unit-label', line 4, column 48: {sentence}"


def test_forms_that_are_known_are_those_that_can_be_made() -> None:
    of_identifiers = {name for own in presenting._NAMES.values() for one in own for name in one}
    assert set(placeholders.FORMS) == of_identifiers
    assert set(placeholders.ITEM_FORMS) == set(presenting.item_names(company_prefix_length=7))


@pytest.mark.parametrize(
    ("element", "column", "sentence"),
    [
        (
            "text: {x_mm: 1, y_mm: 1, text: a, colour: red}",
            39,
            (
                "elements.0.text.colour is not a known key. Known here: show_if, x_mm, y_mm, text, "
                "size_mm, bold, align, width_mm, height_mm, wrap, size_min_mm, font, rotation."
            ),
        ),
        (
            "text: {y_mm: 1, text: a}",
            5,
            "elements.0.text.x_mm is missing: expected a number from 0 to 1000.",
        ),
        (
            "text: {x_mm: -1, y_mm: 1, text: a}",
            12,
            "elements.0.text.x_mm: expected a number from 0 to 1000, got -1.",
        ),
        (
            "text: {x_mm: .nan, y_mm: 1, text: a}",
            12,
            "elements.0.text.x_mm: expected a number from 0 to 1000, got nan.",
        ),
        (
            "text: {x_mm: 1, y_mm: 1, text: 5}",
            30,
            "elements.0.text.text: expected text, got 5.",
        ),
        (
            "line: {x_mm: 1, y_mm: 1, length_mm: 5, show_if: true}",
            44,
            "elements.0.line.show_if: expected text, got true.",
        ),
        (
            "text: {x_mm: 1, y_mm: 1, text: a, align: middle}",
            39,
            "elements.0.text.align: expected one of left, center, right, got 'middle'.",
        ),
        (
            "picture: {x_mm: 1}",
            5,
            (
                "elements.0.picture is not a known key. Known here: text, barcode, box, line, "
                "circle, image, rfid, design."
            ),
        ),
    ],
)
def test_element_that_is_wrong_is_refused(element: str, column: int, sentence: str) -> None:
    found = refusal(f"{HEAD}  - {element}\n")
    assert found.startswith(f"Template 'unit-label', line 4, column {column}: {sentence}")


@pytest.mark.parametrize(
    ("element", "count"),
    [
        ("{}", 0),
        ("{text: {x_mm: 1, y_mm: 1, text: a}, line: {x_mm: 1, y_mm: 1, length_mm: 1}}", 2),
    ],
)
def test_element_that_is_not_one_thing_is_refused(element: str, count: int) -> None:
    assert refusal(f"{HEAD}  - {text('fine')}\n  - {element}\n") == (
        "Template 'unit-label', line 5, column 5: expected exactly one of text, barcode, box, "
        f"line, circle, image, rfid, design, got {count}."
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (
            "",
            (
                "Template 'unit-label', line 1, column 1: the template: expected keys with values "
                "(label, media, dpi, samples, elements), got null."
            ),
        ),
        (
            "- a",
            (
                "Template 'unit-label', line 1, column 1: the template: expected keys with values "
                "(label, media, dpi, samples, elements), got ['a']."
            ),
        ),
        ("a: *b", "Template 'unit-label': line 1: aliases (*name) are not read here. "),
        ("label: x\nlabel: y", "Template 'unit-label': line 2: key 'label' stands twice. "),
        (
            "label: unit-label\nmedia: {width_mm: 70, height_mm: 40}\nelements: []",
            (
                "Template 'unit-label', line 3, column 1: elements: expected a list of 1 to 200 "
                "entries, got []."
            ),
        ),
        (
            HEAD.replace("70", "0") + f"  - {text('a')}",
            (
                "Template 'unit-label', line 2, column 9: media.width_mm: expected a number above "
                "0, 1000 at most, got 0."
            ),
        ),
        (
            HEAD + f"  - {text('a')}\n" * 201,
            (
                "Template 'unit-label', line 3, column 1: elements: expected a list of 1 to 200 "
                "entries, got [{"
            ),
        ),
    ],
)
def test_template_that_is_wrong_is_refused(document: str, sentence: str) -> None:
    assert refusal(document).startswith(sentence)


def test_template_names_every_finding() -> None:
    found = refusal(
        HEAD.replace("unit-label", "box-label").replace("70", "0").replace("40", "x")
        + f"  - {text('{serial|uper} {line|pad:x|cut}')}\n  - {{}}\n"
        + f"  - {text('{run.lot}', show_if='{run.lot} is L7')}\n"
    )
    assert found.splitlines() == [
        (
            "Template 'unit-label', line 1, column 1: the template calls itself 'box-label' "
            "(label:). Expected 'unit-label', the name of its file."
        ),
        (
            "Template 'unit-label', line 2, column 9: media.width_mm: expected a number above 0, "
            "1000 at most, got 0."
        ),
        (
            "Template 'unit-label', line 2, column 22: media.height_mm: expected a number above 0, "
            "1000 at most, got 'x'."
        ),
        (
            "Template 'unit-label', line 4, column 30: 'uper' is not a known filter: did you mean "
            "'upper'? Known: upper, lower, first, last, skip, cut, pad, group, without, or."
        ),
        (
            "Template 'unit-label', line 4, column 30: Filter 'pad:x': expected a whole number "
            "from 1 to 1000 for WIDTH, got 'x'; write pad:WIDTH or pad:WIDTH:CHARACTER."
        ),
        (
            "Template 'unit-label', line 4, column 30: Filter 'cut': expected 1 argument, got 0; "
            "write cut:LENGTH."
        ),
        (
            "Template 'unit-label', line 5, column 5: expected exactly one of text, barcode, box, "
            "line, circle, image, rfid, design, got 0."
        ),
        (
            "Template 'unit-label', line 6, column 49: show_if '{run.lot} is L7', position 11: "
            "expected ==, !=, in, not in, and, or, or the end, got 'is'."
        ),
    ]


def test_template_that_calls_itself_otherwise_is_refused() -> None:
    assert refusal(HEAD.replace("unit-label", "box-label") + f"  - {text('a')}") == (
        "Template 'unit-label', line 1, column 1: the template calls itself 'box-label' (label:). "
        "Expected 'unit-label', the name of its file."
    )


def test_no_more_than_ten_findings_of_a_text_are_told() -> None:
    assert len(sentences(text("{colour}" * 50))) == 10


def test_template_made_of_anything_is_read_or_refused() -> None:
    odd: list[Any] = [None, 1, "x", [], {}, {"label": "unit-label"}, {"elements": None}]
    for content in odd:
        with pytest.raises(TemplateError):
            templates.parse(yaml.safe_dump(content), name="unit-label")


def test_template_of_many_placeholders_is_read() -> None:
    assert len(parse(*[text("{serial}{number}" * 50)] * 200).pieces) == 200


def test_template_of_too_many_different_placeholders_is_refused() -> None:
    texts = [
        text("".join(f"{{serial|first:{ten + one}}}" for one in range(1, 11)))
        for ten in range(0, 510, 10)
    ]
    assert len(parse(*texts[:50]).pieces) == 50
    assert refusal(HEAD + "".join(f"  - {one}\n" for one in texts)) == (
        "Template 'unit-label' has 510 different placeholders: expected 500 at most; show less."
    )

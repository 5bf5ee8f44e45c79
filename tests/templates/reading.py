"""Templates as the tests write them: a head of three lines, and an element a line."""

import pytest

from labeler import templates
from labeler.templates import Form, LabelTemplate, TemplateError
from printers import label as model

HEAD = "label: unit-label\nmedia: {width_mm: 70, height_mm: 40}\nelements:\n"


def parse(*elements: str) -> LabelTemplate:
    """Return a template with these elements, each on a line of its own from line 4."""
    text = HEAD + "".join(f"  - {element}\n" for element in elements)
    return templates.parse(text, name="unit-label")


def text(content: str, **keys: str) -> str:
    """Return a text element."""
    more = "".join(f", {key}: {value!r}" for key, value in keys.items())
    return f"text: {{x_mm: 1, y_mm: 2, text: {content!r}{more}}}"


def refusal(content: str) -> str:
    """Return what is wrong with a template."""
    with pytest.raises(TemplateError) as caught:
        templates.parse(content, name="unit-label")
    return str(caught.value)


def sentences(*elements: str) -> list[str]:
    """Return what is wrong with a template of these elements, without the places."""
    found = refusal(HEAD + "".join(f"  - {element}\n" for element in elements))
    return [line.split(": ", 1)[1] for line in found.splitlines()]


def contents(form: Form) -> list[model.Content]:
    """Return what a form's texts and symbols show."""
    elements = form.label.elements
    return [one.content for one in elements if isinstance(one, model.Text | model.Barcode)]


def named(values: dict[str, str]) -> dict[str, str]:
    """Return constants whose names were written with two underscores for the dot."""
    return {name.replace("__", "."): value for name, value in values.items()}

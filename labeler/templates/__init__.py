"""PURE: label template (YAML text) + values -> the form that `printers` fills for each unit.

A template is data in millimetres. `document` reads it: its `elements` show texts, in which
`expressions` stand between braces: a value of `placeholders`, written as `filters` say.
`conditions` say when an element is shown. `forms` fills in what a run fixes, and makes what the
label of a unit shows. `files` adds pictures and designs.
"""

from labeler.templates.document import parse
from labeler.templates.errors import TemplateError
from labeler.templates.files import FILE_MAX_BYTES, ReadFile, complete, read
from labeler.templates.filters import LENGTH_MAX
from labeler.templates.forms import Filler, Form, LabelTemplate
from labeler.templates.placeholders import (
    CONSTANTS,
    COPY,
    COPY_WIDEST,
    IDENTIFIER,
    OPENED,
    form_of,
    names_of,
)

__all__ = [
    "CONSTANTS",
    "COPY",
    "COPY_WIDEST",
    "FILE_MAX_BYTES",
    "IDENTIFIER",
    "LENGTH_MAX",
    "OPENED",
    "Filler",
    "Form",
    "LabelTemplate",
    "ReadFile",
    "TemplateError",
    "complete",
    "form_of",
    "names_of",
    "parse",
    "read",
]

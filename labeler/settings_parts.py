"""PURE: what the settings are made of: names, numbers, and parts that refuse unknown keys."""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"),
    Field(description="1 to 64 letters, digits, '_', '.', '-', a letter or digit first"),
]
"""A name of a line, printer, series, product or template: it stands in addresses and file names."""

Gtin = Annotated[
    str,
    StringConstraints(pattern=r"^\d{8}$|^\d{12,14}$"),
    Field(description="8, 12, 13 or 14 digits in quotes"),
]

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time on the wall, 00:00 to 23:59; quoted, since YAML reads 14:00 as a number."""

IdentifierType = Literal[
    "gtin", "sgtin_serial", "sscc", "grai", "giai", "lot", "vin", "imei", "eui48", "eui64", "iuid"
]
"""What a series may be of; the serial engine says what each of them asks."""

Millimetres = Annotated[float, Field(gt=0, le=1000)]

IdentifierName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$"),
    Field(description="1 to 32 small letters, digits and '_', a letter first"),
]
"""What a product calls an identifier of its units: `mac_1`."""


class Part(BaseModel):
    """A part of the settings: frozen, and it refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AttributeSettings(Part):
    """What a run of a product has to be told, or may be: one of its attributes."""

    type: Literal["text", "integer", "decimal", "date", "choice"] = "text"
    """Of what kind its value is; date: YYYY-MM-DD."""
    required: bool = False
    """Whether no run is planned or opened without it."""
    pattern: str | None = None
    """The whole value has to match this regular expression."""
    max_length: Annotated[int, Field(ge=1, le=64)] | None = None
    """Most characters of its value."""
    choices: list[str] = []
    """The values a choice may have."""

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("expected choices where type is choice, and only there")
        if self.type in ("date", "choice") and (self.pattern or self.max_length):
            raise ValueError(f"type {self.type} takes neither pattern nor max_length")
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise ValueError(
                f"pattern '{self.pattern}' is no regular expression: {error}"
            ) from None
        return self

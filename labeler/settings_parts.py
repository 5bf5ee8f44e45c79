"""PURE: what the settings are made of: names, numbers, and parts that refuse unknown keys."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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

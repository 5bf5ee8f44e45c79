"""What the serials of a series are where others have standardised it, and how they are shown.

>>> Identifier(type="eui48", notation="colons")
Identifier(type='eui48', company_prefix_length=None, notation='colons')
"""

from dataclasses import dataclass
from typing import Literal as OneOf

Gs1Type = OneOf["gtin", "sgtin_serial", "sscc", "grai", "giai", "lot"]
Type = Gs1Type | OneOf["vin", "imei", "eui48", "eui64", "iuid"]
Notation = OneOf["colons", "hyphens", "dots", "plain"]

WITH_COMPANY_PREFIX: tuple[Type, ...] = ("sscc", "grai", "giai", "sgtin_serial")
"""Types that can be shown as an EPC, if it is known where the GS1 Company Prefix ends; of a serial
beside a GTIN it is the GTIN's, and the EPC that of the unit."""
WITH_NOTATION: tuple[Type, ...] = ("eui48", "eui64")
"""Types that people write in several ways."""


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """What the serials of a series are, and how they are shown."""

    type: Type
    company_prefix_length: int | None = None
    """Digits of the GS1 Company Prefix, 6 to 12; of the types in WITH_COMPANY_PREFIX only."""
    notation: Notation | None = None
    """How an address is shown, plain where nothing is said; of the types in WITH_NOTATION only."""

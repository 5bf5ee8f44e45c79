"""IMEI: 15 digits that name a mobile device, the last one a check digit.

Standard: 3GPP TS 23.003, clause 6.2.1 and Annex B: the Luhn algorithm over the other 14 digits,
type allocation code and serial number. An IMEISV has 16 digits and no check digit, so it is
refused here. The notation AA-BBBBBB-CCCCCC-D is read; what is recorded has no hyphens.

Catches every single substitution and every adjacent transposition except 09 <-> 90; its further
gaps are those of luhn, but for leading zeros, which cannot be lost from a fixed length.

>>> compute("49015420323751")
'8'
>>> validate("49-015420-323751-8")
'490154203237518'
>>> validate("490154203237519")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '490154203237519' fails check scheme imei: expected \
check character '8', got '9'.
>>> validate("3568680000414120")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial '3568680000414120' is too long for check scheme \
imei: expected 15 characters, got 16.
"""

from dataclasses import replace

from labeler.serials.checks import luhn

SCHEME = replace(
    luhn.SCHEME,
    name="imei",
    lengths=range(14, 15),
    canonical=lambda text: text.replace("-", ""),
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

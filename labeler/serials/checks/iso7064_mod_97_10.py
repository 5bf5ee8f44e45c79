"""ISO/IEC 7064 MOD 97-10: digits with two check digits, and letters as LEI and IBAN count them.

Standard: ISO/IEC 7064:2003, clauses 7 and 8 (pure systems). The system itself is for digits; ISO
17442 (LEI), ISO 13616 (IBAN) and ISO 11649 (creditor reference) put 10 to 35 for A to Z, and so
does this scheme. An IBAN is checked with its country behind its account, check digits last.

Catches, where digit stays digit and letter stays letter, every single substitution, every adjacent
transposition, every twin substitution (aa for bb) and every exchange of two characters with one
between them. A letter in place of a digit, or the other way round, makes the number longer or
shorter: one such substitution in 97 is missed, and so are the transpositions 1B, 2M and 3X,
which read 111, 222 and 333 either way. Does not see leading zeros that were lost or added.

>>> compute("794")
'44'
>>> validate("hwupkr0mpou8fgxbt394")
'HWUPKR0MPOU8FGXBT394'
>>> validate("HWUPKR0MPOU8FGXBT349")
Traceback (most recent call last):
labeler.serials.errors.InvalidSerial: Serial 'HWUPKR0MPOU8FGXBT349' fails check scheme \
iso7064_mod_97_10: expected check characters '94', got '49'.
"""

from string import ascii_uppercase, digits

from labeler.serials.iso7064 import pure_scheme, pure_steps

_MODULUS = 97
_DIGIT_STEPS = pure_steps(digits, modulus=_MODULUS, radix=10)
_LETTER_STEPS = {
    letter: [_DIGIT_STEPS[f"{value % 10}"][tens] for tens in _DIGIT_STEPS[f"{value // 10}"]]
    for value, letter in enumerate(ascii_uppercase, start=10)
}

SCHEME = pure_scheme(
    "iso7064_mod_97_10",
    _DIGIT_STEPS | _LETTER_STEPS,
    check_alphabet=digits,
    modulus=_MODULUS,
)
compute, validate, compute_after = SCHEME.compute, SCHEME.validate, SCHEME.compute_after

"""PURE: what commands for a printer could do: print labels of no record, or erase and reset.

What a text may hold without a further word is listed, and not what it may not: languages have
hundreds of commands, and whoever knows all that print may still forget one.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

_ZPL = re.compile(r"[\^~][A-Za-z0-9@]{1,2}")
_SGD = re.compile(
    r'^\s*!\s*U1?\s+(getvar|setvar|do)\s+"[^"\r\n]*"(\s+"[^"\r\n]*")?\s*$', re.IGNORECASE
)
"""A line of Zebra's Set-Get-Do."""

_ZPL_WORDS: Final = (
    "^XA ^XZ ^FX ^HH ^HW ^HZ ~HB ~HD ~HI ~HM ~HQ ~HS ~HU ^JJ ^JS ^JT ^JU ^JW ^JZ ~JA ~JC ~JL ~JP "
    "~JR ~JX ^JB ~JB ~PH ~PP ^PP ~PS ~SD ^MD ^MM ^MN ^MT ^MF ^MU ^ML ^MP ^PR ^PW ^PM ^PO ^LL ^LH "
    "^LT ^LS ^ID ^EG ~EG ^EF ~EF ^SC ^SS ^ST ^SO ^SL ^KL ^KD ^KN ^KP ^CI ^NI ^ND ^NS ~NC ~NR ~NT "
    "^TO"
)
"""Commands of ZPL II that ask, set or feed: nothing is drawn by them."""
_TSPL_WORDS: Final = (
    "SIZE GAP GAPDETECT BLINE BLINEDETECT AUTODETECT OFFSET SPEED DENSITY DIRECTION REFERENCE "
    "SHIFT COUNTRY CODEPAGE CLS FEED BACKFEED FORMFEED HOME LIMITFEED SOUND SET CUT DELAY OUT "
    "KILL INITIALPRINTER ~!T ~!I ~!A ~!@ ~!S ~!C ~!E ~!F ~!J ~!R ~!?"
)
_ZPL_HARM: Final = {
    "^JU": "^JU changes what the printer keeps when it is switched off",
    "~JA": "~JA cancels all labels in its buffer",
    "~JX": "~JX cancels the label in its buffer",
    "~JP": "~JP cancels the label that it prints",
    "~JR": "~JR starts it anew, and all in its memory is lost",
    "^JB": "^JB erases a memory",
    "~JB": "~JB erases a memory",
    "^ID": "^ID erases what is stored in it",
    "^EG": "^EG erases its graphics",
    "~EG": "~EG erases its graphics",
    "^EF": "^EF erases its formats",
    "~EF": "~EF erases its formats",
    "^KP": "^KP changes its password",
    "^ND": "^ND changes its network",
    "^NS": "^NS changes its network",
    "~NR": "~NR resets its network",
}
_TSPL_HARM: Final = {
    "KILL": "KILL erases files in it",
    "INITIALPRINTER": "INITIALPRINTER goes back to the maker's settings",
    "~!R": "~!R starts it anew, and all in its memory is lost",
    "SET": "SET changes what the printer keeps when it is switched off",
}


def may_print(language: str, text: str) -> str:
    r"""Return the first thing in ``text`` that may print a label; empty where nothing does.

    >>> may_print("zpl", "~HS"), may_print("zpl", "^XA^HH^XZ")
    ('', '')
    >>> may_print("zpl", "^XA^FO20,20^FDAC1^FS^XZ"), may_print("tspl", "CLS\nPRINT 1")
    ('^FO', 'PRINT')
    """
    return next((one for one in _READERS[language](text) if one not in _QUIET[language]), "")


def harm(language: str, text: str) -> list[str]:
    """Return a sentence's worth for each command in ``text`` that erases, resets or cancels.

    >>> harm("zpl", "~JA")
    ['~JA cancels all labels in its buffer']
    """
    known = _HARM[language]
    return [known[one] for one in dict.fromkeys(_READERS[language](text)) if one in known]


def _zpl(text: str) -> list[str]:
    """Return the commands of a text in ZPL; a line of Set-Get-Do that asks or sets is none."""
    found = []
    for line in text.splitlines():
        sgd = _SGD.match(line)
        if sgd is not None:
            found += [f"! U1 {sgd[1].lower()}"] if sgd[1].lower() != "getvar" else []
            continue
        head = re.split(r"[\^~]", line, maxsplit=1)[0].strip()
        found += [head[:20]] if head and found[-1:] != ["^FX"] else []
        found += [one[0].upper() for one in _ZPL.finditer(line)]
        found += ["^" for _ in re.findall(r"[\^~](?![A-Za-z0-9@])", line)]
    return found


def _tspl(text: str) -> list[str]:
    """Return the first word of each line in TSPL; ESC ! and a letter is a question."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    words = [line.split()[0].upper() for line in lines]
    return [one.replace("\x1b!", "~!")[:20] for one in words]


_READERS: Final[Mapping[str, Callable[[str], list[str]]]] = {"zpl": _zpl, "tspl": _tspl}
LANGUAGES: Final = frozenset(_READERS)
"""Languages whose commands are known here."""
_QUIET: Final = {
    "zpl": frozenset(_ZPL_WORDS.split()) | {"! U1 setvar", "! U1 do"},
    "tspl": frozenset(_TSPL_WORDS.split()),
}
_HARM: Final = {
    "zpl": {
        **_ZPL_HARM,
        "! U1 setvar": "! U1 setvar changes a setting of the printer",
        "! U1 do": "! U1 do may reset the printer",
    },
    "tspl": _TSPL_HARM,
}

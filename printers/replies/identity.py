"""~HI, "Host Identification": model, firmware, resolution, memory, options (manual 45541L, p. 169).

The resolution is in dots/mm; some printers say dpi instead, so both are taken.
"""

import re

from printers.replies import frames
from printers.status import Identity

_DPI = {6: 152, 8: 203, 12: 300, 24: 600, 152: 152, 200: 203, 203: 203, 300: 300, 600: 600}
_FIELDS_MIN = 3
_MEMORY = re.compile(r"([0-9]{1,9}) ?KB", re.IGNORECASE)
_NOT_THERE = ("", "NONE")


def parse(answer: bytes) -> Identity | None:
    r"""The last whole answer to ~HI; None if there is none that makes sense.

    >>> parse(b"\x02ZTC ZT411-203dpi,V93.21.05Z,8,4096KB\x03")
    Identity(model='ZTC ZT411-203dpi', firmware='V93.21.05Z', dpi=203, memory_kib=4096, options=())
    >>> parse(b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03") is None
    True
    """
    for frame in reversed(frames.find(answer)):
        fields = [one.strip() for one in (frames.text(frame) or "").split(",")]
        found = _read(fields) if len(fields) >= _FIELDS_MIN else None
        if found is not None:
            return found
    return None


def _read(fields: list[str]) -> Identity | None:
    model, firmware, resolution, *rest = fields
    dpi = _DPI.get(int(resolution)) if re.fullmatch("[0-9]{1,4}", resolution) else None
    # A frame of ~HS is numbers only; a model is not.
    if dpi is None or not firmware or not re.search("[A-Za-z]", model):
        return None
    memory = _MEMORY.fullmatch(rest[0]) if rest else None
    return Identity(
        model=model,
        firmware=firmware,
        dpi=dpi,
        memory_kib=int(memory[1]) if memory else None,
        options=tuple(one for one in rest[1:] if one.upper() not in _NOT_THERE),
    )

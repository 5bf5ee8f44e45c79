"""Symbologies with narrow and wide elements: widths to modules.

>>> modules("NnWw", ratio=3)
'10111000'
"""


def modules(elements: str, *, ratio: int) -> str:
    """The modules of elements: N and W are bars, n and w spaces; wide ones have `ratio` modules."""
    wide = {"N": "1", "n": "0", "W": "1" * ratio, "w": "0" * ratio}
    return "".join([wide[element] for element in elements])

"""The check digit of GS1 keys, GS1 General Specifications, section 7.9.1.

>>> check_digit("400638133393")
'1'
"""


def check_digit(digits: str) -> str:
    """The digit that belongs behind these: weights 3 and 1 from the right, modulo 10."""
    backwards = digits[::-1]
    weighted = 3 * sum(map(int, backwards[::2])) + sum(map(int, backwards[1::2]))
    return str(-weighted % 10)

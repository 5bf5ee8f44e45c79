"""The Luhn algorithm for an alphabet of any even size, which the schemes luhn and luhn_mod_N share.

From the right, every second character of the body, beginning with its last, counts twice its
value, written with two digits of the alphabet's base and these added; the check character brings
the sum to a multiple of the alphabet's size. In an alphabet of odd size doubling would give two
characters the same value, and a substitution of one by the other would not be seen.
"""

from collections.abc import Callable

from labeler.serials.checking import Scheme, by_columns


def luhn_scheme(name: str, alphabet: str, *, canonical: Callable[[str], str] = str) -> Scheme:
    """The Luhn scheme with that name over that alphabet, lowest value first."""
    size = len(alphabet)
    plain = {character: value for value, character in enumerate(alphabet)}
    doubled = {character: sum(divmod(2 * value, size)) for character, value in plain.items()}
    check = [alphabet[-rest % size] for rest in range(size)]
    return Scheme(
        name=name,
        alphabet=alphabet,
        check_alphabet=alphabet,
        canonical=canonical,
        compute_after=by_columns([doubled, plain], check=check),
    )

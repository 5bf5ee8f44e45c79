"""The two kinds of check character systems of ISO/IEC 7064:2003, as tables of states.

A pure system (clauses 7 and 8) reads a text as a number in its radix; check characters bring it to
1 modulo its modulus. A system with radix 2 has one check character, from an alphabet that has one
character more; the others have two, from the alphabet of the text.

A hybrid system (clauses 9 and 10) has one check character of the same kind as the text. Beginning
with M, the size of the alphabet, each character's value is added modulo M (0 counts as M) and the
sum is doubled modulo M + 1; the check character's value brings the last sum to 1 modulo M.
"""

from collections.abc import Mapping, Sequence

from labeler.serials.checking import Scheme, by_states, capitals


def pure_system(name: str, alphabet: str, *, check_alphabet: str, modulus: int) -> Scheme:
    """The pure system of that modulus; radix 2 if its check alphabet has so many characters."""
    radix = 2 if len(check_alphabet) == modulus else len(alphabet)
    steps = pure_steps(alphabet, modulus=modulus, radix=radix)
    return pure_scheme(name, steps, check_alphabet=check_alphabet, modulus=modulus)


def pure_steps(alphabet: str, *, modulus: int, radix: int) -> dict[str, list[int]]:
    """Character -> number so far -> number with this character behind it, modulo the modulus."""
    return {
        character: [(number * radix + value) % modulus for number in range(modulus)]
        for value, character in enumerate(alphabet)
    }


def pure_scheme(
    name: str, steps: Mapping[str, Sequence[int]], *, check_alphabet: str, modulus: int
) -> Scheme:
    """The pure system whose characters lead from number to number as the steps say.

    Of two check pairs that are right by their rest, 01 and 98 for example, it writes the greater
    one, like ISO 13616 (IBAN) and ISO 17442 (LEI): pairs go from 2 to the modulus + 1.
    """
    base = len(check_alphabet)
    if base == modulus:
        check = [check_alphabet[(1 - 2 * number) % modulus] for number in range(modulus)]
    else:
        pairs = [high + low for high in check_alphabet for low in check_alphabet]
        rests = [number * base**2 % modulus for number in range(modulus)]
        check = [pairs[modulus + 1 - rest] for rest in rests]
    return Scheme(
        name=name,
        alphabet="".join(steps),
        check_alphabet=check_alphabet,
        check_length=len(check[0]),
        canonical=capitals,
        compute_after=by_states([steps], start=0, check=check),
    )


def hybrid_system(name: str, alphabet: str) -> Scheme:
    """The hybrid system over that alphabet."""
    size = len(alphabet)
    steps = {
        character: [
            ((product + value) % size or size) * 2 % (size + 1) for product in range(size + 1)
        ]
        for value, character in enumerate(alphabet)
    }
    return Scheme(
        name=name,
        alphabet=alphabet,
        check_alphabet=alphabet,
        canonical=capitals,
        compute_after=by_states(
            [steps], start=size, check=[alphabet[(1 - last) % size] for last in range(size + 1)]
        ),
    )

"""FF1 against NIST's own vectors, against its text written out plainly, and its promises."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from string import ascii_lowercase, digits

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given, settings
from hypothesis import strategies as st

from labeler.serials import SerialError
from labeler.serials.permutation import Permutation, fingerprint

KEY = bytes.fromhex(
    "2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94",
)
NUMERALS = digits + ascii_lowercase

SAMPLES = [
    (16, "", "0123456789", "2433477484"),
    (16, "39383736353433323130", "0123456789", "6124200773"),
    (16, "3737373770717273373737", "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    (24, "", "0123456789", "2830668132"),
    (24, "39383736353433323130", "0123456789", "2496655549"),
    (24, "3737373770717273373737", "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    (32, "", "0123456789", "6657667009"),
    (32, "39383736353433323130", "0123456789", "1001623463"),
    (32, "3737373770717273373737", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]
"""Length of the key, tweak, plaintext and ciphertext of NIST's FF1 samples 1 to 9, in order."""


def permutation(
    *, key: bytes = KEY, radix: int = 10, width: int = 6, tweak: bytes = b""
) -> Permutation:
    return Permutation(key=key, radix=radix, width=width, tweak=tweak)


def plainly(whole: Permutation, number: int) -> int:
    """Algorithm 7 step by step, on numerals and bytes, with no thought of speed."""
    radix, n, t = whole.radix, whole.width, len(whole.tweak)
    x = [number // radix**place % radix for place in reversed(range(n))]
    u = n // 2
    v = n - u
    a, b = x[:u], x[u:]
    byte_count = -(-(radix**v - 1).bit_length() // 8)
    d = 4 * -(-byte_count // 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3) + bytes([10, u % 256])
    p += n.to_bytes(4) + t.to_bytes(4)
    for i in range(10):
        q = whole.tweak + bytes((-t - byte_count - 1) % 16) + bytes([i])
        q += num(b, radix).to_bytes(byte_count)
        r = aes_cbc(whole.key, p + q)[-16:]
        s = r
        for j in range(1, -(-d // 16)):
            s += aes_cbc(whole.key, bytes(x ^ y for x, y in zip(r, j.to_bytes(16), strict=True)))
        y = int.from_bytes(s[:d])
        m = u if i % 2 == 0 else v
        c = (num(a, radix) + y) % radix**m
        a, b = b, [c // radix**place % radix for place in reversed(range(m))]
    return num(a + b, radix)


def num(numerals: list[int], radix: int) -> int:
    number = 0
    for numeral in numerals:
        number = number * radix + numeral
    return number


def aes_cbc(key: bytes, text: bytes) -> bytes:
    cipher = Cipher(AES(key), CBC(bytes(16))).encryptor()
    return cipher.update(text) + cipher.finalize()


@st.composite
def permutations(draw: st.DrawFn) -> Permutation:
    radix = draw(st.integers(2, 100) | st.integers(2, 2**16) | st.just(2**16))
    least = next(width for width in range(1, 21) if radix**width >= 1_000_000)
    return permutation(
        key=draw(
            st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n))
        ),
        radix=radix,
        width=draw(st.integers(least, least + 8) | st.integers(least, 70)),
        tweak=draw(st.binary(max_size=70)),
    )


@pytest.mark.parametrize(("key_length", "tweak", "plain", "cipher"), SAMPLES)
def test_every_ff1_sample_of_nist_comes_out_as_published(
    key_length: int, tweak: str, plain: str, cipher: str
) -> None:
    radix = 10 if plain.isdigit() else 36
    one = permutation(
        key=KEY[:key_length], radix=radix, width=len(plain), tweak=bytes.fromhex(tweak)
    )
    changed, number = one.apply(int(plain, radix)), int(plain, radix)
    written = "".join(NUMERALS[changed // radix**place % radix] for place in range(len(plain)))
    assert written[::-1] == cipher
    assert one.invert(changed) == number
    assert plainly(one, number) == changed


@given(data=st.data(), one=permutations())
def test_a_permutation_is_the_standards_text_and_can_be_turned_back(
    data: st.DataObject, one: Permutation
) -> None:
    number = data.draw(st.integers(0, one.size - 1))
    changed = one.apply(number)
    assert changed == plainly(one, number)
    assert one.invert(changed) == number
    assert one.apply(one.invert(number)) == number


@pytest.mark.parametrize("width", [24, 25, 26, 27, 28, 62, 63, 64, 70, 77, 78, 79, 80])
def test_halves_that_fill_a_block_or_pass_it_are_the_standards_too(width: int) -> None:
    for tweak_length in (0, 1, 14, 15, 16, 17, 40):
        one = permutation(radix=36, width=width, tweak=KEY[:tweak_length] + bytes(tweak_length))
        for number in (0, 1, 36 ** (width // 2), one.size - 1):
            changed = one.apply(number)
            assert (changed, one.invert(changed)) == (plainly(one, number), number)


def test_a_permutation_of_a_million_maps_two_stretches_of_a_hundredth_without_a_collision() -> None:
    one = permutation()
    numbers = [*range(10_000), *range(one.size - 10_000, one.size)]
    changed = [one.apply(number) for number in numbers]
    assert len(set(changed)) == len(numbers)
    assert [one.invert(number) for number in changed] == numbers


@settings(max_examples=25)
@given(start=st.integers(0, 10**6 - 2000), tweak=st.binary(max_size=20))
def test_no_two_of_two_thousand_neighbours_become_one(start: int, tweak: bytes) -> None:
    one = permutation(tweak=tweak)
    changed = {one.apply(number) for number in range(start, start + 2000)}
    assert len(changed) == 2000
    assert min(changed) >= 0
    assert max(changed) < 10**6


@pytest.mark.long
@pytest.mark.parametrize(("radix", "width"), [(10, 6), (100, 3), (2, 20)])
def test_the_smallest_domains_are_mapped_onto_themselves_without_a_gap(
    radix: int, width: int
) -> None:
    one = permutation(radix=radix, width=width)
    hit = bytearray(one.size)
    for number in range(one.size):
        hit[one.apply(number)] = 1
    assert hit.count(1) == one.size == radix**width


@given(number=st.integers(0, 10**9 - 1))
def test_another_key_tweak_radix_or_width_gives_another_permutation(number: int) -> None:
    numbers = range(number, number + 20)
    others = [
        permutation(width=10),
        permutation(width=10, key=KEY[:16]),
        permutation(width=10, key=bytes(32)),
        permutation(width=10, tweak=b"controller-sn"),
        permutation(width=10, tweak=b"\0"),
        permutation(width=11),
        permutation(width=10, radix=11),
    ]
    assert len({tuple(map(one.apply, numbers)) for one in others}) == len(others)


def test_neighbours_do_not_stay_neighbours() -> None:
    one = permutation(width=10)
    changed = [one.apply(number) for number in range(1000)]
    gaps = [later - earlier for earlier, later in pairwise(changed)]
    assert len(set(gaps)) == 999
    assert min(map(abs, gaps)) > 1


def test_one_permutation_serves_many_threads_at_once() -> None:
    one, numbers = permutation(width=9), range(4_000)
    expected = [one.apply(number) for number in numbers]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: [one.apply(number) for number in numbers], range(8)))
    assert answers == [expected] * 8


@pytest.mark.parametrize("length", [0, 1, 15, 17, 31, 33])
def test_a_key_of_another_length_is_refused_and_not_shown(length: int) -> None:
    key = b"secret words, much too long for a key"[:length]
    for refused in (lambda: permutation(key=key), lambda: fingerprint(key)):
        with pytest.raises(SerialError) as refusal:
            refused()
        assert str(refusal.value) == (
            f"The key of a permutation has {length} bytes: expected 16, 24 or 32; make one of 32"
            f" random bytes and keep it."
        )


@pytest.mark.parametrize(
    ("radix", "width", "least"),
    [
        (10, 5, 6),
        (10, 0, 6),
        (10, -3, 6),
        (2, 19, 20),
        (34, 3, 4),
        (36, 3, 4),
        (82, 3, 4),
        (99, 3, 4),
        (100, 2, 3),
        (999, 2, 3),
        (1000, 1, 2),
        (2**16, 1, 2),
    ],
)
def test_a_domain_of_under_a_million_is_refused_with_the_width_it_needs(
    radix: int, width: int, least: int
) -> None:
    with pytest.raises(SerialError) as refusal:
        permutation(radix=radix, width=width)
    assert str(refusal.value) == (
        f"Width {width} of radix {radix} is too narrow for a permutation: expected 1000000 numbers"
        f" or more (NIST SP 800-38G Rev. 1), or they could be tried one by one; write a width of"
        f" at least {least}."
    )
    assert permutation(radix=radix, width=least).size == radix**least


@pytest.mark.parametrize("radix", [-10, 0, 1, 2**16 + 1])
def test_a_radix_without_a_permutation_is_refused(radix: int) -> None:
    with pytest.raises(SerialError) as refusal:
        permutation(radix=radix)
    assert str(refusal.value) == (
        f"Radix {radix} has no permutation: expected 2 to 65536, the number of characters of the"
        f" alphabet."
    )


@pytest.mark.parametrize("number", [-1, 10**6, 10**30])
def test_a_number_outside_the_domain_is_refused_both_ways(number: int) -> None:
    one = permutation()
    for verb in (one.apply, one.invert):
        with pytest.raises(SerialError) as refusal:
            verb(number)
        assert str(refusal.value) == (
            f"Number {number} is not one of the permutation's: expected 0 to 999999."
        )


def test_what_is_shown_of_a_permutation_has_no_key() -> None:
    one = permutation(tweak=b"controller-sn")
    one.apply(1)
    expected = "Permutation(radix=10, width=6, tweak=b'controller-sn')"
    assert [repr(one), str(one), f"{one}"] == [expected] * 3


def test_two_permutations_of_one_key_are_equal_and_may_be_keys() -> None:
    one, other = permutation(), permutation()
    one.apply(1)
    assert one == other
    assert len({one, other, permutation(tweak=b"1")}) == 2


@given(
    one=st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)),
    other=st.sampled_from([16, 24, 32]).flatmap(lambda n: st.binary(min_size=n, max_size=n)),
)
def test_a_fingerprint_tells_only_whether_two_keys_are_the_same(one: bytes, other: bytes) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert len(fingerprint(one)) == 16
    assert set(fingerprint(one)) <= set("0123456789abcdef")


def test_a_key_of_zeros_and_a_longer_one_have_two_fingerprints() -> None:
    keys = [bytes(16), bytes(24), bytes(32), KEY[:16], KEY[:16] + bytes(16)]
    assert len({fingerprint(key) for key in keys}) == len(keys)

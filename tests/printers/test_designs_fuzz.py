"""Any bytes as a design: read, or refused in a sentence, and never more than what draws."""

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers import designs
from printers.errors import Unprintable
from tests.printers.designed import FOLDER, SAMPLES, content_of, printed

MUTATIONS = [b"^", b"~", b"_", b"^XA", b"^XZ", b"^FD", b"^FS", b"\x1e", b"9" * 8, b":", b"z", b""]
PIECES = [
    b"^XA", b"^XZ", b"^FS", b"^FD", b"^FN1", b"^FH", b"^GFA,8,8,1,", b"FF", b":", b"z", b",",
    b"^XGA", b"~DGA,8,1,", b"^DFA", b"^XFA", b"^BQN,2,5", b"QA,", b"{serial}", b"{", b"^CI27",
    b"\xe9", b"^JUS", b"~JA", b"^FO9,9", b"^GB9,9,9", b"^BCN", b">:", b"^BXN,4,200", b"\n",
]  # fmt: skip
DRAWING = re.compile(r"\^(A.|B.|C[FI]|F.|G.|L[HR]|MU|P[A])")


def outcome(data: bytes) -> str:
    """What becomes of a file; what is read must print, with nothing in it that does not draw."""
    try:
        design = designs.read(data, name="any.zpl", content_of=content_of)
        document = printed(design, serial="12")
    except Unprintable as refused:
        return "refused" if re.search(r": expected .*\.$", str(refused), re.DOTALL) else "mumbled"
    found = re.findall(r"[\^~][A-Z][A-Z0-9@]?", document.decode("ascii").split("\n", 3)[3])
    assert found.pop() == "^XZ"
    assert [one for one in found if not DRAWING.match(one)] == []
    return "read"


def test_mutated_files_are_read_or_refused():
    chance = random.Random(20261127)
    outcomes = set()
    for _ in range(1000):
        data = bytearray((FOLDER / chance.choice(list(SAMPLES))).read_bytes())
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randint(0, 4)] = chance.choice(MUTATIONS)
        outcomes.add(outcome(bytes(data)))
    assert outcomes == {"read", "refused"}


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(data):
    assert outcome(data) == "refused"


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_row_of_commands_is_read_or_refused(pieces):
    assert outcome(b"^XA^FO9,9" + b"".join(pieces) + b"^FS^XZ") in ("read", "refused")


def seconds_for(fields: int) -> float:
    """How long a file of so many fields takes, of this thread's own time."""
    data = b"^XA" + fields * b"^FO1,1^GB3,3,1^FS" + b"^XZ"
    start = time.thread_time()
    assert outcome(data) == "read"
    return time.thread_time() - start


def test_a_long_file_is_read_in_one_pass():
    """Eight times the fields take eight times as long, and sixty-four if it were quadratic."""
    assert seconds_for(16_000) < 24 * seconds_for(2_000)


@pytest.mark.long
def test_a_file_of_a_hundred_thousand_fields_is_read_within_the_time_limit_of_a_test():
    seconds_for(100_000)


def test_a_picture_that_says_it_is_huge_is_refused_before_it_is_made():
    assert outcome(b"^XA^GFA,99999999,99999999,1,F^FS^XZ") == "refused"
    assert outcome(b"^XA~DGA,2000000,1,z^FO9,9^XGA,10,10^FS^XZ") == "refused"


def test_what_stands_behind_a_picture_is_passed_over():
    for data in (b"z" * 100_000 + b"F", b":" * 100_000, b"," * 100_000):
        assert outcome(b"^XA^FO9,9^GFA,8,8,1," + data + b"^FS^XZ") == "read"

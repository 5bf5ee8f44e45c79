"""What one may ask of a symbology, and what one says about its place and its text.

>>> rules = {"ratio": Rule(default=3, allowed=(2, 3))}
>>> settled(Options(), title="Code 39", rules=rules).ratio
3
>>> settled(Options(ratio=4), title="Code 39", rules=rules)
Traceback (most recent call last):
printers.errors.Unprintable: Code 39 has ratio = 4: expected 2 or 3; choose one of them.
>>> settled(Options(shape="square"), title="Code 39", rules=rules)
Traceback (most recent call last):
printers.errors.Unprintable: Code 39 has shape = 'square': expected no such option, since it heeds \
only ratio; remove it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from printers.errors import Unprintable


@dataclass(frozen=True, kw_only=True)
class Options:
    """What one may ask, in the standards' words; None where the symbology's default is wanted."""

    error_correction: str | None = None
    """QR: L, M, Q or H. Aztec: percent of the symbol, "5" to "95". PDF417: level "0" to "8"."""
    shape: str | None = None
    """Data Matrix: square or rectangle."""
    columns: int | None = None
    """PDF417: data columns, 1 to 30."""
    row_height: int | None = None
    """PDF417: height of a row in modules."""
    ratio: int | None = None
    """Code 39, ITF-14: width of a wide element in narrow ones, 2 or 3."""
    check_character: bool | None = None
    """Code 39: whether the modulo 43 character is appended."""
    domain: str | None = None
    """GS1 Digital Link: what the address begins with, such as https://id.gs1.org."""


@dataclass(frozen=True)
class QuietZone:
    """What must stay light around a symbol, in modules."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True)
class Caption:
    """Human readable interpretation (HRI), centred between two columns of modules."""

    text: str
    start: int
    """First column; negative where the text stands left of the first bar."""
    end: int
    """The column behind the last one."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Which values an option may have."""

    default: str | int | bool
    allowed: tuple[str | int | bool, ...]

    @property
    def words(self) -> str:
        """The allowed values as a sentence names them."""
        if len(self.allowed) > 10:
            return f"{self.allowed[0]} to {self.allowed[-1]}"
        *others, last = map(str, self.allowed)
        return f"{', '.join(others)} or {last}"


def settled(options: Options, *, title: str, rules: Mapping[str, Rule]) -> Options:
    """The options with the defaults of the rules; Unprintable for others and for wrong values."""
    given = {one.name: getattr(options, one.name) for one in fields(options)}
    for name, value in given.items():
        if value is None:
            continue
        if name not in rules:
            heeded = f"heeds only {', '.join(sorted(rules))}" if rules else "heeds none"
            raise Unprintable(
                f"{title} has {name} = {value!r}: expected no such option, since it {heeded}; "
                "remove it."
            )
        rule = rules[name]
        if type(value) is not type(rule.default) or value not in rule.allowed:
            raise Unprintable(
                f"{title} has {name} = {value!r}: expected {rule.words}; choose one of them."
            )
    missing = {name: rule.default for name, rule in rules.items() if given[name] is None}
    return replace(options, **missing) if missing else options  # type: ignore[arg-type]


def unchanged(value: str) -> str:
    """The ``literal`` of a symbology in whose data every character stands for itself."""
    return value


def no_captions(text: str, options: Options) -> tuple[Caption, ...]:
    """The ``captions`` of a matrix symbology."""
    return ()


def no_guards(text: str, options: Options) -> tuple[tuple[int, int], ...]:
    """The ``guards`` of a symbology whose bars all have one height."""
    return ()

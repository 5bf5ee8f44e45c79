"""What must hold for a pattern as a whole, each refusal with what to write instead."""

from collections.abc import Sequence
from dataclasses import dataclass

from labeler.serials import checks, periods
from labeler.serials.dates import DatePart
from labeler.serials.fields import Check, Literal
from labeler.serials.numbers import Number
from labeler.serials.pieces import TEXT_LENGTH_MAX, Piece, Placed

PERMUTED_MIN = 1_000_000
"""NIST SP 800-38G Rev. 1, section 5.1: a smaller domain can be tried out."""

ADVISED = ("iso7064_mod_37_36", "gs1_check_character_pair")
"""Check schemes that suit most serials, the one with fewer check characters first."""


def _one_number(whole: Piece, placed: Sequence[Placed]) -> None:
    numbers = [p for p in placed if isinstance(p.field, Number)]
    if not numbers:
        raise whole.error(
            "Without a counter every serial of a moment is the same; add one, such as {counter:5}.",
            offset=len(whole.text),
        )
    if len(numbers) > 1:
        raise numbers[1].piece.error(
            "A second counter would say the same number twice; write one counter, as wide as"
            " you need."
        )


def _check_in_place(whole: Piece, placed: Sequence[Placed]) -> None:
    found = [(p.piece, p.field) for p in placed if isinstance(p.field, Check)]
    for piece, check in found:
        if check.scheme.check_position is None and piece is not placed[-1].piece:
            raise piece.error(
                f"A check covers everything before it, so it must be last; write {piece.text}"
                f" once, at the end of the pattern."
            )
    if len(found) > 1:
        raise found[1][0].error(
            f"Two checks would have to cover each other; write {found[0][0].text} or this one,"
            f" not both."
        )


def _length(whole: Piece, placed: Sequence[Placed]) -> None:
    length = 0
    for p in placed:
        length += p.field.length
        if length > TEXT_LENGTH_MAX:
            raise p.piece.error(
                f"Here the serial grows to {length} characters; write a pattern of at most"
                f" {TEXT_LENGTH_MAX}."
            )


def _no_outer_space(whole: Piece, placed: Sequence[Placed]) -> None:
    for p, offset in ((placed[0], 0), (placed[-1], -1)):
        if p.field.characters_at(offset) == " ":
            raise p.piece.error(
                "A space at an end of a serial cannot be seen and is lost when typed; remove it.",
                offset=offset % p.field.length,
            )


def _iso_year(whole: Piece, placed: Sequence[Placed]) -> None:
    dates = {p.field.code: p.piece for p in placed if isinstance(p.field, DatePart)}
    has_iso_year = "G" in dates or "g" in dates
    for year, iso_year in (("Y", "G"), ("y", "g")):
        if "V" in dates and year in dates and not has_iso_year:
            raise dates["V"].error(
                f"ISO weeks belong to the ISO year, which is not always %{year};"
                f" write %{iso_year}%V."
            )
        if iso_year in dates and "V" not in dates:
            raise dates[iso_year].error(
                f"The ISO year %{iso_year} is not always the year of the day; write %{year},"
                f" or %{iso_year}%V with its week."
            )


def _period_shown(whole: Piece, placed: Sequence[Placed]) -> None:
    number = next(p for p in placed if isinstance(p.field, Number))
    reset = number.field.reset  # type: ignore[union-attr]
    if periods.shown_fields([p.field for p in placed], reset) is None:
        raise number.piece.error(periods.problem(reset))


def _hard_to_guess(whole: Piece, placed: Sequence[Placed]) -> None:
    for p in placed:
        if isinstance(p.field, Number) and p.field.kind == "permuted":
            size = len(p.field.alphabet.characters)
            width = next(w for w in range(1, 64) if size**w >= PERMUTED_MIN)
            if p.field.width < width:
                raise p.piece.error(
                    f"Only {p.field.count} numbers can be tried out one by one, and whoever does"
                    f" knows their order without the key; write a width of at least {width}."
                )


@dataclass(frozen=True, kw_only=True)
class _Checked:
    """A pattern's check, and what it covers."""

    piece: Piece
    scheme: checks.Scheme
    before: Sequence[Placed]
    behind: Sequence[Placed]

    @property
    def body(self) -> list[Placed]:
        return [*self.before, *self.behind]


def _checked(placed: Sequence[Placed]) -> _Checked | None:
    for place, p in enumerate(placed):
        if isinstance(p.field, Check):
            scheme, behind = p.field.scheme, placed[place + 1 :]
            return _Checked(piece=p.piece, scheme=scheme, before=placed[:place], behind=behind)
    return None


def _check_fits(whole: Piece, placed: Sequence[Placed]) -> None:
    checked = _checked(placed)
    if checked is None:
        return
    scheme, length = checked.scheme, _length_of(checked.body)
    position = _length_of(checked.before) + 1
    if length not in scheme.lengths:
        shortest, longest = scheme.lengths[0], scheme.lengths[-1]
        wanted = f"{shortest}" if shortest == longest else f"{shortest} to {longest}"
        inside = scheme.check_position is not None
        advice = f"write {wanted} beside it" if inside else _advice(checked.body)
        raise checked.piece.error(
            f"Check scheme {scheme.name} checks {wanted} characters, and {length} stand"
            f" {'beside' if inside else 'before'} it; {advice}."
        )
    if scheme.check_position is not None and scheme.check_position != position:
        raise checked.piece.error(
            f"Check scheme {scheme.name} has its check character at position"
            f" {scheme.check_position} of its text, and here it stands at position {position};"
            f" write {checked.piece.text} behind the first {scheme.check_position - 1} characters."
        )


def _checkable(whole: Piece, placed: Sequence[Placed]) -> None:
    checked = _checked(placed)
    if checked is None:
        return
    scheme = checked.scheme
    # Where it stands within the text, no other one can take its place.
    advice = _advice(checked.body) if scheme.check_position is None else "write these alone"
    for p in checked.body:
        for offset in range(p.field.length):
            foreign = set(p.field.characters_at(offset)) - set(scheme.alphabet)
            if foreign:
                raise p.piece.error(
                    f"Check scheme {scheme.name} cannot check {min(foreign)!r}, only"
                    f" {scheme.alphabet}; {advice}.",
                    offset=offset if isinstance(p.field, Literal) else 0,
                )


def _length_of(body: Sequence[Placed]) -> int:
    return sum(p.field.length for p in body)


def _advice(body: Sequence[Placed]) -> str:
    used: set[str] = set()
    for p in body:
        used.update(*(p.field.characters_at(offset) for offset in range(p.field.length)))
    length = _length_of(body)
    for name in ADVISED:
        scheme = checks.load(name)
        if used <= set(scheme.alphabet) and scheme.can_end(length):
            return f"write {{check:{name}}}"
    return "write other characters, or no check"


RULES = (
    _one_number,
    _check_in_place,
    _no_outer_space,
    _length,
    _iso_year,
    _period_shown,
    _hard_to_guess,
    _check_fits,
    _checkable,
)
"""In the order a person would mend what they find."""

"""When an element is shown: `show_if`, a sentence of at most eight terms.

    TERM      {VALUE}   {VALUE} == TEXT   {VALUE} != TEXT   {VALUE} in [TEXT, TEXT]
              {VALUE} not in [TEXT, TEXT]
    CONDITION TERM   not TERM   TERM and TERM   TERM or TERM   (CONDITION) in place of a TERM

`{VALUE}` alone is true where the value is not empty; `{copy}` alone, on copies. A value may have
filters. A text is a word, or stands in quotes. *and* and *or* stand side by side only with
parentheses, which hold no others.

>>> only_ac = read("{run.lot} and not {product.code} in [AC-100, 'AC 200']")
>>> only_ac.decide({"run.lot": "L7", "product.code": "AC-300"}.get)
True
>>> only_ac.decide({"run.lot": "L7"}.get), only_ac.decide({"run.lot": ""}.get)
(None, False)
>>> read("{run.lot} = L7")
Traceback (most recent call last):
labeler.templates.errors.Fault: show_if '{run.lot} = L7', position 11: expected ==, !=, in, \
not in, and, or, or the end, got '='.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from labeler.templates import expressions, placeholders
from labeler.templates.errors import Fault, shown
from labeler.templates.expressions import Expression

TERMS_MAX = 8
"""Terms of a condition."""
LENGTH_MAX = 1000
"""Longest condition, in characters."""
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<value>\{[^{}]*\}) | (?P<quoted>"[^"]*"|'[^']*') | (?P<mark>==|!=|[()\[\],=!])
    | (?P<word>[^\s{}()\[\],"'=!]+) | (?P<stray>\S)
    )""",
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in"})

Look = Callable[[str], str | None]
"""Placeholder -> its value, None where it is not known yet."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """A question about one value."""

    expression: Expression
    wanted: frozenset[str] | None = None
    """The value is one of these; None: it is not empty."""
    negated: bool = False

    def decide(self, look: Look) -> bool | None:
        """Return the answer, None where the value is not known yet."""
        value = look(self.expression.source)
        if value is None:
            # What a unit has is never empty, so whether it is there needs no unit to be decided.
            source = self.expression.source
            is_there = self.wanted is None and placeholders.is_never_nothing(source)
            return not self.negated if is_there and self.expression.keeps else None
        text = self.expression.write(value)
        if self.wanted is None:
            holds = bool(text) and not placeholders.is_nothing(self.expression.source, value)
        else:
            holds = text in self.wanted
        return holds is not self.negated

    def terms(self) -> Iterator["Term"]:
        """Yield itself."""
        yield self


@dataclass(frozen=True, kw_only=True)
class Group:
    """Questions joined by one word."""

    members: tuple["Term | Group", ...]
    joined: Literal["and", "or"] = "and"
    negated: bool = False

    def decide(self, look: Look) -> bool | None:
        """Return the answer, None where it depends on a value that is not known yet."""
        answers = {member.decide(look) for member in self.members}
        decisive = self.joined == "or"
        if decisive in answers:
            return decisive is not self.negated
        return None if None in answers else decisive is self.negated

    def terms(self) -> Iterator[Term]:
        """Yield every question."""
        for member in self.members:
            yield from member.terms()


@dataclass(frozen=True, kw_only=True)
class Condition:
    """When an element is shown."""

    text: str
    """As the template writes it."""
    root: Group

    @cached_property
    def sources(self) -> frozenset[str]:
        """The placeholders it asks for."""
        return frozenset(term.expression.source for term in self.root.terms())

    def decide(self, look: Look) -> bool | None:
        """Return whether it holds; None where that depends on a value that is not known yet."""
        return self.root.decide(look)


def read(text: str) -> Condition:
    """Read a condition; raise Fault with the position of what is wrong."""
    if len(text) > LENGTH_MAX:
        raise Fault(f"show_if has {len(text)} characters: expected {LENGTH_MAX} at most; ask less.")
    reader = _Reader(text)
    root = reader.group(is_inner=False)
    return Condition(text=text, root=root)


class _Token(NamedTuple):
    kind: str
    """value, quoted, mark, word, stray, or end."""
    text: str
    position: int


class _Reader:
    """Reads a condition from its first token to its last."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [
            _Token(kind, found[kind], found.start(kind))
            for found in _TOKEN.finditer(text)
            for kind in [str(found.lastgroup)]
        ]
        self._tokens.append(_Token("end", "", len(text.rstrip())))
        self._at = 0
        self._terms = 0

    def group(self, *, is_inner: bool) -> Group:
        """Read members joined by one word, up to the end or the closing parenthesis."""
        members = [self._member(is_inner=is_inner)]
        joined = ""
        while not self._is_over(is_inner=is_inner):
            word = self._now
            if word.kind != "word" or word.text not in ("and", "or"):
                raise self._expected(self._go_on(members[-1], is_inner=is_inner))
            if joined not in ("", word.text):
                raise self._fault("'and' and 'or' side by side: put one of both in parentheses")
            joined = word.text
            self._at += 1
            members.append(self._member(is_inner=is_inner))
        return Group(members=tuple(members), joined="or" if joined == "or" else "and")

    def _is_over(self, *, is_inner: bool) -> bool:
        if is_inner:
            return self._now.kind == "mark" and self._now.text == ")"
        return self._now.kind == "end"

    def _member(self, *, is_inner: bool) -> Term | Group:
        negated = self._take("not")
        if self._now.text == "(" and self._now.kind == "mark":
            if is_inner:
                raise self._fault("parentheses inside of parentheses: expected one level of them")
            self._at += 1
            inner = self.group(is_inner=True)
            self._at += 1
            return Group(members=inner.members, joined=inner.joined, negated=negated)
        return self._term(negated=negated)

    def _term(self, *, negated: bool) -> Term:
        if self._now.kind != "value":
            raise self._expected("a value in braces, such as {run.lot}")
        self._terms += 1
        if self._terms > TERMS_MAX:
            raise self._fault(f"more than {TERMS_MAX} terms: expected fewer")
        try:
            expression = expressions.read_one(self._now.text[1:-1])
        except Fault as fault:
            place = self._place()
            raise Fault(*(f"{place}: {sentence}" for sentence in fault.sentences)) from fault
        self._at += 1
        wanted, is_opposite = self._comparison()
        return Term(expression=expression, wanted=wanted, negated=negated is not is_opposite)

    def _comparison(self) -> tuple[frozenset[str] | None, bool]:
        """Return what is compared with, and whether the opposite is asked."""
        if self._take("=="):
            return frozenset({self._literal()}), False
        if self._take("!="):
            return frozenset({self._literal()}), True
        if self._take("not"):
            if not self._take("in"):
                raise self._expected("in")
            return self._list(), True
        return (self._list(), False) if self._take("in") else (None, False)

    def _list(self) -> frozenset[str]:
        if not self._take("["):
            raise self._expected("[ and a list, such as [A, B]")
        found = [self._literal()]
        while self._take(","):
            found.append(self._literal())
        if not self._take("]"):
            raise self._expected(", or ]")
        return frozenset(found)

    def _literal(self) -> str:
        token = self._now
        if token.kind == "quoted":
            self._at += 1
            return token.text[1:-1]
        if token.kind != "word" or token.text in _KEYWORDS:
            raise self._expected("a text; put one that is no plain word in quotes")
        self._at += 1
        return token.text

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, text: str) -> bool:
        """Go past a word or mark if it is this one; return whether it was."""
        found = self._now.text == text and self._now.kind in ("word", "mark")
        self._at += found
        return found

    def _go_on(self, member: Term | Group, *, is_inner: bool) -> str:
        compared = isinstance(member, Group) or member.wanted is not None
        comparisons = "" if compared else "==, !=, in, not in, "
        return f"{comparisons}and, or, or {')' if is_inner else 'the end'}"

    def _place(self) -> str:
        return f"show_if {shown(self._text)}, position {self._now.position + 1}"

    def _fault(self, problem: str) -> Fault:
        return Fault(f"{self._place()}: {problem}.")

    def _expected(self, what: str) -> Fault:
        got = shown(self._now.text) if self._now.kind != "end" else "the end"
        return self._fault(f"expected {what}, got {got}")

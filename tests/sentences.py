"""The sentences that the service says as they stand in the source, with a name for each value.

    f"Line '{line}' has no open run."   ->   Line '{line}' has no open run.

A sentence that is chosen, added up or returned by a function of the same module gives one text for
each way; what cannot be read from the source is not translated, and stays English on a page.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT / "labeler", ROOT / "printers")
UNSEEN = ("labeler/commands", "labeler/demo", "labeler/cli.py", "printers/emulator")
"""What no page shows: terminals and the virtual printer speak English."""
SAYERS = {"Refusal": 1, "Unreachable": 1, "Unprintable": 0}
"""What is called with a sentence that is not named: its place."""
NAMES = frozenset({"sentence", "hint", "why", "advice"})
"""How sentences are named wherever something is called with one."""
WAYS_MAX = 24
"""Texts of one sentence; one with more is left alone."""
WORDS_MIN = 3
"""Words of a text that reads as a sentence, wherever it stands."""
_BEGINNING = re.compile(r"[A-Z'{]")
_ELSEWHERE = frozenset({"debug", "info", "warning", "error", "_", "gettext", "ngettext", "later"})
"""What takes texts that are logged, or that `translations` finds."""
_NAMED = re.compile(r"\{[a-z_]\w*\}")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where an expression stands: what its names may mean."""

    module: ast.Module
    function: _Function | None
    names: frozenset[str] = frozenset()
    """Names that are being looked up: a sentence that is put into itself is a value there."""


def found(folders: Iterable[Path] = FOLDERS) -> set[str]:
    """Return every sentence, hint, cause and advice in the modules below ``folders``."""
    texts: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if not str(path.relative_to(folder.parent)).startswith(UNSEEN):
                texts |= set(_of_module(ast.parse(path.read_text(encoding="utf-8"))))
    return texts


def _of_module(module: ast.Module) -> Iterator[str]:
    for node, function in _expressions(module):
        place = _Place(module=module, function=function)
        said = _said(node) if isinstance(node, ast.Call) else [node]
        for text in (one.strip() for expression in said for one in _ways(expression, place)):
            plain = _NAMED.sub("", text)
            is_long = sum(one.isalpha() for one in plain) > 3
            if is_long and (isinstance(node, ast.Call) or _reads_as_sentence(text, plain)):
                yield _numbered(text)


def _said(call: ast.Call) -> list[ast.expr]:
    """Return what something is called with as a sentence."""
    said = [one.value for one in call.keywords if one.arg in NAMES]
    place = SAYERS.get(_last_name(call.func))
    if place is not None and len(call.args) > place:
        said.append(call.args[place])
    return said


def _reads_as_sentence(text: str, plain: str) -> bool:
    return bool(_BEGINNING.match(text)) and text.endswith(".") and len(plain.split()) >= WORDS_MIN


def _expressions(module: ast.Module) -> Iterator[tuple[ast.expr, _Function | None]]:
    """Yield each call and each whole text with the function it stands in; no docstring."""

    def walk(node: ast.AST, inside: _Function | None) -> Iterator[tuple[ast.expr, Any]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
                continue
            if isinstance(child, ast.Call):
                if _last_name(child.func) in _ELSEWHERE:
                    continue
                yield child, inside
            if isinstance(child, ast.Constant | ast.JoinedStr | ast.BinOp):
                yield child, inside
            else:
                is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                yield from walk(child, cast(_Function, child) if is_function else inside)

    yield from walk(module, None)


def _ways(node: ast.expr | None, place: _Place) -> list[str]:
    """Return the texts that an expression may be; nothing where the source does not say it."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=parts):
            return _joined([_part(one, place) for one in parts]) or _joined(
                [_part(one, None) for one in parts]
            )
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([_ways(one, place) or ["{text}"] for one in (left, right)])
        case ast.IfExp(body=body, orelse=other):
            return _each([body, other], place)
        case ast.BoolOp(values=values):
            return _each(values, place)
        case ast.Name(id=name):
            return _of_name(name, place)
        case ast.Call(func=ast.Name(id=name)):
            return _of_function(name, place)
        case _:
            return []


def _part(node: ast.expr, place: _Place | None) -> list[str]:
    """Return what a piece of an f-string may be; without its place, values are values."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    assert isinstance(node, ast.FormattedValue)
    is_text = isinstance(node.value, ast.IfExp | ast.Name | ast.Call) and node.format_spec is None
    if place is not None and is_text:
        ways = _ways(node.value, place)
        if ways and len(ways) <= 6:
            return ways
    return [f"{{{_value_name(node.value)}}}"]


def _joined(parts: list[list[str]]) -> list[str]:
    ways = ["".join(one) for one in islice(product(*parts), WAYS_MAX + 1)]
    return ways if len(ways) <= WAYS_MAX else []


def _of_name(name: str, place: _Place) -> list[str]:
    """Return what is assigned to a name in its function, or else in its module."""
    if name in place.names:
        return []
    for scope in (place.function, place.module):
        if scope is None:
            continue
        values = [
            one.value
            for one in (ast.walk(scope) if scope is place.function else scope.body)
            if isinstance(one, ast.Assign | ast.AnnAssign) and _assigns(one, name)
        ]
        if values:
            deeper = replace(place, names=place.names | {name})
            return _each(values, deeper)
    return []


def _each(choices: Iterable[ast.expr | None], place: _Place) -> list[str]:
    """Return the texts of all choices; what cannot be read is a value beside those that can."""
    ways = [_ways(one, place) for one in choices if one is not None]
    if not any(ways):
        return []
    return list(dict.fromkeys(text for found in ways for text in found or ["{value}"]))


def _assigns(node: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(one, ast.Name) and one.id == name for one in targets)


def _of_function(name: str, place: _Place) -> list[str]:
    if name in place.names:
        return []
    for one in place.module.body:
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and one.name == name:
            returns = [node.value for node in ast.walk(one) if isinstance(node, ast.Return)]
            deeper = replace(place, function=one, names=place.names | {name})
            return _each(returns, deeper)
    return []


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@cache
def _plain(name: str) -> str:
    return name.strip("_").lower() or "value"


def _value_name(node: ast.expr) -> str:
    """Return how a value in a sentence is called: as the source calls it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _plain(name)
        case ast.Subscript(slice=ast.Constant(value=str(name))) if name.isidentifier():
            return _plain(name)
        case ast.Subscript(value=value) | ast.Await(value=value):
            return _value_name(value)
        case ast.Call(func=ast.Name(id="len"), args=[first, *_]):
            return _value_name(first)
        case ast.Call(func=function):
            return _plain(_last_name(function))
        case _:
            return "value"


def _numbered(text: str) -> str:
    """Give the second value of a name another one: `{line}`, then `{line_2}`."""
    seen: dict[str, int] = {}

    def name(match: re.Match[str]) -> str:
        seen[match[0]] = seen.get(match[0], 0) + 1
        return match[0] if seen[match[0]] == 1 else f"{match[0][:-1]}_{seen[match[0]]}}}"

    return _NAMED.sub(name, text)

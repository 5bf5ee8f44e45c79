"""What the house rules ask of the sources: each file is read once, and its tree is not kept."""

import ast
import functools
import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PLACES = {"connection", "site", "store", "transaction"}

PURE = (
    *("labeler/findings.py", "labeler/roles.py", "labeler/units.py"),
    *("labeler/serials/", "labeler/templates/"),
)
"""Rooms that read no clock and no file."""

READS = re.compile(r"\.(now|today|utcnow|read_text|read_bytes|write_text)\(|(?<![\w.])open\(")
"""Calls that have no place in a pure room."""


class Function(NamedTuple):
    """A function of the sources, by the name the lists above use."""

    name: str
    lines: int
    parameters: int
    positional: int
    is_private: bool
    is_framework_signature: bool


class Source(NamedTuple):
    """What the rules ask of a file; its tree of thousands of nodes is not kept."""

    docstring: str | None
    functions: list[Function]
    broad_excepts: int
    prints: list[int]
    """The lines that print or ask at the terminal."""
    reads: list[int]
    """The lines that read a clock or a file, of a pure room."""
    imports: list[ast.Import | ast.ImportFrom]


def name_of(path: Path) -> str:
    """The path as it is written in the lists above."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def source_of(path: Path) -> Source:
    """Read a file of the sources, and look at each of its nodes once."""
    name = name_of(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = Source(ast.get_docstring(tree), [], 0, [], [], list(module_level_imports(tree)))
    handlers = 0
    for node, parent in nodes_of(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.functions.append(function_of(node, name=name, parent=parent))
        elif isinstance(node, ast.ExceptHandler):
            handlers += is_broad(node)
        elif isinstance(node, ast.Call):
            if getattr(node.func, "id", "") in {"print", "input"}:
                found.prints.append(node.lineno)
            if name.startswith(PURE) and READS.search(ast.unparse(node.func) + "("):
                found.reads.append(node.lineno)
    return found._replace(broad_excepts=handlers)


def nodes_of(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Yield each node below the module, and what it stands in."""
    parents: deque[ast.AST] = deque([tree])
    while parents:
        parent = parents.popleft()
        for node in ast.iter_child_nodes(parent):
            yield node, parent
            parents.append(node)


def function_of(
    node: ast.FunctionDef | ast.AsyncFunctionDef, *, name: str, parent: ast.AST
) -> Function:
    """Return what the rules ask of a function of the file of that name."""
    parameters, positional = parameter_counts(node, in_class=isinstance(parent, ast.ClassDef))
    return Function(
        f"{name}::{node.name}",
        lines_of(node),
        parameters,
        positional,
        node.name.startswith("_"),
        is_framework_signature(node),
    )


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end; the docstring costs nothing, or nobody would write one."""
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    free = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - free


def parameter_counts(
    node: ast.FunctionDef | ast.AsyncFunctionDef, *, in_class: bool
) -> tuple[int, int]:
    """Return how many parameters there are in all, and how many by position; self is none.

    The place a verb works in comes first and is not counted among those by position.
    """
    arguments = node.args
    decorators = {getattr(decorator, "id", "") for decorator in node.decorator_list}
    bound = 1 if in_class and "staticmethod" not in decorators else 0
    positional = len(arguments.posonlyargs) + len(arguments.args) - bound
    place = any(argument.arg in PLACES for argument in arguments.args[bound : bound + 1])
    return positional + len(arguments.kwonlyargs), positional - place


def is_framework_signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A command's options and a dunder's protocol are not ours to choose."""
    texts = [ast.unparse(decorator) for decorator in node.decorator_list]
    is_command = any(re.match(r"click\.|.*\.command\(|.*\.group\(", text) for text in texts)
    return is_command or node.name.startswith("__")


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether the handler catches everything and keeps it; tidying and raising again is fine."""
    last = handler.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(getattr(one, "id", "") in {"Exception", "BaseException"} for one in caught)


def module_level_imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield imports outside functions and outside ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from module_level_imports(child)

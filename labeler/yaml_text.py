"""PURE: YAML text -> plain data, strictly, remembering on which line each key stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor

_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser in C, fifteen times as quick, where PyYAML was built with it."""
DEPTH_MAX = 20
"""Deepest nesting that is read."""
SIZE_MAX = 1_000_000
"""Longest text that is read, in characters."""


class YamlError(ValueError):
    """The text is not the YAML we accept; the message says where and what to do."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """Plain data and the place of each key in its text."""

    data: Any
    """dict, list, str, int, float, bool, None; nested."""
    lines: dict[tuple[str | int, ...], int]
    """Path of keys -> line number, counted from 1."""
    columns: dict[tuple[str | int, ...], int] = field(default_factory=dict)
    """Path of keys -> column of the key in its line, counted from 1."""

    def place(self, path: Iterable[str | int]) -> tuple[int, int]:
        """Return line and column of ``path``, or of its nearest parent; the first ones of none."""
        keys = tuple(map(str, path))
        columns = {tuple(map(str, place)): column for place, column in self.columns.items()}
        while keys and keys not in columns:
            keys = keys[:-1]
        return self.line(keys) or 1, columns.get(keys, 1)

    def line(self, path: Iterable[str | int]) -> int | None:
        """Return the line of ``path``, or of its nearest parent that the text has.

        A key that is a number may be given as one, or as its text.
        """
        lines = {tuple(map(str, place)): line for place, line in self.lines.items()}
        keys = tuple(map(str, path))
        while keys and keys not in lines:
            keys = keys[:-1]
        return lines.get(keys)


def load(text: str) -> Document:
    r"""Read ``text``; raise YamlError for bad syntax, doubled keys, aliases and tags.

    Aliases are refused since 300 bytes of them can unfold to gigabytes.

    >>> load("a: {b: 1}").data
    {'a': {'b': 1}}
    >>> load("a: 1\na: 2")
    Traceback (most recent call last):
    ...
    labeler.yaml_text.YamlError: line 2: key 'a' stands twice. Keep one of them.
    """
    if len(text) > SIZE_MAX:
        raise YamlError(f"the text has {len(text)} characters, at most {SIZE_MAX} are read.")
    try:
        try:
            return _read(text, loader=_QUICK)
        except yaml.YAMLError:
            return _read(text, loader=yaml.SafeLoader)  # which says better what is wrong
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise YamlError(f"{place}{error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise YamlError(" ".join(str(error).split())) from error


def _read(text: str, *, loader: Any) -> Document:
    _refuse_tricks(text, loader=loader)
    node = yaml.compose(text, Loader=loader)
    marks: dict[tuple[str | int, ...], yaml.Mark] = {}
    _visit(node, (), marks)
    return Document(
        data=None if node is None else SafeConstructor().construct_document(node),
        lines={path: mark.line + 1 for path, mark in marks.items()},
        columns={path: mark.column + 1 for path, mark in marks.items()},
    )


def _refuse_tricks(text: str, *, loader: Any) -> None:
    """Refuse what plain data needs not, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        place = f"line {event.start_mark.line + 1}: " if event.start_mark else ""
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise YamlError(f"{place}aliases (*name) are not read here. Write the value out.")
        if tag is not None:
            raise YamlError(f"{place}tags ({tag}) are not read here. Write a plain value.")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_MAX:
            raise YamlError(f"{place}the text nests deeper than {DEPTH_MAX} levels.")


def _visit(
    node: yaml.Node | None,
    path: tuple[str | int, ...],
    marks: dict[tuple[str | int, ...], yaml.Mark],
) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = (*path, str(key.value))
            mark = key.start_mark
            if place in marks:
                raise YamlError(
                    f"line {mark.line + 1}: key '{key.value}' stands twice. Keep one of them."
                )
            marks[place] = mark
            _visit(value, place, marks)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            marks[(*path, index)] = item.start_mark
            _visit(item, (*path, index), marks)

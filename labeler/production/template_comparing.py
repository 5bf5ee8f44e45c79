"""What differs between two contents of a label template: line by line, and element by element."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from labeler.errors import NOT_RELEASED, Refusal
from labeler.production import (
    template_drafts,
    template_files,
    template_linting,
    template_releases,
)
from labeler.production.site import Site
from labeler.store import Transaction
from labeler.units import counted
from labeler.yaml_text import YamlError, load

_CONTEXT = 3
"""Lines shown around a change."""


@dataclass(frozen=True, kw_only=True)
class _Side:
    label: str
    version: int | None
    digest: str
    content: str
    files: Mapping[str, str]
    """Name -> digest of what it shows beside its text."""


def compare(
    site: Site,
    transaction: Transaction,
    name: str,
    *,
    old: int | None = None,
    new: int | None = None,
) -> dict[str, Any]:
    """Return what differs between version ``old`` and version ``new`` of a template.

    Without ``old`` it is the newest release, without ``new`` the draft. Refuses an unknown template
    (4002) or version (4003), and a template without a release where one is asked for (2010).
    """
    before = _newest(site, transaction, name) if old is None else _version(transaction, name, old)
    after = _draft(site, name) if new is None else _version(transaction, name, new)
    lines = list(_lines(before.content, after.content))
    added = sum(one["kind"] == "added" for one in lines)
    removed = sum(one["kind"] == "removed" for one in lines)
    changes = [*_changes(before.content, after.content), *_of_files(before.files, after.files)]
    return {
        "template": name,
        "old": {"label": before.label, "version": before.version, "digest": before.digest},
        "new": {"label": after.label, "version": after.version, "digest": after.digest},
        "is_same": before.digest == after.digest,
        "added": added,
        "removed": removed,
        "sentence": _sentence(before, after, added=added, removed=removed),
        "changes": changes,
        "lines": lines,
        "text": _unified(name, before, after),
    }


def _newest(site: Site, transaction: Transaction, name: str) -> _Side:
    row = template_releases.newest(transaction, name)
    if row is not None:
        label = f"release {row.number}, version {row.version}"
        return _kept(transaction, row.template_version_id, row, label=label)
    template_drafts.require(site, name)
    raise Refusal(
        NOT_RELEASED,
        f"Template '{name}' has no release to compare its draft with.",
        hint=f"Look at it with labeler template show {name}.",
    )


def _version(transaction: Transaction, name: str, version: int) -> _Side:
    row = template_releases.find_version(transaction, name, version)
    return _kept(transaction, row.id, row, label=f"version {version}")


def _kept(transaction: Transaction, version_id: int, row: Row[Any], *, label: str) -> _Side:
    return _Side(
        label=label,
        version=row.version,
        digest=row.digest,
        content=row.content,
        files=template_files.digests(transaction, version_id),
    )


def _draft(site: Site, name: str) -> _Side:
    draft = template_drafts.require(site, name)
    files = template_files.digests_of(template_linting.files_of(draft))
    digest = template_linting.digest_of(draft)
    return _Side(label="draft", version=None, digest=digest, content=draft.content, files=files)


def _of_files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in old:
            yield f"file {name}: new"
        elif name not in new:
            yield f"file {name}: gone"
        elif old[name] != new[name]:
            yield f"file {name}: another content"


def _sentence(before: _Side, after: _Side, *, added: int, removed: int) -> str:
    said = after.label if after.version else f"the {after.label}"
    if before.digest == after.digest:
        return f"{said[0].upper()}{said[1:]} is the same as {before.label}."
    files = sum(1 for _ in _of_files(before.files, after.files))
    more = f", {counted(files, 'file')} changed" if files else ""
    lines = f"{counted(added, 'line')} added, {removed} removed"
    return f"From {before.label} to {said}: {lines}{more}."


def _unified(name: str, before: _Side, after: _Side) -> str:
    found = difflib.unified_diff(
        before.content.splitlines(),
        after.content.splitlines(),
        f"{name} ({before.label})",
        f"{name} ({after.label})",
        n=_CONTEXT,
        lineterm="",
    )
    return "".join(f"{line}\n" for line in found)


def _lines(before: str, after: str) -> Iterator[dict[str, Any]]:
    """Yield the lines that differ and those around them, each with its numbers."""
    old, new = before.splitlines(), after.splitlines()
    for group in difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(
        _CONTEXT
    ):
        for verb, first, last, start, end in group:
            if verb == "equal":
                for place in range(first, last):
                    yield _line("same", place, start + place - first, old[place])
                continue
            for place in range(first, last):
                yield _line("removed", place, None, old[place])
            for place in range(start, end):
                yield _line("added", None, place, new[place])


def _line(kind: str, old: int | None, new: int | None, text: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "old_line": None if old is None else old + 1,
        "new_line": None if new is None else new + 1,
        "text": text,
    }


def _changes(before: str, after: str) -> Iterator[str]:
    """Yield a phrase for each change of what a label shows; comments and spaces are none."""
    try:
        old, new = load(before).data, load(after).data
    except YamlError:
        return
    if not isinstance(old, dict) or not isinstance(new, dict):
        return
    for key in dict.fromkeys([*old, *new]):
        if key != "elements" and old.get(key) != new.get(key):
            yield f"{key}: {_shown(old.get(key))} -> {_shown(new.get(key))}"
    yield from _element_changes(_list(old), _list(new))


def _list(data: dict[Any, Any]) -> list[Any]:
    elements = data.get("elements")
    return elements if isinstance(elements, list) else []


def _element_changes(old: list[Any], new: list[Any]) -> Iterator[str]:
    before, after = list(map(_shown, old)), list(map(_shown, new))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for verb, first, last, start, end in matcher.get_opcodes():
        if verb == "equal":
            continue
        paired = min(last - first, end - start)
        for step in range(paired):
            yield from _element_change(start + step + 1, old[first + step], new[start + step])
        for place in range(first + paired, last):
            yield f"element {place + 1} removed: {before[place]}"
        for place in range(start + paired, end):
            yield f"element {place + 1} added: {after[place]}"


def _element_change(number: int, old: Any, new: Any) -> Iterator[str]:
    """Yield what differs within an element; one of another kind is another element."""
    kinds = [next(iter(one), "") if isinstance(one, dict) else "" for one in (old, new)]
    if kinds[0] != kinds[1] or not isinstance(old, dict) or not isinstance(new, dict):
        yield f"element {number}: {_shown(old)} -> {_shown(new)}"
        return
    before, after = old.get(kinds[0]), new.get(kinds[1])
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield f"element {number}: {_shown(old)} -> {_shown(new)}"
        return
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            said = f"{_shown(before.get(key))} -> {_shown(after.get(key))}"
            yield f"element {number} ({kinds[0]}), {key}: {said}"


def _shown(value: Any) -> str:
    """Return a value on one line, as YAML would write it in one."""
    if value is None:
        return "-"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)

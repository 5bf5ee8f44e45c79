"""The house rules that no linter knows: budgets, broad excepts, what is tracked and what it says.

An exception is one entry with its reason, and an entry that is no longer needed fails too.
"""

import ast
import functools
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labeler.web import problems
from tests.sources import ROOT, Function, name_of, source_of

__all__ = ["ROOT", "name_of", "tracked"]

pytestmark = pytest.mark.xdist_group("house")  # one process reads the sources, once

SOURCES = sorted([*ROOT.glob("labeler/**/*.py"), *ROOT.glob("printers/**/*.py")])

FILE_LINES_MAX, FILE_LINES_HARD_MAX = 300, 400
TEST_FILE_LINES_MAX = 400
FUNCTION_LINES_MAX, FUNCTION_LINES_HARD_MAX = 40, 70
PARAMETERS_MAX, POSITIONAL_MAX = 5, 2

LONG_FILES: dict[str, str] = {
    "labeler/store/schema.py": "tables, column by column",
    "printers/label.py": "every element of a label, one short shape after the other",
    "labeler/web/shapes.py": "every request and reply, one short shape after the other",
}
"""File -> why it is over 300 lines; none is over 400."""

LONG_FUNCTIONS = {
    "labeler/store/migrations/versions/v0001_first.py::_runs": "tables, column by column",
}
"""file::function -> why it is over 40 lines; none is over 70."""

WIDE_FUNCTIONS = {
    "labeler/settings.py::settings_customise_sources": "pydantic-settings calls it by position",
    "labeler/web/texts.py::ngettext": "Jinja calls it by position, as gettext(3) is",
}
"""file::function -> why it takes over five parameters, or over two by position if public."""

BROAD_EXCEPTS = {
    "labeler/cli.py": "the command line's last resort: a sentence and an exit code",
    "labeler/spooler/router.py": "one run's trouble must not stop its group",
    "labeler/spooler/worker.py": "one printer's trouble must not stop its loop",
    "labeler/store/writer.py": "one bad entry of a batch must not fail its neighbours",
}
"""File -> why it may catch everything, once; at most four files ever."""

TOP_LEVEL = {
    *{".ci", ".editorconfig", ".gitattributes", ".gitignore", "CHANGES.md", "CONTRIBUTING.md"},
    *{"LICENSE", "Makefile", "README.md", "bench", "config.yaml", "docs", "labeler", "printers"},
    *{"pyproject.toml", "requirements", "templates", "tests"},
}

DECISION_SECTIONS = ["Context", "Decision", "Consequences"]


@functools.cache
def tracked() -> list[Path]:
    """Return what git tracks; without git, everything that is neither hidden nor generated."""
    git = ["git", "-c", "safe.directory=*", "-C", str(ROOT), "ls-files", "-z"]
    try:
        answer = subprocess.run(git, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        generated = re.compile(r"/(\.[^c/]|data/|build/|dist/|__pycache__/)")
        return [
            path
            for path in sorted(ROOT.rglob("*"))
            if path.is_file() and not generated.search("/" + name_of(path))
        ]
    return [ROOT / name for name in answer.split("\0") if name and (ROOT / name).is_file()]


def functions() -> Iterator[Function]:
    """Every function and method of the sources."""
    for path in SOURCES:
        yield from source_of(path).functions


def assert_listed(found: dict[str, str], allowed: dict[str, str]) -> None:
    """Everything found is allowed with a reason, and everything allowed is still found."""
    assert {name: what for name, what in found.items() if name not in allowed} == {}
    assert sorted(set(allowed) - set(found)) == [], "no longer needed: remove the entry"


def test_house_files_stay_within_their_budget() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES_HARD_MAX} == {}
    found = {name: f"{n} lines" for name, n in lengths.items() if n > FILE_LINES_MAX}
    assert_listed(found, LONG_FILES)


def test_house_files_of_tests_stay_within_theirs() -> None:
    paths = sorted(ROOT.glob("tests/**/*.py"))
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in paths}
    found = {name: lines for name, lines in lengths.items() if lines > TEST_FILE_LINES_MAX}
    assert found == {}, "split it by subject"


def test_house_functions_stay_within_their_budget() -> None:
    lengths = {function.name: function.lines for function in functions()}
    assert {name: n for name, n in lengths.items() if n > FUNCTION_LINES_HARD_MAX} == {}
    found = {name: f"{n} lines" for name, n in lengths.items() if n > FUNCTION_LINES_MAX}
    assert_listed(found, LONG_FUNCTIONS)


def test_house_functions_take_few_parameters_and_name_most_of_them() -> None:
    found = {}
    for function in functions():
        if function.is_framework_signature:
            continue
        has_many = function.positional > POSITIONAL_MAX and not function.is_private
        if function.parameters > PARAMETERS_MAX or has_many:
            found[function.name] = (
                f"{function.parameters} parameters, {function.positional} by position"
            )
    assert_listed(found, WIDE_FUNCTIONS)


def test_house_catches_everything_in_few_places_only() -> None:
    counts = {name_of(path): source_of(path).broad_excepts for path in SOURCES}
    handlers = {name: count for name, count in counts.items() if count}
    assert len(BROAD_EXCEPTS) <= 4
    assert {name: count for name, count in handlers.items() if count > 1} == {}
    existing = {name: why for name, why in BROAD_EXCEPTS.items() if (ROOT / name).exists()}
    assert_listed({name: f"{count} broad except" for name, count in handlers.items()}, existing)


def test_house_modules_say_what_they_are() -> None:
    migrations = "labeler/store/migrations/"
    silent = [
        name_of(path)
        for path in SOURCES
        if not source_of(path).docstring and not name_of(path).startswith(migrations)
    ]
    assert silent == []


def test_house_folders_of_modules_are_packages() -> None:
    folders = {path.parent for path in SOURCES}
    assert sorted(name_of(one) for one in folders if not (one / "__init__.py").exists()) == []


def test_house_prints_nothing_but_through_the_command_line() -> None:
    prints = [f"{name_of(path)}:{line}" for path in SOURCES for line in source_of(path).prints]
    assert prints == []


def test_house_pure_rooms_read_no_clock_and_no_file() -> None:
    found = [f"{name_of(path)}:{line}" for path in SOURCES for line in source_of(path).reads]
    assert found == []


def test_house_finds_the_shapes_of_every_module_where_a_request_is_refused() -> None:
    there = sorted(path.stem for path in ROOT.glob("labeler/web/shapes*.py"))
    assert sorted(one.__name__.rpartition(".")[2] for one in problems._SHAPES) == there


def test_house_has_no_import_cycles() -> None:
    modules = {module_name(path): path for path in SOURCES}
    imports = {name: set(imported_by(path, modules)) - {name} for name, path in modules.items()}
    while leaves := [name for name, needs in imports.items() if not needs & imports.keys()]:
        for leaf in leaves:
            del imports[leaf]
    cyclic = {name: sorted(needs & imports.keys()) for name, needs in imports.items()}
    assert cyclic == {}


def module_name(path: Path) -> str:
    """The dotted name of the file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_by(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    """Yield our own modules that the file imports when it is loaded."""
    for node in source_of(path).imports:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        else:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in modules else str(node.module)


# Held apart from their slashes and dots, so that this file does not find itself.
FOLDERS = "home|root|Users|work|opt/pypi|opt/wheels"
HOSTS = "|".join(
    rf"{name}\.{domain}"
    for name, domain in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("deb.debian", "org"),
    ]
)
FOREIGN = re.compile(rf"(?<![\w.~])/(?:{FOLDERS})/[\w.-]|[A-Z]:\\+Users|(?:{HOSTS})")


def test_house_names_no_machine_and_no_registry() -> None:
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in tracked()
        if path.suffix not in {".pdf", ".png", ".woff2", ".ttf"}
        for match in FOREIGN.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


@pytest.mark.parametrize("lock", ["build", "runtime", "dev", "bench"])
def test_house_lock_pins_with_hashes_and_names_no_address(lock: str) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    assert re.findall(r"\w+://\S*|^\s*-(?!-hash=)\S*|file:\S*| @ ", text, re.MULTILINE) == []
    bare = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    pinned = re.compile(r"[\w.-]+(\[\w+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}")
    assert [line for line in bare if not pinned.match(line)] == []


def test_house_locks_agree_on_every_version() -> None:
    versions: dict[str, set[str]] = {}
    for path in (ROOT / "requirements").glob("*.txt"):
        for name, version in re.findall(
            r"^([\w.-]+)(?:\[.*\])?==(\S+)", path.read_text(), re.MULTILINE
        ):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_house_runtime_lock_covers_every_dependency_of_pyproject() -> None:
    lock = (ROOT / "requirements/runtime.txt").read_text()
    locked = set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", lock, re.MULTILINE))
    wanted = {re.split(r"[\[><=;! ]", line)[0].lower() for line in project()["dependencies"]}
    assert sorted(wanted - locked) == [], "run make lock"


def project() -> dict[str, Any]:
    """The project table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return table


def test_house_top_level_holds_only_what_the_architecture_names() -> None:
    assert sorted({name_of(path).split("/")[0] for path in tracked()} - TOP_LEVEL) == []


def test_house_changes_name_the_version_that_is_built() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGES.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == project()["version"]


def test_house_readme_is_what_the_package_index_shows() -> None:
    readme = "README.md" if (ROOT / "README.md").exists() else None
    assert project().get("readme") == readme


def test_house_package_says_the_version_that_is_built() -> None:
    text = (ROOT / "labeler/__init__.py").read_text()
    assert re.findall(r'^__version__ = "(.*)"', text, re.MULTILINE) == [project()["version"]]


def test_house_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (ROOT / "docs/decisions").glob("*"))
    assert [name for name in names if not re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", name)] == []
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))


@pytest.mark.parametrize("path", sorted((ROOT / "docs/decisions").glob("*.md")), ids=name_of)
def test_house_decision_has_its_sections_and_stays_short(path: Path) -> None:
    text = path.read_text()
    assert re.match(rf"# {int(path.name[:4])}\. \S", text), "starts with '# <number>. <title>'"
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == DECISION_SECTIONS
    assert len(text.splitlines()) <= 60, "half a page; at most a whole one"

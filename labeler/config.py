"""config.yaml + environment + secret files -> frozen settings; the only reader of any of them.

Every key can be overridden by an environment variable, `LABELER__DATABASE__URL` for `database.url`,
or by a file of that name, `database__url`, in the folder named by `LABELER_SECRETS_DIR` (such as
/run/secrets). Environment beats secret file beats config.yaml. `settings.py` finds the name that
`LABELER__PRODUCTS__AC_100__NAME` means.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from labeler import findings, spelling, yaml_text
from labeler.errors import BAD_CONFIG, Refusal
from labeler.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Source:
    """Settings, and where each of them was said."""

    path: Path
    document: yaml_text.Document
    said: Settings
    """As they were said: relative paths are still relative."""

    @property
    def folder(self) -> Path:
        """Return the site's folder."""
        return self.path.resolve().parent

    @property
    def settings(self) -> Settings:
        """Return the settings with absolute paths."""
        return _absolute(self.said, self.folder)

    def place(self, *keys: str) -> str:
        """Return file and line of a key, or where else its value comes from."""
        value: Any = self.said
        for key in keys:
            value = value[key] if isinstance(value, dict) else getattr(value, key)
        said = _says(self.document, list(keys), value)
        return _place(self.path, self.document, keys) if said else _ELSEWHERE


def load(path: Path) -> tuple[Settings, Path]:
    """Read the config.yaml ``path``; return the settings and the site's folder."""
    source = read(path)
    return source.settings, source.folder


def read(path: Path) -> Source:
    """Read the config.yaml ``path``.

    Raises Refusal (9004) with every finding in one sentence each: file, line, key, what was
    expected.
    """
    try:
        text = path.read_text(encoding="utf-8")
        document = yaml_text.load(text)
    except FileNotFoundError as error:
        raise Refusal(
            BAD_CONFIG,
            f"There is no {path}.",
            hint="Name the site's config.yaml with --config, or make a site: labeler init DIR.",
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise _refuse([f"{path}: cannot be read: {error}."]) from error
    except yaml_text.YamlError as error:
        raise _refuse([f"{path}: {error}"]) from error
    if not isinstance(document.data, dict):
        raise _refuse([f"{path}: expected keys such as site:, database:, lines:."])
    misplaced = dict(_misplaced_keys(path, document))
    try:
        settings = Settings(**{str(key): value for key, value in document.data.items()})
    except ValidationError as error:
        wrong = [item for item in error.errors() if item["loc"] not in misplaced]
        sentences = [_finding(path, document, item) for item in wrong]
        raise _refuse([*misplaced.values(), *sentences]) from error
    except SettingsError as error:
        raise _refuse([f"{_ELSEWHERE}: {error}."]) from error
    source = Source(path=path, document=document, said=settings)
    wrong_names = _dangling(source)
    if misplaced or wrong_names:
        raise _refuse([*misplaced.values(), *wrong_names])
    return source


def _refuse(sentences: list[str]) -> Refusal:
    return Refusal(BAD_CONFIG, "\n".join(sentences), hint="Correct it and start again.")


_ELSEWHERE = "environment or secret files"


def _finding(path: Path, document: yaml_text.Document, error: Any) -> str:
    keys = [key for key in error["loc"] if key != "[key]"]
    kind = error["type"]
    said = kind == "missing" or "[key]" in error["loc"] or _says(document, keys, error["input"])
    place = _place(path, document, keys) if said else _ELSEWHERE
    return f"{place}: {findings.read(error, Settings, whole='the whole').sentence}"


def _misplaced_keys(
    path: Path, document: yaml_text.Document
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield where config.yaml says the key of a series, and why not; the key is never repeated.

    Many may read the file, and copies of it: who has the key knows every serial to come.
    """
    series = document.data.get("series")
    for name, entry in series.items() if isinstance(series, dict) else ():
        if isinstance(entry, dict) and "key" in entry:
            keys = ("series", str(name), "key")
            sentence = (
                f"{_place(path, document, keys)}: {'.'.join(keys)}: a key does not belong into "
                f"config.yaml; give it as {spelling.variable(*keys)} or as a file in "
                "LABELER_SECRETS_DIR."
            )
            yield keys, sentence


def _place(path: Path, document: yaml_text.Document, keys: Iterable[Any]) -> str:
    line = document.line(keys)
    return f"{path}:{line}" if line else str(path)


def _says(document: yaml_text.Document, keys: list[Any], value: Any) -> bool:
    """Return whether it is config.yaml that says ``value``, and not what overrides it."""
    found = document.data
    for key in keys:
        entries = dict(enumerate(found)) if isinstance(found, list) else found
        said = {str(k): inner for k, inner in entries.items()} if isinstance(entries, dict) else {}
        if str(key) not in said:
            return False
        found = said[str(key)]
    if isinstance(value, BaseModel):  # a table of numbers, say: there it is as YAML wrote it
        try:
            return type(value).model_validate(found) == value
        except ValidationError:
            return False
    return repr(found) == repr(value)  # .nan is not equal to itself


def _dangling(source: Source) -> list[str]:
    """Return a finding for every name that names nothing."""
    dangling = []
    for keys, name, sections in _names(source.said):
        known = [one for section in sections for one in getattr(source.said, section)]
        if name is not None and name not in known:
            dangling.append(
                f"{source.place(*keys)}: {'.'.join(keys)}: '{name}' names none of "
                f"{' and '.join(sections)}. Known: {', '.join(known) or 'none'}."
            )
    return dangling


def _names(
    settings: Settings,
) -> Iterator[tuple[tuple[str, ...], str | None, tuple[str, ...]]]:
    """Yield each name that is used: under which keys, and of which sections it is one."""
    targets = ("printers", "printer_groups") if settings.printer_groups else ("printers",)
    for name, group in settings.printer_groups.items():
        for member in group.printers:
            yield ("printer_groups", name, "printers"), member, ("printers",)
    for name, line in settings.lines.items():
        yield ("lines", name, "printer"), line.printer, targets
        yield ("lines", name, "archive"), line.archive, ("printers",)
    for name, product in settings.products.items():
        yield ("products", name, "series"), product.series, ("series",)
        for key, series in product.identifiers.items():
            yield ("products", name, "identifiers", key), series, ("series",)


def _absolute(settings: Settings, folder: Path) -> Settings:
    """Return ``settings`` with every relative path resolved against the site's folder."""
    url = settings.database.url
    if url.startswith("sqlite:///"):
        url = f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    printers = {
        name: printer.model_copy(update={"uri": _absolute_uri(printer.uri, folder)})
        for name, printer in settings.printers.items()
    }
    fonts = {
        name: font.model_copy(
            update={key: str(folder / path) for key, path in font if path is not None}
        )
        for name, font in settings.fonts.items()
    }
    tls = settings.http.tls
    if tls is not None:
        files = {name: str(folder / path) for name, path in tls}
        tls = tls.model_copy(update=files)
    return settings.model_copy(
        update={
            "fonts": fonts,
            "database": settings.database.model_copy(update={"url": url}),
            "http": settings.http.model_copy(update={"tls": tls}),
            "templates": str(folder / settings.templates),
            "printers": printers,
        }
    )


def _absolute_uri(uri: str, folder: Path) -> str:
    if not uri.startswith("file:"):
        return uri
    given = uri.removeprefix("file:")
    # A percent sign of the site's folder is one; in a URI it begins a code.
    return uri if given.startswith("/") else f"file:{quote(folder.as_posix())}/{given}"

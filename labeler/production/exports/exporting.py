"""Export what the record says: one snapshot, counted first, then streamed page by page."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any

from labeler.errors import BAD_VALUE, NOT_FILTERED_SO, OVERLOADED, Refusal
from labeler.production import runs
from labeler.production.exports import formats, rows, sealing, sources
from labeler.production.exports.formats import Options
from labeler.production.exports.rows import Pages, Source, Wanted
from labeler.production.site import ExportProgress, Site
from labeler.store import Transaction

EXPORTS_MAX = 4
"""Exports at the same time: each holds a connection, and a thread of the server."""


@dataclass(frozen=True, kw_only=True)
class ExportOrder:
    """What is exported, and how."""

    source: str
    form: str
    """csv, xlsx or ndjson."""
    wanted: Wanted
    delimiter: str = ","
    bom: bool = False
    end_line: bool = False
    """One line more says what must have come before it; see `sealing`."""
    id: str | None = None
    """Chosen by the sender, who may then ask how far it is."""


class Export:
    """An export under way. Close it, however far it came."""

    def __init__(self, site: Site, order: ExportOrder) -> None:
        """Open the snapshot and count; `export` says what is refused."""
        self.media_type = formats.load(order.form).MEDIA_TYPE
        self.name = f"{order.source}.{order.form}"
        self.id = order.id or site.random_bytes(8).hex()
        self._site, self._order = site, order
        self._source = sources.load(order.source)
        _require_useful(order.source, self._source, order.wanted)
        self._stack = ExitStack()
        try:
            self.progress = self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> ExportProgress:
        with self._site.exports_lock:  # else two could be the last one that there may be
            progress = self._register()
        self._stack.callback(self._site.exports.pop, self.id, None)
        self._transaction = self._stack.enter_context(self._site.store.read())
        if self._order.wanted.run is not None:
            runs.show(self._transaction, self._order.wanted.run)
        progress.total = self._source.count(self._transaction, self._order.wanted)
        return progress

    def _register(self) -> ExportProgress:
        """Take one of the places; the caller holds the lock."""
        if len(self._site.exports) >= EXPORTS_MAX:
            raise Refusal(
                OVERLOADED,
                f"{len(self._site.exports)} exports are under way, as many as there may be.",
                hint="Try again when one of them is done.",
            )
        if self.id in self._site.exports:
            raise Refusal(
                BAD_VALUE,
                f"An export with the id '{self.id}' is under way.",
                hint="Choose another id, or leave it out.",
            )
        progress = ExportProgress(source=self._order.source, form=self._order.form)
        self._site.exports[self.id] = progress
        return progress

    def pieces(self) -> Iterator[bytes]:
        """Yield the file as it is made."""
        order, own = self._order, self._source.columns
        options = Options(
            title=order.source, total=self.progress.total, delimiter=order.delimiter, bom=order.bom
        )
        pages = self._pages(self._transaction)
        found = formats.load(order.form).write(rows.names(own), pages, options=options)
        if order.end_line:
            found = sealing.sealed(found, lambda: self.progress.rows)
        try:
            yield from found
        finally:
            self.close()

    def _pages(self, transaction: Transaction) -> Pages:
        source = self._source
        for page in source.pages(transaction, self._order.wanted):
            yield rows.told(source.columns, page, local=self._site.local)
            self.progress.rows += len(page)

    def close(self) -> None:
        """Let go of the snapshot; once is enough, twice is as good."""
        self._stack.close()


def export(site: Site, order: ExportOrder) -> Export:
    """Begin an export.

    Refuses what is not there to export (6020), a filter it has no use for (6021), an unknown run
    (2003) or recall (6010), a time that ends before it begins (1002), and one too many (9007).
    """
    return Export(site, order)


def offered(site: Site) -> dict[str, Any]:
    """Return what can be exported and how, and which exports are under way."""
    known = {name: sources.load(name) for name in sources.names()}
    return {
        "sources": [
            {
                "name": name,
                "about": one.about,
                "columns": rows.names(one.columns),
                "filters": sorted(one.filters),
            }
            for name, one in known.items()
        ],
        "formats": list(formats.names()),
        "under_way": [
            {"id": export_id, **asdict(progress)}
            for export_id, progress in sorted(site.exports.items())
        ],
    }


def _require_useful(name: str, source: Source, wanted: Wanted) -> None:
    said = {key for key, value in asdict(wanted).items() if value is not None}
    useless = sorted(said - source.filters)
    if useless:
        raise Refusal(
            NOT_FILTERED_SO,
            f"The export of {name} has no use for {', '.join(useless)}: expected of "
            f"{', '.join(sorted(source.filters))}.",
            hint="Leave it out, or export something else.",
        )
    if wanted.since and wanted.before and wanted.since >= wanted.before:
        raise Refusal(
            BAD_VALUE,
            f"The time begins at {wanted.since.isoformat()} and ends at "
            f"{wanted.before.isoformat()}.",
            hint="Let since be before `before`.",
        )

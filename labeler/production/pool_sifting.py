"""What is wrong with a list of numbers, line by line, before the record hears of any."""

from dataclasses import dataclass
from itertools import islice

from labeler.errors import BAD_NUMBERS, Refusal
from labeler.production.pool_lists import ImportOrder, Numbers, Row
from labeler.production.sieve import Findings, Sieve
from labeler.production.site import PoolProgress, Site
from labeler.serials import SerialError, Series

CHECKED_AT_ONCE = 2000
"""Numbers looked up in the record at once."""


@dataclass(frozen=True)
class Sifting:
    """A list on its way through the sieve."""

    numbers: Numbers
    series: Series
    sieve: Sieve
    progress: PoolProgress


def sift(site: Site, order: ImportOrder, work: Sifting) -> None:
    """Put every good number into the sieve; refuse (3012) the list if any is not."""
    bad, doubles = Findings(), Findings()
    rows = iter(work.numbers)
    while block := list(islice(rows, CHECKED_AT_ONCE)):
        good = [row for row in block if _is_good(row, work.series, bad)]
        work.sieve.add(good)
        _find_known(site, order, good, doubles)
        work.progress.lines_read += len(block)
    work.sieve.find_doubles(doubles)
    work.progress.total = work.sieve.count
    if bad.count or doubles.count:
        raise _refuse(order, bad, doubles)
    if not work.sieve.count:
        raise Refusal(
            BAD_NUMBERS,
            f"'{order.source}' has no number. Nothing was imported.",
            hint="Look at the file.",
        )


def _is_good(row: Row, series: Series, bad: Findings) -> bool:
    text = row[1]
    try:
        series.parse(text)
    except SerialError as error:
        surrogate = any("\udc80" <= character <= "\udcff" for character in text)
        bad.add(row, "It is not written in UTF-8." if surrogate else str(error))
        return False
    return True


def _refuse(order: ImportOrder, bad: Findings, doubles: Findings) -> Refusal:
    first = min(
        (findings.as_dict()["first"][0] for findings in (bad, doubles) if findings.count),  # type: ignore[index]
        key=lambda one: one["line"],
    )
    said = [
        f"{_counted(bad.count, 'line')} no number of series '{order.series}'" if bad.count else "",
        f"{_counted(doubles.count, 'number')} there already" if doubles.count else "",
    ]
    return Refusal(
        BAD_NUMBERS,
        f"'{order.source}' has {' and '.join(filter(None, said))}. Nothing was imported. Line "
        f"{first['line']}: {first['sentence']}",
        hint="Correct the list and import all of it.",
        extra={"bad_lines": bad.as_dict(), "doubles": doubles.as_dict()},
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun} that is" if count == 1 else f"{count} {noun}s that are"


def _find_known(site: Site, order: ImportOrder, rows: list[Row], doubles: Findings) -> None:
    """Add the numbers that the pool has, or had, or that a unit carries."""
    texts = [row[1] for row in rows]
    if not texts:
        return
    identified = site.plant.identifies(order.series)
    products = [n for n, p in site.plant.products.items() if p.series == order.series]
    scopes = sorted({site.plant.scope(product) for product in identified or products})
    places, scope_places = ", ".join("?" * len(texts)), ", ".join("?" * len(scopes))
    column, table = ("text", "unit_identifier") if identified else ("serial", "unit")
    issued = (
        f"SELECT {column} FROM {table} "  # noqa: S608 places are ours
        f"WHERE {column} IN ({places}) AND scope IN ({scope_places})"
    )
    pooled = f"SELECT text FROM pool_number WHERE series = ? AND text IN ({places})"  # noqa: S608
    sentences: dict[str, str] = {}
    with site.store.read() as transaction:
        ask = transaction.run_sql
        if scopes:
            for row in ask(issued, (*texts, *scopes)):
                sentences[row[0]] = f"Number '{row[0]}' was issued already."
        if not order.again:
            for row in ask(f"{pooled} AND state = 'returned'", (order.series, *texts)):
                sentences[row[0]] = (
                    f"Number '{row[0]}' was returned to whom it came from; to import it all the "
                    f"same, say so: again."
                )
        for row in ask(f"{pooled} AND state <> 'returned'", (order.series, *texts)):
            sentences[row[0]] = f"Number '{row[0]}' is in the pool already."
    if sentences:
        for found in rows:
            if found[1] in sentences:
                doubles.add(found, sentences[found[1]])

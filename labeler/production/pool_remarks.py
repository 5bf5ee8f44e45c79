"""What a check says of a number that nobody got and that is or was in a pool."""

from labeler.production.meanings import fault_of
from labeler.production.neighbours import Known
from labeler.store import Transaction


def remarks(transaction: Transaction, text: str, known: Known) -> list[str]:
    """Return of each known pool whether the text waits in it or was returned from it.

    A number that was returned and brought again waits. What an import at work has brought so far is
    in no pool yet.
    """
    pools = [one for one in known if one[1].series.kind == "pool"]
    series = [name for name, definition in pools if fault_of(definition, text) is None]
    if not series:
        return []
    places = ", ".join("?" * len(series))
    asked = (
        "SELECT n.series FROM pool_number n JOIN pool p ON p.series = n.series "  # noqa: S608
        f"AND n.id <= p.last_id WHERE n.series IN ({places}) AND n.text = ? AND n.state "
    )
    # Each state has an index of its own, which is used only where its condition stands.
    here, gone = (
        {name for (name,) in transaction.run_sql(f"{asked} {condition}", (*series, text))}
        for condition in ("<> 'returned' AND n.state = 'unallocated'", "= 'returned'")
    )
    waits = "it waits in the pool of series '{}'; nobody got it yet"
    returned = "it was in the pool of series '{}' and was returned to its owner"
    return [waits.format(name) for name in sorted(here)] + [
        returned.format(name) for name in sorted(gone - here)
    ]

"""What a check says of a serial that was given to somebody."""

from labeler.production.carrying import IssuedUnit
from labeler.store import Transaction


def on_lease(transaction: Transaction, unit: IssuedUnit) -> tuple[int, str]:
    """Return the number and the holder of the lease that a unit's serial is of."""
    [(lease_id, holder)] = transaction.run_sql(
        "SELECT l.id, l.holder FROM unit u JOIN allocation a ON a.run_id = u.run_id "
        "AND a.first_position <= u.position AND a.first_position + a.quantity > u.position "
        "JOIN lease l ON l.allocation_id = a.id WHERE u.serial = ? AND u.run_id + 0 = ?",
        (unit.serial, unit.run),
    )
    return lease_id, holder


def sentence(transaction: Transaction, unit: IssuedUnit) -> str:
    """Return what became of a serial that was given to somebody, as far as it is known."""
    lease_id, holder = on_lease(transaction, unit)
    beginning = f"Serial '{unit.serial}' was issued by {unit.made_by} and given to {holder} on"
    if unit.state == "voided":
        return (
            f"{beginning} lease {lease_id}, but it is voided: no unit has it, and nobody should "
            f"meet it."
        )
    return f"{beginning} lease {lease_id}, which has not said what became of it."

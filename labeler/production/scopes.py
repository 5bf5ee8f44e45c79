"""The scope of serials, fixed by the first run: changed later, a serial could be issued twice."""

from sqlalchemy import insert, select

from labeler.errors import BAD_CONFIG, Refusal
from labeler.production.plant import Plant
from labeler.store import Transaction, schema

_NAME = "serial_scope"
_TABLE = schema.site_setting


def fix(transaction: Transaction, plant: Plant) -> None:
    """Keep the plant's scope for good; refuse (9004) another one than was kept."""
    if _kept(transaction) is None:
        transaction.execute(insert(_TABLE).values(name=_NAME, value=plant.serial_scope))
    check(transaction, plant)


def check(transaction: Transaction, plant: Plant) -> None:
    """Refuse (9004) a plant whose scope is another one than serials were issued under."""
    kept = _kept(transaction)
    if kept not in (None, plant.serial_scope):
        raise Refusal(
            BAD_CONFIG,
            f"site.serial_scope is '{plant.serial_scope}' in config.yaml, but serials were issued "
            f"under '{kept}'.",
            hint=f"Write serial_scope: {kept} under site: a serial could be issued twice "
            "otherwise.",
        )


def _kept(transaction: Transaction) -> str | None:
    query = select(_TABLE.c.value).where(_TABLE.c.name == _NAME)
    return transaction.execute(query).scalar_one_or_none()

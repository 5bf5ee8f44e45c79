"""Which run draws from which version of a series, for its serials or for identifiers."""

from sqlalchemy import Subquery, case, func, literal, select, union_all

from labeler.store import schema


def draws() -> Subquery:
    """Return a row a run and version: `run_id`, `version_id`, `times`, `role`.

    `times` is how many numbers each unit of the run takes from it, `role` what for: serial,
    identifier or secret.
    """
    run, own = schema.run, schema.run_series
    of_serials = select(
        run.c.id.label("run_id"),
        run.c.series_version_id.label("version_id"),
        literal(1).label("times"),
        literal("serial").label("role"),
    )
    role = case((own.c.secret, "secret"), else_="identifier").label("role")
    of_identifiers = select(
        own.c.run_id, own.c.series_version_id, func.count().label("times"), role
    ).group_by(own.c.run_id, own.c.series_version_id, own.c.secret)
    return union_all(of_serials, of_identifiers).subquery("draws")

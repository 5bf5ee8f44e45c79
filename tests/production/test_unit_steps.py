"""The states of units: one table says which step is legal, and every writer is held to it."""

from collections.abc import Callable
from functools import partial
from itertools import count

import pytest
from sqlalchemy import select, update

from labeler.production import runs
from labeler.production.lifecycle import changing, steps
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.lifecycle.verbs import VERBS
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import GONE, UNIT_LEGAL, UnitState
from tests.plants import order, trigger
from tests.production.living import SAID, listed
from tests.production.record import issue, refused


def opened(site: Site) -> Callable[[UnitState], str]:
    """Open a run; return what issues a serial without a label whose unit is in a state."""
    runs.open_run(site, order())
    keys = (f"k{number}" for number in count())

    def standing_in(state: UnitState) -> str:
        [serial] = issue(site, trigger(next(keys), print=False)).serials

        def put(transaction: Transaction) -> None:
            change = update(schema.unit).where(schema.unit.c.serial == serial)
            transaction.execute(change.values(state=state.value))

        site.store.write(put)
        return serial

    return standing_in


def unit(site: Site, serial: str) -> tuple[int, str]:
    """Return the id of a unit and its state."""
    query = select(schema.unit.c.id, schema.unit.c.state).where(schema.unit.c.serial == serial)
    with site.store.read() as transaction:
        found = transaction.execute(query).one()
    return found.id, found.state


def test_there_is_no_way_out_of_a_spent_serial() -> None:
    assert set(UNIT_LEGAL) == set(UnitState)
    assert {one for one, ways in UNIT_LEGAL.items() if not ways} == set(GONE)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_takes_only_legal_steps(verb: str) -> None:
    for was, to in VERBS[verb].becomes.items():
        assert was == to or to in UNIT_LEGAL[was]
        assert was not in GONE


def test_every_legal_step_is_taken_by_a_verb_a_label_or_a_lease() -> None:
    by_verbs = {way for one in VERBS.values() for way in one.becomes.items() if way[0] != way[1]}
    by_others = {
        (UnitState.ALLOCATED, UnitState.ENCODED),
        (UnitState.ENCODED, UnitState.ALLOCATED),
        (UnitState.LEASED, UnitState.ENCODED),
        (UnitState.LEASED, UnitState.VOIDED),
    }
    assert by_verbs | by_others == {(was, to) for was, ways in UNIT_LEGAL.items() for to in ways}


@pytest.mark.parametrize("was", UnitState)
def test_a_step_is_taken_or_refused_as_the_table_says(sqlite_site: Site, was: UnitState) -> None:
    standing_in = opened(sqlite_site)
    for to in UnitState:
        serial = standing_in(was)
        unit_id, _ = unit(sqlite_site, serial)

        def step(transaction: Transaction, unit_id: int = unit_id, to: UnitState = to) -> None:
            steps.change(transaction, steps.locked(transaction, [unit_id]), to=to)

        if to in UNIT_LEGAL[was]:
            sqlite_site.store.write(step)
            assert unit(sqlite_site, serial) == (unit_id, to)
            continue
        number, sentence, _ = refused(partial(sqlite_site.store.write, step))
        expected = f"The unit with serial '{serial}' is '{was}' and cannot become '{to}'."
        assert (number, sentence) == (3025, expected)
        assert unit(sqlite_site, serial) == (unit_id, was)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_does_its_step_or_is_refused(site: Site, verb: str) -> None:
    standing_in = opened(site)
    for was in UnitState:
        serial = standing_in(was)
        wanted = UnitOrder(verb=verb, key=f"c-{was}", said=SAID[verb])
        work = partial(changing.change, site, wanted, listed(serial))
        if was in VERBS[verb].becomes:
            assert work()["changed"] == 1
            assert unit(site, serial)[1] == VERBS[verb].becomes[was]
            continue
        number, sentence, _ = refused(work)
        aim = VERBS[verb].aim
        expected = f"The unit with serial '{serial}' is '{was}' and cannot become '{aim}'."
        assert (number, sentence) == (3025, expected)
        assert unit(site, serial)[1] == was

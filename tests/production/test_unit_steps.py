"""The states of units: one table says which step is legal, and every writer is held to it."""

from itertools import product

import pytest
from sqlalchemy import select, update

from labeler.production import runs
from labeler.production.lifecycle import changing, steps
from labeler.production.lifecycle.changing import UnitOrder
from labeler.production.lifecycle.verbs import VERBS
from labeler.production.site import Site
from labeler.store import Transaction, schema
from labeler.units import GONE, UNIT_LEGAL, UnitState
from tests.plants import FIRST, order, trigger
from tests.production.living import SAID, listed
from tests.production.record import issue, refused

PAIRS = list(product(UnitState, UnitState))


def standing_in(site: Site, state: UnitState) -> None:
    """Issue a serial without a label, and write down that its unit is in that state."""
    runs.open_run(site, order())
    issue(site, trigger("k1", print=False))

    def put(transaction: Transaction) -> None:
        transaction.execute(update(schema.unit).values(state=state.value))

    site.store.write(put)


def state(site: Site) -> str:
    with site.store.read() as transaction:
        return str(transaction.execute(select(schema.unit.c.state)).scalar_one())


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


@pytest.mark.parametrize(("was", "to"), PAIRS)
def test_a_step_is_taken_or_refused_as_the_table_says(
    sqlite_site: Site, was: UnitState, to: UnitState
) -> None:
    standing_in(sqlite_site, was)

    def step(transaction: Transaction) -> None:
        steps.change(transaction, steps.locked(transaction, [1]), to=to)

    if to in UNIT_LEGAL[was]:
        sqlite_site.store.write(step)
        assert state(sqlite_site) == to
        return
    number, sentence, _ = refused(lambda: sqlite_site.store.write(step))
    expected = f"The unit with serial '{FIRST}' is '{was}' and cannot become '{to}'."
    assert (number, sentence) == (3025, expected)
    assert state(sqlite_site) == was


@pytest.mark.parametrize(("was", "verb"), list(product(UnitState, VERBS)))
def test_a_verb_does_its_step_or_is_refused(site: Site, was: UnitState, verb: str) -> None:
    standing_in(site, was)
    wanted = UnitOrder(verb=verb, key="c1", said=SAID[verb])
    if was in VERBS[verb].becomes:
        assert changing.change(site, wanted, listed(FIRST))["changed"] == 1
        assert state(site) == VERBS[verb].becomes[was]
        return
    number, sentence, _ = refused(lambda: changing.change(site, wanted, listed(FIRST)))
    aim = VERBS[verb].aim
    expected = f"The unit with serial '{FIRST}' is '{was}' and cannot become '{aim}'."
    assert (number, sentence) == (3025, expected)
    assert state(site) == was

"""Sessions: how long they last, and what ends them."""

import pytest
from sqlalchemy import select

from labeler.production.access import accounts, sessions, signing_in
from labeler.production.access.account_rows import SESSION
from labeler.production.access.accounts import AccountChange
from labeler.production.site import Site
from tests.plants import Clock
from tests.production.access import people


def test_a_session_ends_when_nothing_was_asked_for_half_an_hour(site: Site, clock: Clock) -> None:
    token = people.settle(site, "mk")
    for _ in range(3):
        clock.go_on(minutes=29)
        assert people.is_signed_in(site, token)
    clock.go_on(minutes=30)
    assert not people.is_signed_in(site, token)


def test_a_session_of_a_badge_ends_sooner(site: Site, clock: Clock) -> None:
    people.settle(site, "mk")
    accounts.set_badge(site, "mk", badge="0049", pin="4711", by=people.BY)
    token = signing_in.sign_in(site, people.by_badge("0049", "4711"))
    clock.go_on(minutes=9)
    assert people.is_signed_in(site, token)
    clock.go_on(minutes=10)
    assert not people.is_signed_in(site, token)


def test_a_session_ends_after_half_a_day_however_busy(site: Site, clock: Clock) -> None:
    token = people.settle(site, "mk")
    for _ in range(35):
        clock.go_on(minutes=20)
        assert people.is_signed_in(site, token)
    clock.go_on(minutes=20)
    assert not people.is_signed_in(site, token)


def test_when_somebody_was_seen_is_written_once_a_minute(any_site: Site, clock: Clock) -> None:
    token = people.settle(any_site, "mk")

    def seen() -> object:
        with any_site.store.read() as transaction:
            query = select(SESSION.c.last_seen_at).where(SESSION.c.ended_at.is_(None))
            return transaction.execute(query).scalar_one()

    first = clock.now
    clock.go_on(seconds=59)
    sessions.find(any_site, token)
    assert seen() == first
    clock.go_on(seconds=1)
    sessions.find(any_site, token)
    assert seen() == clock.now


def test_each_sign_in_makes_a_new_token_and_ends_the_one_it_replaces(site: Site) -> None:
    first = people.settle(site, "mk")
    second = signing_in.sign_in(site, people.by_password("mk"), replaced=first)
    assert first != second
    assert not people.is_signed_in(site, first)
    assert people.is_signed_in(site, second)


@pytest.mark.parametrize("what", ["roles", "disabled", "reset", "signed out"])
def test_what_changes_who_may_what_ends_all_sessions(any_site: Site, what: str) -> None:
    tokens = [people.settle(any_site, "mk"), signing_in.sign_in(any_site, people.by_password("mk"))]
    other = people.settle(any_site, "ab")
    if what == "roles":
        wish = AccountChange(roles=["operator", "engineer"])
        accounts.change(any_site, "mk", wish, by=people.BY)
    elif what == "disabled":
        accounts.set_disabled(any_site, "mk", True, by=people.BY)
    elif what == "reset":
        accounts.reset_password(any_site, "mk", by=people.BY)
    else:
        assert accounts.sign_out_everywhere(any_site, "mk", by=people.BY) == 2
    assert [people.is_signed_in(any_site, token) for token in [*tokens, other]] == [
        *(False, False),
        True,
    ]


def test_the_record_has_no_token_and_forgets_old_sessions(site: Site, clock: Clock) -> None:
    token = people.settle(site, "mk")
    clock.go_on(days=31)
    fresh = signing_in.sign_in(site, people.by_password("mk"))
    with site.store.read() as transaction:
        kept = list(transaction.execute(select(SESSION.c.token_hash)).scalars())
    assert kept == [sessions.token_hash(fresh)]
    assert token not in str(people.told(site))

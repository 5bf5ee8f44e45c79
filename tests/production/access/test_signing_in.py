"""Sign in with a password, or with badge and PIN: who gets in, how often one may try."""

import pytest

from labeler.errors import Refusal
from labeler.production.access import accounts, passwords, second_person, sessions, signing_in
from labeler.production.access.signing_in import Claim
from labeler.production.site import Site
from labeler.roles import Permission
from tests import quick_passwords
from tests.plants import Clock
from tests.production.access import people

WRONG = (7002, "Name and password do not fit.")


def test_sign_in_with_the_one_time_password_wants_it_changed_first(any_site: Site) -> None:
    password = people.add(any_site, "mk", "operator")
    token = signing_in.sign_in(any_site, people.by_password("MK ", password))
    found = sessions.find(any_site, token)
    assert found is not None
    assert (found.name, found.must_change, found.roles) == ("mk", True, ("operator",))
    fresh = signing_in.change_password(
        any_site, token, old=password, new=people.PASSWORD, address="::1"
    )
    again = sessions.find(any_site, fresh)
    assert again is not None
    assert (again.must_change, people.is_signed_in(any_site, token)) == (False, False)
    assert people.refused(any_site, people.by_password("mk", password)) == WRONG


def test_sign_in_tells_the_record_and_never_a_secret(any_site: Site) -> None:
    password = people.add(any_site, "mk", "qa")
    people.refused(any_site, people.by_password("mk", "guess"))
    people.refused(any_site, people.by_password("my-password-in-the-wrong-field", "x"))
    token = signing_in.sign_in(any_site, people.by_password("mk", password))
    sessions.end(any_site, token)
    at = {"how": "password", "address": "10.0.0.1"}
    assert people.told(any_site) == [
        ("account_created", {"operator": "admin", "account": "mk", "to": ["qa"]}),
        ("sign_in_refused", {"operator": "mk", **at, "account": "mk"}),
        ("sign_in_refused", {"operator": "somebody", **at}),
        ("signed_in", {"operator": "mk", "account": "mk", **at}),
        ("signed_out", {"operator": "mk", "account": "mk", "sessions": 1}),
    ]


@pytest.mark.parametrize("name", ["nobody", "disabled", "mk"])
def test_a_refusal_is_the_same_whoever_it_is(site: Site, name: str) -> None:
    people.add(site, "mk")
    people.add(site, "disabled")
    accounts.set_disabled(site, "disabled", True, by=people.BY)
    assert people.refused(site, people.by_password(name, "wrong")) == WRONG


def test_a_refusal_computes_as_much_where_there_is_no_account(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.add(site, "mk")
    computed: list[bool] = []
    fits = passwords.fits

    def noted(kept: str | None, secret: str) -> bool:
        computed.append(kept is None)
        return fits(kept, secret)

    monkeypatch.setattr(passwords, "fits", noted)
    people.refused(site, people.by_password("mk", "wrong"))
    people.refused(site, people.by_password("nobody", "wrong"))
    assert computed == [False, True]


def test_a_password_is_kept_as_strong_as_the_one_that_nobody_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_hasher", quick_passwords.STRONG)
    monkeypatch.setattr(passwords, "_NOBODY", quick_passwords.NOBODY)
    strength = "$argon2id$v=19$m=19456,t=2,p=1$"
    kept = passwords.hashed(people.PASSWORD)
    assert (kept[: len(strength)], passwords._NOBODY[: len(strength)]) == (strength, strength)
    assert passwords.fits(kept, people.PASSWORD)
    assert not passwords.fits(kept, "wrong")
    assert not passwords.fits(None, people.PASSWORD)


def test_a_try_waits_longer_after_each_failure_behind_the_fifth(site: Site, clock: Clock) -> None:
    password = people.add(site, "mk")
    for _ in range(5):
        assert people.refused(site, people.by_password("mk", "wrong")) == WRONG
    too_soon = (7006, "Too many sign-ins failed: expected the next one in 1 s or later.")
    assert people.refused(site, people.by_password("mk", password)) == too_soon
    clock.go_on(seconds=1)
    assert people.refused(site, people.by_password("mk", "wrong")) == WRONG
    number, sentence = people.refused(site, people.by_password("mk", password))
    assert (number, sentence[-16:]) == (7006, "in 2 s or later.")
    clock.go_on(seconds=2)
    signing_in.sign_in(site, people.by_password("mk", password))
    assert people.refused(site, people.by_password("mk", "wrong", address="10.0.0.2")) == WRONG
    refusals = [kind for kind, _ in people.told(site) if kind == "sign_in_refused"]
    assert len(refusals) == 7, "what came too soon is no event"


def test_tries_of_one_address_count_together_whatever_name_they_try(site: Site) -> None:
    for number in range(5):
        people.refused(site, people.by_password(f"name{number}", "wrong"))
    assert people.refused(site, people.by_password("other", "wrong"))[0] == 7006
    assert people.refused(site, people.by_password("other", "x", address="10.0.0.9")) == WRONG


def test_badge_and_pin_sign_in_for_everything_but_administration(any_site: Site) -> None:
    people.settle(any_site, "mk", "admin")
    accounts.set_badge(any_site, "mk", badge="0049", pin="4711", by=people.BY)
    token = signing_in.sign_in(any_site, people.by_badge("0049 ", "4711"))
    found = sessions.find(any_site, token)
    assert found is not None
    assert (found.name, Permission.ADMIN in found.permissions) == ("mk", False)
    wrong = (7002, "Badge and PIN do not fit.")
    assert people.refused(any_site, people.by_badge("0049", "4712")) == wrong
    assert people.refused(any_site, people.by_badge("0050", "4711")) == wrong
    accounts.set_badge(any_site, "mk", badge=None, pin=None, by=people.BY)
    assert people.refused(any_site, people.by_badge("0049", "4711")) == wrong


@pytest.mark.parametrize(
    "claim",
    [
        Claim(address="a"),
        Claim(name="mk", address="a"),
        Claim(name="mk", password="p", pin="1", address="a"),
        Claim(name="mk", pin="1", address="a"),
        Claim(badge="b", address="a"),
    ],
)
def test_half_a_claim_is_refused(site: Site, claim: Claim) -> None:
    expected = (1002, "Expected name and password, or badge and PIN.")
    assert people.refused(site, claim) == expected


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short", "The password has 5 characters, expected 12 to 128."),
        ("x" * 129, "The password has 129 characters, expected 12 to 128."),
        ("Passwort1234", "The password is one of those that are tried first."),
        ("abababababab", "The password is one of those that are tried first."),
        ("mk-mk-mk-mk-mk", "The password is one of those that are tried first."),
        ("Kern-1234567", "The password is the name of the account with little else."),
    ],
)
def test_a_weak_password_is_refused(site: Site, new: str, sentence: str) -> None:
    name = "kern" if "ern" in new else "mk"
    token = people.settle(site, name)
    with pytest.raises(Refusal) as caught:
        signing_in.change_password(site, token, old=people.PASSWORD, new=new, address="::1")
    assert (caught.value.kind.number, caught.value.sentence) == (7008, sentence)
    assert people.is_signed_in(site, token)


def test_the_second_person_is_another_one_who_may(site: Site) -> None:
    people.settle(site, "mk", "engineer")
    people.settle(site, "ab", "qa")
    people.settle(site, "cd", "operator")
    fresh = people.add(site, "ef", "qa")

    def outcome(claim: Claim) -> str:
        try:
            return second_person.check(site, claim, first="mk", permission=Permission.QUALITY)
        except Refusal as refusal:
            return f"{refusal.kind.number} {refusal.sentence}"

    assert outcome(people.by_password("ab")) == "ab"
    assert outcome(people.by_password("cd")) == "7003 'cd' lacks the permission quality."
    assert outcome(people.by_password("ab", "wrong")) == (
        "7002 The second person is not proved. Name and password do not fit."
    )
    assert outcome(people.by_password("mk")) == (
        "5026 'mk' is signed in and cannot be the second person, too."
    )
    assert outcome(people.by_password("ef", fresh)) == (
        "7003 'ef' has a one-time password, which has to be changed first."
    )

"""Accounts: made, changed, disabled; the last admin stays."""

import pytest

from labeler.errors import Refusal
from labeler.production.access import account_rows, accounts, first_start, signing_in
from labeler.production.access.accounts import AccountChange
from labeler.production.site import Site
from tests import plants
from tests.production.access import people


def refusal(caught: pytest.ExceptionInfo[Refusal]) -> tuple[int, str]:
    """Return number and sentence."""
    return caught.value.kind.number, caught.value.sentence


def test_an_account_is_shown_without_a_secret(any_site: Site) -> None:
    people.add(any_site, "mk", "qa", "operator")
    accounts.set_badge(any_site, "mk", badge="0049", pin="4711", by=people.BY)
    with any_site.store.read() as transaction:
        assert account_rows.list_accounts(transaction) == [
            {
                "name": "mk",
                "display_name": "Mk",
                "roles": ["operator", "qa"],
                "language": None,
                "must_change": True,
                "badge": True,
                "created_at": plants.NOON,
                "created_by": "admin",
                "disabled_at": None,
            }
        ]


def test_a_name_is_given_once(any_site: Site) -> None:
    people.add(any_site, "mk")
    with pytest.raises(Refusal) as caught:
        people.add(any_site, "mk")
    assert refusal(caught) == (7011, "There is an account 'mk' already.")


def test_a_badge_is_given_once_and_never_without_a_pin(any_site: Site) -> None:
    people.add(any_site, "mk")
    people.add(any_site, "ab")
    accounts.set_badge(any_site, "mk", badge="0049", pin="4711", by=people.BY)
    accounts.set_badge(any_site, "mk", badge="0049", pin="4712", by=people.BY)
    for badge, pin, expected in [
        ("0049", "4711", (7014, "Another account has this badge.")),
        ("0050", "4444", (7008, "The PIN is not 4 to 12 digits, of which two differ.")),
        ("0050", "12a4", (7008, "The PIN is not 4 to 12 digits, of which two differ.")),
        ("0050", None, (1002, "A badge needs a PIN, and a PIN a badge.")),
    ]:
        with pytest.raises(Refusal) as caught:
            accounts.set_badge(any_site, "ab", badge=badge, pin=pin, by=people.BY)
        assert refusal(caught) == expected
    assert accounts.set_badge(any_site, "mk", badge=None, pin=None, by=people.BY)["badge"] is False
    assert (
        accounts.set_badge(any_site, "ab", badge="0049", pin="4711", by=people.BY)["badge"] is True
    )


def test_roles_have_to_be_some_that_there_are(site: Site) -> None:
    people.add(site, "mk")
    roles = "auditor, operator, engineer, qa, admin"
    for wanted, what in [(["king"], "'king' is no role"), ([], "No role is named")]:
        with pytest.raises(Refusal) as caught:
            accounts.change(site, "mk", AccountChange(roles=wanted), by=people.BY)
        assert refusal(caught) == (1002, f"{what}: expected some of {roles}.")


def test_an_unknown_account_is_refused(site: Site) -> None:
    with pytest.raises(Refusal) as caught:
        accounts.reset_password(site, "mk", by=people.BY)
    assert refusal(caught) == (7010, "There is no account 'mk'.")


def test_the_last_admin_stays(any_site: Site) -> None:
    people.add(any_site, "mk", "admin")
    people.add(any_site, "ab", "admin")
    accounts.set_disabled(any_site, "ab", True, by=people.BY)
    sentence = "'mk' is the only account with the role admin that is not disabled."
    with pytest.raises(Refusal) as caught:
        accounts.set_disabled(any_site, "mk", True, by=people.BY)
    assert refusal(caught) == (7012, sentence)
    with pytest.raises(Refusal) as caught:
        accounts.change(any_site, "mk", AccountChange(roles=["qa"]), by=people.BY)
    assert refusal(caught) == (7012, sentence)
    accounts.set_disabled(any_site, "ab", False, by=people.BY)
    accounts.set_disabled(any_site, "mk", True, by=people.BY)


def test_the_trail_tells_what_changed_and_nothing_where_nothing_did(site: Site) -> None:
    people.add(site, "mk", "operator")
    accounts.change(site, "mk", AccountChange(roles=["operator"]), by=people.BY)
    accounts.set_disabled(site, "mk", False, by=people.BY)
    accounts.change(site, "mk", AccountChange(roles=["qa"], language="de"), by=people.BY)
    assert people.told(site)[1:] == [
        (
            "account_changed",
            {"operator": "admin", "account": "mk", "language": "de", "from": ["operator"],
             "to": ["qa"]},
        )
    ]  # fmt: skip


def test_the_first_start_makes_one_admin_and_the_second_none(any_site: Site) -> None:
    [said] = first_start.begin(any_site, address="http://127.0.0.1:8080")
    password = said.partition("password ")[2][:19]
    assert said == first_start.sentence(password, address="http://127.0.0.1:8080")
    assert list(first_start.begin(any_site, address="a")) == []
    signing_in.sign_in(any_site, people.by_password("admin", password))
    with any_site.store.read() as transaction:
        [found] = account_rows.list_accounts(transaction)
    assert (found["name"], found["roles"], found["must_change"]) == ("admin", ["admin"], True)

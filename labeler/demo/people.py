"""The accounts of a demo site: one for each role, and a second one where two must sign."""

from typing import Final

from labeler.production.access import accounts, passwords, signing_in
from labeler.production.access.account_rows import By
from labeler.production.access.accounts import NewAccount
from labeler.production.access.signing_in import Claim
from labeler.production.site import Site

ADDRESS: Final = "127.0.0.1"
PEOPLE: Final = {
    "admin-1": "admin",
    "engineer-1": "engineer",
    "operator-1": "operator",
    "operator-2": "operator",
    "qa-1": "qa",
    "qa-2": "qa",
    "auditor-1": "auditor",
}
"""Name -> role."""
_SECRET_BYTES: Final = 16


def settle(site: Site) -> dict[str, tuple[str, str]]:
    """Make all accounts, each with a password of its own; return name -> role and password."""
    return {name: (role, _settle(site, name, role)) for name, role in PEOPLE.items()}


def _settle(site: Site, name: str, role: str) -> str:
    role_name = "QA" if role == "qa" else role.capitalize()
    wish = NewAccount(name=name, display_name=f"{role_name} {name[-1]}", roles=[role])
    once = accounts.create(site, wish, By(name="labeler demo"))[accounts.ONE_TIME]
    password = passwords.one_time(site.random_bytes(_SECRET_BYTES))
    token = signing_in.sign_in(site, Claim(name=name, password=once, address=ADDRESS))
    signing_in.change_password(site, token, old=once, new=password, address=ADDRESS)
    return password

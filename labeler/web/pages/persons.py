"""Who does what a form asks for, and who says yes to it besides."""

from flask import request

from labeler.production.access import second_person
from labeler.production.access.signing_in import Claim
from labeler.roles import Permission
from labeler.web import access
from labeler.web.api import site
from labeler.web.pages import asking
from labeler.web.pages.visitor import visitor
from labeler.web.shapes_pages import NamedForm, SecondPersonForm

COOKIE = "operator"
"""Keeps the name that somebody said who is not signed in."""


def known() -> str | None:
    """Return the name of whoever is signed in; None: the form has to ask for one."""
    return visitor().name


def doer() -> str:
    """Return who does it: who is signed in, else the name in the form; refuses (1002) none."""
    return (
        known() or asking.read(NamedForm, {"operator": request.form.get("operator", "")}).operator
    )


def second(permission: Permission) -> str:
    """Return who else says yes to what a form asks for.

    Where somebody is signed in, the second person proves it with a password. Refuses a wrong one
    (7002, 7006), the same person (5026) and one without ``permission`` (7003).
    """
    given = {name: request.form.get(name, "") for name in SecondPersonForm.model_fields}
    said = asking.read(SecondPersonForm, given)
    if access.principal().kind != "account":
        return said.approved_by
    claim = Claim(
        name=said.approved_by, password=said.second_password, address=request.remote_addr or ""
    )
    return second_person.check(site(), claim, first=doer(), permission=permission)

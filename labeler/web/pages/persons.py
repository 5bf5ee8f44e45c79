"""Who does what a form asks for, and who says yes to it besides."""

from flask import request

from labeler.production.access import second_person
from labeler.production.access.signing_in import Claim
from labeler.roles import Permission
from labeler.web import access
from labeler.web.api import site
from labeler.web.pages import asking
from labeler.web.pages.visitor import visitor
from labeler.web.shapes_pages import SecondPersonForm

CHANNEL = "page"
"""The channel of what people do on pages; that of programs is `http`."""


def doer() -> str:
    """Return the visitor's name; where nobody is signed in, what let him in."""
    return visitor().name or access.principal().name


def second(permission: Permission) -> str:
    """Return who else says yes to what a form asks for, and proved it with a password.

    Refuses a wrong one (7002, 7006), the same person (5026) and one without ``permission`` (7003).
    """
    given = {name: request.form.get(name, "") for name in SecondPersonForm.model_fields}
    said = asking.read(SecondPersonForm, given)
    claim = Claim(
        name=said.approved_by, password=said.second_password, address=request.remote_addr or ""
    )
    return second_person.check(site(), claim, first=doer(), permission=permission)

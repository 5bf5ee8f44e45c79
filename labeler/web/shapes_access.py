"""The shapes of accounts, sessions and API keys."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from labeler.roles import Permission, Role
from labeler.web.bounds import Shape
from labeler.web.shapes import Reply, Request, Word

AccountName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,31}$"),
    Field(description="1 to 32 small letters, digits, '.', '_', '-', a letter or digit first"),
]
"""The name of an account, as the record says who did something."""

Language = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"),
    Field(max_length=16, description="a language such as en or de (RFC 5646)"),
]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=128)]
_ROLES = f"some of {', '.join(role.value for role in Role)}"
_PERMISSIONS = f"some of {', '.join(one.value for one in Permission)}"


class AccountPath(Shape):
    """Which account."""

    name: str


class AccountOrder(Request):
    """Somebody who gets an account."""

    name: AccountName = Field(examples=["mk"])
    display_name: Word = Field(examples=["M. Kern"])
    roles: list[Word] = Field(examples=[["operator"]], description=_ROLES)
    language: Language | None = None
    operator: Word | None = Field(default=None, description="who makes it")


class AccountEdit(Request):
    """What is to be another; what is left out stays."""

    display_name: Word | None = None
    roles: list[Word] | None = Field(default=None, description=_ROLES)
    language: Language | None = None
    operator: Word | None = None


class BadgeOrder(Request):
    """A badge with its PIN; null takes both away."""

    badge: Word | None = Field(examples=["0049213377"], description="what a scanner reads from it")
    pin: Secret | None = Field(examples=["4711"], description="4 to 12 digits")
    operator: Word | None = None


class AccountStep(Request):
    """Who changes an account."""

    operator: Word | None = None


class Account(Reply):
    """An account; no secret of it is ever shown."""

    name: str
    display_name: str
    roles: list[str]
    language: str | None
    must_change: bool = Field(description="whether its one-time password was not changed yet")
    badge: bool = Field(description="whether it has a badge and a PIN")
    created_at: datetime
    created_by: str
    disabled_at: datetime | None


class AccountMade(Account):
    """An account, and its password for one sign-in."""

    one_time_password: str = Field(description="shown here and nowhere else")


class Accounts(Reply):
    """All accounts."""

    accounts: list[Account]


class SignedOut(Reply):
    """How many sessions ended."""

    sessions: int


class SignIn(Request):
    """Name and password, or badge and PIN."""

    name: Annotated[str, StringConstraints(max_length=64)] | None = Field(
        default=None, examples=["mk"]
    )
    password: Secret | None = None
    badge: Annotated[str, StringConstraints(max_length=64)] | None = None
    pin: Secret | None = None


class PasswordChange(Request):
    """A new password."""

    old: Secret
    new: Secret = Field(description="12 to 128 characters")


class Visitor(Reply):
    """Who asks, and what he may."""

    name: str
    display_name: str
    kind: str = Field(description="account, api_key or this_machine")
    roles: list[str]
    permissions: list[str]
    lines: list[str] | None = Field(description="of a key: the lines it is for; null: all")
    language: str | None
    must_change: bool
    csrf_token: str | None = Field(
        description="of an account: what X-CSRF-Token has to say where something is changed"
    )


class KeyPath(Shape):
    """Which API key."""

    key_id: str


class KeyOrder(Request):
    """A program that gets a key."""

    name: Word = Field(examples=["PLC of line 1"])
    permissions: list[Word] = Field(examples=[["print"]], description=_PERMISSIONS)
    lines: list[Word] | None = Field(default=None, description="left out: all lines")
    operator: Word | None = None


class KeyStep(Request):
    """Who changes a key."""

    operator: Word | None = None


class ApiKey(Reply):
    """An API key; its secret is never shown again."""

    id: str
    name: str
    permissions: list[str]
    lines: list[str] | None
    created_at: datetime
    created_by: str
    last_used_at: datetime | None = Field(description="to the minute")
    revoked_at: datetime | None
    revoked_by: str | None


class ApiKeyMade(ApiKey):
    """An API key with its secret."""

    key: str = Field(description="what Authorization: Bearer says; shown here and nowhere else")


class ApiKeys(Reply):
    """All API keys."""

    keys: list[ApiKey]

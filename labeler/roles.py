"""PURE: what people and programs may do: permissions, and which role has which.

A role is a word for a set of permissions, and a door asks for one permission. So a new role changes
no door, and a new door no role. See docs/decisions/0051.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """What a door asks for."""

    READ = "read"
    """See what there is and what happened."""
    PRINT = "print"
    """Issue and print: triggers, runs, jobs, the daily care of printers."""
    VERIFY = "verify"
    """Put scans on the record."""
    QUALITY = "quality"
    """Decide about units: their life, balances, releases, recalls, exports."""
    ENGINEER = "engineer"
    """Change what is made of numbers and how: templates, pools, leases, printers' errands."""
    ADMIN = "admin"
    """Say who may do what; unlock the site."""


class Role(StrEnum):
    """What an account is; it may be several."""

    AUDITOR = "auditor"
    OPERATOR = "operator"
    ENGINEER = "engineer"
    QA = "qa"
    ADMIN = "admin"


ALL: Final = frozenset(Permission)

GRANTS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.AUDITOR: frozenset({Permission.READ}),
    Role.OPERATOR: frozenset({Permission.READ, Permission.PRINT, Permission.VERIFY}),
    Role.ENGINEER: frozenset(
        {Permission.READ, Permission.PRINT, Permission.VERIFY, Permission.ENGINEER}
    ),
    # Who judges units makes none: QA prints nothing that it will have to judge.
    Role.QA: frozenset({Permission.READ, Permission.VERIFY, Permission.QUALITY}),
    Role.ADMIN: ALL,
}
"""Role -> its permissions."""


def permissions(roles: Iterable[str]) -> frozenset[Permission]:
    """Return what somebody with these roles may do; ValueError for an unknown one.

    >>> sorted(permissions(["auditor", "qa"]))
    [<Permission.QUALITY: 'quality'>, <Permission.READ: 'read'>, <Permission.VERIFY: 'verify'>]
    >>> permissions([])
    frozenset()
    """
    return frozenset().union(*(GRANTS[Role(one)] for one in roles))


def holders(permission: Permission) -> str:
    """Return in words who has a permission.

    >>> holders(Permission.PRINT)
    'operator, engineer or admin'
    """
    *others, last = [role.value for role in Role if permission in GRANTS[role]]
    return f"{', '.join(others)} or {last}" if others else last

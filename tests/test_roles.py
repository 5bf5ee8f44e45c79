"""Roles are sets of permissions, and nothing is permitted that no role has."""

import pytest

from labeler.roles import ALL, GRANTS, Permission, Role, holders, permissions


def test_roles_have_the_permissions_that_the_guide_says() -> None:
    assert {role.value: sorted(one.value for one in may) for role, may in GRANTS.items()} == {
        "auditor": ["read"],
        "operator": ["print", "read", "verify"],
        "engineer": ["engineer", "print", "read", "verify"],
        "qa": ["quality", "read", "verify"],
        "admin": ["admin", "engineer", "print", "quality", "read", "verify"],
    }


def test_several_roles_add_up() -> None:
    assert permissions(["qa", "operator"]) == GRANTS[Role.QA] | GRANTS[Role.OPERATOR]
    assert permissions(Role) == ALL
    with pytest.raises(ValueError, match="'king' is not a valid Role"):
        permissions(["king"])


def test_each_permission_says_who_has_it() -> None:
    assert [holders(one) for one in Permission] == [
        "auditor, operator, engineer, qa or admin",
        "operator, engineer or admin",
        "operator, engineer, qa or admin",
        "qa or admin",
        "engineer or admin",
        "admin",
    ]

"""Who asks: a person, a program, this computer, or nobody."""

from dataclasses import dataclass
from typing import Final, Literal

from labeler.roles import ALL, Permission

Kind = Literal["account", "api_key", "this_machine", "nobody"]


@dataclass(frozen=True, kw_only=True)
class Principal:
    """Who asks, and what he may."""

    name: str
    """What the record calls him."""
    display_name: str
    kind: Kind
    permissions: frozenset[Permission] = frozenset()
    lines: frozenset[str] | None = None
    """Of a key: the lines it is for; None: all."""
    channel: str = "http"
    language: str | None = None
    csrf_token: str | None = None
    """What forms of a signed-in account carry."""
    must_change: bool = False
    """Whether a one-time password has to be changed before anything else."""
    roles: tuple[str, ...] = ()

    def may(self, permission: Permission) -> bool:
        """Return whether he has a permission, and his own password."""
        return permission in self.permissions and not self.must_change


NOBODY: Final = Principal(name="nobody", display_name="nobody", kind="nobody")
COMMAND: Final = Principal(
    name="command", display_name="labeler command", kind="this_machine", permissions=ALL
)
"""A command of this computer: in this process, or one that read the site's key."""

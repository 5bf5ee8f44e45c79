"""PURE: what config.yaml may say of who may do what."""

from typing import Annotated, Literal

from pydantic import Field

from labeler.settings_parts import Part


class AccessSettings(Part):
    """Sessions of people, and what this computer itself may do."""

    session_idle_min: Annotated[int, Field(ge=1, le=1440)] = 30
    """Minutes after which somebody who gave a password, and did nothing since, is signed out."""
    session_absolute_h: Annotated[int, Field(ge=1, le=168)] = 12
    """Hours after which everybody has to sign in again."""
    pin_idle_min: Annotated[int, Field(ge=1, le=1440)] = 10
    """The first, of somebody who came with badge and PIN."""
    this_machine: Literal["none", "auditor", "operator", "engineer", "qa", "admin"] = "none"
    """Which role a request has that comes from this computer with neither key nor session."""

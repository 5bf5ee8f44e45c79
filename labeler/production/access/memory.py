"""What this process remembers of who may do what: rules, failed sign-ins, API keys, open pages."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from labeler.production.access.key_ring import KeyRing
from labeler.production.access.throttle import Throttle
from labeler.settings import AccessSettings


@dataclass(kw_only=True)
class Access:
    """The part of the site that knows who may do what."""

    rules: AccessSettings = field(default_factory=AccessSettings)
    throttle: Throttle = field(default_factory=Throttle)
    keys: KeyRing = field(default_factory=KeyRing)
    glimpses: dict[str, tuple[datetime, Any]] = field(default_factory=dict)
    """Hash of a session's token -> when it was last looked up, and whose session it is."""

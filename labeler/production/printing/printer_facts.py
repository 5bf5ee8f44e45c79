"""What a printer says of itself, held against what config.yaml says of it."""

from labeler.settings import PrinterSettings
from printers import profiles
from printers.profiles import Profile
from printers.status import Identity

DPI_TOLERANCE = 0.03
"""A head of 8 dots/mm is called 203 and 200 dpi, one of 24 dots/mm 600 and 609."""


def profile(settings: PrinterSettings, identity: Identity | None) -> Profile:
    """Return the profile config.yaml names, else the one that fits what the printer says."""
    if settings.profile is not None:
        return profiles.named(settings.profile)
    return profiles.of(identity) if identity is not None else profiles.DEFAULT


def is_dpi(settings: PrinterSettings, dpi: float) -> bool:
    """Return whether a printer has so many dpi, however its maker rounds."""
    return abs(dpi - settings.dpi) <= DPI_TOLERANCE * settings.dpi


def contradictions(settings: PrinterSettings, identity: Identity | None) -> list[str]:
    """Return in which points the printer is another one than config.yaml says, in sentences."""
    if identity is None:
        return []
    found = []
    if not is_dpi(settings, identity.dpi):
        found.append(
            f"It says it has {identity.dpi} dpi, config.yaml says {settings.dpi}: labels come out "
            "in a wrong size. Correct its dpi in config.yaml."
        )
    said = profiles.of(identity)
    if settings.profile is not None and said.models is not None and said.name != settings.profile:
        found.append(
            f"It says it is a {profiles.bare_model(identity.model)} ({said.name}), config.yaml "
            f"says {settings.profile}. Correct its profile in config.yaml."
        )
    return found

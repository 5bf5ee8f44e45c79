"""Findings about series: what is wrong, where in the pattern, and what to write instead."""

from dataclasses import dataclass
from typing import Any, Literal

from labeler.production.numbering import Finding as ConfigFinding
from labeler.production.numbering import PlantSeries
from labeler.serials import PatternError, SerialError
from labeler.serials.pattern import number_position

Severity = Literal["error", "warning"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, or will be."""

    series: str
    severity: Severity
    kind: str
    """One word for a script: pattern, overlap, change, restart, used_up, …"""
    sentence: str
    pattern: str | None = None
    position: int | None = None
    """The character of the pattern, counted from 1."""
    example: str | None = None
    """A text that two series make."""

    @property
    def caret(self) -> str | None:
        """The pattern with a caret under the character."""
        if self.pattern is None or self.position is None:
            return None
        return PatternError(self.pattern, position=self.position, problem="").caret


def of_pattern(name: str, pattern: str, *, error: SerialError) -> Finding:
    """Return the finding about a pattern that cannot be read."""
    position = error.position if isinstance(error, PatternError) else None
    return Finding(
        series=name,
        severity="error",
        kind="pattern",
        sentence=str(error),
        pattern=pattern,
        position=position,
    )


def of_config(finding: ConfigFinding, *, pattern: str | None) -> Finding:
    """Return the finding about a series, or its words, that config.yaml says wrongly."""
    section, name, *rest = finding.keys
    where = ".".join(finding.keys)
    return Finding(
        series=name if section == "series" else "",
        severity="error",
        kind=rest[0] if rest else section,
        sentence=finding.said if finding.fault else f"{where}: {finding.said}",
        pattern=pattern,
        position=finding.fault.position if finding.fault else None,
    )


def as_dict(finding: Finding) -> dict[str, Any]:
    """Return a finding as doors give it."""
    names = ("series", "severity", "kind", "sentence", "pattern", "position", "caret", "example")
    return {name: getattr(finding, name) for name in names}


def at_number(
    plant_series: PlantSeries, sentence: str, *, severity: Severity, kind: str
) -> Finding:
    """Return a finding about the number of a series."""
    pattern = plant_series.definition.pattern
    return Finding(
        series=plant_series.name,
        severity=severity,
        kind=kind,
        sentence=sentence,
        pattern=pattern,
        position=number_position(pattern),
    )

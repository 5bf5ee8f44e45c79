"""What printer addresses have in common: a host, a port, parameters, and passwords to hide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

_PASSWORD = re.compile(r"^(\w+://[^:/@?#]*:).*@")
_SECRET = re.compile(r"([?&][^=&]*(?:pass|secret|token|key)[^=&]*=)[^&]*", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """What may stand behind a name in the query of an address."""

    default: str
    choices: tuple[str, ...] = ()
    """The only values; none: any text, or a number within the limits."""
    minimum: int | None = None
    maximum: int | None = None
    """Limits of a whole number."""

    def check(self, value: str) -> str | None:
        """What was expected, if the value is none."""
        if self.choices:
            return None if value in self.choices else f"one of {', '.join(self.choices)}"
        if self.minimum is None or self.maximum is None:
            return None if value else "a value"
        is_number = value.isascii() and value.isdigit() and len(value) < 20
        if is_number and self.minimum <= int(value) <= self.maximum:
            return None
        return f"a whole number from {self.minimum} to {self.maximum}"


@dataclass(frozen=True, kw_only=True)
class Form:
    """How the addresses of a scheme look."""

    scheme: str
    expected: str
    """Such as "tcp://host:port with a port from 1 to 65535"."""
    example: str
    port: int | None = None
    """Where nothing else is said; None: it has to be said."""
    has_path: bool = False
    has_user: bool = False
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Address:
    """A host of the network, and what is asked of it."""

    uri: str
    """As it may be shown: without a password."""
    host: str
    port: int
    path: str = ""
    """As it was given, still encoded."""
    user: str = ""
    password: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Every parameter of the form, with its default where nothing was given."""


def shown(uri: str) -> str:
    """The URI as sentences and logs may show it.

    >>> shown("ipp://line1:s3cret@10.0.0.7/ipp/print")
    'ipp://line1:***@10.0.0.7/ipp/print'
    """
    return _SECRET.sub(r"\1***", _PASSWORD.sub(r"\1***@", uri))


def parse(uri: str, *, form: Form) -> Address:
    """The address, or ValueError with a sentence that shows how one looks."""
    wrong = ValueError(
        f"Printer address {shown(uri)!r}: expected {form.expected} and nothing else, for example "
        f"{form.example}."
    )
    try:
        parts = urlsplit(uri)
        port = form.port if parts.port is None else parts.port
    except ValueError:
        raise wrong from None
    path = "" if parts.path == "/" else parts.path
    has_host = parts.scheme == form.scheme and parts.hostname and not parts.fragment
    is_bare = form.has_user or parts.username is None
    if not has_host or not is_bare or not port or bool(path) != form.has_path:
        raise wrong
    return Address(
        uri=shown(uri),
        host=parts.hostname or "",
        port=port,
        path=path,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        parameters=parameters(uri, parts.query, form=form),
    )


def parameters(uri: str, query: str, *, form: Form) -> dict[str, str]:
    """The parameters of a query with all defaults, or ValueError with a sentence."""
    found: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key not in form.parameters:
            known = ", ".join(form.parameters) or "none"
            raise ValueError(
                f"Printer address {shown(uri)!r} has the parameter {key!r}: expected only {known}; "
                f"remove it, as in {form.example}."
            )
        if key in found:
            raise ValueError(
                f"Printer address {shown(uri)!r} has the parameter {key!r} twice: expected it "
                f"once, as in {form.example}."
            )
        expected = form.parameters[key].check(value)
        if expected:
            raise ValueError(
                f"Printer address {shown(uri)!r} has {key}={value}: expected {expected}, as in "
                f"{form.example}."
            )
        found[key] = value
    return {key: found.get(key, one.default) for key, one in form.parameters.items()}

"""PURE: what config.yaml may say of the service's door."""

from typing import Annotated

from pydantic import Field, IPvAnyAddress

from labeler.settings_parts import Part


class TlsSettings(Part):
    """With what the service itself speaks TLS; both files are relative to config.yaml."""

    certificate: str
    """PEM: the service's certificate first, then those that lead to the one people trust."""
    key: str
    """PEM: its secret key, without a passphrase; readable by nobody else."""


class HttpSettings(Part):
    """The door for HTTP."""

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    threads: Annotated[int, Field(ge=1, le=256)] = 16
    """Requests worked on at the same time."""
    body_max_kib: Annotated[int, Field(ge=1, le=65536)] = 256
    """Longest request body in KiB."""
    import_max_mib: Annotated[int, Field(ge=1, le=4096)] = 256
    """Longest list of numbers for a pool in MiB; it is kept on disk, not in memory."""
    drain_timeout_s: Annotated[float, Field(gt=0, le=600)] = 20.0
    """How long a stop waits for requests in work."""
    streams_max: Annotated[int, Field(ge=0, le=500)] = 200
    """Streams of events at the same time; an open live page has one."""
    trusted_proxy: IPvAnyAddress | None = None  # whose X-Forwarded-For, -Proto, -Host are believed

    tls: TlsSettings | None = None
    """None: plain HTTP, for this computer or for a proxy that speaks TLS."""

    @property
    def scheme(self) -> str:
        """How its address begins."""
        return "http" if self.tls is None else "https"

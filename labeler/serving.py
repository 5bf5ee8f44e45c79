"""Serving: the site's doors behind a server, its printers beside it, until it is told to stop."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from labeler import app
from labeler.errors import BAD_CONFIG, STORE_UNAVAILABLE, Refusal
from labeler.production.access import first_start
from labeler.production.site import Site
from labeler.settings import HttpSettings
from labeler.web.edge import Limits
from labeler.web.own_certificate import Files, OwnCertificate
from labeler.web.server import Place, Server

log = structlog.get_logger(__name__)


def serve(path: Path, *, tell: Callable[[str], None]) -> None:
    """Serve until told to stop, then drain: requests first, then printers, then the record.

    ``tell`` says on the terminal what no log may keep.
    """
    settings = app.load(path)[0]
    http = settings.http
    address = f"{http.scheme}://{http.host}:{http.port}"
    certificate = _certificate(http)
    with app.opened(path, who="labeler serve", address=address) as service:
        if certificate is not None:
            service.site.own_remarks = certificate.remarks
        try:
            place, limits = _place(http, certificate), _limits(http)
            server = Server(service.web, place, threads=http.threads, limits=limits)
        except OSError as error:
            raise Refusal(
                BAD_CONFIG,
                f"The service cannot listen at {address}: {error}.",
                hint="Free that port, or choose another: http.port in config.yaml.",
            ) from error
        server.handle_signals()
        with app.spooling(service):
            log.info(
                "service.started",
                address=address,
                api=f"{address}/api",
                database=_shown(settings.database.url),
            )
            for sentence in first_start.begin(service.site, address=address):
                tell(sentence)
            server.run(drain_timeout_s=http.drain_timeout_s, tick=_tick(service.site, certificate))
            log.info("service.drained")
        if not service.site.holds_database():
            raise Refusal(
                STORE_UNAVAILABLE,
                "The lock of the database was lost: another service may hold it now.",
                hint="Start again; a service manager does so by itself.",
            )
    log.info("service.stopped")


def _certificate(http: HttpSettings) -> OwnCertificate | None:
    if http.tls is None:
        return None
    files = Files(certificate=Path(http.tls.certificate), key=Path(http.tls.key))
    return OwnCertificate(files=files, clock=app.now)


def _tick(site: Site, certificate: OwnCertificate | None) -> Callable[[], bool]:
    """Return what is looked after every second; it says whether to go on."""

    def look() -> bool:
        if certificate is not None:
            certificate.keep()
        return site.holds_database()

    return look


def _place(http: HttpSettings, certificate: OwnCertificate | None) -> Place:
    proxy = None if http.trusted_proxy is None else str(http.trusted_proxy)
    return Place(host=http.host, port=http.port, trusted_proxy=proxy, certificate=certificate)


def _limits(http: HttpSettings) -> Limits:
    return Limits(
        body_max_bytes=http.body_max_kib * 1024,
        import_max_bytes=http.import_max_mib * 1024 * 1024,
    )


def _shown(url: str) -> str:
    """Return a database URL without its password."""
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@") if parts.password else url

"""A service that speaks TLS itself, and the commands of its site: real processes."""

import ssl
from pathlib import Path

import httpx
import pytest

from tests import own_certificates
from tests.e2e.harness import Service, SiteFolder, labeler, make_site, wait_until


def secured(folder: Path) -> SiteFolder:
    """Make a site with a certificate; its files are relative to config.yaml."""
    site = make_site(folder)
    own_certificates.make().write(site.folder / "tls")
    site.change("http", tls={"certificate": "tls/service.pem", "key": "tls/service.key"})
    return site


def ready(site: SiteFolder, verify: ssl.SSLContext) -> bool:
    try:
        address = f"https://127.0.0.1:{site.http_port}/readyz"
        return httpx.get(address, verify=verify, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def test_commands_find_and_trust_their_own_service(tmp_path: Path) -> None:
    site = secured(tmp_path / "site")
    certificate = site.folder / "tls" / "service.pem"
    context = ssl.create_default_context(cafile=str(certificate))
    service = Service(site)
    service.start()
    try:
        wait_until(lambda: ready(site, context), timeout_s=60)
        opened = labeler(site, "run", "open", "AC-100", "line-1", "5")
        assert (opened.code, opened.err) == (0, "")
        [started] = [one for one in service.log if one["event"] == "service.started"]
        assert started["address"] == f"https://127.0.0.1:{site.http_port}"
        first = service.err.read_text().count(f"Sign in at https://127.0.0.1:{site.http_port}")
        assert first == 1
        # A new certificate is taken up within seconds, and the commands go with it.
        own_certificates.make("renewed").write(site.folder / "tls")
        wait_until(lambda: [one for one in service.log if one["event"] == "tls.renewed"])
        listed = labeler(site, "run", "list")
        assert (listed.code, listed.err) == (0, "")
        # Somebody else's certificate is not the service's.
        (site.folder / "tls" / "service.pem").write_bytes(own_certificates.make().certificate)
        strange = labeler(site, "run", "list")
        assert strange.code == 4
        assert strange.err.startswith(
            f"labeler: The service at https://127.0.0.1:{site.http_port} does not answer: "
        )
    finally:
        assert service.stop() == 0


@pytest.mark.parametrize("missing", ["certificate", "key"])
def test_a_site_without_its_files_does_not_start(tmp_path: Path, missing: str) -> None:
    site = secured(tmp_path / "site")
    names = {"certificate": "service.pem", "key": "service.key"}
    gone = site.folder / "tls" / names[missing]
    gone.unlink()
    refused = labeler(site, "serve")
    assert (refused.code, refused.err.splitlines()[-2:]) == (
        3,
        [
            f"labeler: http.tls: {gone} cannot be read: No such file or directory.",
            f"Put the {missing} there, or name another file, and let the service's user read it.",
        ],
    )

"""The key with which the site signs, made when it is used first."""

from typing import Any

from labeler.certificates import keys
from labeler.certificates.errors import CertificateError
from labeler.certificates.keys import SecretKey
from labeler.errors import BAD_KEY, Refusal
from labeler.production.site import Site


def secret(site: Site) -> SecretKey:
    """Return the site's key; refuse (6042) a file that is none, or that others may read."""
    pem = site.key_file.read_or_make(keys.make_pem)
    try:
        return keys.read_secret(pem)
    except CertificateError as error:
        raise Refusal(
            BAD_KEY,
            f"The site's key {site.key_file.path} cannot be used: {error}.",
            hint="Put the right file back; or move it away, and a new key is made.",
        ) from error


def show(site: Site) -> dict[str, Any]:
    """Return the public key, for those who check certificates; refuses as `secret` does."""
    public = secret(site).public
    return {"fingerprint": public.fingerprint, "pem": public.pem}

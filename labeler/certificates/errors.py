"""What is wrong with a certificate or a key, in a sentence."""


class CertificateError(ValueError):
    """It is not what it should be; the text says why."""

"""Certificates as they come back from the CA: only what the certificate itself says counts."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bot.pki.keys import public_key_sha256
from bot.pki.names import readable


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says: serial in upper-case hex and SHA-256 fingerprint in lower-case hex, as Cloudflare's
    rule fields print them; times in UTC.
    """

    serial: str
    fingerprint_sha256: str
    public_key_sha256: str
    not_before: datetime
    not_after: datetime
    common_name: str | None
    organizational_unit: str | None
    is_rsa: bool
    subject: str
    """The whole subject as a person reads it."""


def read_certificate(pem: str) -> CertificateFacts:
    """Read a certificate in PEM.

    Raises:
        ValueError: it is none.
    """
    certificate = x509.load_pem_x509_certificate(pem.encode("ascii", "replace"))
    key = certificate.public_key()
    return CertificateFacts(
        serial=f"{certificate.serial_number:X}",
        fingerprint_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        public_key_sha256=public_key_sha256(key),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        common_name=_of_subject(certificate, NameOID.COMMON_NAME),
        organizational_unit=_of_subject(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME),
        is_rsa=isinstance(key, rsa.RSAPublicKey),
        subject=readable(certificate.subject),
    )


def _of_subject(certificate: x509.Certificate, what: x509.ObjectIdentifier) -> str | None:
    found = certificate.subject.get_attributes_for_oid(what)
    return str(found[0].value) if found else None

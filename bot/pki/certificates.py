"""Certificates as they come back from the CA: only what the certificate itself says counts."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from bot.pki.keys import public_key_sha256


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
    organizational_unit: str | None
    common_name: str | None = None


def read_certificate(pem: str) -> CertificateFacts:
    """Read a certificate in PEM.

    Raises:
        ValueError: it is none.
    """
    certificate = x509.load_pem_x509_certificate(pem.encode("ascii", "replace"))
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return CertificateFacts(
        serial=f"{certificate.serial_number:X}",
        fingerprint_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        public_key_sha256=public_key_sha256(certificate.public_key()),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        organizational_unit=str(units[0].value) if units else None,
        common_name=str(names[0].value) if names else None,
    )

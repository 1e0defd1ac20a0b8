"""Client certificates of the zone: what was signed, and its moves between active and revoked."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sandbox.clock import SandboxClock
from sandbox.cloudflare.authority import CertificateAuthority

SerialFormat = Literal["decimal", "hex"]
STATUSES = ("active", "pending_reactivation", "pending_revocation", "revoked")
# What a pending state becomes, once its time has passed.
_SETTLED = {"pending_revocation": "revoked", "pending_reactivation": "active"}
LIVE = frozenset({"active", "pending_reactivation"})


@dataclass(kw_only=True)
class ClientCertificate:
    """One certificate; ``status`` is what it is now, a pending state ends by the clock."""

    id: str
    pem: str
    csr: str
    validity_days: int
    signed_at: datetime
    clock: SandboxClock = field(repr=False, compare=False)
    last_status: str = "active"
    pending_until: datetime | None = None
    pending_seconds: float = 0.0

    @property
    def status(self) -> str:
        """``active``, ``pending_reactivation``, ``pending_revocation`` or ``revoked``."""
        if self.pending_until is None:
            return self.last_status
        # Cloudflare's own clock is not set back with the sandbox's: then, too, the time is over.
        left = (self.pending_until - self.clock.now()).total_seconds()
        return self.last_status if 0 < left <= self.pending_seconds else _SETTLED[self.last_status]

    @cached_property
    def certificate(self) -> x509.Certificate:
        """The certificate, parsed."""
        return x509.load_pem_x509_certificate(self.pem.encode("ascii"))

    @property
    def common_name(self) -> str:
        """The subject's CN, or nothing."""
        return self._subject(NameOID.COMMON_NAME)

    @property
    def serial_number(self) -> int:
        """The serial number."""
        return self.certificate.serial_number

    @property
    def fingerprint_sha256(self) -> str:
        """SHA-256 over the DER, lower-case hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def expires_at(self) -> datetime:
        """The end of its validity, in UTC."""
        return self.certificate.not_valid_after_utc

    def move(self, to: str, seconds: float) -> None:
        """Be ``to`` (a pending state) for that long, then what it leads to."""
        self.last_status = to if seconds > 0 else _SETTLED[to]
        self.pending_until = self.clock.now() + timedelta(seconds=seconds) if seconds > 0 else None
        self.pending_seconds = seconds

    def as_result(self, authority: CertificateAuthority, serial_format: SerialFormat) -> dict[str, Any]:
        """The object of Cloudflare's API."""
        certificate = self.certificate
        ski = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        serial = certificate.serial_number
        return {
            "id": self.id,
            "certificate_authority": {"id": authority.id, "name": authority.name},
            "certificate": self.pem,
            "csr": self.csr,
            "ski": ski.hex(),
            "serial_number": str(serial) if serial_format == "decimal" else f"{serial:x}",
            "signature": "SHA256WithRSA",
            "common_name": self.common_name,
            "organization": self._subject(NameOID.ORGANIZATION_NAME),
            "organizational_unit": self._subject(NameOID.ORGANIZATIONAL_UNIT_NAME),
            "country": self._subject(NameOID.COUNTRY_NAME),
            "state": self._subject(NameOID.STATE_OR_PROVINCE_NAME),
            "location": self._subject(NameOID.LOCALITY_NAME),
            "expires_on": _stamp(certificate.not_valid_after_utc),
            "issued_on": _stamp(certificate.not_valid_before_utc),
            "fingerprint_sha256": self.fingerprint_sha256,
            "validity_days": self.validity_days,
            "status": self.status,
        }

    def as_stored(self) -> dict[str, Any]:
        """All that a restart needs."""
        return {
            "id": self.id,
            "pem": self.pem,
            "csr": self.csr,
            "validity_days": self.validity_days,
            "signed_at": self.signed_at.isoformat(),
            "last_status": self.last_status,
            "pending_until": self.pending_until.isoformat() if self.pending_until else None,
            "pending_seconds": self.pending_seconds,
        }

    def as_published(self, serial_format: SerialFormat) -> dict[str, Any]:
        """What the edge needs to know of it."""
        return {
            "id": self.id,
            "fingerprint_sha256": self.fingerprint_sha256,
            "serial_number": str(self.serial_number) if serial_format == "decimal" else f"{self.serial_number:x}",
            "status": self.last_status,
            "pending_until": self.pending_until.isoformat() if self.pending_until else None,
        }

    def _subject(self, oid: x509.ObjectIdentifier) -> str:
        return ", ".join(str(part.value) for part in self.certificate.subject.get_attributes_for_oid(oid))


def signed(certificate: x509.Certificate, csr: str, days: int, clock: SandboxClock) -> ClientCertificate:
    """The record of a certificate just signed."""
    return ClientCertificate(
        id=str(uuid.uuid4()),
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
        csr=csr,
        validity_days=days,
        signed_at=clock.now(),
        clock=clock,
    )


def from_stored(stored: dict[str, Any], clock: SandboxClock) -> ClientCertificate:
    """The record as ``as_stored`` wrote it."""
    until = stored["pending_until"]
    return ClientCertificate(
        **{**stored, "signed_at": datetime.fromisoformat(stored["signed_at"])}
        | {"pending_until": datetime.fromisoformat(until) if until else None},
        clock=clock,
    )


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

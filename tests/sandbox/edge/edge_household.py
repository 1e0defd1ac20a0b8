"""A household behind the edge: its zone, the managed CA, and certificates for phones."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from sandbox.clock import SandboxClock
from sandbox.edge import EdgeStandin, Visit, visit

PASSWORD = "correct horse"
HA = "https://ha.example.com"
DOCUMENTED = (
    '(http.host in {"ha.example.com" "photos.example.com"} and '
    "(not cf.tls_client_auth.cert_verified or cf.tls_client_auth.cert_revoked))"
)
TEMPLATE = '(not cf.tls_client_auth.cert_verified and http.host in {"ha.example.com" "photos.example.com"})'


class Authority:
    """A CA that signs client certificates."""

    def __init__(self, name: str, now: datetime) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._now = now
        builder = self._builder(self._name, now - timedelta(days=3000), now + timedelta(days=3000))
        ca = x509.BasicConstraints(ca=True, path_length=None)
        builder = builder.public_key(self._key.public_key()).add_extension(ca, critical=True)
        self.certificate = builder.sign(self._key, hashes.SHA256())

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue(self, device: str, *, start: int = -1, days: int = 30) -> "Phone":
        """A certificate valid from ``start`` days from now for ``days`` days."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "DE"),
                x509.NameAttribute(x509.NameOID.COMMON_NAME, device),
            ]
        )
        begin = self._now + timedelta(days=start)
        builder = self._builder(subject, begin, begin + timedelta(days=days)).public_key(key.public_key())
        return Phone(builder.sign(self._key, hashes.SHA256()), key)

    def _builder(self, subject: x509.Name, start: datetime, end: datetime) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder(issuer_name=self._name, subject_name=subject)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
        )


@dataclass(frozen=True)
class Phone:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def p12(self) -> tuple[bytes, str]:
        encryption = BestAvailableEncryption(PASSWORD.encode())
        return pkcs12.serialize_key_and_certificates(b"phone", self.key, self.certificate, None, encryption), PASSWORD

    def listed(self, status: str = "active", until: datetime | None = None) -> dict[str, Any]:
        return {
            "id": self.fingerprint[:32],
            "fingerprint_sha256": self.fingerprint,
            "serial_number": str(self.certificate.serial_number),
            "status": status,
            "pending_until": until.isoformat() if until else None,
        }


class Household:
    def __init__(self, edge: EdgeStandin, clock: SandboxClock) -> None:
        self.edge = edge
        self.clock = clock
        self.authority = Authority("Managed CA", clock.now())
        self.zone: dict[str, Any] = {
            "zone": {"id": "z", "name": "example.com"},
            "hosts": ["ha.example.com", "photos.example.com"],
            "rules": [],
            "certificates": [],
            "ca": self.authority.pem,
            "http3": "off",
        }
        self.block(DOCUMENTED)

    def publish(self, **changes: Any) -> None:
        self.zone |= changes
        file = self.edge.directory / "zone.json"
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(self.zone))
        fresh.replace(file)

    def block(self, *expressions: str) -> None:
        self.publish(rules=[rule("block", expression) for expression in expressions])

    async def opens(self, phone: Phone | None, url: str = f"{HA}/", **options: Any) -> Visit:
        return await visit(self.edge, url, p12=phone.p12 if phone else None, **options)

    async def status(self, phone: Phone | None, url: str = f"{HA}/", **options: Any) -> int:
        return (await self.opens(phone, url, **options)).status


def rule(action: str, expression: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": expression[:8],
        "ref": "ours",
        "action": action,
        "expression": expression,
        "enabled": True,
    } | fields


@asynccontextmanager
async def household(directory: Path) -> AsyncIterator[Household]:
    clock = SandboxClock(directory / "clock")
    edge = EdgeStandin(clock, directory / "zone")
    await edge.start()
    try:
        yield Household(edge, clock)
    finally:
        await edge.stop()

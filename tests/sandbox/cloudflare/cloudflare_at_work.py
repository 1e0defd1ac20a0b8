"""A zone served on loopback with the real SDK pointed at it, and requests to be signed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cloudflare import APIStatusError, AsyncCloudflare
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from sandbox.clock import SandboxClock
from sandbox.cloudflare import CloudflareStandin

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
# The rule of the documents, without its look at revocation.
UNVERIFIED = '(http.host in {"ha.example.com"} and not cf.tls_client_auth.cert_verified)'
PHASE: Final = "http_request_firewall_custom"
# Sharing one RSA key saves a second for each test; nothing here depends on whose it is.
RSA_KEY = rsa.generate_private_key(65537, 2048)


@dataclass(frozen=True)
class AtWork:
    """The stand-in, and the SDK's client for it."""

    standin: CloudflareStandin
    client: AsyncCloudflare

    @property
    def zone_id(self) -> str:
        return self.standin.zone_id

    def other_client(self, token: str) -> AsyncCloudflare:
        return self.client.with_options(api_token=token)


@asynccontextmanager
async def serving(directory: Path, **options: Any) -> AsyncIterator[AtWork]:
    standin = CloudflareStandin(SandboxClock(directory / "clock"), directory, **options)
    await standin.start()
    base_url = f"{standin.url}/client/v4/"
    try:
        async with AsyncCloudflare(api_token=standin.token, base_url=base_url, max_retries=0) as client:
            yield AtWork(standin, client)
    finally:
        await standin.stop()


def request_for(common_name: str, key: Key | None = None, **subject: str) -> str:
    """A certificate signing request as PEM, for a fresh P-256 key unless one is given."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    oids = {
        "organization": NameOID.ORGANIZATION_NAME,
        "unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
        "country": NameOID.COUNTRY_NAME,
        "state": NameOID.STATE_OR_PROVINCE_NAME,
        "location": NameOID.LOCALITY_NAME,
        "email": NameOID.EMAIL_ADDRESS,
    }
    name = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    name += [x509.NameAttribute(oids[part], text) for part, text in subject.items()]
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(name)).sign(key, algorithm)
    return csr.public_bytes(Encoding.PEM).decode("ascii")


def code_of(error: APIStatusError) -> int | None:
    """The first code of an error's envelope."""
    return error.errors[0].code


def message_of(error: APIStatusError) -> str:
    return str(error.errors[0].message)


async def entrypoint(at_work: AtWork) -> dict[str, Any]:
    answer = await at_work.client.rulesets.phases.with_raw_response.get(PHASE, zone_id=at_work.zone_id)
    envelope: Any = await answer.json()
    result: dict[str, Any] = envelope["result"]
    return result


async def create_rule(at_work: AtWork, ruleset_id: str, **fields: Any) -> Any:
    body = {"action": "block", "expression": UNVERIFIED, **fields}
    return await at_work.client.rulesets.rules.create(ruleset_id, zone_id=at_work.zone_id, **body)


async def four_rules(at_work: AtWork) -> str:
    for ref in ("a", "b", "c", "d"):
        at_work.standin.add_rule(UNVERIFIED, ref=ref)
    return str((await entrypoint(at_work))["id"])

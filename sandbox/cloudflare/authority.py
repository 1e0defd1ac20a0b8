"""The account's managed CA: a key of its own, and client certificates signed from requests."""

import hashlib
import os
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sandbox.cloudflare.envelope import Refusal

# Not documented, so of the stand-in's own choice.
BAD_CSR = 1405

_KEPT = (
    NameOID.COMMON_NAME,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.COUNTRY_NAME,
    NameOID.STATE_OR_PROVINCE_NAME,
    NameOID.LOCALITY_NAME,
)
_YEARS = 20


@cache
def _new_key() -> rsa.RSAPrivateKey:
    """One for all sandboxes that a process makes: it costs more than the rest of a sandbox together."""
    return rsa.generate_private_key(65537, 2048)


class CertificateAuthority:
    """The CA of one account, kept in ``ca.pem`` and ``ca.key`` of ``directory``."""

    def __init__(self, directory: Path, account_id: str, now: datetime) -> None:
        self.name = f"Cloudflare Managed CA for account {account_id}"
        key_file, certificate_file = directory / "ca.key", directory / "ca.pem"
        if key_file.exists() and certificate_file.exists():
            key = serialization.load_pem_private_key(key_file.read_bytes(), None)
            assert isinstance(key, rsa.RSAPrivateKey)
            self._key = key
            self.certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        else:
            self._key = _new_key()
            self.certificate = self._self_signed(account_id, now)
            with open(key_file, "wb", opener=_private) as file:
                file.write(
                    self._key.private_bytes(
                        serialization.Encoding.PEM,
                        serialization.PrivateFormat.PKCS8,
                        serialization.NoEncryption(),
                    )
                )
            certificate_file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        self.id = uuid_of(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def pem(self) -> str:
        """The CA's certificate. Cloudflare's API does not offer it; the edge has it."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    def sign(self, csr_pem: str, now: datetime, days: int, *, accept_ec: bool) -> x509.Certificate:
        """A client certificate for the request, valid for ``days`` from ``now``.

        Raises ``Refusal`` for a request that does not parse, is not signed by its own key or has a key of
        another kind than RSA with 2048 to 4096 bits, P-256 or P-384, or one that spells its curve out.
        """
        csr = self._checked(csr_pem, accept_ec=accept_ec)
        subject = [part for part in csr.subject if part.oid in _KEPT]
        public_key = csr.public_key()
        start = now.replace(second=0, microsecond=0)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(subject))
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signature=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )
        return builder.sign(self._key, hashes.SHA256())

    def _checked(self, pem: str, *, accept_ec: bool) -> x509.CertificateSigningRequest:
        try:
            csr = x509.load_pem_x509_csr(pem.encode())
            signed = csr.is_signature_valid
            key = csr.public_key()
        except (ValueError, UnsupportedAlgorithm, InvalidSignature) as error:
            raise Refusal(400, BAD_CSR, "Failed to parse the certificate signing request.") from error
        if not signed:
            raise Refusal(400, BAD_CSR, "The signature of the certificate signing request is invalid.")
        is_rsa = isinstance(key, rsa.RSAPublicKey) and 2048 <= key.key_size <= 4096
        is_ec = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in ("secp256r1", "secp384r1")
        # As Go's crypto/x509, in which Cloudflare's CA is written: named curves, whole points, no RSASSA-PSS keys.
        if not (is_rsa or (is_ec and accept_ec)) or _plainly(key) not in csr.tbs_certrequest_bytes:
            raise Refusal(400, BAD_CSR, "The key of the certificate signing request is not supported.")
        return csr

    def _self_signed(self, account_id: str, now: datetime) -> x509.Certificate:
        # X.520 allows 64 characters for a common name; the CA's full name has more.
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "US"),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Cloudflare, Inc."),
                x509.NameAttribute(NameOID.COMMON_NAME, f"Managed CA {account_id}"),
            ]
        )
        public_key = self._key.public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=365))
            .not_valid_after(now + timedelta(days=365 * _YEARS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        )
        return builder.sign(self._key, hashes.SHA256())


def _plainly(key: object) -> bytes:
    """A public key in the one form that Go reads."""
    assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    fresh = key.public_numbers().public_key()
    return fresh.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def uuid_of(data: bytes) -> str:
    """36 characters in the form of a UUID, the same for the same data."""
    digest = hashlib.sha256(data).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def _usage(*, signature: bool = False, signs_certificates: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

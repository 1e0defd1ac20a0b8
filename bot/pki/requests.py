"""Certificate signing requests (PKCS#10, RFC 2986): ours, and those that come from elsewhere."""

import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bot.errors import BadRequestFile, PrivateKeySent
from bot.pki.keys import PrivateKey, public_key_sha256

MOST_BYTES = 16 * 1024
_CURVES = (ec.SECP256R1, ec.SECP384R1)
_RSA_LEAST_BITS, _RSA_MOST_BITS = 2048, 4096
_SIGNED_WITH = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_PRIVATE_KEY_BLOCK = re.compile(rb"-----BEGIN[ A-Z0-9]*PRIVATE KEY")


@dataclass(frozen=True)
class SubjectName:
    """A certificate's subject: ASCII slugs only. An empty ``organization`` is left out."""

    common_name: str
    organization: str
    organizational_unit: str

    def parts(self) -> tuple[tuple[x509.ObjectIdentifier, str], ...]:
        """The attributes that are there, in their order."""
        named = (
            (NameOID.COMMON_NAME, self.common_name),
            (NameOID.ORGANIZATION_NAME, self.organization),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, self.organizational_unit),
        )
        return tuple((oid, value) for oid, value in named if value)


@dataclass(frozen=True)
class RequestFile:
    """A request we are willing to have signed."""

    pem: str
    public_key_sha256: str


def make_request(key: PrivateKey, subject: SubjectName) -> str:
    """A PEM request for ``key`` with exactly ``subject``."""
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in subject.parts()])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode("ascii")


def openssl_command(subject: SubjectName, stem: str) -> str:
    """One line that makes a key, which stays where it is run, and a request with exactly ``subject``.

    Every part of ``subject`` is of ``[A-Za-z0-9 ._-]``, so nothing in it means anything to a shell or to -subj.
    """
    short = {NameOID.COMMON_NAME: "CN", NameOID.ORGANIZATION_NAME: "O", NameOID.ORGANIZATIONAL_UNIT_NAME: "OU"}
    subj = "".join(f"/{short[oid]}={value}" for oid, value in subject.parts())
    return (
        "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
        f'-keyout {stem}.key -out {stem}.csr -subj "{subj}"'
    )


def read_request(data: bytes, subject: SubjectName) -> RequestFile:
    """Read a request made elsewhere and check all that Latchkey asks of it.

    Raises:
        PrivateKeySent: the file has a private key in it; nothing more of it was read.
        BadRequestFile: with ``why`` ``size``, ``format``, ``signature``, ``subject``, ``extensions`` or ``key``.
    """
    if _PRIVATE_KEY_BLOCK.search(data):
        raise PrivateKeySent
    if len(data) > MOST_BYTES:
        raise BadRequestFile("size")
    request = _parsed(data)
    _check_signature(request)
    if _subject(request) != subject.parts():
        raise BadRequestFile("subject")
    if _asks_for_more(request):
        raise BadRequestFile("extensions")
    key = request.public_key()
    if not _is_strong(key):
        raise BadRequestFile("key")
    return RequestFile(pem=request.public_bytes(Encoding.PEM).decode("ascii"), public_key_sha256=public_key_sha256(key))


def _parsed(data: bytes) -> x509.CertificateSigningRequest:
    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_csr(data)
        return x509.load_der_x509_csr(data)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise BadRequestFile("format") from None


def _subject(request: x509.CertificateSigningRequest) -> tuple[tuple[x509.ObjectIdentifier, str | bytes], ...]:
    try:
        return tuple((attribute.oid, attribute.value) for attribute in request.subject)
    except ValueError:
        raise BadRequestFile("subject") from None


def _asks_for_more(request: x509.CertificateSigningRequest) -> bool:
    try:
        return len(request.extensions) > 0 or len(request.attributes) > 0
    except (ValueError, x509.DuplicateExtension):
        # The library reads only attributes with one value each, and ours has none at all.
        return True


def _check_signature(request: x509.CertificateSigningRequest) -> None:
    try:
        sound = request.is_signature_valid and isinstance(request.signature_hash_algorithm, _SIGNED_WITH)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        sound = False
    if not sound:
        raise BadRequestFile("signature")


def _is_strong(key: object) -> bool:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, _CURVES)
    return isinstance(key, rsa.RSAPublicKey) and _RSA_LEAST_BITS <= key.key_size <= _RSA_MOST_BITS

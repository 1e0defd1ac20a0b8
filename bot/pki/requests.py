"""Certificate signing requests (PKCS#10, RFC 2986): ours, and those that come from elsewhere."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from bot.errors import InvalidRequestFile, PrivateKeySent
from bot.pki.contents import look_into
from bot.pki.keys import PrivateKey, public_key_sha256
from bot.pki.names import readable

MAX_BYTES = 16 * 1024
_CURVES = (ec.SECP256R1, ec.SECP384R1)
_RSA_LEAST_BITS, _RSA_MOST_BITS = 2048, 4096
_SIGNED_WITH = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_ODD_KEYS = {"curve": bytes.fromhex("06072a8648ce3d020130"), "pss": bytes.fromhex("06092a864886f70d01010a")}
"""Keys that Go's ``crypto/x509`` refuses (measured), and so very likely Cloudflare. An EC key's algorithm followed by a
SEQUENCE: the curve's parameters are spelt out, not named, as LibreSSL on a Mac does. And RSASSA-PSS (RFC 4055).
"""

_ALTERNATIVE_NAMES = bytes.fromhex("0603551d11")
_CHALLENGE = bytes.fromhex("06092a864886f70d010907")
_MICROSOFT = bytes.fromhex("2b060104018237")
"""subjectAltName (RFC 5280), PKCS#9's challengePassword (RFC 2985), and the arc of Microsoft's own attributes."""


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
    """A request we are willing to have signed.

    ``name`` is its subject as a person reads it, empty where it has none; ``is_asked`` whether that says what was
    asked for, in whatever order. ``units`` are its OUs. ``more_names``: it asks for names beside it. ``challenge``: it
    carries a password that anybody can read. ``by_windows``: Windows made it, and keeps its key.
    """

    pem: str
    public_key_sha256: str
    name: str
    is_asked: bool
    units: tuple[str, ...]
    more_names: bool = False
    challenge: bool = False
    by_windows: bool = False


def make_request(key: PrivateKey, subject: SubjectName) -> str:
    """A PEM request for ``key`` with exactly ``subject``."""
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in subject.parts()])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode("ascii")


def read_request(data: bytes, subject: SubjectName) -> RequestFile:
    """Read a request made elsewhere, as a file or as text: DER or PEM, with whatever stands around it.

    What counts is a key that Cloudflare can sign for, and a signature by it. The subject is the maker's own, for nobody
    else can sign for that key; ``subject`` is what was asked for. What else it asks for is Cloudflare's to decide.

    Raises:
        PrivateKeySent: there is a private key in it; nothing more of it was read.
        BadRequestFile: with ``why`` ``size``, ``format``, ``certificate``, ``several``, ``signature``, ``subject``,
            ``key``, ``curve`` or ``pss``.
    """
    found = look_into(data)
    if found.private is not None:
        raise PrivateKeySent(found.private)
    if len(data) > MAX_BYTES:
        raise InvalidRequestFile("size")
    if len(found.requests) > 1:
        raise InvalidRequestFile("several")
    if not found.requests:
        raise InvalidRequestFile("certificate" if found.certificate else "format")
    request = _parsed(found.requests[0])
    key = _checked_key(request)
    _check_signature(request)
    parts = _subject(request)
    attributes = _attributes(request)
    return RequestFile(
        pem=request.public_bytes(Encoding.PEM).decode("ascii"),
        public_key_sha256=public_key_sha256(key),
        name=readable(request.subject),
        is_asked=sorted(parts, key=str) == sorted(subject.parts(), key=str),
        units=tuple(str(value) for oid, value in parts if oid == NameOID.ORGANIZATIONAL_UNIT_NAME),
        more_names=_ALTERNATIVE_NAMES in attributes,
        challenge=_CHALLENGE in attributes,
        by_windows=_MICROSOFT in attributes,
    )


def _parsed(der: bytes) -> x509.CertificateSigningRequest:
    try:
        return x509.load_der_x509_csr(der)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise InvalidRequestFile("format") from None


def _subject(request: x509.CertificateSigningRequest) -> tuple[tuple[x509.ObjectIdentifier, str | bytes], ...]:
    try:
        return tuple((attribute.oid, attribute.value) for attribute in request.subject)
    except ValueError:
        raise InvalidRequestFile("subject") from None


def _attributes(request: x509.CertificateSigningRequest) -> frozenset[bytes]:
    """Those of the attributes we know that are in it. Found by their bytes: the library reads only attributes of one
    value each, and refuses all where one is odd.
    """
    signed = request.tbs_certrequest_bytes
    return frozenset(one for one in (_ALTERNATIVE_NAMES, _CHALLENGE, _MICROSOFT) if one in signed)


def _check_signature(request: x509.CertificateSigningRequest) -> None:
    try:
        sound = request.is_signature_valid and isinstance(request.signature_hash_algorithm, _SIGNED_WITH)
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        sound = False
    if not sound:
        raise InvalidRequestFile("signature")


def _checked_key(request: x509.CertificateSigningRequest) -> CertificatePublicKeyTypes:
    """The key, strong enough and written as Go's ``crypto/x509`` reads it: named curves, uncompressed points, and no
    RSASSA-PSS keys. What is signed has to hold it in that very form.
    """
    signed = request.tbs_certrequest_bytes
    try:
        key = request.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidRequestFile(_why_odd(signed)) from None
    if not _is_strong(key):
        raise InvalidRequestFile("key")
    # Written out by the library it has a named curve and an uncompressed point, whatever it had.
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) not in signed:
        raise InvalidRequestFile(_why_odd(signed))
    return key


def _why_odd(signed: bytes) -> str:
    return next((why for why, mark in _ODD_KEYS.items() if mark in signed), "key")


def _is_strong(key: object) -> bool:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return isinstance(key.curve, _CURVES)
    return isinstance(key, rsa.RSAPublicKey) and _RSA_LEAST_BITS <= key.key_size <= _RSA_MOST_BITS

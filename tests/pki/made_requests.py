"""Requests made by the library, and by hand where no library would write them. All were asked for ``ASKED``."""

from collections.abc import Iterable
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from bot.pki.requests import SubjectName

ASKED = SubjectName("laptop", "Latchkey", "anna-3f2a")
_OF_LETTER = {"C": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME, "U": NameOID.ORGANIZATIONAL_UNIT_NAME}
_VALUES = {"C": "laptop", "O": "Latchkey", "U": "anna-3f2a"}


_CURVES = {
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
    "secp256k1": ec.SECP256K1(),
}


@cache
def ec_key(curve: str = "secp256r1") -> ec.EllipticCurvePrivateKey:
    """One key of a curve."""
    return ec.generate_private_key(_CURVES[curve])


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """One RSA key of 2048 bits."""
    return rsa.generate_private_key(65537, 2048)


def named(order: str = "COU", **values: str) -> list[x509.NameAttribute[str]]:
    """The asked name's parts in an order, with other values for some."""
    return [x509.NameAttribute(_OF_LETTER[one], values.get(one, _VALUES[one])) for one in order]


def builder(parts: Iterable[x509.NameAttribute[str]] | None = None) -> x509.CertificateSigningRequestBuilder:
    """A request for that subject."""
    return x509.CertificateSigningRequestBuilder().subject_name(x509.Name(named() if parts is None else list(parts)))


def pem(request: x509.CertificateSigningRequest) -> bytes:
    """A request in PEM."""
    return request.public_bytes(Encoding.PEM)


@cache
def plain() -> bytes:
    """Exactly what was asked for, by a P-256 key."""
    return pem(builder().sign(ec_key(), hashes.SHA256()))


def signed(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, parts: Iterable[x509.NameAttribute[str]] | None = None
) -> bytes:
    """A request by that key."""
    return pem(builder(parts).sign(key, hashes.SHA256()))


def tlv(tag: int, *parts: bytes) -> bytes:
    """One ASN.1 element (X.690)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def by_hand(
    *, attributes: bytes = b"", version: int = 0, subject: bytes | None = None, public: bytes | None = None
) -> bytes:
    """A request in DER that no library would write, well signed all the same."""
    key = ec_key()
    spki = public or key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    name = x509.Name(named()).public_bytes() if subject is None else subject
    body = tlv(0x30, tlv(2, bytes([version])), name, spki, tlv(0xA0, attributes))
    signature = key.sign(body, ec.ECDSA(hashes.SHA256()))
    return tlv(0x30, body, tlv(0x30, bytes.fromhex("06082a8648ce3d040302")), tlv(3, b"\x00" + signature))


def compressed_point() -> bytes:
    """The public key with a compressed point (SEC 1, 2.3.3), which Go does not read."""
    point = ec_key().public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    algorithm = tlv(0x30, bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06082a8648ce3d030107"))
    return tlv(0x30, algorithm, tlv(3, b"\x00" + point))


def body_lines(data: bytes) -> list[bytes]:
    """The lines of PEM without the first and the last."""
    return data.strip().splitlines()[1:-1]

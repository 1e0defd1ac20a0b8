"""Keys that devices will hold."""

import hashlib
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bot.model.certificates.certificates import KeyType

PrivateKey: TypeAlias = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_RSA_BITS = 2048
_RSA_EXPONENT = 65537


def make_key(kind: KeyType) -> PrivateKey:
    """A fresh private key. RSA takes some 100 ms of one core: call it in a thread."""
    if kind is KeyType.RSA2048:
        return rsa.generate_private_key(_RSA_EXPONENT, _RSA_BITS)
    return ec.generate_private_key(ec.SECP256R1())


def public_key_sha256(key: CertificatePublicKeyTypes) -> str:
    """The SHA-256 of a public key's SubjectPublicKeyInfo in DER, in lower-case hex: the key's name for us."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def key_pem(key: PrivateKey) -> str:
    """A private key in PEM, unencrypted: for the TLS library, through memory."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")

"""PKCS#12 files (RFC 7292) that phones and computers open."""

from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.hazmat.primitives.serialization.pkcs12 import PBES

from bot.pki.keys import PrivateKey, public_key_sha256

# The rounds protect nothing: an attacker guesses against the MAC, whose count the library fixes at 2,048.
# What protects is the passphrase's 60 bits; more rounds would only hold the interpreter while packing.
_ROUNDS = 2048


def pack(
    key: PrivateKey, certificate_pem: str, name: str, passphrase: str, flavour: Literal["compat", "modern"]
) -> bytes:
    """Key and certificate in one file under ``passphrase``, opened again before it is handed out.

    ``compat`` is 3DES with a SHA-1 MAC: the only flavour that Android up to 13, iOS up to 17 and Keychain Access
    take. ``modern`` is AES-256 with SHA-256. Neither holds a CA certificate: the edge does not need one, and
    Windows would offer to trust it. ``name`` and ``passphrase`` must be ASCII and not empty: readers
    disagree on everything else.

    Raises:
        ValueError: the certificate is not for this key, a text is empty or not ASCII, or the file does not open.
    """
    if not (name and name.isascii() and passphrase and passphrase.isascii()):
        raise ValueError("name and passphrase must be ASCII and not empty")
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode("ascii"))
    builder = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(_ROUNDS)
    if flavour == "compat":
        builder = builder.key_cert_algorithm(PBES.PBESv1SHA1And3KeyTripleDESCBC).hmac_hash(hashes.SHA1())  # noqa: S303
    else:
        builder = builder.key_cert_algorithm(PBES.PBESv2SHA256AndAES256CBC).hmac_hash(hashes.SHA256())
    encryption = builder.build(passphrase.encode("ascii"))
    data = pkcs12.serialize_key_and_certificates(name.encode("ascii"), key, certificate, None, encryption)
    _open_again(data, passphrase, certificate)
    return data


def _open_again(data: bytes, passphrase: str, certificate: x509.Certificate) -> None:
    key, found, others = pkcs12.load_key_and_certificates(data, passphrase.encode("ascii"))
    sound = (
        key is not None
        and found == certificate
        and not others
        and public_key_sha256(key.public_key()) == public_key_sha256(certificate.public_key())  # type: ignore[arg-type]
    )
    if not sound:
        raise ValueError("the packed file does not hold what was put in")

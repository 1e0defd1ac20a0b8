"""Private keys in the forms in which they are kept, and what only looks like one."""

import base64
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ed448, ed25519, x25519
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)

from tests.pki.made_requests import body_lines, ec_key, named, plain, rsa_key


def _kinds() -> dict[str, bytes]:
    """Private keys in the forms in which they are kept, by a word for each."""
    dsa_ = dsa.generate_private_key(1024)
    forms: dict[str, bytes] = {}
    now: dict[str, PrivateKeyTypes] = {"ec": ec_key(), "rsa": rsa_key(), "dsa": dsa_}
    now |= {"ed25519": ed25519.Ed25519PrivateKey.generate(), "ed448": ed448.Ed448PrivateKey.generate()}
    now |= {"x25519": x25519.X25519PrivateKey.generate()}
    locked = BestAvailableEncryption(b"secret")
    for name, key in now.items():
        forms[f"{name}, PKCS#8"] = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        forms[f"{name}, PKCS#8, DER"] = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        forms[f"{name}, encrypted"] = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
        forms[f"{name}, encrypted, DER"] = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, locked)
    for name in ("ec", "rsa", "dsa"):
        old = PrivateFormat.TraditionalOpenSSL
        forms[f"{name}, of old"] = now[name].private_bytes(Encoding.PEM, old, NoEncryption())
        forms[f"{name}, of old, DER"] = now[name].private_bytes(Encoding.DER, old, NoEncryption())
        forms[f"{name}, of old, encrypted"] = now[name].private_bytes(Encoding.PEM, old, locked)
    for name in ("ec", "rsa"):
        forms[f"{name}, OpenSSH"] = now[name].private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        forms[f"{name}, OpenSSH, raw"] = base64.b64decode(b"".join(body_lines(forms[f"{name}, OpenSSH"])))
    forms["PuTTY"] = (
        b"PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\nComment: laptop\r\nPublic-Lines: 2\r\nAAAA\r\n"
    )
    forms["Microsoft's PVK"] = bytes.fromhex("1ef1b5b0000000000100000000000000000000009400000007020000002400005253")
    forms["SSH2, four dashes"] = b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAAAi4AAAA3\n"
    return forms


@cache
def private_keys() -> dict[str, bytes]:
    """Private keys in every form that is recognised."""
    return _kinds()


@cache
def stores() -> dict[str, bytes]:
    """Files that hold a private key beside other things."""
    certificate = _certificate()
    forms = {
        name: pkcs12.serialize_key_and_certificates(b"laptop", ec_key(), certificate, None, how)
        for name, how in {
            "PKCS#12": BestAvailableEncryption(b"secret"),
            "PKCS#12, not encrypted": NoEncryption(),
            "PKCS#12, of old": PrivateFormat.PKCS12.encryption_builder()
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .build(b"secret"),
        }.items()
    }
    forms["PKCS#12, length unknown"] = bytes.fromhex("3080020103308006092a864886f70d010701a080")
    forms["JKS"] = bytes.fromhex("feedfeed000000020000000100000001") + bytes(40)
    forms["JCEKS"] = bytes.fromhex("cececece000000020000000100000001") + bytes(40)
    forms["BKS"] = bytes.fromhex("0000000200000014") + bytes(40)
    forms["PKCS#12 in PEM"] = b"-----BEGIN PKCS12-----\nMIIC\n-----END PKCS12-----\n"
    return forms


@cache
def _certificate() -> x509.Certificate:
    name = x509.Name(named())
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(ec_key().public_key())
    return made.serial_number(7).not_valid_before(start).not_valid_after(end).sign(ec_key(), hashes.SHA256())


def not_private() -> dict[str, bytes]:
    """What is no secret, however like one it looks."""
    public = ec_key().public_key()
    return {
        "a request": plain(),
        "a request in DER": base64.b64decode(b"".join(body_lines(plain()))),
        "a certificate": _certificate().public_bytes(Encoding.PEM),
        "a certificate in DER": _certificate().public_bytes(Encoding.DER),
        "a public key": public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        "a public key in DER": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "an RSA public key in DER": rsa_key().public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1),
        "an OpenSSH public key": public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
        "EC parameters": b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
        "words about keys": b"Where do I find my private key, and does BEGIN PRIVATE KEY have to be in it?",
        "a .pem of certificates": _certificate().public_bytes(Encoding.PEM) * 3,
        "a long word": b"M" * 5000,
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        "nothing": b"",
    }

"""Requests as people's tools make them, and what else is sent in their place, each with the right answer.

Where a tool's own output matters it lies in ``requests``; the rest is made here. All were asked for ``ASKED``.
"""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import AttributeOID, NameOID

from bot.pki.requests import MOST_BYTES, SubjectName

ASKED = SubjectName("laptop", "Latchkey", "anna-3f2a")
TAKEN, OTHER_NAME, KEY, STORE = "taken", "another name", "private key", "key store"
_FILES = Path(__file__).parent / "requests"
_OF_LETTER = {"C": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME, "U": NameOID.ORGANIZATIONAL_UNIT_NAME}
_VALUES = {"C": "laptop", "O": "Latchkey", "U": "anna-3f2a"}


@dataclass(frozen=True)
class Case:
    """What somebody sent, and the answer: TAKEN, OTHER_NAME, KEY, STORE, or ``why`` not."""

    what: str
    answer: str
    data: bytes


@cache
def ec_key(curve: str = "secp256r1") -> ec.EllipticCurvePrivateKey:
    """One key of a curve."""
    curves = {
        "secp256r1": ec.SECP256R1,
        "secp384r1": ec.SECP384R1,
        "secp521r1": ec.SECP521R1,
        "secp256k1": ec.SECP256K1,
    }
    return ec.generate_private_key(curves[curve]())


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """One RSA key of 2048 bits."""
    return rsa.generate_private_key(65537, 2048)


def named(order: str = "COU", **values: str) -> list[x509.NameAttribute]:
    """The asked name's parts in an order, with other values for some."""
    return [x509.NameAttribute(_OF_LETTER[one], values.get(one, _VALUES[one])) for one in order]


def builder(parts: Iterable[x509.NameAttribute] | None = None) -> x509.CertificateSigningRequestBuilder:
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
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, parts: Iterable[x509.NameAttribute] | None = None
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


def _body(data: bytes) -> list[bytes]:
    return data.strip().splitlines()[1:-1]


def _kinds() -> dict[str, bytes]:
    """Private keys in the forms in which they are kept, by a word for each."""
    ec_, rsa_ = ec_key(), rsa_key()
    locked = BestAvailableEncryption(b"secret")
    dsa_ = dsa.generate_private_key(1024)
    forms: dict[str, bytes] = {}
    for name, key in {"ec": ec_, "rsa": rsa_, "ed25519": ed25519.Ed25519PrivateKey.generate(), "dsa": dsa_}.items():
        forms[f"{name}, PKCS#8"] = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        forms[f"{name}, PKCS#8, DER"] = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        forms[f"{name}, encrypted"] = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
        forms[f"{name}, encrypted, DER"] = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, locked)
    for name, old in {"ec": ec_, "rsa": rsa_, "dsa": dsa_}.items():
        forms[f"{name}, of old"] = old.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        forms[f"{name}, of old, DER"] = old.private_bytes(
            Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()
        )
        forms[f"{name}, of old, encrypted"] = old.private_bytes(
            Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"secret")
        )
    for name, ssh in {"ec": ec_, "rsa": rsa_}.items():
        forms[f"{name}, OpenSSH"] = ssh.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
        forms[f"{name}, OpenSSH, raw"] = base64.b64decode(b"".join(_body(forms[f"{name}, OpenSSH"])))
    for name, odd in {"x25519": x25519.X25519PrivateKey.generate(), "ed448": ed448.Ed448PrivateKey.generate()}.items():
        forms[f"{name}, DER"] = odd.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
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
    from datetime import UTC, datetime  # noqa: PLC0415 -- for this alone

    name = x509.Name(named())
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(ec_key().public_key())
    return made.serial_number(7).not_valid_before(start).not_valid_after(end).sign(ec_key(), hashes.SHA256())


def not_private() -> dict[str, bytes]:
    """What is no secret, however like one it looks."""
    public = ec_key().public_key()
    return {
        "a request": plain(),
        "a request in DER": base64.b64decode(b"".join(_body(plain()))),
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


def _of_tools() -> list[Case]:
    """As a tool wrote them."""
    answers = {
        "certtool_template": TAKEN,
        "challenge_password": TAKEN,
        "keychain_assistant": OTHER_NAME,
        "keytool_certreq": TAKEN,
        "mac_libressl_explicit_curve": "curve",
        "notepad_bom": TAKEN,
        "openssl_ed25519": "key",
        "openssl_text": TAKEN,
        "openssl_v3_req": TAKEN,
        "other_order": TAKEN,
        "rsa_1024": "key",
        "rsa_2047": "key",
        "rsa_4096": TAKEN,
        "rsa_4104": "key",
        "rsa_pss_key": "pss",
        "step_san": TAKEN,
        "windows_certreq": TAKEN,
        "windows_certreq_turned": TAKEN,
    }
    return [Case(name, answer, (_FILES / f"{name}.csr").read_bytes()) for name, answer in answers.items()]


def _of_keys() -> list[Case]:
    """By the kind and size of the key: on both sides of each bound."""
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    return [
        Case("P-256", TAKEN, plain()),
        Case("P-384", TAKEN, signed(ec_key("secp384r1"))),
        Case("P-521", "key", signed(ec_key("secp521r1"))),
        Case("secp256k1, mistyped", "key", signed(ec_key("secp256k1"))),
        Case("RSA of 2048", TAKEN, signed(rsa_key())),
        Case("RSA, signed with PSS", TAKEN, pem(builder().sign(rsa_key(), hashes.SHA256(), rsa_padding=pss))),
        Case("a compressed point", "key", by_hand(public=compressed_point())),
    ]


def _of_names() -> list[Case]:
    """By what the subject says."""
    email = x509.NameAttribute(NameOID.EMAIL_ADDRESS, "anna@example.com")
    printable = [x509.NameAttribute(a.oid, a.value, _type=_ASN1Type.PrintableString) for a in named()]
    one_set = x509.Name([x509.RelativeDistinguishedName(named())])
    country = x509.NameAttribute(NameOID.COUNTRY_NAME, "DE")
    return [
        *(Case(f"in the order {order}", TAKEN, signed(ec_key(), named(order))) for order in ("UOC", "OCU", "CUO")),
        Case("PrintableString, as Go writes it", TAKEN, signed(ec_key(), printable)),
        Case(
            "all in one set",
            TAKEN,
            pem(x509.CertificateSigningRequestBuilder().subject_name(one_set).sign(ec_key(), hashes.SHA256())),
        ),
        Case("common name alone, as easy-rsa does", OTHER_NAME, signed(ec_key(), named("C"))),
        Case("capital letter", OTHER_NAME, signed(ec_key(), named(C="Laptop"))),
        Case("somebody else", OTHER_NAME, signed(ec_key(), named(O="Ben"))),
        Case("e-mail and country beside", OTHER_NAME, signed(ec_key(), [email, *named("C"), country])),
        Case("two common names", OTHER_NAME, signed(ec_key(), [*named(), *named("C", C="admin")])),
        Case("letters beyond ASCII", OTHER_NAME, signed(ec_key(), named("C", C="Küche – 父"))),
        Case("no name at all", OTHER_NAME, signed(ec_key(), [])),
        Case(
            "a name that cannot be read",
            "subject",
            by_hand(subject=x509.Name(named()).public_bytes().replace(b"laptop", b"la\xff\xfeop")),
        ),
    ]


def _of_extras() -> list[Case]:
    """By what is asked for beside."""
    extensions, names = bytes.fromhex("06092a864886f70d01090e"), bytes.fromhex("0603551d11")
    alternative = tlv(0x30, names, tlv(4, tlv(0x30, tlv(0x82, b"a.example"))))
    odd = (tlv(0x31), tlv(0x31, tlv(4, b"zz")), tlv(0x31, tlv(0x30, alternative, alternative)))
    challenge = builder().add_attribute(AttributeOID.CHALLENGE_PASSWORD, b"abcd1234")
    san = builder().add_extension(x509.SubjectAlternativeName([x509.DNSName("laptop")]), critical=False)
    return [
        Case("a SAN", TAKEN, pem(san.sign(ec_key(), hashes.SHA256()))),
        Case("a challenge password", TAKEN, pem(challenge.sign(ec_key(), hashes.SHA256()))),
        *(
            Case(f"attributes no library reads, {n}", TAKEN, by_hand(attributes=tlv(0x30, extensions, one)))
            for n, one in enumerate(odd)
        ),
        Case("version 5", "format", by_hand(version=5)),
    ]


def _of_writing() -> list[Case]:
    """By how it is written down."""
    text = plain().decode()
    body = _body(plain())
    new = plain().replace(b"CERTIFICATE REQ", b"NEW CERTIFICATE REQ")
    return [
        Case("CRLF", TAKEN, plain().replace(b"\n", b"\r\n")),
        Case("CR alone", TAKEN, plain().replace(b"\n", b"\r")),
        Case("UTF-16 with its mark", TAKEN, text.encode("utf-16")),
        Case("UTF-16 without", TAKEN, text.encode("utf-16-be")),
        Case("UTF-32", TAKEN, text.encode("utf-32")),
        Case("DER", TAKEN, base64.b64decode(b"".join(body))),
        Case("base64 alone", TAKEN, b"\n".join(body)),
        Case("in one line", TAKEN, plain().replace(b"\n", b" ")),
        Case(
            "lines of one letter",
            TAKEN,
            b"\n".join(text[i : i + 1].encode() for i in range(len(text)) if text[i] != "\n"),
        ),
        Case("NEW header", TAKEN, new),
        Case("indented", TAKEN, b"\n".join(b"    " + line for line in plain().splitlines())),
        Case("quoted", TAKEN, b"\n".join(b"> " + line for line in plain().splitlines())),
        Case("fenced", TAKEN, b"Here it is:\n```\n" + plain() + b"```\nthanks"),
        Case("non-breaking spaces", TAKEN, text.replace("\n", "\u00a0\n\u00a0").encode()),
        Case("zero-width spaces", TAKEN, text.replace("\n", "\u200b\n").encode()),
        Case("dashes made long", TAKEN, text.replace("-----", "——-").encode()),
        Case("line breaks spelt out", TAKEN, text.replace("\n", "\\n").encode()),
        Case("Ctrl-Z at the end", TAKEN, plain() + b"\x1a"),
        Case("EC PARAMETERS before", TAKEN, not_private()["EC parameters"] + plain()),
        Case("16 KB", TAKEN, plain().ljust(MOST_BYTES, b"\n")),
        Case("16 KB and one", "size", plain().ljust(MOST_BYTES + 1, b"\n")),
        Case("the same twice", TAKEN, plain() * 2),
        Case("two", "several", plain() + signed(ec_key("secp384r1"))),
        Case("two in DER", "several", by_hand() + by_hand()),
        Case("cut off", "format", plain()[:200]),
        Case("damaged", "signature", _damaged()),
        Case("signed with SHA-1, the old default", "signature", _sha1()),
        Case("nothing", "format", b""),
        Case("words", "format", b"Here is my CSR"),
        Case("a certificate", "certificate", not_private()["a certificate"]),
        Case("a request and its key", KEY, plain() + private_keys()["ec, of old"]),
        Case("a key and its request", KEY, private_keys()["ec, PKCS#8"] + plain()),
    ]


def _damaged() -> bytes:
    data = bytearray(by_hand())
    data[-1] ^= 1
    return bytes(data)


def _sha1() -> bytes:
    """The library signs nothing with SHA-1: its algorithm alone is put in."""
    return by_hand().replace(bytes.fromhex("06082a8648ce3d040302"), bytes.fromhex("06082a8648ce3d040301"))


@cache
def corpus() -> tuple[Case, ...]:
    """All of it."""
    made: tuple[Callable[[], list[Case]], ...] = (_of_tools, _of_keys, _of_names, _of_extras, _of_writing)
    keys = [Case(f"a private key: {name}", KEY, data) for name, data in private_keys().items()]
    held = [Case(f"a store: {name}", STORE, data) for name, data in stores().items()]
    return (*(case for make in made for case in make()), *keys, *held)

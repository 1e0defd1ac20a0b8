"""Requests as people's tools make them, and what else is sent in their place, each with the right answer.

Where a tool's own output matters it lies in ``requests``; the rest is made here. All were asked for ``ASKED``.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import AttributeOID, NameOID

from bot.pki.requests import MAX_BYTES
from tests.pki.key_corpus import not_private, private_keys, stores
from tests.pki.made_requests import (
    body_lines,
    builder,
    by_hand,
    compressed_point,
    ec_key,
    named,
    pem,
    plain,
    rsa_key,
    signed,
    tlv,
)

TAKEN, OTHER_NAME, KEY, STORE = "taken", "another name", "private key", "key store"
_FILES = Path(__file__).parent / "requests"


@dataclass(frozen=True)
class Case:
    """What somebody sent, and the answer: TAKEN, OTHER_NAME, KEY, STORE, or ``why`` not."""

    what: str
    answer: str
    data: bytes


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
    body = body_lines(plain())
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
        Case("16 KB", TAKEN, plain().ljust(MAX_BYTES, b"\n")),
        Case("16 KB and one", "size", plain().ljust(MAX_BYTES + 1, b"\n")),
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

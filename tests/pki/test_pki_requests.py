"""Certificate signing requests: ours, OpenSSL's, and those that are refused."""

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import AttributeOID, NameOID

from bot.errors import BadRequestFile, PrivateKeySent
from bot.model.certificates import KeyType
from bot.pki.keys import make_key, public_key_sha256
from bot.pki.requests import MOST_BYTES, SubjectName, make_request, openssl_command, read_request

SUBJECT = SubjectName("pixel8", "Anna B", "Latchkey abcdefgh")
NAMELESS = SubjectName("pixel8", "", "Latchkey abcdefgh")
KEY = ec.generate_private_key(ec.SECP256R1())
CN, O, OU = NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATIONAL_UNIT_NAME  # noqa: E741
OURS = [(CN, "pixel8"), (O, "Anna B"), (OU, "Latchkey abcdefgh")]


def builder(parts: list[tuple[x509.ObjectIdentifier, str]] | None = None) -> x509.CertificateSigningRequestBuilder:
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in OURS if parts is None or (oid, text) in parts])
    if parts is not None:
        name = x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])
    return x509.CertificateSigningRequestBuilder().subject_name(name)


def pem(request: x509.CertificateSigningRequest) -> bytes:
    return request.public_bytes(Encoding.PEM)


def why(data: bytes, subject: SubjectName = SUBJECT) -> str:
    with pytest.raises(BadRequestFile) as refused:
        read_request(data, subject)
    return refused.value.why


@pytest.mark.parametrize("kind", list(KeyType))
@pytest.mark.parametrize("subject", [SUBJECT, NAMELESS])
def test_ours_has_exactly_the_subject(kind: KeyType, subject: SubjectName) -> None:
    key = make_key(kind)
    request = x509.load_pem_x509_csr(make_request(key, subject).encode())
    expected = [part for part in OURS if subject is SUBJECT or part[0] != O]
    assert [(part.oid, part.value) for part in request.subject] == expected
    assert not len(request.extensions)
    assert request.is_signature_valid
    assert read_request(pem(request), subject).public_key_sha256 == public_key_sha256(key.public_key())


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl program is not installed")
@pytest.mark.parametrize("subject", [SUBJECT, NAMELESS])
def test_the_command_makes_a_request_that_is_accepted(tmp_path: Path, subject: SubjectName) -> None:
    command = openssl_command(subject, "my-laptop")
    assert "\n" not in command
    subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, check=True, capture_output=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["my-laptop.csr", "my-laptop.key"]
    accepted = read_request((tmp_path / "my-laptop.csr").read_bytes(), subject)
    assert "BEGIN CERTIFICATE REQUEST" in accepted.pem
    with pytest.raises(PrivateKeySent):
        read_request((tmp_path / "my-laptop.key").read_bytes(), subject)


def test_a_shell_reads_the_subject_as_one_word() -> None:
    assert "/CN=pixel8/O=Anna B/OU=Latchkey abcdefgh" in shlex.split(openssl_command(SUBJECT, "pixel8"))


@pytest.mark.parametrize("hash_", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_strong_keys_and_hashes_are_accepted(hash_: hashes.SHA256 | hashes.SHA384 | hashes.SHA512) -> None:
    for key in (KEY, ec.generate_private_key(ec.SECP384R1())):
        assert read_request(pem(builder().sign(key, hash_)), SUBJECT).pem


def test_a_request_in_der_is_accepted() -> None:
    request = builder().sign(KEY, hashes.SHA256())
    assert read_request(request.public_bytes(Encoding.DER), SUBJECT).pem.encode() == pem(request)


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "])
def test_a_private_key_anywhere_in_the_file_ends_the_reading(kind: str) -> None:
    block = f"-----BEGIN {kind}PRIVATE KEY-----\nAAAA\n".encode()
    request = make_request(KEY, SUBJECT).encode()
    for data in (block, block + request, request + block, b"\x00" * 2 * MOST_BYTES + block):
        with pytest.raises(PrivateKeySent):
            read_request(data, SUBJECT)


@pytest.mark.parametrize(
    "parts",
    [
        OURS[::-1],
        OURS[:2],
        [(CN, "pixel9"), *OURS[1:]],
        [(CN, "PIXEL8"), *OURS[1:]],
        [*OURS, (NameOID.COUNTRY_NAME, "ES")],
        [*OURS, (CN, "admin")],
        [OURS[0], (O, "Ben"), OURS[2]],
        [*OURS[:2], (OU, "Latchkey zzzzzzzz")],
        [],
    ],
)
def test_another_subject(parts: list[tuple[x509.ObjectIdentifier, str]]) -> None:
    assert why(pem(builder(parts).sign(KEY, hashes.SHA256()))) == "subject"


def test_a_subject_in_one_set_is_another_subject_or_the_same_words() -> None:
    assert why(pem(builder(OURS).sign(KEY, hashes.SHA256())), NAMELESS) == "subject"


def test_extensions_and_attributes() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName("evil.example.com")])
    asked = builder().add_extension(names, critical=False).sign(KEY, hashes.SHA256())
    challenge = builder().add_attribute(AttributeOID.CHALLENGE_PASSWORD, b"secret").sign(KEY, hashes.SHA256())
    assert why(pem(asked)) == why(pem(challenge)) == "extensions"


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_weak_and_odd_keys() -> None:
    weak = rsa.generate_private_key(65537, 1024)
    for key in (weak, ec.generate_private_key(ec.SECP521R1()), ec.generate_private_key(ec.SECP256K1())):
        assert why(pem(builder().sign(key, hashes.SHA256()))) == "key"
    # An Ed25519 signature has no hash of its own, so it falls before its key is looked at.
    assert why(pem(builder().sign(ed25519.Ed25519PrivateKey.generate(), None))) in {"key", "signature"}


def test_a_broken_signature() -> None:
    data = bytearray(builder().sign(KEY, hashes.SHA256()).public_bytes(Encoding.DER))
    data[-1] ^= 1
    assert why(bytes(data)) == "signature"


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"\x30\x82", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", b"\xff" * 99],
)
def test_what_is_no_request(data: bytes) -> None:
    assert why(data) == "format"


def test_sixteen_kilobytes_and_no_more() -> None:
    data = make_request(KEY, SUBJECT).encode()
    assert read_request(data.ljust(MOST_BYTES, b"\n"), SUBJECT).pem
    assert why(data.ljust(MOST_BYTES + 1, b"\n")) == "size"


def tlv(tag: int, *parts: bytes) -> bytes:
    """One ASN.1 element (X.690)."""
    content = b"".join(parts)
    size = len(content)
    long = b"\x81" + size.to_bytes(1, "big") if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + (bytes([size]) if size < 128 else long) + content


def signed(*, attributes: bytes = b"", version: int = 0, subject: bytes | None = None) -> bytes:
    """A request that no library would write, well signed all the same."""
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in OURS]).public_bytes()
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    body = tlv(0x30, tlv(2, bytes([version])), subject or name, public, tlv(0xA0, attributes))
    signature = KEY.sign(body, ec.ECDSA(hashes.SHA256()))
    return tlv(0x30, body, tlv(0x30, bytes.fromhex("06082a8648ce3d040302")), tlv(3, b"\x00" + signature))


EXTENSIONS = bytes.fromhex("06092a864886f70d01090e")
NAMES = tlv(0x30, bytes.fromhex("0603551d11"), tlv(4, tlv(0x30, tlv(0x82, b"a.example"))))


@pytest.mark.parametrize(
    "values",
    [
        tlv(0x31),
        tlv(0x31, tlv(4, b"zz")),
        tlv(0x31, tlv(0x30, NAMES), tlv(0x30, NAMES)),
        tlv(0x31, tlv(0x30, NAMES, NAMES)),
    ],
)
def test_attributes_that_the_library_cannot_read_are_refused_like_others(values: bytes) -> None:
    assert read_request(signed(), SUBJECT).pem
    assert why(signed(attributes=tlv(0x30, EXTENSIONS, values))) == "extensions"


def test_oddly_encoded_requests() -> None:
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in OURS]).public_bytes()
    assert why(signed(version=5)) == "format"
    assert why(signed(subject=name.replace(b"pixel8", b"pi\xff\xfel8"))) in {"format", "subject"}

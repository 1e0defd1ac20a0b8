"""Certificate signing requests: ours, and those that come from elsewhere."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AttributeOID, ExtendedKeyUsageOID, NameOID

from bot.errors import InvalidRequestFile, PrivateKeySent
from bot.model.certificates.certificates import KeyType
from bot.pki.keys import make_key, public_key_sha256
from bot.pki.requests import MAX_BYTES, RequestFile, SubjectName, make_request, read_request
from tests.pki.made_requests import by_hand, ec_key, named, tlv

SUBJECT = SubjectName("pixel8", "Anna B", "Latchkey abcdefgh")
NAMELESS = SubjectName("pixel8", "", "Latchkey abcdefgh")
OURS = [
    (NameOID.COMMON_NAME, "pixel8"),
    (NameOID.ORGANIZATION_NAME, "Anna B"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "Latchkey abcdefgh"),
]


def builder() -> x509.CertificateSigningRequestBuilder:
    name = x509.Name([x509.NameAttribute(oid, text) for oid, text in OURS])
    return x509.CertificateSigningRequestBuilder().subject_name(name)


def read(made: x509.CertificateSigningRequestBuilder) -> RequestFile:
    return read_request(made.sign(ec_key(), hashes.SHA256()).public_bytes(Encoding.PEM), SUBJECT)


def named_only(*parts: x509.NameAttribute[str]) -> x509.CertificateSigningRequestBuilder:
    return x509.CertificateSigningRequestBuilder().subject_name(x509.Name(parts))


@pytest.mark.parametrize("kind", list(KeyType))
@pytest.mark.parametrize("subject", [SUBJECT, NAMELESS])
def test_ours_has_exactly_the_subject(kind: KeyType, subject: SubjectName) -> None:
    key = make_key(kind)
    request = x509.load_pem_x509_csr(make_request(key, subject).encode())
    expected = [part for part in OURS if subject is SUBJECT or part[0] != NameOID.ORGANIZATION_NAME]
    assert [(part.oid, part.value) for part in request.subject] == expected
    assert not len(request.extensions)
    assert request.is_signature_valid
    taken = read_request(request.public_bytes(Encoding.PEM), subject)
    assert taken.public_key_sha256 == public_key_sha256(key.public_key())
    assert taken.is_asked


@pytest.mark.parametrize("hash_", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_strong_keys_and_hashes_are_accepted(hash_: hashes.SHA256 | hashes.SHA384 | hashes.SHA512) -> None:
    for key in (ec_key(), ec.generate_private_key(ec.SECP384R1())):
        assert read_request(builder().sign(key, hash_).public_bytes(Encoding.PEM), SUBJECT).pem


def test_der_and_pem_are_the_same_request() -> None:
    request = builder().sign(ec_key(), hashes.SHA256())
    taken = read_request(request.public_bytes(Encoding.DER), SUBJECT)
    assert taken.pem.encode() == request.public_bytes(Encoding.PEM)
    assert taken.public_key_sha256 == public_key_sha256(ec_key().public_key())


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "ENCRYPTED ", "OPENSSH "])
def test_a_private_key_anywhere_in_the_file_ends_the_reading(kind: str) -> None:
    block = f"-----BEGIN {kind}PRIVATE KEY-----\nAAAA\n".encode()
    request = make_request(ec_key(), SUBJECT).encode()
    for data in (block, block + request, request + block, b"\x00" * 2 * MAX_BYTES + block):
        with pytest.raises(PrivateKeySent):
            read_request(data, SUBJECT)


def test_sixteen_kilobytes_and_no_more() -> None:
    data = make_request(ec_key(), SUBJECT).encode()
    assert read_request(data.ljust(MAX_BYTES, b"\n"), SUBJECT).pem
    with pytest.raises(InvalidRequestFile, match="size"):
        read_request(data.ljust(MAX_BYTES + 1, b"\n"), SUBJECT)


def test_the_name_is_told_as_the_request_has_it() -> None:
    email = x509.NameAttribute(NameOID.EMAIL_ADDRESS, "anna@example.com")
    assert read(builder()).name == "CN=pixel8, O=Anna B, OU=Latchkey abcdefgh"
    taken = read(named_only(email, *named("C"), x509.NameAttribute(NameOID.COUNTRY_NAME, "DE")))
    assert (taken.name, taken.is_asked) == ("emailAddress=anna@example.com, CN=laptop, C=DE", False)
    nameless = read(named_only())
    assert (nameless.name, nameless.is_asked) == ("", False)


@pytest.mark.filterwarnings("ignore:Attribute's length must be:UserWarning")
@pytest.mark.parametrize(("letters", "shown"), [(117, 120), (118, 120), (5000, 120)])
def test_a_long_name_is_cut(letters: int, shown: int) -> None:
    """Beside ``CN=`` 117 letters have room."""
    part = tlv(0x31, tlv(0x30, bytes.fromhex("0603550403"), tlv(0x0C, b"x" * letters)))
    name = read_request(by_hand(subject=tlv(0x30, part)), SUBJECT).name
    assert len(name) == shown
    assert name.endswith("…") == (letters > 117)


def test_control_characters_of_a_name_are_not_shown() -> None:
    assert read(named_only(*named("C", C="a\u202eb\nc\x07"))).name == "CN=abc"


def test_marks_are_all_its_units() -> None:
    other = x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Latchkey zzzzzzzz")
    assert read(named_only(*named("CU"), other)).units == ("anna-3f2a", "Latchkey zzzzzzzz")


def test_what_is_asked_for_beside_is_noticed() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName("other.example.com")])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    version = x509.ObjectIdentifier("1.3.6.1.4.1.311.13.2.3")

    def noticed(made: x509.CertificateSigningRequestBuilder) -> tuple[bool, bool, bool]:
        taken = read(made)
        return (taken.more_names, taken.challenge, taken.by_windows)

    assert noticed(builder()) == (False, False, False)
    # Uses and the like are not worth a word: most tools ask for them, and Cloudflare puts in its own.
    assert noticed(builder().add_extension(usage, critical=False)) == (False, False, False)
    assert noticed(builder().add_extension(names, critical=False)) == (True, False, False)
    assert noticed(builder().add_attribute(AttributeOID.CHALLENGE_PASSWORD, b"secret")) == (False, True, False)
    assert noticed(builder().add_attribute(version, b"10.0.22631.2")) == (False, False, True)

"""PKCS#12 files, opened by OpenSSL without its legacy provider."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bot.model.certificates.certificates import KeyType
from bot.pki.certificates import read_certificate
from bot.pki.keys import PrivateKey, make_key, public_key_sha256
from bot.pki.pkcs12 import pack

Flavour = Literal["compat", "modern"]
PASSPHRASE = "plum-canyon-brave-otter-acid-zoom"
CA_KEY = make_key(KeyType.P256)
KEYS = {kind: make_key(kind) for kind in KeyType}
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl program is not installed")


def certificate_for(key: PrivateKey) -> str:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "pixel8"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Latchkey abcdefgh"),
        ]
    )
    start = datetime(2026, 11, 24, tzinfo=UTC)
    built = x509.CertificateBuilder(
        issuer_name=x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "CA")]),
        subject_name=name,
        public_key=key.public_key(),
        serial_number=0xAB12,
        not_valid_before=start,
        not_valid_after=start + timedelta(days=730),
    )
    return built.sign(CA_KEY, hashes.SHA256()).public_bytes(Encoding.PEM).decode("ascii")


def openssl(file: Path, *options: str, passphrase: str = PASSPHRASE) -> subprocess.CompletedProcess[str]:
    command = ["openssl", "pkcs12", "-in", str(file), "-passin", f"pass:{passphrase}", *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_openssl
@pytest.mark.parametrize("kind", list(KeyType))
@pytest.mark.parametrize(
    ("flavour", "mac", "bags"),
    [
        ("compat", "MAC: sha1, Iteration 2048", "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048"),
        ("modern", "MAC: sha256, Iteration 2048", "PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256"),
    ],
)
def test_openssl_opens_it(tmp_path: Path, kind: KeyType, flavour: Flavour, mac: str, bags: str) -> None:
    file = tmp_path / "pixel8.p12"
    file.write_bytes(pack(KEYS[kind], certificate_for(KEYS[kind]), "pixel8", PASSPHRASE, flavour))
    shown = openssl(file, "-info", "-nodes")
    assert shown.returncode == 0, shown.stderr
    assert mac in shown.stderr
    assert f"PKCS7 Encrypted data: {bags}" in shown.stderr
    assert f"Shrouded Keybag: {bags}" in shown.stderr
    assert shown.stdout.count("friendlyName: pixel8") == 2
    assert shown.stdout.count("BEGIN CERTIFICATE") == shown.stdout.count("PRIVATE KEY-----") / 2 == 1


@needs_openssl
@pytest.mark.parametrize("flavour", ["compat", "modern"])
def test_another_passphrase_does_not_open_it(tmp_path: Path, flavour: Flavour) -> None:
    key = KEYS[KeyType.P256]
    file = tmp_path / "pixel8.p12"
    file.write_bytes(pack(key, certificate_for(key), "pixel8", PASSPHRASE, flavour))
    for wrong in ("", PASSPHRASE.upper(), PASSPHRASE + " "):
        shown = openssl(file, "-nodes", passphrase=wrong)
        assert shown.returncode != 0
        assert "PRIVATE KEY" not in shown.stdout


def test_neither_key_nor_passphrase_is_readable_in_it() -> None:
    key = KEYS[KeyType.RSA2048]
    assert isinstance(key, rsa.RSAPrivateKey)
    data = pack(key, certificate_for(key), "pixel8", PASSPHRASE, "compat")
    assert PASSPHRASE.encode() not in data
    assert key.private_numbers().p.to_bytes(128, "big") not in data


@pytest.mark.parametrize(
    ("name", "passphrase"), [("", PASSPHRASE), ("pixel8", ""), ("pixél8", PASSPHRASE), ("pixel8", "plüm"), ("📱", "a")]
)
def test_texts_on_which_readers_differ_are_refused(name: str, passphrase: str) -> None:
    key = KEYS[KeyType.P256]
    with pytest.raises(ValueError, match="ASCII"):
        pack(key, certificate_for(key), name, passphrase, "compat")


@pytest.mark.parametrize("other", [make_key(KeyType.P256), KEYS[KeyType.RSA2048]])
def test_a_certificate_for_another_key_is_refused(other: PrivateKey) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the library's words
        pack(other, certificate_for(KEYS[KeyType.P256]), "pixel8", PASSPHRASE, "compat")


def test_what_a_certificate_says() -> None:
    key = KEYS[KeyType.P256]
    facts = read_certificate(certificate_for(key))
    assert facts.serial == "AB12"
    assert facts.organizational_unit == "Latchkey abcdefgh"
    assert facts.public_key_sha256 == public_key_sha256(key.public_key())
    assert facts.not_after - facts.not_before == timedelta(days=730)
    assert len(facts.fingerprint_sha256) == 64
    assert facts.fingerprint_sha256 == facts.fingerprint_sha256.lower()


@pytest.mark.parametrize("pem", ["", "é", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate(pem: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the library's words
        read_certificate(pem)


def test_keys_are_of_the_kind_asked_for_and_fresh() -> None:
    p256, rsa2048 = KEYS[KeyType.P256], KEYS[KeyType.RSA2048]
    assert (p256.key_size, rsa2048.key_size) == (256, 2048)
    assert len({public_key_sha256(make_key(KeyType.P256).public_key()) for _ in range(20)}) == 20

"""The main job by hand, over real HTTP and TLS."""

import asyncio
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

from tests.household import Household


async def test_a_certificate_opens_until_it_is_revoked_and_again_after_undo(home: Household) -> None:
    key = await home.device("Anna", "pixel8")
    assert await home.opens(None) == 403
    assert await home.opens(key) == 200
    await home.tap("Anna", "It works")
    await home.say("Anna", "/revoke pixel8")
    assert await home.opens(key) == 403
    await home.tap("Anna", "Undo")
    assert await home.opens(key) == 200


async def test_the_certificate_says_what_it_should(home: Household) -> None:
    p12, password = await home.device("Anna", "Ännas Händy 8")
    private, certificate, others = pkcs12.load_key_and_certificates(p12, password.encode())
    assert private is not None
    assert certificate is not None
    assert others == []
    named = {a.oid: a.value for a in certificate.subject}
    assert named[NameOID.COMMON_NAME] == "Annas Handy 8"
    assert named[NameOID.ORGANIZATION_NAME] == "Anna"
    assert str(named[NameOID.ORGANIZATIONAL_UNIT_NAME]).startswith("Latchkey ")
    usage = certificate.extensions.get_extension_for_oid(ExtensionOID.EXTENDED_KEY_USAGE).value
    assert isinstance(usage, x509.ExtendedKeyUsage)
    assert ExtendedKeyUsageOID.CLIENT_AUTH in usage
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=730)
    assert home.file("Anna")[0] == "Annas-Handy-8.p12"


@pytest.mark.parametrize(("words", "days"), [("90d", 90), ("2y", 730), ("3650d", 3650), ("6w rsa", 42)])
async def test_options_stand_behind_the_name(home: Household, words: str, days: int) -> None:
    p12, password = await home.device("Anna", f"tablet {words}")
    private, certificate, _ = pkcs12.load_key_and_certificates(p12, password.encode())
    assert certificate is not None
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc == timedelta(days=days)
    assert isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    assert (private.key_size == 2048) is ("rsa" in words)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed: apt-get install openssl")
async def test_openssl_opens_the_delivered_file(home: Household, tmp_path: Path) -> None:
    p12, password = await home.device("Anna", "pixel8")
    (tmp_path / "pixel8.p12").write_bytes(p12)
    told = subprocess.run(
        ["openssl", "pkcs12", "-in", tmp_path / "pixel8.p12", "-passin", f"pass:{password}", "-nodes", "-info"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "friendlyName: pixel8" in told.stdout + told.stderr
    assert told.stdout.count("BEGIN CERTIFICATE") == 1


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: apt-get install curl")
async def test_curl_gets_in_with_the_delivered_file(home: Household, tmp_path: Path) -> None:
    p12, password = await home.device("Anna", "pixel8")
    (tmp_path / "pixel8.p12").write_bytes(p12)
    port = home.world.edge.port
    process = await asyncio.create_subprocess_exec(
        *("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--noproxy", "*"),
        *("--cacert", str(home.world.directory / "edge-ca.pem"), "--cert-type", "P12"),
        *("--cert", f"{tmp_path / 'pixel8.p12'}:{password}"),
        *("--resolve", f"ha.example.com:{port}:127.0.0.1", f"https://ha.example.com:{port}/"),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert told == b"200"


async def test_the_file_goes_to_whoever_asked_and_to_nobody_else(home: Household) -> None:
    await home.device("Anna", "pixel8")
    assert not home.phone("Kim").events
    # The other admin hears of it, and gets neither file nor password.
    assert [message.text for message in home.phone("Ben").chat] == [
        "Anna made a certificate for pixel8. If that surprises you, revoke it."
    ]
    assert not [message for message in home.phone("Ben").chat if message.document]

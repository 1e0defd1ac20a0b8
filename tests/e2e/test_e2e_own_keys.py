"""A key that stays on its computer: each way to make its request ends in a certificate, and what a request may say."""

import asyncio
import re
import shlex
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from sandbox.cloudflare.certificates import ClientCertificate
from tests.family import Family, family
from tests.pki.made_requests import builder, ec_key, named, pem, rsa_key, signed, tlv

_PRE = re.compile(r"(?m)^(?:openssl|MSYS_NO_PATHCONV=1|keytool|printf|certtool|step) .*$|^'\[Version\]'.*$")
WINDOWS = x509.ObjectIdentifier("1.3.6.1.4.1.311.13.2.3")
CLIENT = x509.ObjectIdentifier("1.3.6.1.4.1.311.21.20")
PROVIDER = x509.ObjectIdentifier("1.3.6.1.4.1.311.13.2.2")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path) as home:
        yield home


def needs(tool: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed: apt-get install {package}")


async def shown(home: Family, place: str, name: str = "laptop") -> list[str]:
    """The lines for a place, as they stand in the chat."""
    await home.say("Anna", f"/newcert {name} csr")
    await home.tap("Anna", place)
    return _PRE.findall(home.with_button("Anna", "Another computer").text)


def run(lines: list[str], folder: Path, shell: str = "/bin/sh") -> None:
    for line in lines:
        subprocess.run([shell, "-c", line], cwd=folder, check=True, capture_output=True)


async def sends(home: Family, data: bytes, caption: str | None = None, who: str = "Anna") -> str:
    """Send a file; the bot's last word on it."""
    home.phone(who).send_document("laptop.csr", data, caption)
    await home.settle()
    return home.newest(who).text


def certificate(home: Family) -> ClientCertificate:
    return home.world.cloudflare.certificates[-1]


async def in_hand(home: Family, public: object) -> None:
    """The file in the chat is a certificate for that key, at Cloudflare and in the bot's record."""
    _, data = home.file("Anna")
    found = x509.load_pem_x509_certificate(data)
    assert found.public_key() == public
    assert found == certificate(home).certificate
    async with home.bot.app.parts.store.read() as tx:
        known = await tx.adoptions.of_cloudflare(certificate(home).id)
    assert known.fingerprint_sha256 == certificate(home).fingerprint_sha256


@needs("openssl", "openssl")
@pytest.mark.parametrize(("place", "line", "shell"), [("Mac or Linux", 0, "/bin/sh"), ("Windows", 1, "bash")])
async def test_openssl_ends_in_a_certificate(home: Family, tmp_path: Path, place: str, line: int, shell: str) -> None:
    lines = await shown(home, place)
    await asyncio.to_thread(run, [lines[line]], tmp_path, shell)
    request = (tmp_path / "laptop.csr").read_bytes()
    said = await sends(home, request)
    assert "name in the certificate" not in said
    await in_hand(home, x509.load_pem_x509_csr(request).public_key())
    assert certificate(home).certificate.subject.rfc4514_string().startswith("OU=Latchkey ")


@needs("keytool", "default-jre-headless")
async def test_keytool_ends_in_a_certificate(home: Family, tmp_path: Path) -> None:
    lines = [f"{line} -storepass changeit" for line in await shown(home, "Another tool") if line.startswith("keytool")]
    assert len(lines) == 2
    await asyncio.to_thread(run, lines, tmp_path)
    request = (tmp_path / "laptop.csr").read_bytes()
    assert "name in the certificate" not in await sends(home, request)
    assert home.live() == ["laptop"]


@needs("certtool", "gnutls-bin")
async def test_certtool_ends_in_a_certificate(home: Family, tmp_path: Path) -> None:
    lines = [line for line in await shown(home, "Another tool") if line.startswith(("printf", "certtool"))]
    assert len(lines) == 3
    await asyncio.to_thread(run, lines, tmp_path)
    request = (tmp_path / "laptop.csr").read_bytes()
    assert b"PKCS #10 Certificate Request Information" in request
    assert "name in the certificate" not in await sends(home, request)
    assert home.live() == ["laptop"]


async def test_steps_request_ends_in_a_certificate(home: Family) -> None:
    """It has the common name alone, and the same once more as SAN."""
    (line,) = [line for line in await shown(home, "Another tool") if line.startswith("step ")]
    name = shlex.split(line)[-3]
    san = x509.SubjectAlternativeName([x509.DNSName(name)])
    request = builder(named("C", C=name)).add_extension(san, critical=False)
    said = await sends(home, pem(request.sign(ec_key(), hashes.SHA256())))
    assert "The name in the certificate: CN=laptop\n" in said
    assert "asks for extra names" in said
    await in_hand(home, ec_key().public_key())


def as_certreq(subject: str) -> bytes:
    """What ``certreq -new`` makes of a Subject in an .inf: its parts turned round, Microsoft's attributes, key usage
    and SKI, an own header, CRLF.
    """
    oids = {"CN": NameOID.COMMON_NAME, "O": NameOID.ORGANIZATION_NAME, "OU": NameOID.ORGANIZATIONAL_UNIT_NAME}
    parts = [x509.NameAttribute(oids[s], v) for s, _, v in (one.partition("=") for one in subject.split(", "))]
    client = tlv(0x30, tlv(2, b"\x09"), tlv(0x0C, b"PC-ANNA"), tlv(0x0C, b"PC-ANNA\\anna"), tlv(0x0C, b"certreq.exe"))
    provider = tlv(0x30, tlv(2, b"\x01"), tlv(0x1E, "Microsoft Software Key Storage Provider".encode("utf-16-be")))
    key = ec_key()
    usage = x509.KeyUsage(True, *(False,) * 8)
    made = (
        builder(parts[::-1])
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_attribute(WINDOWS, b"10.0.22631.2")
        .add_attribute(CLIENT, client)
        .add_attribute(PROVIDER, provider)
    )
    text = made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    return text.replace(b"CERTIFICATE REQ", b"NEW CERTIFICATE REQ").replace(b"\n", b"\r\n")


async def test_certreqs_request_ends_in_a_certificate_and_the_way_into_windows(home: Family) -> None:
    line, _ = await shown(home, "Windows")
    (subject,) = re.findall(r'Subject="([^"]+)"', line)
    said = await sends(home, as_certreq(subject))
    serial = f"{certificate(home).serial_number:X}"
    assert f"certutil -user -addstore My laptop.pem; certutil -user -repairstore My {serial}" in said
    assert "name in the certificate" not in said
    await in_hand(home, ec_key().public_key())


async def test_a_long_line_is_copied_from_the_text_alone(home: Family) -> None:
    """Telegram copies 256 characters by a button: PowerShell's line has more."""
    lines = await shown(home, "Windows")
    assert len(lines[0]) > 256
    assert home.callback("Anna", "Copy for Git Bash") == lines[1]
    lines = await shown(home, "Mac or Linux", "x" * 12)
    assert home.callback("Anna", "Copy the line") == lines[0]


async def test_the_way_back_and_the_end_of_the_buttons(home: Family) -> None:
    await home.say("Anna", "/newcert laptop csr")
    for place in ("Windows", "Another tool", "Mac or Linux"):
        await home.tap("Anna", place)
        await home.tap("Anna", "Another computer")
    public_id = home.callback("Anna", "Windows").split(":")[2]
    await home.tap("Anna", "Cancel")
    for data in (
        encode(CallbackData(CallbackAction.REQUEST_PLACE, public_id, "windows")),
        encode(CallbackData(CallbackAction.REQUEST_PLACE, public_id)),
    ):
        assert home.calls("POST") == 0
        (seen,) = await home.press("Anna", data)
        assert seen.kind != "edit"
    # Nobody sees the lines of somebody else's order.
    await home.say("Anna", "/newcert laptop csr")
    public_id = home.callback("Anna", "Windows").split(":")[2]
    for _ in range(2):
        (seen,) = await home.press("Ben", encode(CallbackData(CallbackAction.REQUEST_PLACE, public_id, "windows")))
        assert seen.kind != "edit"
        # Nor while he has one of his own.
        await home.say("Ben", "/newcert other csr")


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "fenced": lambda text: f"```\n{text}```",
    "words before": lambda text: f"Here is the CSR of my laptop:\n\n{text}\nThanks!",
    "in one line": lambda text: text.replace("\n", " "),
    "non-breaking spaces": lambda text: text.replace("\n", "\u00a0\n\u00a0"),
    "other lines": lambda text: re.sub(r"([A-Za-z0-9+/]{20})", "\\1\n", text.replace("CERTIFICATE REQUEST", "X")),
    "openssl's -text": lambda text: f"Certificate Request:\n    Data:\n        Version: 1 (0x0)\n{text}",
    "NEW": lambda text: text.replace("CERTIFICATE REQ", "NEW CERTIFICATE REQ"),
}


@pytest.mark.parametrize("way", WAYS)
async def test_a_request_pasted_as_text_is_a_request(home: Family, way: str) -> None:
    await home.say("Anna", "/newcert laptop csr")
    await home.say("Anna", WAYS[way](signed(ec_key()).decode()))
    assert home.live() == ["laptop"]
    await in_hand(home, ec_key().public_key())


async def test_a_request_that_comes_with_its_order(home: Family) -> None:
    """Behind the command, or under the file; what is wrong with it leaves nothing ordered."""
    text = signed(ec_key()).decode()
    await home.say("Anna", f"/newcert big laptop csr\n{text}")
    assert [one.common_name for one in home.world.cloudflare.certificates] == ["laptop"]
    assert "big laptop – its certificate is here." in home.newest("Anna").text
    assert "big-laptop.pem" not in home.newest("Anna").text
    said = await sends(home, signed(rsa_key()), "/newcert small 90d csr")
    assert "small – its certificate is here." in said
    assert certificate(home).validity_days == 90
    damaged = text[:200]
    for said in (
        await sends(home, damaged.encode(), "/newcert third csr"),
        await sends(home, b"no request", "/newcert third csr"),
    ):
        assert "I cannot read that as a CSR" in said
    assert "third" not in str([one.common_name for one in home.world.cloudflare.certificates])
    await home.say("Anna", "/certs")
    assert "third" not in home.newest("Anna").text


async def test_a_request_that_nobody_waits_for(home: Family) -> None:
    text = signed(ec_key()).decode()
    for said in (await sends(home, text.encode()), (await home.say("Anna", text))[-1].text):
        assert said.startswith("That is a CSR, and I am not waiting for one.")
    await home.say("Anna", "/newcert")
    assert (await home.say("Anna", text))[-1].text.startswith("That is a CSR")
    assert (await home.say("Anna", f"forwarded {text}"))[-1].text.startswith("That is a CSR")
    # The question for a name still stands.
    await home.say("Anna", "pixel8")
    assert home.live() == ["pixel8"]


async def test_a_foreign_name_is_told_to_whoever_sent_it_and_to_the_other_admins(home: Family) -> None:
    await home.say("Mia", "/newcert laptop csr")
    name = [*named("C", C="Anna's phone"), x509.NameAttribute(NameOID.EMAIL_ADDRESS, "anna@example.com")]
    said = await sends(home, signed(ec_key(), name), who="Mia")
    # Cloudflare has left the address out: what is told is what the certificate says.
    assert "The name in the certificate: CN=Anna's phone\n" in said
    for admin in ("Anna", "Ben"):
        told = [text for text in home.texts(admin) if text.startswith("Mia made a certificate for laptop.")]
        assert len(told) == 1
        assert told[0].endswith("The name in the certificate: CN=Anna's phone")
    await home.say("Mia", "/devices")
    assert "laptop" in str(home.newest_with_buttons("Mia"))
    assert "phone" not in home.newest("Mia").text


async def test_a_request_without_a_name(home: Family) -> None:
    await home.say("Anna", "/newcert laptop csr")
    before = len(home.phone("Anna").events)
    said = await sends(home, signed(ec_key(), []))
    assert "There is no name in the certificate." in said
    assert "It will show no name: your request has none." in str(home.phone("Anna").events[before:])
    assert "There is no name in the certificate." in home.newest("Ben").text


async def test_a_name_with_markup_stays_text(home: Family) -> None:
    await home.say("Anna", "/newcert laptop csr")
    said = await sends(home, signed(ec_key(), named("C", C="<b>x</b>&amp;")))
    assert "The name in the certificate: CN=<b>x</b>&amp;" in said


async def test_the_mark_of_another_order(home: Family) -> None:
    """Of one's own earlier order it does no harm; of anybody else's, or of none, it is refused."""

    async def marked(unit: str) -> str:
        return await sends(home, signed(ec.generate_private_key(ec.SECP256R1()), named("CU", U=unit)))

    async def unit_of(who: str, name: str) -> str:
        await home.say(who, f"/newcert {name} csr")
        return f"Latchkey {home.callback(who, 'Windows').split(':')[2]}"

    bens, earlier = await unit_of("Ben", "bens"), await unit_of("Anna", "first")
    await home.say("Anna", "/newcert second csr")
    for unit in (bens, "Latchkey zzzzzzzz", "Latchkey "):
        assert (await marked(unit)).startswith("That CSR is marked as another device's"), unit
    assert home.live() == []
    assert "second – its certificate is here." in await marked(earlier)
    mine = await unit_of("Anna", "third")
    assert "third – its certificate is here." in await marked(mine)
    await home.say("Anna", "/newcert fourth csr")
    assert "fourth – its certificate is here." in await marked("latchkey zzzzzzzz")


async def test_a_challenge_password_is_pointed_out(home: Family) -> None:
    await home.say("Anna", "/newcert laptop csr")
    made = builder().add_attribute(x509.oid.AttributeOID.CHALLENGE_PASSWORD, b"abcd1234")
    said = await sends(home, pem(made.sign(ec_key(), hashes.SHA256())))
    assert "challenge password in it that anyone can read" in said
    assert "abcd1234" not in "".join(home.texts("Anna"))


async def test_what_cloudflare_refuses_is_said_with_the_way_on(home: Family) -> None:
    await home.say("Anna", "/newcert laptop csr")
    body = {"success": False, "errors": [{"code": 1404, "message": "Invalid CSR"}], "messages": [], "result": None}
    home.world.cloudflare.fault(call="POST */client_certificates", status=400, body=body, times=0)
    said = await sends(home, signed(ec_key()))
    assert said.startswith("Cloudflare refused to make the certificate for laptop.")
    assert said.endswith("/newcert laptop csr starts again, with a new key.")

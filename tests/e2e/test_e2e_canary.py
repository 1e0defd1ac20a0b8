"""No secret leaves its place: a whole run with DEBUG logging, in trouble too, and then every byte is searched."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from sqlalchemy import text

from bot import log
from bot.services.operator import claim as operator_claim
from bot.services.people import invitations
from tests.household import Household


@pytest.fixture
def loud(request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """All loggers at DEBUG, through our own formatter; everything is put back afterwards."""
    del capfd  # asked for so that the handler writes to what it captures
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    log.set_up(request.param, level=logging.DEBUG)
    yield
    root.handlers[:], root.level = handlers, level
    log.set_up("console", level=logging.WARNING)
    root.handlers[:] = handlers


def key_forms(p12: bytes, password: str) -> list[bytes]:
    key, _, _ = pkcs12.load_key_and_certificates(p12, password.encode())
    assert key is not None
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    # The last part of a DER key holds its private number; a line of PEM would betray it too.
    return [der, *pem.splitlines()[1:-1], p12]


@pytest.mark.parametrize("loud", ["console", "json"], indirect=True)
@pytest.mark.usefixtures("loud")
async def test_no_secret_is_told(home: Household, capfd: pytest.CaptureFixture[str]) -> None:
    secrets = [home.world.telegram.token.encode(), home.world.cloudflare.token.encode()]
    for name in ("pixel8", "tablet"):
        p12, password = await home.device("Anna", name)
        secrets += [password.encode(), *key_forms(p12, password)]
    await home.tap("Anna", "Show without a trace")
    home.phone("Anna").send_document("laptop.csr", b"-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n")
    await home.settle()
    await home.say("Anna", "/newcert laptop csr")
    home.phone("Anna").send_document("laptop.csr", b"-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n")
    await home.settle()
    parts = home.bot.app.parts
    claim = await operator_claim.new_claim(parts.store)
    async with parts.store.read() as tx:
        anna = await tx.people.of_telegram(home.phone("Anna").user_id)
    invitation = await invitations.make_link(parts, anna, "Kim")
    for token in (claim.token, invitation.url):
        await home.say("Kim", f"/start {token}")
        secrets.append(token.encode())
    assert "look at the terminal" in "".join(home.texts("Kim"))
    for fault in ({"status": 500}, {"drop": True}, {"body": "<html>no</html>"}, {"body": {"success": False}}):
        for call in ("POST */client_certificates", "DELETE *", "editMessageMedia", "editMessageText", "sendMessage"):
            home.world.cloudflare.fault(call=call, **fault)
            home.world.telegram.fault(call=call, **fault)
        await home.say("Anna", "/newcert thing")
        await home.tap("Anna", "Password")
        await home.say("Anna", "/revoke thing")
        await home.clock(minutes=1)
    home.world.end_trouble()
    await home.clock(minutes=5)
    await home.say("Anna", "/audit")
    await home.tap("Anna", "All as a file")
    name, record = home.file("Anna")
    assert name.endswith(".jsonl")
    async with home.bot.app.parts.store.write() as tx:
        await tx.audit._connection.execute(text("DROP TABLE prompt"))
    broken = await home.say("Anna", "/newcert more")
    assert "Something went wrong here" in broken[-1].text
    secrets += [file_id.encode() for file_id in home.world.telegram.account.files.ids]
    await home.world.stop_bot()

    told = capfd.readouterr()
    heard = (told.out + told.err).encode()
    assert b"turn broke" in heard
    assert b"OperationalError" in heard
    kept = b"".join(f.read_bytes() for f in Path(home.bot.settings.directory).iterdir() if f.is_file())
    assert b"certificate:issued" in kept
    for secret in secrets:
        assert secret not in record, "a secret is in the record"
        assert secret not in heard, "a secret was logged"
        assert secret not in kept, "a secret was stored"

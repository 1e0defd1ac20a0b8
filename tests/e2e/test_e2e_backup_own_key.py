"""Requests with a name of their own, and backups: the certificate is known by its key, or told; never guessed."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from sandbox.cloudflare.certificates import ClientCertificate
from tests.e2e.test_e2e_backup import backup, home, restored, told
from tests.household import Household
from tests.locked_household import BLOCKED, fingerprint, our_rule
from tests.patience import LAST_RESORT_SECONDS
from tests.pki.made_requests import named, signed

__all__ = ["home"]

KEY = ec.generate_private_key(ec.SECP256R1())
OWN_NAME = signed(KEY, named("C", C="Air"))
OPEN = 200


def newest(home: Household) -> ClientCertificate:
    """The newest certificate for the key; the bot has some of its own."""
    certificates = home.world.cloudflare.certificates
    return next(one for one in reversed(certificates) if one.certificate.public_key() == KEY.public_key())


async def opens(home: Household) -> int:
    """What the edge answers to the computer that has the key."""
    p12 = pkcs12.serialize_key_and_certificates(
        b"x", KEY, newest(home).certificate, None, BestAvailableEncryption(b"own")
    )
    return await home.opens((p12, "own"))


async def ordered(home: Household) -> None:
    await home.say("Anna", "/newcert laptop csr")


async def sent(home: Household, request: bytes = OWN_NAME) -> None:
    home.phone("Anna").send_document("laptop.csr", request)
    await home.settle()


def unit(home: Household) -> str:
    """The mark that the request is asked to carry."""
    return f"Latchkey {home.callback('Anna', 'Windows').split(':')[2]}"


async def test_one_in_use_is_known_as_before(home: Household) -> None:
    await ordered(home)
    await sent(home)
    await home.tap("Anna", "It works")
    data = backup(home)
    await restored(home, data)
    assert "Air" not in await told(home)
    assert await opens(home) == OPEN
    await home.say("Anna", "/revoke laptop")
    await home.clock(seconds=10)
    assert newest(home).status == "revoked"
    assert await opens(home) == BLOCKED


async def test_one_that_the_backup_does_not_know_is_told_and_can_be_given_an_owner(home: Household) -> None:
    data = backup(home)
    await ordered(home)
    await sent(home)
    await home.tap("Anna", "It works")
    await restored(home, data)
    told_of = f"Air ({newest(home).serial_number:X})"
    assert (
        f"under a name of its own, and I do not know whose it is: {told_of}. /status gives it an owner"
        in await told(home)
    )
    await home.say("Anna", "/status")
    await home.tap("Anna", "Look at it")
    await home.tap("Anna", "Anna")
    async with home.bot.app.parts.store.read() as tx:
        known = await tx.adoptions.of_cloudflare(newest(home).id)
    assert (known.device.name, known.device.owner_name) == ("Air", "Anna")
    await home.say("Anna", "/revoke Air")
    await home.clock(seconds=10)
    assert await opens(home) == BLOCKED
    assert fingerprint(home, "Air") in our_rule(home)["expression"] or newest(home).status == "revoked"


@pytest.mark.parametrize("marked", [True, False])
async def test_an_order_that_waited_takes_up_what_has_its_mark_and_guesses_nothing(
    home: Household, marked: bool
) -> None:
    """The backup was made between the order and its request: it knows no key."""
    await ordered(home)
    mark = unit(home)
    data = backup(home)
    await sent(home, signed(KEY, named("UC", U=mark, C="Air")) if marked else OWN_NAME)
    await home.tap("Anna", "It works")
    await restored(home, data)
    text = await told(home)
    async with home.bot.app.parts.store.read() as tx:
        known = await tx.adoptions.known_ids([newest(home).id])
    assert bool(known) == marked
    assert ("I do not know whose" in text) != marked
    assert await opens(home) == OPEN


async def test_an_order_with_its_key_takes_up_its_certificate_whatever_that_calls_itself(home: Household) -> None:
    """The backup was made while Cloudflare signed."""
    await ordered(home)
    signing = home.world.cloudflare.fault(call="POST */client_certificates", hold=True)
    home.phone("Anna").send_document("laptop.csr", OWN_NAME)
    await asyncio.wait_for(signing.reached.wait(), LAST_RESORT_SECONDS)
    data = backup(home)
    home.world.end_trouble()
    await home.settle()
    await restored(home, data)
    assert "I do not know whose" not in await told(home)
    async with home.bot.app.parts.store.read() as tx:
        known = await tx.adoptions.of_cloudflare(newest(home).id)
    assert known.device.name == "laptop"
    assert await opens(home) == OPEN


async def test_one_made_by_hand_is_told_too(home: Household) -> None:
    data = backup(home)
    home.world.cloudflare.issue(OWN_NAME.decode(), 365)
    await restored(home, data)
    assert (
        f"under a name of its own, and I do not know whose it is: Air ({newest(home).serial_number:X})"
        in await told(home)
    )


async def test_one_of_an_order_that_was_given_up_is_no_news_and_revoked(home: Household) -> None:
    await ordered(home)
    home.world.cloudflare.fault(call="POST */client_certificates", status=400, times=1)
    await sent(home)
    assert home.newest("Anna").text.startswith("Cloudflare refused")
    data = backup(home)
    home.world.cloudflare.issue(OWN_NAME.decode(), 365)
    await restored(home, data)
    assert "I do not know whose" not in await told(home)
    await home.clock(minutes=6)
    assert newest(home).status == "revoked"

"""A household whose hosts are protected by Latchkey's own rule, and a look at its edge with a certificate."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from bot.model.people import Person as Someone
from bot.model.rule import BEACON_PATH
from bot.model.rule_state import RULE_REF
from bot.services import protecting
from bot.services.rule_look import Sight
from sandbox.bot import SandboxBot
from sandbox.cloudflare.zone import Preset
from sandbox.edge.client import visit
from sandbox.world import Person, World
from tests.household import Household

ADMIN = frozenset({"admin"})
HA_HOST, PHOTOS_HOST = "ha.example.com", "photos.example.com"
BLOCKED = 403


class EdgeLook:
    """Asks the sandbox's edge over real TLS, with a certificate of its own."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._p12: tuple[bytes, str] | None = None

    async def sees(self, host: str, beacon: str, *, everything: bool) -> Sight:
        """See ``RuleLook.sees``."""
        there = await self._status(host, BEACON_PATH + beacon)
        elsewhere = await self._status(host, BEACON_PATH + "another0")
        if there != BLOCKED:
            return Sight.NOT_YET
        return Sight.SEEN if everything or elsewhere != BLOCKED else Sight.UNCLEAR

    async def _status(self, host: str, path: str) -> int:
        self._p12 = self._p12 or self._made()
        return (await visit(self._world.edge, f"https://{host}{path}", p12=self._p12)).status

    def _made(self) -> tuple[bytes, str]:
        key = generate_private_key(SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "probe")])
        csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
        record = self._world.cloudflare.issue(csr.public_bytes(Encoding.PEM).decode(), 30)
        locked = BestAvailableEncryption(b"probe")
        return pkcs12.serialize_key_and_certificates(b"probe", key, record.certificate, None, locked), "probe"


@asynccontextmanager
async def household(directory: Path, *, preset: Preset = "empty", **options: Any) -> AsyncIterator[Household]:
    """Anna and Ben are admins; nothing is protected yet. The edge's rules are only those of ``preset``."""
    people = (Person("Anna", ADMIN), Person("Ben", ADMIN), Person("Kim"))

    def bot(world: World, admins: Sequence[int]) -> SandboxBot:
        return SandboxBot(world, admins, EdgeLook(world))

    async with World(directory, bot=bot, people=people, preset=preset) as world:
        for name, value in options.items():
            setattr(world.cloudflare, name, value)
        await world.settle()
        yield Household(world)


@asynccontextmanager
async def locked(directory: Path, *hosts: str, **options: Any) -> AsyncIterator[Household]:
    """The same, with these hosts protected (``ha`` and ``photos``, where none is given)."""
    async with household(directory, **options) as home:
        await protect(home, *(hosts or (HA_HOST, PHOTOS_HOST)))
        yield home


async def somebody(home: Household, who: str) -> Someone:
    """A person as the bot knows them."""
    async with home.bot.app.parts.store.read() as tx:
        return await tx.people.of_telegram(home.phone(who).user_id)


async def protect(home: Household, *hosts: str, who: str = "Anna") -> None:
    """Have hosts protected, and wait."""
    await protecting.protect(home.bot.app.parts, await somebody(home, who), hosts)
    await home.settle()


async def unprotect(home: Household, *hosts: str, who: str = "Anna") -> None:
    """Open hosts to everybody, and wait."""
    await protecting.unprotect(home.bot.app.parts, await somebody(home, who), hosts)
    await home.settle()


def our_rule(home: Household) -> dict[str, Any]:
    """Our rule at Cloudflare."""
    return next(rule for rule in home.world.cloudflare.rules if rule["ref"] == RULE_REF)


def foreign_rules(home: Household) -> list[dict[str, Any]]:
    """The rules of others, as they stand at Cloudflare."""
    return [dict(rule) for rule in home.world.cloudflare.rules if rule["ref"] != RULE_REF]

"""A household whose hosts are protected by Latchkey's own rule, seen at its edge with the bot's own certificate."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.model.people.people import Person as Someone
from bot.model.protection.rule_state import RULE_REF
from bot.services.protection import hosts as protection_hosts
from sandbox.bot import SandboxBot
from sandbox.cloudflare.certificates import ClientCertificate
from sandbox.cloudflare.zone import Preset
from sandbox.world import Person, World
from tests.household import Household

ADMIN = frozenset({"admin"})
HA_HOST, PHOTOS_HOST = "ha.example.com", "photos.example.com"
BLOCKED = 403


@asynccontextmanager
async def household(directory: Path, *, preset: Preset = "empty", **options: Any) -> AsyncIterator[Household]:
    """Anna and Ben are admins; nothing is protected yet. The edge's rules are only those of ``preset``."""
    people = (Person("Anna", ADMIN), Person("Ben", ADMIN), Person("Kim"))

    async with World(directory, bot=SandboxBot, people=people, preset=preset) as world:
        for name, value in options.items():
            setattr(world.cloudflare, name, value)
        await world.settle()
        yield Household(world)


@asynccontextmanager
async def locked(directory: Path, *hosts: str, **options: Any) -> AsyncIterator[Household]:
    """The same, with these hosts protected (``ha`` and ``photos``, where none is given)."""
    async with household(directory, **options) as home:
        await protect(home, *(hosts or (HA_HOST, PHOTOS_HOST)))
        # The first look has nothing to look with yet.
        await home.clock(seconds=2)
        yield home


async def somebody(home: Household, who: str) -> Someone:
    """A person as the bot knows them."""
    async with home.bot.app.parts.store.read() as tx:
        return await tx.people.of_telegram(home.phone(who).user_id)


async def protect(home: Household, *hosts: str, who: str = "Anna") -> None:
    """Have hosts protected, and wait."""
    await protection_hosts.protect(home.bot.app.parts, await somebody(home, who), hosts)
    await home.settle()


async def unprotect(home: Household, *hosts: str, who: str = "Anna") -> None:
    """Open hosts to everybody, and wait."""
    await protection_hosts.unprotect(home.bot.app.parts, await somebody(home, who), hosts)
    await home.settle()


def fingerprint(home: Household, name: str = "pixel8") -> str:
    """The fingerprint of the newest certificate of that name."""
    return certificate(home, name).fingerprint_sha256


def certificate(home: Household, name: str = "pixel8") -> ClientCertificate:
    """The newest certificate of that name at Cloudflare."""
    return next(one for one in reversed(home.world.cloudflare.certificates) if one.common_name == name)


def our_rule(home: Household) -> dict[str, Any]:
    """Our rule at Cloudflare."""
    return next(rule for rule in home.world.cloudflare.rules if rule["ref"] == RULE_REF)


def foreign_rules(home: Household) -> list[dict[str, Any]]:
    """The rules of others, as they stand at Cloudflare."""
    return [dict(rule) for rule in home.world.cloudflare.rules if rule["ref"] != RULE_REF]

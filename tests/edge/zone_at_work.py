"""The gateway and the zone's stand-in, over real HTTP with the real SDK."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.edge.client import CloudflareClient
from bot.edge.zone import CloudflareZone
from bot.model.certificates.certificates import KeyType
from bot.pki.keys import make_key
from bot.pki.requests import SubjectName, make_request
from sandbox.clock import SandboxClock
from sandbox.cloudflare import CloudflareStandin


@dataclass(frozen=True)
class ZoneAtWork:
    """The stand-in, and what the bot reaches it by."""

    standin: CloudflareStandin
    client: CloudflareClient
    zone: CloudflareZone
    clock: SandboxClock

    def calls(self, method: str) -> int:
        """How many calls of that method arrived."""
        return sum(call.label.startswith(f"{method} ") for call in self.standin.calls)


@asynccontextmanager
async def at_work(directory: Path, *, token: str | None = None, **options: Any) -> AsyncIterator[ZoneAtWork]:
    """Serve a zone with those options of the stand-in."""
    clock = SandboxClock(directory / "clock")
    standin = CloudflareStandin(clock, directory, **options)
    await standin.start()
    client = CloudflareClient(token or standin.token, f"{standin.url}/client/v4", clock)
    try:
        yield ZoneAtWork(standin, client, CloudflareZone(client, "example.com", clock), clock)
    finally:
        await client.close()
        await standin.stop()


def request_file(name: str = "pixel8") -> str:
    """A request for a fresh key."""
    return make_request(make_key(KeyType.P256), SubjectName(name, "Anna", "Latchkey abcdefgh"))

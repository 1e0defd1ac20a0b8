"""A household at the sandbox, in the words in which tests speak of it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from sandbox.bot import SandboxBot
from sandbox.edge.client import visit
from sandbox.telegram import ChatEvent, Phone, ShownMessage
from sandbox.world import World
from tests.patience import LAST_RESORT_SECONDS

HA = "https://ha.example.com/"


class Household:
    """People with phones, the bot, the edge. Every act waits until the bot has nothing left to do."""

    def __init__(self, world: World) -> None:
        self.world = world

    def phone(self, who: str) -> Phone:
        """Somebody's phone."""
        return self.world.people[who]

    @property
    def bot(self) -> SandboxBot:
        """The bot under test."""
        assert isinstance(self.world.bot, SandboxBot)
        return self.world.bot

    async def settle(self) -> None:
        """Wait for the bot."""
        await self.world.settle()

    async def say(self, who: str, text: str) -> list[ChatEvent]:
        """Send a text; answers what the phone saw because of it."""
        before = len(self.phone(who).events)
        self.phone(who).send(text)
        await self.settle()
        return self.phone(who).events[before:]

    async def tap(self, who: str, button: str, times: int = 1) -> list[ChatEvent]:
        """Tap the newest button of that text; answers what the phone saw because of it."""
        phone = self.phone(who)
        before = len(phone.events)
        message = self.with_button(who, button)
        for _ in range(times):
            phone.tap(message.message_id, button)
        await self.settle()
        return phone.events[before:]

    async def press(self, who: str, data: str, message_id: int | None = None) -> list[ChatEvent]:
        """Send forged callback data."""
        phone = self.phone(who)
        before = len(phone.events)
        there = [m.message_id for m in phone.chat if m.from_bot]
        phone.press(message_id or (there[-1] if there else 1), data, inaccessible=not (message_id or there))
        await self.settle()
        return phone.events[before:]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that happens while a call is held, or in another process."""
        async with asyncio.timeout(LAST_RESORT_SECONDS):
            while not holds():  # noqa: ASYNC110 -- nobody tells
                await asyncio.sleep(0.01)

    async def clock(self, **by: float) -> None:
        """Move the clock."""
        self.world.clock.plus(timedelta(**by))
        await self.settle()

    async def restart(self, *, after: timedelta = timedelta(0)) -> None:
        """Kill the bot and start it again, ``after`` later."""
        await self.world.kill_bot()
        self.world.clock.plus(after)
        await self.world.start_bot()
        await self.settle()

    def newest(self, who: str) -> ShownMessage:
        """The bot's newest message on a phone."""
        return next(m for m in reversed(self.phone(who).chat) if m.from_bot)

    def with_button(self, who: str, button: str) -> ShownMessage:
        """The newest message that has a button of that text."""
        for message in reversed(self.phone(who).chat):
            if any(button == b.text for row in message.rows for b in row):
                return message
        shown = [b.text for m in self.phone(who).chat for row in m.rows for b in row]
        raise LookupError(f"no button {button!r}; there are {shown}")

    def callback(self, who: str, button: str) -> str:
        """The callback data behind a button."""
        message = self.with_button(who, button)
        return next(b.value for row in message.rows for b in row if b.text == button)

    def file(self, who: str) -> tuple[str, bytes]:
        """Name and content of the newest file in a chat."""
        message = next(m for m in reversed(self.phone(who).chat) if m.document)
        assert message.document is not None
        return message.document.file_name, self.phone(who).file(message.message_id)

    def texts(self, who: str) -> list[str]:
        """What the bot's messages on a phone say now."""
        return [m.text for m in self.phone(who).chat if m.from_bot]

    async def device(self, who: str, name: str) -> tuple[bytes, str]:
        """Order a certificate and take file and password; answers both."""
        await self.say(who, f"/newcert {name}")
        _, p12 = self.file(who)
        await self.tap(who, "Password")
        message = self.with_button(who, "Copy")
        password = next(b.value for row in message.rows for b in row if b.text == "Copy")
        return p12, password

    async def opens(self, key: tuple[bytes, str] | None, url: str = HA) -> int:
        """The status with which the edge answers, with or without a certificate."""
        return (await visit(self.world.edge, url, p12=key)).status

    def live(self) -> list[str]:
        """The common names of live certificates at Cloudflare."""
        return [c.common_name for c in self.world.cloudflare.certificates if c.status == "active"]

    def calls(self, label: str) -> int:
        """How many calls with that part in their label reached Cloudflare."""
        return sum(label in call.label for call in self.world.cloudflare.calls)

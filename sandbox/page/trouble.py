"""The switches for trouble, and the bot's power switch."""

import asyncio
from typing import Any, Final, Literal

from sandbox.faults import Fault
from sandbox.world import World

BotState = Literal["on", "starting", "off"]

_SLOW_MILLISECONDS = 5000
_RETRY_AFTER_SECONDS = 15

# By kind of trouble: the stand-in, and the fault it gets until the switch is turned back.
_KINDS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "cloudflare-slow": ("cloudflare", {"delay_ms": _SLOW_MILLISECONDS}),
    "cloudflare-429": ("cloudflare", {"status": 429, "retry_after": _RETRY_AFTER_SECONDS}),
    "cloudflare-500-before": ("cloudflare", {"status": 500}),
    "cloudflare-500-after": ("cloudflare", {"status": 500, "when": "after"}),
    "telegram-down": ("telegram", {"status": 502}),
}


class Switches:
    """Trouble that lasts until it is switched off."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._faults: dict[str, Fault] = {}

    @property
    def on(self) -> list[str]:
        """The kinds that are switched on and still there: others may have ended all trouble."""
        standins = self._world.standins
        return [kind for kind, fault in self._faults.items() if fault in standins[_KINDS[kind][0]].faults]

    def turn(self, kind: str, *, on: bool) -> None:
        """Switch one kind of trouble on or off.

        Raises:
            LookupError: no such kind.
        """
        if kind not in _KINDS:
            raise LookupError(f"there is no trouble {kind!r}")
        name, fields = _KINDS[kind]
        standin = self._world.standins[name]
        if fault := self._faults.pop(kind, None):
            fault.released.set()
            standin.faults[:] = [each for each in standin.faults if each is not fault]
        if on:
            self._faults[kind] = standin.fault(call="*", times=0, **fields)

    def end(self) -> None:
        """No trouble any more."""
        self._world.end_trouble()
        self._faults.clear()


class Power:
    """The bot's life. Starting is done aside: it waits for Telegram, which may be down on purpose."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._starting: asyncio.Task[None] | None = None
        # Ending takes a moment, and whoever starts meanwhile would find the database taken.
        self._one_at_a_time = asyncio.Lock()

    @property
    def state(self) -> BotState:
        """Whether the bot runs."""
        if self._starting is not None and not self._starting.done():
            return "starting"
        return "on" if self._world.bot_runs else "off"

    def start(self) -> None:
        """Begin to start the bot, if it is off."""
        if self.state == "off":
            self._starting = asyncio.create_task(self._start(), name="start the bot")

    async def kill(self) -> None:
        """End the bot as if its machine stopped, if it runs; one that is starting stays."""
        if self.state == "starting":
            return
        async with self._one_at_a_time:
            if self._world.bot_runs:
                await self._world.kill_bot()

    async def settle(self) -> None:
        """Let a start come to its end."""
        if self._starting is not None:
            await self._starting

    async def _start(self) -> None:
        async with self._one_at_a_time:
            if not self._world.bot_runs:
                await self._world.start_bot()

"""A household whose past is played once: each future is played in a fork of the process that knows it.

A fork takes milliseconds, and nothing of it comes back but what it tells. Between the two nothing runs: bot and
stand-ins stop, and start again in the fork on the files and the memory they had, the bot with its vault.
"""

import asyncio
import gc
import os
import pickle
import shutil
import signal
import warnings
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from bot.services.vault import Entry
from sandbox.bot import SandboxBot
from sandbox.cloudflare.zone import Preset
from sandbox.world import Person, World
from tests.children import die_with
from tests.household import Household

_Told = TypeVar("_Told")
Vaulted = dict[Any, Entry]


class Resumed(SandboxBot):
    """The bot as it was: its next start, and only that, begins with what its vault held."""

    vaulted: Vaulted

    async def start(self) -> None:
        """Fill the vault before the worker takes its first step."""
        await super().start()
        self.app.parts.vault._entries.update(self.vaulted)
        self.vaulted = {}


def number_from_far_off(world: World) -> None:
    """Give messages numbers that stand nowhere else, so that one can see whether somebody wrote them down."""
    world.telegram.account._last_message_id = 7_340_000


class Past:
    """What a world was when its past was played."""

    def __init__(self, directory: Path, people: Sequence[Person], preset: Preset) -> None:
        self._directory = directory
        self._kept = directory.with_name(directory.name + "-kept")
        self._vaulted: Vaulted = {}
        self.secrets: list[bytes] = []
        self.world = World(directory, bot=self._bot, people=people, preset=preset)
        number_from_far_off(self.world)

    def play(self, steps: Sequence[Callable[[Household], Awaitable[None]]]) -> None:
        """Play the past."""
        asyncio.run(self._play(steps))
        shutil.copytree(self._directory, self._kept)
        # What is here now is here in every fork: collecting it there would only copy it.
        gc.collect()
        gc.freeze()

    def future(self, play: Callable[[Household], Awaitable[_Told]]) -> _Told:
        """What came of playing on from that moment; what it raises is raised here."""
        shutil.rmtree(self._directory)
        shutil.copytree(self._kept, self._directory)
        reading, writing = os.pipe()
        parent = os.getpid()
        with warnings.catch_warnings():
            # Other threads of the test's process hold nothing that is used in the fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            die_with(parent)
            os.close(reading)
            self._in_the_fork(play, writing)
        os.close(writing)
        try:
            with os.fdopen(reading, "rb") as stream:
                told, violation = pickle.load(stream)
        except BaseException:
            os.kill(child, signal.SIGKILL)
            raise
        finally:
            os.waitpid(child, 0)
        if violation:
            raise AssertionError(violation)
        return told  # type: ignore[no-any-return]

    async def _play(self, steps: Sequence[Callable[[Household], Awaitable[None]]]) -> None:
        async with self.world as world:
            home = Household(world)
            await world.settle()
            for step in steps:
                await step(home)
            self._vaulted = dict(home.bot.app.parts.vault._entries)
            self.secrets += [entry.passphrase.encode() for entry in self._vaulted.values()]

    def _bot(self, world: World, admins: Sequence[int]) -> SandboxBot:
        bot = Resumed(world, admins)
        bot.vaulted = dict(self._vaulted)
        return bot

    def _in_the_fork(self, play: Callable[[Household], Awaitable[_Told]], writing: int) -> NoReturn:
        try:
            outcome: tuple[object, str] = asyncio.run(self._resume(play)), ""
        except BaseException as error:  # noqa: BLE001 -- nothing may leave a fork but by this pipe
            outcome = None, f"{type(error).__name__}: {error}"
        with os.fdopen(writing, "wb") as stream:
            pickle.dump(outcome, stream)
        os._exit(0)

    async def _resume(self, play: Callable[[Household], Awaitable[_Told]]) -> _Told:
        # These belong to the loop in which the past was played.
        account = self.world.telegram.account
        account.more_events = asyncio.Event()
        account.updates._changed, account.updates.polled = asyncio.Event(), asyncio.Event()
        self.world.clock._moved = asyncio.Event()
        async with self.world as world:
            await world.settle()
            return await play(Household(world))

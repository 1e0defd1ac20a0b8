"""A state machine of people with phones: what its rules do, in short words. Each waits until the bot is at rest."""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from bot.chat.callback_data import CallbackData, encode
from sandbox.bot import SandboxBot
from sandbox.telegram import Phone
from sandbox.world import Person, World

_T = TypeVar("_T")


class Phones(RuleBasedStateMachine):
    """One world an example."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory(prefix="latchkey-machine-")

    def teardown(self) -> None:
        """See ``RuleBasedStateMachine``."""
        self.run(self.world.stop())
        self.loop.close()
        self.folder.cleanup()

    def start(self, people: tuple[Person, ...]) -> None:
        """Begin with these people; an ``initialize`` rule calls it."""
        self.world = World(Path(self.folder.name), bot=SandboxBot, people=people)
        self.run(self.world.start())
        self.run(self.world.settle())

    def run(self, doing: Coroutine[Any, Any, _T]) -> _T:
        """Wait for something."""
        return self.loop.run_until_complete(doing)

    def phone(self, who: str) -> Phone:
        """Somebody's phone."""
        return self.world.people[who]

    def public_id(self, who: str) -> str:
        """Somebody's public id; nothing for whom the bot has not met."""

        async def read() -> str:
            bot = self.world.bot
            assert isinstance(bot, SandboxBot)
            async with bot.app.parts.store.read() as tx:
                known = {person.telegram_id: person.public_id for person in await tx.people.everybody()}
                return str(known.get(self.phone(who).user_id, ""))

        return self.run(read())

    def press(self, who: str, callback: CallbackData) -> None:
        """A press below the newest message, whether it has such a button or not."""
        chat = [m.message_id for m in self.phone(who).chat if m.from_bot]
        self.phone(who).press(chat[-1] if chat else 1, encode(callback), inaccessible=not chat)
        self.run(self.world.settle())

    def tap_newest(self, who: str, beginning: str) -> None:
        """Tap the newest button whose text begins so, if there is any."""
        for message_id, text, _ in self.buttons(who):
            if text.startswith(beginning):
                self.phone(who).tap(message_id, text)
                self.run(self.world.settle())
                return

    def buttons(self, who: str) -> list[tuple[int, str, str]]:
        """Message, text and data of every button on a phone, newest message first."""
        return [
            (message.message_id, button.text, button.value)
            for message in reversed(self.phone(who).chat)
            if message.from_bot
            for row in message.rows
            for button in row
            if button.kind == "callback"
        ]

    def tap(self, who: str, place: int, times: int) -> None:
        """Tap the button at that place, counted from the newest."""
        buttons = self.buttons(who)
        if buttons:
            message_id, text, _ = buttons[place % len(buttons)]
            for _ in range(times):
                self.phone(who).tap(message_id, text)

"""What people do in their chats."""

import asyncio
import os
import re
import shlex
import shutil
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.telegram import Phone, ShownButton, ShownMessage
from sandbox.transcript.errors import CannotDoError
from sandbox.transcript.expectations import Kind, Seen, message_text
from sandbox.transcript.patterns import filled, normalised
from sandbox.world import World

_COMMAND_SECONDS = 300
_COMMAND_START = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\S)")


@dataclass
class Stage:
    """Where actions happen: the sandbox, what was caught so far, what phones did by themselves.

    ``position`` is how many events were compared already.
    ``kept`` is a folder for copies of what people install.
    """

    world: World
    caught: dict[str, str] = field(default_factory=dict)
    own: list[Seen] = field(default_factory=list)
    position: int = 0
    kept: Path | None = None

    def fill(self, text: str) -> str:
        """The text with what was caught put in; raises ``CannotDoError``."""
        return filled(text, self.caught)

    def phone(self, name: str) -> Phone:
        """Somebody's phone."""
        return self.world.people[name]


class Action(ABC):
    """One line at the left edge."""

    @property
    def actor(self) -> str:
        """Whose replies are meant when a reply names nobody; empty when it is nobody's doing."""
        return str(getattr(self, "person", ""))

    @abstractmethod
    async def perform(self, stage: Stage) -> None:
        """Do it.

        Raises:
            CannotDoError: it is not possible, or went otherwise than told.
        """


@dataclass(frozen=True)
class Says(Action):
    """Somebody writes to the bot, forwards something to it, replies to its newest message, or sends what the inline
    bot ``via`` proposed.
    """

    person: str
    text: str
    how: str = "writes"
    via: str = ""

    async def perform(self, stage: Stage) -> None:
        """Send it."""
        phone = stage.phone(self.person)
        text = stage.fill(self.text).replace("\\n", "\n")
        reply_to = newest(phone).message_id if self.how == "replies" else None
        phone.send(text, reply_to=reply_to, forwarded=self.how == "forwards", via=self.via)


@dataclass(frozen=True)
class SaysElsewhere(Action):
    """Somebody writes in a group with the bot, or a channel posts."""

    person: str
    text: str

    async def perform(self, stage: Stage) -> None:
        """Post it."""
        text, telegram = stage.fill(self.text), stage.world.telegram
        channel = self.person == "channel"
        chat_id, kind = (CHANNEL, "channel") if channel else (GROUP, "group")
        chat = {"id": chat_id, "type": kind, "title": f"The {kind}"}
        post = {"message_id": telegram.account.new_message_id(), "chat": chat, "text": text}
        post["date"] = int(stage.world.clock.now().timestamp())
        if command := _COMMAND_START.match(text):
            post["entities"] = [{"type": "bot_command", "offset": 0, "length": command.end()}]
        if channel:
            telegram.post({"channel_post": {**post, "sender_chat": chat}})
            return
        phone = stage.phone(self.person)
        sender = {"id": phone.user_id, "is_bot": False, "first_name": phone.name, "language_code": phone.language}
        telegram.post({"message": {**post, "from": sender}})


GROUP, CHANNEL = -200_000_001, -1_000_200_000_001
ELSEWHERE = {GROUP: "group", CHANNEL: "channel"}


@dataclass(frozen=True)
class EditsOwn(Action):
    """Somebody changes a message of their own."""

    person: str
    old: str
    new: str

    async def perform(self, stage: Stage) -> None:
        """Change the newest own message with that text."""
        phone, old = stage.phone(self.person), normalised(stage.fill(self.old))
        for message in reversed(phone.chat):
            if not message.from_bot and normalised(message.text) == old:
                phone.edit(message.message_id, stage.fill(self.new))
                return
        raise CannotDoError(f"{self.person} has written nothing like {old!r}")


@dataclass(frozen=True)
class OneTap:
    """A tap on a button; ``under`` is a text of the message meant, empty for the newest with such a button."""

    person: str
    button: str
    under: str = ""
    times: int = 1


@dataclass(frozen=True)
class Taps(Action):
    """Taps so quick that the bot hears of them only afterwards."""

    taps: tuple[OneTap, ...]

    @property
    def person(self) -> str:
        """Who taps first."""
        return self.taps[0].person

    async def perform(self, stage: Stage) -> None:
        """Tap them all."""
        for tap in self.taps:
            button = normalised(stage.fill(tap.button))
            message = _with_button(stage.phone(tap.person), button, stage.fill(tap.under))
            shown = next(each.text for each in _buttons(message) if normalised(each.text) == button)
            for _ in range(tap.times):
                done = stage.phone(tap.person).tap(message.message_id, shown)
                if done.kind != "callback":
                    kind: Kind = "copied" if done.kind == "copy" else "link"
                    stage.own.append(Seen(tap.person, kind, normalised(done.value), optional=True))


@dataclass(frozen=True)
class Forges(Action):
    """Somebody sends callback data of their own making, or that of another person's button.

    It comes from the bot's newest message in their chat; with ``inaccessible`` (or without any such message)
    from one whose content Telegram does not tell.
    """

    person: str
    data: str = ""
    owner: str = ""
    button: str = ""
    inaccessible: bool = False

    async def perform(self, stage: Stage) -> None:
        """Press it."""
        phone, data = stage.phone(self.person), stage.fill(self.data)
        if self.owner:
            button = normalised(stage.fill(self.button))
            theirs = _with_button(stage.phone(self.owner), button, "")
            data = next(each.value for each in _buttons(theirs) if normalised(each.text) == button)
        mine = [message.message_id for message in phone.chat if message.from_bot]
        phone.press(mine[-1] if mine else 1, data, inaccessible=self.inaccessible or not mine)


@dataclass(frozen=True)
class SendsFile(Action):
    """Somebody sends a file of their folder, or one that is in their chat."""

    person: str
    file: str
    caption: str = ""

    async def perform(self, stage: Stage) -> None:
        """Send it."""
        phone, own = stage.phone(self.person), own_file(stage, self.person, self.file)
        data = own.read_bytes() if own.exists() else file_in_chat(phone, self.file)
        phone.send_document(self.file, data, stage.fill(self.caption) or None)


@dataclass(frozen=True)
class RunsCommand(Action):
    """Somebody runs an ``openssl`` command in their folder; no shell takes part."""

    person: str
    command: str

    async def perform(self, stage: Stage) -> None:
        """Run it; it must succeed."""
        command = shlex.split(stage.fill(self.command))
        if not command or command[0] != "openssl":
            raise CannotDoError("people run nothing but openssl here")
        program = shutil.which("openssl")
        if program is None:
            raise CannotDoError("openssl is not installed here")
        process = await asyncio.create_subprocess_exec(
            program,
            *command[1:],
            cwd=stage.world.folder(self.person),
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            output, _ = await asyncio.wait_for(process.communicate(), _COMMAND_SECONDS)
        except TimeoutError as late:
            process.kill()
            await process.wait()
            raise CannotDoError("openssl does not end") from late
        if process.returncode:
            raise CannotDoError(f"openssl failed: {output.decode('utf-8', 'replace').strip()}")


@dataclass(frozen=True)
class Blocks(Action):
    """Somebody blocks the bot, or starts it again."""

    person: str
    blocked: bool

    async def perform(self, stage: Stage) -> None:
        """Do it."""
        phone = stage.phone(self.person)
        if self.blocked:
            phone.block()
        else:
            phone.unblock()


def newest(phone: Phone) -> ShownMessage:
    """The bot's newest message in a chat; raises ``CannotDoError``."""
    for message in reversed(phone.chat):
        if message.from_bot:
            return message
    raise CannotDoError(f"the bot has written nothing to {phone.name}")


def own_file(stage: Stage, person: str, name: str) -> Path:
    """Where a file of a person's own is, or would be."""
    return stage.world.folder(person) / Path(name).name


def file_in_chat(phone: Phone, name: str) -> bytes:
    """The newest file of that name in a chat; raises ``CannotDoError``."""
    for message in reversed(phone.chat):
        if message.document and message.document.file_name == name:
            return phone.file(message.message_id)
    there = [message.document.file_name for message in phone.chat if message.document]
    raise CannotDoError(f"{phone.name} has no file {name}, only {there}")


def _buttons(message: ShownMessage) -> list[ShownButton]:
    return [button for row in message.rows for button in row]


def _with_button(phone: Phone, button: str, under: str) -> ShownMessage:
    there: list[str] = []
    for message in reversed(phone.chat):
        if normalised(under) not in message_text(message, message.text):
            continue
        texts = [normalised(each.text) for each in _buttons(message)]
        if button in texts:
            return message
        there += texts
    where = f" under {under!r}" if under else ""
    raise CannotDoError(f"{phone.name} sees no button [{button}]{where}, only {there}")

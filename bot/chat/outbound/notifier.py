"""Brings messages, files and passwords to chats: the services' ``Notifier``."""

from collections.abc import Awaitable, Callable

from telegram import InputFile, InputMediaDocument, LinkPreviewOptions
from telegram import Message as Sent
from telegram.constants import ParseMode

from bot.chat.messages.certificates import issue
from bot.chat.messages.message import Locale, Message
from bot.chat.messages.render import render
from bot.chat.outbound.connection import RedactedBot, our_errors
from bot.chat.outbound.keyboard import keyboard, reply_markup
from bot.chat.outbound.menu import fingerprint_of, fingerprint_of_everybody, set_menu_of, set_menu_of_everybody
from bot.chat.outbound.shown_messages import Shown
from bot.clock import Clock
from bot.errors import CannotShow
from bot.model.certificates.certificates import Certificate
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice, Ready, ReadyOwnKey
from bot.model.people.people import Role
from bot.model.results import Password
from bot.services.notifier import ChatFile

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramCourier:
    """Sends, turns and removes messages. ``voice_of`` tells in whose voice to speak to an account."""

    def __init__(self, bot: RedactedBot, voice_of: Callable[[int], Awaitable[Locale]], clock: Clock) -> None:
        self._bot = bot
        self._shown = Shown(clock)
        self._voice_of = voice_of

    async def send(self, message: Message, to: int) -> MessageRef:
        """Send a message."""
        with our_errors():
            sent = await self._bot.send_message(
                chat_id=to,
                text=message.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                disable_notification=message.quiet,
                reply_markup=reply_markup(message),
            )
        at = MessageRef(to, sent.message_id)
        if message.pick is None and not message.unpick:
            self._shown.remember(message, at)
        return at

    async def send_file(self, file: ChatFile, caption: Message, to: int) -> MessageRef:
        """Send a file that holds no secret. Always bytes: a ``str`` would upload the local file of that name."""
        with our_errors():
            sent = await self._bot.send_document(
                chat_id=to,
                document=InputFile(file.content, filename=file.name),
                caption=caption.html,
                parse_mode=ParseMode.HTML,
                disable_notification=caption.quiet,
                disable_content_type_detection=True,
                reply_markup=keyboard(caption.rows),
            )
        return MessageRef(to, sent.message_id)

    async def change(self, message: Message, at: MessageRef) -> MessageRef:
        """Turn a message into another one; turning it into itself is fine, and left out where that is known."""
        if self._shown.is_shown(message, at):
            return at
        with self._shown.drawing(message, at):
            try:
                with our_errors():
                    await self._bot.edit_message_text(
                        chat_id=at.chat_id,
                        message_id=at.message_id,
                        text=message.html,
                        parse_mode=ParseMode.HTML,
                        link_preview_options=_NO_PREVIEW,
                        reply_markup=keyboard(message.rows),
                    )
            except CannotShow as refusal:
                if "not modified" not in str(refusal):
                    raise
        return at

    async def show(self, notice: Notice, to: int, at: MessageRef | None = None) -> MessageRef:
        """See ``Notifier.show``."""
        message = render(notice, await self._voice_of(to))
        return await self.send(message, to) if at is None else await self.change(message, at)

    async def hand_over(
        self, notice: Ready | ReadyOwnKey, file: ChatFile, to: int, at: MessageRef | None
    ) -> MessageRef:
        """See ``Notifier.hand_over``. Always bytes: a ``str`` would upload the local file of that name. Never
        ``protect_content``: on an iPhone it takes away the share button, and with it the way to install.
        """
        message = render(notice, await self._voice_of(to))
        if at is not None:
            self._shown.forget(at)
        with our_errors():
            if at is None:
                sent = await self._bot.send_document(
                    chat_id=to,
                    document=InputFile(file.content, filename=file.name),
                    caption=message.html,
                    parse_mode=ParseMode.HTML,
                    disable_content_type_detection=True,
                    reply_markup=keyboard(message.rows),
                )
                return MessageRef(to, sent.message_id)
            media = InputMediaDocument(
                file.content,
                filename=file.name,
                caption=message.html,
                parse_mode=ParseMode.HTML,
                disable_content_type_detection=True,
            )
            turned = await self._bot.edit_message_media(
                media, chat_id=at.chat_id, message_id=at.message_id, reply_markup=keyboard(message.rows)
            )
        return MessageRef(at.chat_id, turned.message_id) if isinstance(turned, Sent) else at

    async def open_slip(self, certificate: Certificate, to: int) -> MessageRef:
        """See ``Notifier.open_slip``."""
        return await self.send(issue.slip(certificate, await self._voice_of(to)), to)

    async def fill_slip(self, password: Password, at: MessageRef) -> None:
        """See ``Notifier.fill_slip``."""
        await self.change(issue.password(password, await self._voice_of(at.chat_id)), at)

    async def set_menu(self, to: int, role: Role, language: str) -> None:
        """See ``Notifier.set_menu``."""
        with our_errors():
            await set_menu_of(self._bot, to, role, language)

    async def set_menu_of_everybody(self) -> None:
        """See ``Notifier.set_menu_of_everybody``."""
        with our_errors():
            await set_menu_of_everybody(self._bot)

    def menu_of(self, role: Role, language: str) -> str:
        """See ``Notifier.menu_of``."""
        return fingerprint_of(self._bot.id, role, language)

    def menu_of_everybody(self) -> str:
        """See ``Notifier.menu_of_everybody``."""
        return fingerprint_of_everybody(self._bot.id)

    async def remove(self, at: MessageRef) -> None:
        """See ``Notifier.remove``. Telegram deletes only what is younger than 48 hours; editing has no such limit."""
        self._shown.forget(at)
        try:
            with our_errors():
                await self._bot.delete_message(chat_id=at.chat_id, message_id=at.message_id)
        except CannotShow as refusal:
            if "not found" not in str(refusal):
                await self._empty(at)

    async def _empty(self, at: MessageRef) -> None:
        words = issue.emptied(await self._voice_of(at.chat_id))
        try:
            await self.change(words, at)
        except CannotShow:
            # A file has no text to change: another file takes its place.
            self._shown.forget(at)
            note = InputMediaDocument(words.html.encode(), filename="removed.txt")
            with our_errors():
                await self._bot.edit_message_media(note, chat_id=at.chat_id, message_id=at.message_id)

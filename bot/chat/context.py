"""One person's turn: what a handler has at hand."""

from dataclasses import dataclass, field

from telegram.error import TelegramError

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Locale, Message
from bot.chat.outbound.connection import RedactedBot, our_errors
from bot.chat.outbound.notifier import TelegramCourier
from bot.errors import ChatTrouble, StaleAction
from bot.model.message_ref import MessageRef
from bot.model.people.people import Person
from bot.services.context import AppContext
from bot.services.notifications.message_removal import schedule_message_deletion_later
from bot.services.notifier import ChatFile
from bot.store.engine.database import Cause


@dataclass(kw_only=True)
class RequestContext:
    """Who acts, in which voice, on behalf of which update; and ways to answer."""

    app: AppContext
    courier: TelegramCourier
    bot: RedactedBot
    actor: Person
    locale: Locale
    cause: Cause
    words: tuple[str, ...] = ()
    text: str = ""
    callback: CallbackData = field(default_factory=lambda: CallbackData(CallbackAction.CANCEL))
    query_id: str | None = None
    message: MessageRef | None = None
    reply_to: MessageRef | None = None
    answered: bool = False

    @property
    def pressed(self) -> MessageRef:
        """The message that was pressed.

        Raises:
            Gone: Telegram no longer shows it to us, so nothing is known of it.
        """
        if self.message is None:
            raise StaleAction
        return self.message

    async def say(self, message: Message) -> MessageRef:
        """Send a message to whoever acts."""
        for part in message.before:
            await self.courier.send(Message(html=part, quiet=message.quiet), self.actor.telegram_id)
        sent = await self.courier.send(message, self.actor.telegram_id)
        if message.lifetime is not None:
            await schedule_message_deletion_later(self.app, sent, message.lifetime)
        return sent

    async def send(self, file: ChatFile, caption: Message) -> MessageRef:
        """Send a file that holds no secret to whoever acts."""
        return await self.courier.send_file(file, caption, self.actor.telegram_id)

    async def change(self, message: Message) -> None:
        """Turn the pressed message into another one."""
        await self.courier.change(message, self.pressed)

    async def answer(self, text: str | None = None, *, popup: bool = False) -> None:
        """Answer the press, once: Telegram takes one answer, and only for some seconds. A late one is no harm."""
        if self.query_id is None or self.answered:
            return
        self.answered = True
        try:
            with our_errors():
                await self.bot.answer_callback_query(self.query_id, text=text, show_alert=popup)
        except (ChatTrouble, TelegramError):
            return

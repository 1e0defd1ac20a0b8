"""The gate: who is this, and may they? It fails closed: whatever goes wrong here ends the turn."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import structlog

from bot.boundary import boundary
from bot.chat.callback_data import CallbackAction, Unreadable, decode
from bot.chat.commands.certificates import own_keys
from bot.chat.commands.people import invitations
from bot.chat.context import RequestContext
from bot.chat.inbound.cooldown import Cooldown
from bot.chat.inbound.updates import (
    Addressed,
    Blocked,
    ButtonPressed,
    CameBack,
    CaptionSent,
    FileSent,
    Incoming,
    InGroup,
    Nothing,
    TextSent,
    Unasked,
    UsersShared,
    read,
    sender,
)
from bot.chat.messages.message import Button, Locale, Message
from bot.chat.messages.people import greetings
from bot.chat.messages.refusals import as_popup, fits_a_popup, refusal
from bot.chat.outbound.connection import RedactedBot
from bot.chat.outbound.notifier import TelegramCourier
from bot.chat.routes import COMMANDS, FILE, FOR_OUTSIDERS, PICKED, TEXT, VERBS, Route
from bot.errors import ChatTrouble, LatchkeyError, StaleAction, StaleRequest, StoreTrouble, Unreachable
from bot.model.message_ref import MessageRef
from bot.model.people.access import check
from bot.model.people.people import Account, Person, Role, Standing
from bot.services import links, prompt_answers
from bot.services.context import AppContext
from bot.services.metrics import measured
from bot.services.notifications.show import mark_unreachable
from bot.services.people import identify
from bot.store.engine.database import Cause

_log = structlog.get_logger()

_GIVES_WITHIN = timedelta(minutes=10)
_STRANGER_AGAIN = timedelta(hours=1)
_START_AGAIN = timedelta(seconds=10)
_GROUP_AGAIN = timedelta(minutes=1)
_STUCK_AGAIN = timedelta(minutes=10)


class Dispatcher:
    """Brings each incoming thing to its handler, if whoever sent it may."""

    def __init__(
        self,
        app: AppContext,
        courier: TelegramCourier,
        bot: RedactedBot,
        *,
        time_zone: ZoneInfo,
        strangers: Literal["ask", "ignore"],
    ) -> None:
        self._parts = app
        self._courier = courier
        self._bot = bot
        self._time_zone = time_zone
        self._strangers = strangers
        self._greeted, self._pointed, self._stuck, self._burnt = Cooldown(), Cooldown(), Cooldown(), Cooldown()

    async def handle(self, incoming: Incoming, cause: Cause, received_at: datetime) -> None:
        """Handle one incoming thing to its end, whatever it is. The unexpected becomes an id, said and logged.

        ``received_at`` is when we were given it: presses carry no time of their own.
        """
        with boundary("turn broke", update_id=cause.update_id) as caught:
            await self._handle(incoming, cause, received_at)
        if caught.error_id is not None and isinstance(incoming, Addressed):
            with boundary("could not say so", update_id=cause.update_id):
                await self._say_broken(incoming.account, caught.error_id)

    async def _handle(self, incoming: Incoming, cause: Cause, received_at: datetime) -> None:
        match incoming:
            case Nothing():
                return
            case Unasked():
                _log.info("an update of a kind that was not asked for", update_id=cause.update_id)
            case Blocked(telegram_id):
                await mark_unreachable(self._parts, telegram_id, cause)
            case CameBack(account):
                await identify.recognise(self._parts, account)
            case InGroup(chat_id):
                await self._point_to_private_chat(chat_id)
            case TextSent() | FileSent() | CaptionSent() | UsersShared() | ButtonPressed():
                turn = await self._turn(incoming, cause)
                try:
                    await self._take(turn, incoming, received_at)
                except LatchkeyError as error:
                    await self._refuse(turn, error)
                finally:
                    await turn.answer()

    async def _turn(self, incoming: Addressed, cause: Cause) -> RequestContext:
        actor = await identify.recognise(self._parts, incoming.account)
        pressed = incoming if isinstance(incoming, ButtonPressed) else None
        return RequestContext(
            app=self._parts,
            courier=self._courier,
            bot=self._bot,
            actor=actor,
            locale=self._voice(actor),
            cause=cause,
            query_id=pressed.query_id if pressed else None,
            message=incoming.message if isinstance(incoming, ButtonPressed | FileSent) else None,
        )

    async def _take(self, context: RequestContext, incoming: Addressed, received_at: datetime) -> None:
        if context.actor.standing in {Standing.BLOCKED, Standing.REMOVED}:
            return
        if isinstance(incoming, TextSent | FileSent | CaptionSent) and await self._key_taken_out(context, incoming):
            return
        if isinstance(incoming, CaptionSent):
            return
        if context.actor.role in {Role.NONE, Role.GUEST} and not await self._is_for_outsiders(context, incoming):
            await self._greet_stranger(context, incoming)
            return
        match incoming:
            case TextSent():
                await self._text(context, incoming)
            case FileSent():
                check(context.actor, FILE)
                if incoming.hand == "proposed":
                    await context.say(greetings.proposed(context.locale))
                    return
                content = await own_keys.opened(context, incoming)
                self._in_time(incoming.sent_at)
                await own_keys.file(context, incoming, content)
            case UsersShared():
                check(context.actor, PICKED)
                self._in_time(incoming.sent_at)
                await invitations.picked(context, incoming.users)
            case ButtonPressed():
                await self._press(context, incoming.data, received_at)

    async def _key_taken_out(self, context: RequestContext, incoming: TextSent | FileSent | CaptionSent) -> bool:
        """Whether a private key was in the words, and goes from the chat: whoever sent it, whenever, forwarded or not.
        Said to everybody who belongs here, to others once in a while, and not where strangers are ignored.
        """
        burnt = await own_keys.key_in_words(context, incoming)
        if burnt is None:
            return False
        if context.actor.belongs:
            raise burnt
        if self._strangers == "ask" and self._burnt.may(context.actor.telegram_id, context.locale.now, _STRANGER_AGAIN):
            raise burnt
        return True

    async def _is_for_outsiders(self, context: RequestContext, incoming: Addressed) -> bool:
        """Whether something of a stranger is more than a knock: a link, one of the few buttons they have, an answer.

        Where strangers are ignored only a link counts, or what somebody does who came by one.
        """
        if self._strangers == "ignore" and context.actor.role is Role.NONE:
            return _is(incoming, "/start") and await links.opens_something(self._parts, _argument(incoming))
        match incoming:
            case ButtonPressed(data=data):
                press = decode(data)
                if isinstance(press, Unreadable) or VERBS[press.verb].action not in FOR_OUTSIDERS:
                    return False
                return context.actor.role is Role.GUEST or press.verb is CallbackAction.ASK
            case TextSent(hand="typed", text=text) if text.startswith("/"):
                return _is(incoming, "/whoami") or (_is(incoming, "/start") and bool(_argument(incoming)))
            case TextSent(hand="typed"):
                return await prompt_answers.is_awaited(self._parts, context.actor)
            case _:
                return False

    async def _text(self, context: RequestContext, incoming: TextSent) -> None:
        if incoming.hand != "typed":
            said = greetings.forwarded if incoming.hand == "forwarded" else greetings.proposed
            await context.say(said(context.locale))
        elif not incoming.text.startswith("/"):
            replied = MessageRef(context.actor.telegram_id, incoming.reply_to) if incoming.reply_to else None
            await self._run(replace(context, text=incoming.text, reply_to=replied), TEXT, incoming.sent_at)
        else:
            words = incoming.text.split()
            command = words[0].removeprefix("/").partition("@")[0].lower()
            if command not in COMMANDS:
                await context.say(greetings.unknown_command(context.locale))
                return
            context = replace(context, words=tuple(words[1:]), text=incoming.text)
            await self._run(context, COMMANDS[command], incoming.sent_at)

    async def _press(self, context: RequestContext, data: str, received_at: datetime) -> None:
        press = decode(data)
        if isinstance(press, Unreadable):
            raise StaleAction
        context.callback = press
        await self._run(context, VERBS[press.verb], received_at)

    async def _run(self, context: RequestContext, route: Route, sent_at: datetime) -> None:
        check(context.actor, route.action)
        if route.gives:
            self._in_time(sent_at)
        handler = route.handler
        with measured(self._parts.meter, f"chat:{handler.__module__.rpartition('.')[2]}.{handler.__name__}"):
            await handler(context)

    def _in_time(self, sent_at: datetime) -> None:
        if self._parts.clock.now() - sent_at > _GIVES_WITHIN:
            raise StaleRequest

    async def _refuse(self, context: RequestContext, error: LatchkeyError) -> None:
        """Say why not: as a pop-up where something was pressed, unless buttons belong to it or it is too long."""
        if isinstance(error, Unreachable):
            await mark_unreachable(self._parts, context.actor.telegram_id)
            return
        if isinstance(error, ChatTrouble | StoreTrouble):
            _log.warning("not answered", trouble=type(error).__name__)
        message = refusal(error, context.locale)
        try:
            if context.query_id is not None and not context.answered and fits_a_popup(message):
                await context.answer(as_popup(message), popup=True)
            else:
                await context.say(message)
        except ChatTrouble as trouble:
            _log.warning("refusal not told", trouble=type(trouble).__name__)

    async def _greet_stranger(self, context: RequestContext, incoming: Incoming) -> None:
        """One sentence an hour, to /start a little more often; silence where strangers are ignored.

        Presses of strangers are forged: silence.
        """
        if self._strangers == "ignore" or context.query_id is not None:
            return
        pause = _START_AGAIN if _is(incoming, "/start") else _STRANGER_AGAIN
        if self._greeted.may(context.actor.telegram_id, self._parts.clock.now(), pause):
            await context.say(greetings.stranger(context.locale))

    async def ask_to_slow_down(self, body: bytes, cause: Cause) -> None:
        """Tell whoever belongs here that it was too much at once. The update itself was not kept."""
        with boundary("could not say so", update_id=cause.update_id):
            incoming = read(body)
            if not isinstance(incoming, Addressed):
                return
            turn = await self._turn(incoming, cause)
            message = greetings.too_fast(turn.locale)
            try:
                await (turn.say(message) if turn.query_id is None else turn.answer(as_popup(message), popup=True))
            except ChatTrouble as trouble:
                _log.info("not told to slow down", trouble=type(trouble).__name__)

    async def say_stuck(self, updates: Sequence[dict[str, Any]], trouble: StoreTrouble) -> None:
        """Tell whoever belongs here and is not heard that nothing can be written down now; once in a while."""
        for number in dict.fromkeys(sender(update) for update in updates):
            if number is None or not self._parts.admission.belongs(number):
                continue
            voice = Locale("en", self._time_zone, self._parts.clock.now())
            if self._stuck.may(number, voice.now, _STUCK_AGAIN):
                with boundary("could not say so"):
                    await self._courier.send(refusal(trouble, voice), number)

    async def _point_to_private_chat(self, chat_id: int) -> None:
        voice = Locale("en", self._time_zone, self._parts.clock.now())
        if not self._pointed.may(chat_id, voice.now, _GROUP_AGAIN):
            return
        said = greetings.in_group(voice)
        url = Button(text=voice.label("Write to me"), url=f"https://t.me/{self._bot.username}")
        try:
            await self._courier.send(Message(html=said.html, rows=((url,),), quiet=True), chat_id)
        except ChatTrouble as trouble:
            _log.info("group not answered", trouble=type(trouble).__name__)

    async def _say_broken(self, account: Account, error_id: str) -> None:
        voice = Locale(account.language, self._time_zone, self._parts.clock.now())
        try:
            await self._courier.send(greetings.something_broke(error_id, voice), account.telegram_id)
        except ChatTrouble as trouble:
            _log.warning("breakage not told", trouble=type(trouble).__name__)

    def _voice(self, actor: Person) -> Locale:
        zone = ZoneInfo(actor.time_zone) if actor.time_zone else self._time_zone
        return Locale(actor.language, zone, self._parts.clock.now(), member=actor.role is not Role.ADMIN)


def _argument(incoming: Incoming) -> str:
    return "".join(incoming.text.split()[1:2]) if isinstance(incoming, TextSent) else ""


def _is(incoming: Incoming, command: str) -> bool:
    if not isinstance(incoming, TextSent) or incoming.hand != "typed":
        return False
    return incoming.text.split()[:1] == [command]

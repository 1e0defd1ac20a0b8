"""The gate: who is this, and may they? It fails closed: whatever goes wrong here ends the turn."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import structlog

from bot.boundary import boundary
from bot.chat.commands import inviting, own_keys
from bot.chat.connection import QuietBot
from bot.chat.delivery import TelegramCourier
from bot.chat.incoming import (
    Addressed,
    Blocked,
    CameBack,
    CaptionSent,
    FileSent,
    Incoming,
    InGroup,
    Nothing,
    Pressed,
    TextSent,
    Unasked,
    UsersShared,
    read,
    sender,
)
from bot.chat.lately import Lately
from bot.chat.messages import greetings
from bot.chat.messages.form import Button, Message, Voice
from bot.chat.messages.refusals import as_popup, fits_a_popup, refusal
from bot.chat.press import Unreadable, Verb, decode
from bot.chat.routes import COMMANDS, FILE, FOR_OUTSIDERS, PICKED, TEXT, VERBS, Route
from bot.chat.turn import Turn
from bot.errors import ChatTrouble, Gone, LatchkeyError, StoreTrouble, TooLate, Unreachable
from bot.model.access import check
from bot.model.chat import MessageRef
from bot.model.people import Account, Person, Role, Standing
from bot.services import answering, opening, people
from bot.services.measuring import measured
from bot.services.parts import Parts
from bot.store.database import Cause

_log = structlog.get_logger()

_GIVES_WITHIN = timedelta(minutes=10)
_STRANGER_AGAIN = timedelta(hours=1)
_START_AGAIN = timedelta(seconds=10)
_GROUP_AGAIN = timedelta(minutes=1)
_STUCK_AGAIN = timedelta(minutes=10)


class Gate:
    """Brings each incoming thing to its handler, if whoever sent it may."""

    def __init__(
        self,
        parts: Parts,
        courier: TelegramCourier,
        bot: QuietBot,
        *,
        time_zone: ZoneInfo,
        strangers: Literal["ask", "ignore"],
    ) -> None:
        self._parts = parts
        self._courier = courier
        self._bot = bot
        self._time_zone = time_zone
        self._strangers = strangers
        self._greeted, self._pointed, self._stuck, self._burnt = Lately(), Lately(), Lately(), Lately()

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
                await people.mark_unreachable(self._parts, telegram_id, cause)
            case CameBack(account):
                await people.recognise(self._parts, account)
            case InGroup(chat_id):
                await self._point_to_private_chat(chat_id)
            case TextSent() | FileSent() | CaptionSent() | UsersShared() | Pressed():
                turn = await self._turn(incoming, cause)
                try:
                    await self._take(turn, incoming, received_at)
                except LatchkeyError as error:
                    await self._refuse(turn, error)
                finally:
                    await turn.answer()

    async def _turn(self, incoming: Addressed, cause: Cause) -> Turn:
        actor = await people.recognise(self._parts, incoming.account)
        pressed = incoming if isinstance(incoming, Pressed) else None
        return Turn(
            parts=self._parts,
            courier=self._courier,
            bot=self._bot,
            actor=actor,
            voice=self._voice(actor),
            cause=cause,
            query_id=pressed.query_id if pressed else None,
            message=incoming.message if isinstance(incoming, Pressed | FileSent) else None,
        )

    async def _take(self, turn: Turn, incoming: Addressed, received_at: datetime) -> None:
        if turn.actor.standing in {Standing.BLOCKED, Standing.REMOVED}:
            return
        if isinstance(incoming, TextSent | FileSent | CaptionSent) and await self._key_taken_out(turn, incoming):
            return
        if isinstance(incoming, CaptionSent):
            return
        if turn.actor.role in {Role.NONE, Role.GUEST} and not await self._is_for_outsiders(turn, incoming):
            await self._greet_stranger(turn, incoming)
            return
        match incoming:
            case TextSent():
                await self._text(turn, incoming)
            case FileSent():
                check(turn.actor, FILE)
                if incoming.hand == "proposed":
                    await turn.say(greetings.proposed(turn.voice))
                    return
                content = await own_keys.opened(turn, incoming)
                self._in_time(incoming.sent_at)
                await own_keys.file(turn, incoming, content)
            case UsersShared():
                check(turn.actor, PICKED)
                self._in_time(incoming.sent_at)
                await inviting.picked(turn, incoming.users)
            case Pressed():
                await self._press(turn, incoming.data, received_at)

    async def _key_taken_out(self, turn: Turn, incoming: TextSent | FileSent | CaptionSent) -> bool:
        """Whether a private key was in the words, and goes from the chat: whoever sent it, whenever, forwarded or not.
        Said to everybody who belongs here, to others once in a while, and not where strangers are ignored.
        """
        burnt = await own_keys.key_in_words(turn, incoming)
        if burnt is None:
            return False
        if turn.actor.belongs:
            raise burnt
        if self._strangers == "ask" and self._burnt.may(turn.actor.telegram_id, turn.voice.now, _STRANGER_AGAIN):
            raise burnt
        return True

    async def _is_for_outsiders(self, turn: Turn, incoming: Addressed) -> bool:
        """Whether something of a stranger is more than a knock: a link, one of the few buttons they have, an answer.

        Where strangers are ignored only a link counts, or what somebody does who came by one.
        """
        if self._strangers == "ignore" and turn.actor.role is Role.NONE:
            return _is(incoming, "/start") and await opening.opens_something(self._parts, _argument(incoming))
        match incoming:
            case Pressed(data=data):
                press = decode(data)
                if isinstance(press, Unreadable) or VERBS[press.verb].action not in FOR_OUTSIDERS:
                    return False
                return turn.actor.role is Role.GUEST or press.verb is Verb.ASK
            case TextSent(hand="typed", text=text) if text.startswith("/"):
                return _is(incoming, "/whoami") or (_is(incoming, "/start") and bool(_argument(incoming)))
            case TextSent(hand="typed"):
                return await answering.is_awaited(self._parts, turn.actor)
            case _:
                return False

    async def _text(self, turn: Turn, incoming: TextSent) -> None:
        if incoming.hand != "typed":
            said = greetings.forwarded if incoming.hand == "forwarded" else greetings.proposed
            await turn.say(said(turn.voice))
        elif not incoming.text.startswith("/"):
            replied = MessageRef(turn.actor.telegram_id, incoming.reply_to) if incoming.reply_to else None
            await self._run(replace(turn, text=incoming.text, reply_to=replied), TEXT, incoming.sent_at)
        else:
            words = incoming.text.split()
            command = words[0].removeprefix("/").partition("@")[0].lower()
            if command not in COMMANDS:
                await turn.say(greetings.unknown_command(turn.voice))
                return
            turn = replace(turn, words=tuple(words[1:]), text=incoming.text)
            await self._run(turn, COMMANDS[command], incoming.sent_at)

    async def _press(self, turn: Turn, data: str, received_at: datetime) -> None:
        press = decode(data)
        if isinstance(press, Unreadable):
            raise Gone
        turn.press = press
        await self._run(turn, VERBS[press.verb], received_at)

    async def _run(self, turn: Turn, route: Route, sent_at: datetime) -> None:
        check(turn.actor, route.action)
        if route.gives:
            self._in_time(sent_at)
        handler = route.handler
        with measured(self._parts.meter, f"chat:{handler.__module__.rpartition('.')[2]}.{handler.__name__}"):
            await handler(turn)

    def _in_time(self, sent_at: datetime) -> None:
        if self._parts.clock.now() - sent_at > _GIVES_WITHIN:
            raise TooLate

    async def _refuse(self, turn: Turn, error: LatchkeyError) -> None:
        """Say why not: as a pop-up where something was pressed, unless buttons belong to it or it is too long."""
        if isinstance(error, Unreachable):
            await people.mark_unreachable(self._parts, turn.actor.telegram_id)
            return
        if isinstance(error, ChatTrouble | StoreTrouble):
            _log.warning("not answered", trouble=type(error).__name__)
        message = refusal(error, turn.voice)
        try:
            if turn.query_id is not None and not turn.answered and fits_a_popup(message):
                await turn.answer(as_popup(message), popup=True)
            else:
                await turn.say(message)
        except ChatTrouble as trouble:
            _log.warning("refusal not told", trouble=type(trouble).__name__)

    async def _greet_stranger(self, turn: Turn, incoming: Incoming) -> None:
        """One sentence an hour, to /start a little more often; silence where strangers are ignored.

        Presses of strangers are forged: silence.
        """
        if self._strangers == "ignore" or turn.query_id is not None:
            return
        pause = _START_AGAIN if _is(incoming, "/start") else _STRANGER_AGAIN
        if self._greeted.may(turn.actor.telegram_id, self._parts.clock.now(), pause):
            await turn.say(greetings.stranger(turn.voice))

    async def ask_to_slow_down(self, body: bytes, cause: Cause) -> None:
        """Tell whoever belongs here that it was too much at once. The update itself was not kept."""
        with boundary("could not say so", update_id=cause.update_id):
            incoming = read(body)
            if not isinstance(incoming, Addressed):
                return
            turn = await self._turn(incoming, cause)
            message = greetings.too_fast(turn.voice)
            try:
                await (turn.say(message) if turn.query_id is None else turn.answer(as_popup(message), popup=True))
            except ChatTrouble as trouble:
                _log.info("not told to slow down", trouble=type(trouble).__name__)

    async def say_stuck(self, updates: Sequence[dict[str, Any]], trouble: StoreTrouble) -> None:
        """Tell whoever belongs here and is not heard that nothing can be written down now; once in a while."""
        for number in dict.fromkeys(sender(update) for update in updates):
            if number is None or not self._parts.admission.belongs(number):
                continue
            voice = Voice("en", self._time_zone, self._parts.clock.now())
            if self._stuck.may(number, voice.now, _STUCK_AGAIN):
                with boundary("could not say so"):
                    await self._courier.send(refusal(trouble, voice), number)

    async def _point_to_private_chat(self, chat_id: int) -> None:
        voice = Voice("en", self._time_zone, self._parts.clock.now())
        if not self._pointed.may(chat_id, voice.now, _GROUP_AGAIN):
            return
        said = greetings.in_group(voice)
        url = Button(text=voice.label("Write to me"), url=f"https://t.me/{self._bot.username}")
        try:
            await self._courier.send(Message(html=said.html, rows=((url,),), quiet=True), chat_id)
        except ChatTrouble as trouble:
            _log.info("group not answered", trouble=type(trouble).__name__)

    async def _say_broken(self, account: Account, error_id: str) -> None:
        voice = Voice(account.language, self._time_zone, self._parts.clock.now())
        try:
            await self._courier.send(greetings.something_broke(error_id, voice), account.telegram_id)
        except ChatTrouble as trouble:
            _log.warning("breakage not told", trouble=type(trouble).__name__)

    def _voice(self, actor: Person) -> Voice:
        zone = ZoneInfo(actor.time_zone) if actor.time_zone else self._time_zone
        return Voice(actor.language, zone, self._parts.clock.now(), member=actor.role is not Role.ADMIN)


def _argument(incoming: Incoming) -> str:
    return "".join(incoming.text.split()[1:2]) if isinstance(incoming, TextSent) else ""


def _is(incoming: Incoming, command: str) -> bool:
    if not isinstance(incoming, TextSent) or incoming.hand != "typed":
        return False
    return incoming.text.split()[:1] == [command]

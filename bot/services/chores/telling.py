"""Telling people something, now or later."""

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.errors import CannotShow, ChatBusy, ChatTrouble, DeliveryUnknown, RetryAt, Unreachable
from bot.model.chat import MessageRef
from bot.model.chores import Chore, ChoreKind
from bot.model.notices import Notice
from bot.services import copies, host_words, lockdown_words, path_news
from bot.services.noticing import read_notice
from bot.services.outcomes import keep_outcome, revoked_as_is
from bot.services.parts import Parts
from bot.services.people import mark_unreachable
from bot.services.revoking import message_payload, payload_message

_log = structlog.get_logger()
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)

MOST_ATTEMPTS = 300
"""Two days of trying every ten minutes: as long as Telegram lets a message be deleted."""


async def tell(parts: Parts, what: Notice, to: int, at: MessageRef | None) -> MessageRef | None:
    """Show a notice, by turning ``at`` into it where that is possible; ``None`` when nobody could be told.

    For words that come on the way of something more important: trouble with Telegram is logged and does not
    stop that.
    """
    try:
        return await parts.courier.show(what, to, at)
    except CannotShow:
        if at is None:
            raise
        return await tell(parts, what, to, None)
    except Unreachable:
        await mark_unreachable(parts, to)
    except ChatTrouble as trouble:
        _log.warning("not told", notice=type(what).__name__, trouble=type(trouble).__name__)
    return None


async def notice(parts: Parts, chore: Chore) -> None:
    """Send a stored notice; the subject is the account it goes to."""
    to = int(chore.subject)
    what = await read_notice(parts, to, chore.payload)
    if what is not None:
        at = payload_message(chore.payload)
        if at is None and not chore.payload.get("fresh"):
            at = await host_words.place_of(parts, what, to) or await copies.place_of(parts, what, to)
        shown = await show_or_later(parts, chore, what, to, at)
        if shown is None:
            await copies.not_shown(parts, what, at)
        else:
            if at is None and chore.payload.get("fresh"):
                # Done once more after a crash, it must find its own message: a second fresh one would leave the
                # first without its last word.
                async with parts.store.write() as tx:
                    await tx.chores.remember(chore.id, {**chore.payload, **message_payload(shown)})
            await host_words.keep_place(parts, what, shown, alone=bool(chore.payload.get("alone")))
            await lockdown_words.keep_place(parts, what, shown)
            await copies.keep(parts, what, shown, instead_of=at)
            await path_news.keep(parts, what, shown)
            await keep_outcome(parts, what, shown)


async def edit(parts: Parts, chore: Chore) -> None:
    """Show a message again as the rows are now: an Undo whose time is up goes away."""
    at = payload_message(chore.payload)
    async with parts.store.read() as tx:
        certificate = await tx.certificates.of(chore.subject)
    if at is None or certificate.confirmed_revoked_at is None:
        return
    shown = replace(await revoked_as_is(parts, certificate), undo_until=None)
    await show_or_later(parts, chore, shown, at.chat_id, at)


async def show_or_later(parts: Parts, chore: Chore, what: Notice, to: int, at: MessageRef | None) -> MessageRef | None:
    """Where the notice stands now; ``None`` when it could not be shown and never will be.

    Raises:
        RetryAt: Telegram has trouble: the chore is to be done again then, so for a last word that somebody waits for.
    """
    try:
        return await parts.courier.show(what, to, at)
    except Unreachable:
        await mark_unreachable(parts, to)
    except CannotShow:
        # What only brings a message up to date is not worth a new one.
        if at is None or chore.kind is ChoreKind.EDIT or chore.payload.get("only_there"):
            _log.warning("cannot show", notice=type(what).__name__)
            return None
        return await show_or_later(parts, chore, what, to, None)
    except (ChatBusy, DeliveryUnknown) as trouble:
        if chore.attempts < MOST_ATTEMPTS:
            raise RetryAt(parts.clock.now() + pause(chore, trouble)) from None
    return None


def pause(chore: Chore, trouble: ChatBusy | DeliveryUnknown) -> timedelta:
    """How long to wait after trouble with Telegram: as it says, or ever longer up to ten minutes."""
    grown: timedelta = min(_FIRST_PAUSE * 2 ** min(chore.attempts, 10), _LONGEST_PAUSE)
    asked = timedelta(seconds=trouble.retry_after) if isinstance(trouble, ChatBusy) else timedelta(0)
    return max(grown, asked)

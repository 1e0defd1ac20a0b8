"""Showing a notice now, or as soon as Telegram takes it."""

from datetime import timedelta

import structlog

from bot.errors import CannotShow, ChatBusy, ChatTrouble, DeliveryUnknown, NotFound, RetryAt, Unreachable
from bot.model.audit import AuditTag
from bot.model.household_notices import CannotReach
from bot.model.jobs import Job, JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice
from bot.services.context import AppContext
from bot.store.engine.database import Cause

_UNREACHABLE_AGAIN = timedelta(hours=24)
"""How long admins are not told again that somebody blocked the bot: that is done and undone by two taps."""


async def mark_unreachable(app: AppContext, telegram_id: int, cause: Cause | None = None) -> None:
    """Note that somebody blocked the bot, and have the other admins told, once a day. Strangers are not noted."""
    async with app.store.write(cause) as tx:
        try:
            before = await tx.people.of_telegram(telegram_id)
        except NotFound:
            return
        if not before.reachable:
            return
        last = await tx.audit.last(AuditTag.PERSON_UNREACHABLE, before.public_id)
        await tx.people.mark_unreachable(telegram_id)
        if last is not None and last <= tx.now < last + _UNREACHABLE_AGAIN:
            return
        for admin in await tx.people.admins():
            if admin.id != before.id and admin.reachable:
                payload = {"notice": CannotReach.__name__, "name": before.name}
                await tx.jobs.add(JobKind.NOTICE, str(admin.telegram_id), payload=payload)


_log = structlog.get_logger()


_FIRST_PAUSE = timedelta(seconds=5)


_LONGEST_PAUSE = timedelta(minutes=10)


MAX_ATTEMPTS = 300
"""Two days of trying every ten minutes: as long as Telegram lets a message be deleted."""


async def tell(app: AppContext, what: Notice, to: int, at: MessageRef | None) -> MessageRef | None:
    """Show a notice, by turning ``at`` into it where that is possible; ``None`` when nobody could be told.

    For words that come on the way of something more important: trouble with Telegram is logged and does not
    stop that.
    """
    try:
        return await app.notifier.show(what, to, at)
    except CannotShow:
        if at is None:
            raise
        return await tell(app, what, to, None)
    except Unreachable:
        await mark_unreachable(app, to)
    except ChatTrouble as trouble:
        _log.warning("not told", notice=type(what).__name__, trouble=type(trouble).__name__)
    return None


async def show_or_later(app: AppContext, job: Job, what: Notice, to: int, at: MessageRef | None) -> MessageRef | None:
    """Where the notice stands now; ``None`` when it could not be shown and never will be.

    Raises:
        RetryAt: Telegram has trouble: the chore is to be done again then, so for a last word that somebody waits for.
    """
    try:
        return await app.notifier.show(what, to, at)
    except Unreachable:
        await mark_unreachable(app, to)
    except CannotShow:
        # What only brings a message up to date is not worth a new one.
        if at is None or job.kind is JobKind.EDIT or job.payload.get("only_there"):
            _log.warning("cannot show", notice=type(what).__name__)
            return None
        return await show_or_later(app, job, what, to, None)
    except (ChatBusy, DeliveryUnknown) as trouble:
        if job.attempts < MAX_ATTEMPTS:
            raise RetryAt(app.clock.now() + pause(job, trouble)) from None
    return None


def pause(job: Job, trouble: ChatBusy | DeliveryUnknown) -> timedelta:
    """How long to wait after trouble with Telegram: as it says, or ever longer up to ten minutes."""
    grown: timedelta = min(_FIRST_PAUSE * 2 ** min(job.attempts, 10), _LONGEST_PAUSE)
    asked = timedelta(seconds=trouble.retry_after) if isinstance(trouble, ChatBusy) else timedelta(0)
    return max(grown, asked)

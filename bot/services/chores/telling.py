"""Telling people something, now or later."""

from datetime import timedelta
from typing import Any

import structlog

from bot.errors import CannotShow, ChatBusy, ChatTrouble, DeliveryUnknown, RetryAt, Unknown, Unreachable
from bot.model.certificates import Certificate
from bot.model.chat import MessageRef
from bot.model.chores import Chore
from bot.model.notices import (
    CannotReach,
    Forgotten,
    FoundActive,
    NeverOpened,
    Notice,
    PerhapsArrived,
    PoisonUpdate,
    Revoked,
    TakenByAnother,
    Tidied,
)
from bot.services.parts import Parts
from bot.services.people import mark_unreachable
from bot.services.revoking import payload_message

_log = structlog.get_logger()
_LATER = timedelta(seconds=5)
_MOST_ATTEMPTS = 20


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
    what = await _read(parts, chore.payload)
    if what is not None:
        await _show(parts, chore, what, int(chore.subject), None)


async def edit(parts: Parts, chore: Chore) -> None:
    """Show a message again as the rows are now: an Undo whose time is up goes away."""
    at = payload_message(chore.payload)
    async with parts.store.read() as tx:
        certificate = await tx.certificates.of(chore.subject)
    if at is None or certificate.confirmed_revoked_at is None:
        return
    lock = await parts.lock_if_told()
    await _show(parts, chore, Revoked(certificate, confirmed=True, lock=lock, undo_until=None), at.chat_id, at)


async def _show(parts: Parts, chore: Chore, what: Notice, to: int, at: MessageRef | None) -> None:
    try:
        await parts.courier.show(what, to, at)
    except Unreachable:
        await mark_unreachable(parts, to)
    except CannotShow:
        _log.warning("cannot show", notice=type(what).__name__)
    except (ChatBusy, DeliveryUnknown) as trouble:
        if chore.attempts < _MOST_ATTEMPTS:
            wait = trouble.retry_after if isinstance(trouble, ChatBusy) else _LATER.total_seconds()
            raise RetryAt(parts.clock.now() + timedelta(seconds=wait)) from None


async def _read(parts: Parts, payload: dict[str, Any]) -> Notice | None:
    if payload["notice"] == CannotReach.__name__:
        return CannotReach(payload["name"])
    if payload["notice"] == PoisonUpdate.__name__:
        return PoisonUpdate(payload["update_id"], payload["error_id"])
    async with parts.store.read() as tx:
        try:
            certificate = await tx.certificates.of(payload["certificate"])
        except Unknown:
            return None
    return _of_certificate(payload, certificate)


def _of_certificate(payload: dict[str, Any], certificate: Certificate) -> Notice | None:
    if payload["notice"] == TakenByAnother.__name__:
        return TakenByAnother(certificate, payload["by_name"])
    plain = {kind.__name__: kind for kind in (FoundActive, Forgotten, NeverOpened, PerhapsArrived, Tidied)}
    return plain[payload["notice"]](certificate)

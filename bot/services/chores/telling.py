"""Telling people something, now or later."""

from datetime import timedelta
from typing import Any

import structlog

from bot.errors import CannotShow, ChatBusy, ChatTrouble, DeliveryUnknown, RetryAt, Unknown, Unreachable
from bot.model.certificates import Certificate, State
from bot.model.chat import MessageRef
from bot.model.chores import Chore, ChoreKind
from bot.model.notices import (
    CannotReach,
    Forgotten,
    FoundActive,
    NeverOpened,
    Notice,
    NotMade,
    PerhapsArrived,
    PoisonUpdate,
    Restored,
    RestoreRefused,
    Revoked,
    RevokeStuck,
    TakenByAnother,
    Tidied,
)
from bot.services.parts import Parts
from bot.services.people import mark_unreachable
from bot.services.revoking import payload_message, undo_until

_log = structlog.get_logger()
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=5), timedelta(minutes=10)

MOST_ATTEMPTS = 300
"""Two days of trying every ten minutes: as long as Telegram lets a message be deleted."""

_PLAIN = {kind.__name__: kind for kind in (FoundActive, Forgotten, NeverOpened, PerhapsArrived, RestoreRefused, Tidied)}


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
        await _show(parts, chore, what, int(chore.subject), payload_message(chore.payload))


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
        if at is None or chore.kind is ChoreKind.EDIT:
            _log.warning("cannot show", notice=type(what).__name__)
            return
        await _show(parts, chore, what, to, None)
    except (ChatBusy, DeliveryUnknown) as trouble:
        if chore.attempts < MOST_ATTEMPTS:
            raise RetryAt(parts.clock.now() + pause(chore, trouble)) from None


def pause(chore: Chore, trouble: ChatBusy | DeliveryUnknown) -> timedelta:
    """How long to wait after trouble with Telegram: as it says, or ever longer up to ten minutes."""
    grown: timedelta = min(_FIRST_PAUSE * 2 ** min(chore.attempts, 10), _LONGEST_PAUSE)
    asked = timedelta(seconds=trouble.retry_after) if isinstance(trouble, ChatBusy) else timedelta(0)
    return max(grown, asked)


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
    return await _of_certificate(parts, payload, certificate)


async def _of_certificate(parts: Parts, payload: dict[str, Any], certificate: Certificate) -> Notice | None:
    match payload["notice"]:
        case "TakenByAnother":
            return TakenByAnother(certificate, payload["by_name"], await parts.lock_if_told())
        case "NotMade":
            return NotMade(certificate, payload["why"], payload.get("used", 0), payload.get("quota", 0))
        case "RevokeStuck":
            return RevokeStuck(certificate, payload["right"])
        case "Restored":
            return Restored(certificate, await parts.lock_if_told())
        case "Revoked":
            return await _revoked(parts, certificate)
        case name:
            return _PLAIN[name](certificate)


async def _revoked(parts: Parts, certificate: Certificate) -> Notice | None:
    """The outcome as it is now; nothing when an Undo has overtaken it."""
    if certificate.state not in {State.REVOKING, State.REVOKED}:
        return None
    until = undo_until(certificate)
    in_time = until is not None and until > parts.clock.now()
    return Revoked(
        certificate,
        confirmed=certificate.state is State.REVOKED,
        lock=await parts.lock_if_told(),
        undo_until=until if in_time else None,
    )

"""Renewing before it hurts: the owner is reminded at a civil hour, and renews without a second yes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import Gone, Unknown
from bot.model.access import Action, check
from bot.model.certificates import Certificate, Origin, State
from bot.model.names import device_name
from bot.model.people import Person
from bot.model.renewal import (
    RENEWABLE,
    RemindedLater,
    RenewalDue,
    RenewalStarted,
    is_civil,
    is_renewable,
    on_day,
    stage_of,
)
from bot.model.results import RequestAsked
from bot.services.issuing import Wishes, await_request_file, check_room, drop_question, place_order
from bot.services.parts import Parts
from bot.services.rights import checked
from bot.services.telling_later import tell_later
from bot.store.database import Cause, Transaction
from bot.store.renewals import Due

_LAST_STAGES = frozenset({0, 1})
"""At these a wish to hear later is overridden: later would be too late."""

_FARTHEST = timedelta(days=60)


async def remind(tx: Transaction, household: ZoneInfo) -> None:
    """Tell every owner whose certificate has come nearer to its end, once a stage, or on the day they chose."""
    for due in await tx.renewals.due(tx.now - RENEWABLE, tx.now + RENEWABLE):
        stage = _stage(due.certificate, tx.now)
        zone = ZoneInfo(due.time_zone) if due.time_zone else household
        if stage is not None and is_civil(tx.now, zone) and _is_time(due, stage, tx):
            await tx.renewals.told(due.certificate, stage)
            await tell_later(tx, RenewalDue, due.certificate, due.certificate.device.owner_telegram_id)


async def renew(
    parts: Parts, actor: Person, public_id: str, cause: Cause | None = None
) -> RenewalStarted | RequestAsked:
    """Make a new certificate for the same device; the old one stays in use until the new one is said to work.

    Raises:
        Gone: not the actor's, not near its end, or renewed already.
        LockedDown, ZoneFull, NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.HANDLE_FILE)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.HANDLE_FILE)
        old = await _renewable(tx, actor, public_id)
        await drop_question(tx, actor)
        name, wishes = device_name(old.device.name), Wishes(old.asked_days)
        if old.origin is Origin.OWN_KEY:
            await check_room(parts, tx, actor, one_more=old.state is not State.ACTIVE)
            return await await_request_file(parts, tx, actor, name, wishes, renews=old)
        await place_order(
            parts, tx, actor, name, wishes, replaces=old.id, renews=old.state is State.ACTIVE, tell_admins=True
        )
    return RenewalStarted(old)


async def remind_later(
    parts: Parts, actor: Person, public_id: str, day: date, cause: Cause | None = None
) -> RemindedLater:
    """Remind the owner again on the morning of that day. It is the day that was offered, however late it is chosen.

    Raises:
        Gone: not the actor's, or not near its end, or a day that was never offered.
        NotAllowed, Frozen: nothing was noted.
    """
    check(actor, Action.LOOK)
    async with parts.store.write(cause) as tx:
        certificate = await _renewable(tx, actor, public_id)
        zone = ZoneInfo(actor.time_zone) if actor.time_zone else parts.policy.time_zone
        at = on_day(day, tx.now, zone)
        if at > tx.now + _FARTHEST:
            raise Gone
        await tx.renewals.wait(certificate, at)
    return RemindedLater(certificate, at)


def _stage(certificate: Certificate, now: datetime) -> int | None:
    if certificate.expires_at is None or certificate.issued_at is None:
        return None
    return stage_of(certificate.expires_at, now, certificate.expires_at - certificate.issued_at)


def _is_time(due: Due, stage: int, tx: Transaction) -> bool:
    if due.not_before is not None:
        return due.not_before <= tx.now or (stage in _LAST_STAGES and due.stage != stage)
    return due.stage is None or stage < due.stage


async def _renewable(tx: Transaction, actor: Person, public_id: str) -> Certificate:
    try:
        certificate = await tx.certificates.of(public_id)
    except Unknown:
        raise Gone from None
    if certificate.device.owner_id != actor.id or certificate.state not in {State.ACTIVE, State.EXPIRED}:
        raise Gone
    if not is_renewable(certificate, tx.now) or await tx.renewals.beside(certificate):
        raise Gone
    return certificate

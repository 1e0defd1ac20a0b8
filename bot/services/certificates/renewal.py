"""Renewing before it hurts: the owner is reminded at a civil hour, and renews without a second yes."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import NotFound, StaleAction
from bot.model.certificates.certificates import Certificate, Origin, State
from bot.model.certificates.names import device_name
from bot.model.certificates.renewal import (
    RENEWABLE,
    RemindedLater,
    RenewalDue,
    RenewalStarted,
    is_renewable,
    is_waking_hour,
    on_day,
    stage_of,
)
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.results import RequestAsked
from bot.services.authorization import authorize
from bot.services.certificates.order import Wishes, await_request_file, cancel_prompt, check_room, place_order
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_certificate_notice
from bot.store.certificates.renewals import DueReminder
from bot.store.engine.database import Cause, Transaction

_LAST_STAGES = frozenset({0, 1})
"""At these a wish to hear later is overridden: later would be too late."""

_FARTHEST = timedelta(days=60)


async def remind(tx: Transaction, household: ZoneInfo) -> None:
    """Tell every owner whose certificate has come nearer to its end, once a stage, or on the day they chose."""
    for due in await tx.renewals.due(tx.now - RENEWABLE, tx.now + RENEWABLE):
        stage = _stage(due.certificate, tx.now)
        zone = ZoneInfo(due.time_zone) if due.time_zone else household
        if stage is not None and is_waking_hour(tx.now, zone) and _is_time(due, stage, tx):
            await tx.renewals.told(due.certificate, stage)
            await enqueue_certificate_notice(tx, RenewalDue, due.certificate, due.certificate.device.owner_telegram_id)


async def renew(
    app: AppContext, actor: Person, public_id: str, cause: Cause | None = None
) -> RenewalStarted | RequestAsked:
    """Make a new certificate for the same device; the old one stays in use until the new one is said to work.

    Raises:
        Gone: not the actor's, not near its end, or renewed already.
        LockedDown, ZoneFull, NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.HANDLE_FILE)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.HANDLE_FILE)
        old = await _renewable(tx, actor, public_id)
        await cancel_prompt(tx, actor)
        name, wishes = device_name(old.device.name), Wishes(old.asked_days)
        if old.origin is Origin.OWN_KEY:
            await check_room(app, tx, actor, one_more=old.state is not State.ACTIVE)
            return await await_request_file(app, tx, actor, name, wishes, renews=old)
        await place_order(
            app, tx, actor, name, wishes, replaces=old.id, renews=old.state is State.ACTIVE, tell_admins=True
        )
    return RenewalStarted(old)


async def remind_later(
    app: AppContext, actor: Person, public_id: str, day: date, cause: Cause | None = None
) -> RemindedLater:
    """Remind the owner again on the morning of that day. It is the day that was offered, however late it is chosen.

    Raises:
        Gone: not the actor's, or not near its end, or a day that was never offered.
        NotAllowed, Frozen: nothing was noted.
    """
    check(actor, Action.LOOK)
    async with app.store.write(cause) as tx:
        certificate = await _renewable(tx, actor, public_id)
        zone = ZoneInfo(actor.time_zone) if actor.time_zone else app.policy.time_zone
        at = on_day(day, tx.now, zone)
        if at > tx.now + _FARTHEST:
            raise StaleAction
        await tx.renewals.wait(certificate, at)
    return RemindedLater(certificate, at)


def _stage(certificate: Certificate, now: datetime) -> int | None:
    if certificate.expires_at is None or certificate.issued_at is None:
        return None
    return stage_of(certificate.expires_at, now, certificate.expires_at - certificate.issued_at)


def _is_time(due: DueReminder, stage: int, tx: Transaction) -> bool:
    if due.not_before is not None:
        return due.not_before <= tx.now or (stage in _LAST_STAGES and due.stage != stage)
    return due.stage is None or stage < due.stage


async def _renewable(tx: Transaction, actor: Person, public_id: str) -> Certificate:
    try:
        certificate = await tx.certificates.of(public_id)
    except NotFound:
        raise StaleAction from None
    if certificate.device.owner_id != actor.id or certificate.state not in {State.ACTIVE, State.EXPIRED}:
        raise StaleAction
    if not is_renewable(certificate, tx.now) or await tx.renewals.beside(certificate):
        raise StaleAction
    return certificate

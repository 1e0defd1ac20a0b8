"""What admins change about somebody: trust, limit, end date, adminship, freeze. Each change is told to the other
admins and to the person.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.errors import NotAllowed, NotFound, OperatorOnly, OwnAccount, StaleAction
from bot.model.audit import AuditTag
from bot.model.dates import end_in, end_of_day
from bot.model.jobs import JobKind
from bot.model.lost_devices import LossState
from bot.model.people.access import Action, check
from bot.model.people.changes import PersonChange, PersonChanged
from bot.model.people.directory import EndAsked, PersonCard
from bot.model.people.people import FreezeReason, Person, Role, Standing
from bot.services.authorization import authorize
from bot.services.context import PROMPT_TTL, AppContext
from bot.services.membership.freeze import check_may_lift, forget, freeze, is_last_admin, lift
from bot.services.notifications import loss_messages
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.notifications.reach import bring_waiting
from bot.services.people.directory import card_of
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.people.prompts import Prompt, PromptKind

_MAX_DEVICES = 50
_MAX_DAYS = 3650
_PUT_OFF = timedelta(days=1)
_Step = Callable[[Transaction, Person, Person], Awaitable[Person]]


async def trust(
    app: AppContext, actor: Person, public_id: str, cause: Cause | None = None, *, trusted: bool
) -> PersonCard:
    """Let a member have own devices without a tap, or no longer.

    Raises:
        Gone: there is nobody of that id, it is so already, or they do not belong here now.
        NotToYourself, OnlyOnServer, NotAllowed, Frozen: not for this admin to change.
    """

    async def step(tx: Transaction, actor: Person, person: Person) -> Person:
        _check_member(person)
        if person.trusted is trusted:
            raise StaleAction
        tag = AuditTag.PERSON_TRUSTED if trusted else AuditTag.PERSON_NOT_TRUSTED
        person = await tx.people.change(person, tag=tag, actor=actor_of(actor), trusted=trusted)
        await tell_changed(tx, PersonChange.TRUSTED if trusted else PersonChange.NOT_TRUSTED, person, actor)
        return person

    return await _changed(app, actor, public_id, step, cause)


async def limit(
    app: AppContext, actor: Person, public_id: str, devices: int | None, cause: Cause | None = None
) -> PersonCard:
    """Set how many devices somebody may have; ``None`` is as many as everybody. Raises as ``trust``."""
    if devices is not None and not 0 <= devices <= _MAX_DEVICES:
        raise StaleAction

    async def step(tx: Transaction, actor: Person, person: Person) -> Person:
        if person.device_limit == devices:
            raise StaleAction
        person = await tx.people.change(
            person,
            tag=AuditTag.PERSON_LIMIT_SET,
            actor=actor_of(actor),
            detail={"limit": devices},
            device_limit=devices,
        )
        what = PersonChange.LIMIT_AS_EVERYBODY if devices is None else PersonChange.LIMIT
        await tell_changed(tx, what, person, actor, limit=devices)
        return person

    return await _changed(app, actor, public_id, step, cause)


async def end_after(
    app: AppContext, actor: Person, public_id: str, days: int | None, cause: Cause | None = None
) -> PersonCard:
    """Have somebody's account frozen at the end of that day; ``None``: never by itself. Raises as ``trust``."""
    if days is not None and not 0 <= days <= _MAX_DAYS:
        raise StaleAction
    until = None if days is None else end_in(days, app.clock.now(), app.policy.time_zone)
    return await _end(app, actor, public_id, until, cause)


async def ask_end(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> EndAsked:
    """Ask for the day; the actor's next text answers. Raises as ``trust``."""
    async with app.store.write(cause) as tx:
        actor, person = await other(tx, actor, public_id)
        await tx.prompts.ask(actor.id, PromptKind.END_DATE, tx.now + PROMPT_TTL, {"person": person.public_id})
        return EndAsked(person)


async def answer_end(
    app: AppContext, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None
) -> PersonCard:
    """Take a text as the day on which somebody's time here ends.

    Raises:
        BadDate: the question stays.
        Gone, NotToYourself, OnlyOnServer, NotAllowed, Frozen: see ``trust``.
    """
    until = end_of_day(text, app.clock.now(), app.policy.time_zone)
    return await _end(app, actor, prompt.payload["person"], until, cause)


async def make_admin(
    app: AppContext, actor: Person, public_id: str, cause: Cause | None = None, *, admin: bool
) -> PersonCard:
    """Make a member an admin, or an admin a member: permanent admins only. Raises as ``trust``."""
    check(actor, Action.MAKE_ADMINS)

    async def step(tx: Transaction, actor: Person, person: Person) -> Person:
        check(actor, Action.MAKE_ADMINS)
        if (person.role is Role.ADMIN) is admin or person.role not in {Role.ADMIN, Role.MEMBER}:
            raise StaleAction
        if admin:
            _check_member(person)
        person = await tx.people.change(
            person,
            tag=AuditTag.PERSON_MADE_ADMIN_IN_CHAT if admin else AuditTag.PERSON_UNMADE_ADMIN_IN_CHAT,
            actor=actor_of(actor),
            role=Role.ADMIN if admin else Role.MEMBER,
            made_admin_by=actor.id if admin else None,
            trusted=False,
        )
        if not admin:
            await tx.certificates.withdraw_permissions(person.id)
            await tx.prompts.answered(person.id)
        await tx.jobs.add(JobKind.MENU, str(person.telegram_id))
        await tell_changed(tx, PersonChange.MADE_ADMIN if admin else PersonChange.UNMADE_ADMIN, person, actor)
        await bring_waiting(tx, person)
        return person

    return await _changed(app, actor, public_id, step, cause)


async def freeze_account(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> PersonCard:
    """Freeze somebody. Raises as ``trust``."""
    async with app.store.write(cause) as tx:
        actor, person = await other(tx, actor, public_id)
        if person.standing is not Standing.OK:
            raise StaleAction
        frozen = await freeze(tx, person, FreezeReason.BY_ADMIN, actor)
        await tell_changed(tx, PersonChange.FROZEN, frozen.person, actor)
        shown = await card_of(app, tx, actor, frozen.person)
    forget(app, frozen.worthless)
    return shown


async def unfreeze(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> PersonCard:
    """Lift somebody's freeze, whatever its reason was but the server's.

    Raises:
        Gone: there is nobody of that id, or they are not frozen.
        NotToYourself, OnlyOnServer, NotAllowed, Frozen: not for this admin to lift.
    """
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        person = await person_of(tx, public_id)
        check_may_lift(actor, person)
        if person.standing is not Standing.FROZEN:
            raise StaleAction
        person = await lift(tx, person, actor)
        for loss in await tx.losses.of_owner(person.id):
            if loss.state is LossState.OPEN:
                tag = AuditTag.PERSON_NOT_LOST_AFTER_ALL
                await loss_messages.refresh(
                    tx, await tx.losses.decide(loss, LossState.LIFTED, tag=tag, by=actor, owner=person)
                )
        await tell_changed(tx, PersonChange.UNFROZEN, person, actor)
        return await card_of(app, tx, actor, person)


async def run_out(app: AppContext) -> None:
    """Freeze whoever's end date has come; they and the admins hear of it. The last admin's is put off by a day."""
    async with app.store.write() as tx:
        ended = []
        for person in await tx.people.ended():
            if await is_last_admin(tx, person):
                until = tx.now + _PUT_OFF
                detail = {"until": until.isoformat()}
                late = await tx.people.change(person, tag=AuditTag.PERSON_END_SET, detail=detail, ends_at=until)
                await tell_changed(tx, PersonChange.END_PUT_OFF, late, None)
                continue
            frozen = await freeze(tx, person, FreezeReason.ENDED, tag=AuditTag.PERSON_ENDED)
            await tell_changed(tx, PersonChange.ENDED, frozen.person, None)
            ended.append(frozen)
    for frozen in ended:
        forget(app, frozen.worthless)


async def tell_changed(
    tx: Transaction, what: PersonChange, person: Person, by: Person | None, **more: int | None
) -> None:
    """Have the person and the other admins told of a change."""
    payload: dict[str, Any] = {"change": what.value, "person": person.public_id, **more}
    payload["by_name"] = None if by is None else by.name
    telling = {admin.id: admin for admin in await tx.people.admins()}
    if person.reachable:
        telling[person.id] = person
    for reader in telling.values():
        if by is None or reader.id != by.id:
            await enqueue_notice(tx, PersonChanged, reader.telegram_id, **payload)


async def person_of(tx: Transaction, public_id: str) -> Person:
    """Somebody, by public id.

    Raises:
        Gone: there is nobody of that id.
    """
    try:
        return await tx.people.of(public_id)
    except NotFound:
        raise StaleAction from None


async def _end(
    app: AppContext, actor: Person, public_id: str, until: datetime | None, cause: Cause | None
) -> PersonCard:
    async def step(tx: Transaction, actor: Person, person: Person) -> Person:
        if until is None and person.ends_at is None:
            raise StaleAction
        told = None if until is None else until.isoformat()
        person = await tx.people.change(
            person, tag=AuditTag.PERSON_END_SET, actor=actor_of(actor), detail={"until": told}, ends_at=until
        )
        await tx.prompts.answered(actor.id)
        await tell_changed(tx, PersonChange.NO_END if until is None else PersonChange.ENDS, person, actor)
        return person

    return await _changed(app, actor, public_id, step, cause)


async def _changed(app: AppContext, actor: Person, public_id: str, step: _Step, cause: Cause | None) -> PersonCard:
    async with app.store.write(cause) as tx:
        actor, person = await other(tx, actor, public_id)
        return await card_of(app, tx, actor, await step(tx, actor, person))


async def other(tx: Transaction, actor: Person, public_id: str) -> tuple[Person, Person]:
    """The actor and somebody else whom they may change.

    Raises:
        Gone: there is nobody of that id.
        NotToYourself: it is the actor.
        OnlyOnServer: the person is an admin by the settings or the server.
        NotAllowed, Frozen: the actor is no admin now, or the person is an admin and the actor no permanent one.
    """
    actor = await authorize(tx, actor, Action.ADMINISTER)
    person = await person_of(tx, public_id)
    if person.id == actor.id:
        raise OwnAccount
    if person.permanent:
        raise OperatorOnly
    if person.is_admin and not actor.permanent:
        raise NotAllowed
    return actor, person


def _check_member(person: Person) -> None:
    if person.role is not Role.MEMBER or person.standing is not Standing.OK:
        raise StaleAction

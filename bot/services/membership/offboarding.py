"""Somebody leaves: blocked or removed. With live certificates that takes two taps, and the first one freezes."""

from bot.errors import StaleAction
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import COUNTED, Certificate, RevokeReason, State
from bot.model.jobs import JobKind
from bot.model.people.access import Action
from bot.model.people.changes import PersonChange
from bot.model.people.directory import Offboarding, OffboardingKind, PersonCard
from bot.model.people.people import FreezeReason, Person, Role, Standing
from bot.model.public_id import PublicId
from bot.services.authorization import authorize
from bot.services.certificates.revoke import cancel_order, revoke_certificate
from bot.services.context import AppContext
from bot.services.membership.freeze import forget, freeze
from bot.services.membership.members import other, person_of, tell_changed
from bot.services.people.decisions import shut_out
from bot.services.people.directory import card_of
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

_ENDS = {
    OffboardingKind.BLOCK: (AuditTag.PERSON_BLOCKED, Standing.BLOCKED, PersonChange.BLOCKED),
    OffboardingKind.REMOVE: (AuditTag.PERSON_REMOVED, Standing.REMOVED, PersonChange.REMOVED),
}


async def begin(
    app: AppContext, actor: Person, public_id: str, how: OffboardingKind, cause: Cause | None = None
) -> Offboarding | PersonCard:
    """Block or remove somebody; whoever has live certificates is frozen, and the list of them shown first. A guest can
    only be blocked.

    Raises:
        Gone: there is nobody of that id, or they are out already.
        NotToYourself, OnlyOnServer, NotAllowed, Frozen: not for this admin to do.
    """
    async with app.store.write(cause) as tx:
        actor, person = await other(tx, actor, public_id)
        if person.is_guest and how is OffboardingKind.BLOCK:
            # They hold nothing, and hear nothing of it.
            return await card_of(app, tx, actor, await shut_out(tx, actor, person))
        _check_in(person)
        was_ok = person.standing is Standing.OK
        frozen = await freeze(tx, person, FreezeReason.LEAVING, actor)
        live = await _live(tx, person)
        if live:
            if was_ok:
                await tell_changed(tx, PersonChange.FROZEN, frozen.person, actor)
            result: Offboarding | PersonCard = Offboarding(frozen.person, how, live)
        else:
            result = await card_of(app, tx, actor, await _out(tx, actor, frozen.person, how))
    forget(app, frozen.worthless)
    return result


async def finish(
    app: AppContext, actor: Person, public_id: str, how: OffboardingKind, cause: Cause | None = None
) -> PersonCard:
    """The second tap: every certificate is revoked, and they are out. Raises as ``begin``."""
    async with app.store.write(cause) as tx:
        actor, person = await other(tx, actor, public_id)
        _check_in(person)
        frozen = await freeze(tx, person, FreezeReason.LEAVING, actor)
        worthless: list[PublicId] = [*frozen.worthless]
        for certificate in await _live(tx, person):
            worthless.append(certificate.public_id)
            if certificate.state is State.ISSUING:
                await cancel_order(tx, certificate, actor_of(actor))
            else:
                await revoke_certificate(tx, actor, certificate, RevokeReason.BY_ANOTHER, {"quiet": True})
        shown = await card_of(app, tx, actor, await _out(tx, actor, frozen.person, how))
    forget(app, tuple(worthless))
    return shown


async def take_back(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> PersonCard:
    """Have somebody back who was blocked or removed: without trust or adminship, and without their old keys.

    Raises as ``begin``.
    """
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        person = await person_of(tx, public_id)
        if person.standing not in {Standing.BLOCKED, Standing.REMOVED}:
            raise StaleAction
        person = await tx.people.change(
            person, tag=AuditTag.PERSON_TAKEN_BACK, actor=actor_of(actor), standing=Standing.OK, ends_at=None
        )
        await tx.jobs.add(JobKind.MENU, str(person.telegram_id))
        await tell_changed(tx, PersonChange.TAKEN_BACK, person, actor)
        return await card_of(app, tx, actor, person)


async def _out(tx: Transaction, actor: Person, person: Person, how: OffboardingKind) -> Person:
    tag, standing, told = _ENDS[how]
    person = await tx.people.change(
        person,
        tag=tag,
        actor=actor_of(actor),
        standing=standing,
        role=Role.MEMBER if person.role is Role.ADMIN else person.role,
        made_admin_by=None,
        trusted=False,
        device_limit=None,
        ends_at=None,
        freeze_reason=None,
        frozen_at=None,
        frozen_by=None,
    )
    await tx.jobs.add(JobKind.MENU, str(person.telegram_id))
    await tell_changed(tx, told, person, actor)
    return person


async def _live(tx: Transaction, person: Person) -> tuple[Certificate, ...]:
    return tuple([c for c in await tx.certificates.all_of(person.id) if c.state in COUNTED])


def _check_in(person: Person) -> None:
    if not person.belongs or person.standing in {Standing.BLOCKED, Standing.REMOVED}:
        raise StaleAction

"""Somebody leaves: blocked or removed. With live certificates that takes two taps, and the first one freezes."""

from bot.errors import Gone
from bot.model.access import Action
from bot.model.audit import Tag
from bot.model.certificates import COUNTED, Certificate, RevokeReason, State
from bot.model.changes import PersonChange
from bot.model.chores import ChoreKind
from bot.model.identity import PublicId
from bot.model.people import FreezeReason, Person, Role, Standing
from bot.model.roster import Departure, Leaving, PersonCard
from bot.services.deciding import shut_out
from bot.services.freezing import forget, freeze
from bot.services.members import other, person_of, tell_changed
from bot.services.parts import Parts
from bot.services.revoking import stop_issuing, take_away
from bot.services.rights import checked
from bot.services.roster import card_of
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction

_ENDS = {
    Departure.BLOCK: (Tag.PERSON_BLOCKED, Standing.BLOCKED, PersonChange.BLOCKED),
    Departure.REMOVE: (Tag.PERSON_REMOVED, Standing.REMOVED, PersonChange.REMOVED),
}


async def begin(
    parts: Parts, actor: Person, public_id: str, how: Departure, cause: Cause | None = None
) -> Leaving | PersonCard:
    """Block or remove somebody; whoever has live certificates is frozen, and the list of them shown first. A guest can
    only be blocked.

    Raises:
        Gone: there is nobody of that id, or they are out already.
        NotToYourself, OnlyOnServer, NotAllowed, Frozen: not for this admin to do.
    """
    async with parts.store.write(cause) as tx:
        actor, person = await other(tx, actor, public_id)
        if person.is_guest and how is Departure.BLOCK:
            # They hold nothing, and hear nothing of it.
            return await card_of(parts, tx, actor, await shut_out(tx, actor, person))
        _check_in(person)
        was_ok = person.standing is Standing.OK
        frozen = await freeze(tx, person, FreezeReason.LEAVING, actor)
        live = await _live(tx, person)
        if live:
            if was_ok:
                await tell_changed(tx, PersonChange.FROZEN, frozen.person, actor)
            result: Leaving | PersonCard = Leaving(frozen.person, how, live)
        else:
            result = await card_of(parts, tx, actor, await _out(tx, actor, frozen.person, how))
    forget(parts, frozen.worthless)
    return result


async def finish(parts: Parts, actor: Person, public_id: str, how: Departure, cause: Cause | None = None) -> PersonCard:
    """The second tap: every certificate is revoked, and they are out. Raises as ``begin``."""
    async with parts.store.write(cause) as tx:
        actor, person = await other(tx, actor, public_id)
        _check_in(person)
        frozen = await freeze(tx, person, FreezeReason.LEAVING, actor)
        worthless: list[PublicId] = [*frozen.worthless]
        for certificate in await _live(tx, person):
            worthless.append(certificate.public_id)
            if certificate.state is State.ISSUING:
                await stop_issuing(tx, certificate, actor_of(actor))
            else:
                await take_away(tx, actor, certificate, RevokeReason.BY_ANOTHER, {"quiet": True})
        shown = await card_of(parts, tx, actor, await _out(tx, actor, frozen.person, how))
    forget(parts, tuple(worthless))
    return shown


async def take_back(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> PersonCard:
    """Have somebody back who was blocked or removed: without trust or adminship, and without their old keys.

    Raises as ``begin``.
    """
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        person = await person_of(tx, public_id)
        if person.standing not in {Standing.BLOCKED, Standing.REMOVED}:
            raise Gone
        person = await tx.people.change(
            person, tag=Tag.PERSON_TAKEN_BACK, actor=actor_of(actor), standing=Standing.OK, ends_at=None
        )
        await tx.chores.add(ChoreKind.MENU, str(person.telegram_id))
        await tell_changed(tx, PersonChange.TAKEN_BACK, person, actor)
        return await card_of(parts, tx, actor, person)


async def _out(tx: Transaction, actor: Person, person: Person, how: Departure) -> Person:
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
    await tx.chores.add(ChoreKind.MENU, str(person.telegram_id))
    await tell_changed(tx, told, person, actor)
    return person


async def _live(tx: Transaction, person: Person) -> tuple[Certificate, ...]:
    return tuple([c for c in await tx.certificates.all_of(person.id) if c.state in COUNTED])


def _check_in(person: Person) -> None:
    if not person.belongs or person.standing in {Standing.BLOCKED, Standing.REMOVED}:
        raise Gone

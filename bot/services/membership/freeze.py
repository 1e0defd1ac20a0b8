"""Freezing an account: it may look, revoke and report, and whatever waited for it is taken back.

The one place: reports, admins, end dates and the command line come through here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import LastAdmin, OperatorOnly, OwnAccount
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.certificates import Certificate, Origin, RevokeReason, State
from bot.model.jobs import JobKind
from bot.model.people.people import FreezeReason, Person, Standing
from bot.model.people.requests import RequestState
from bot.model.public_id import PublicId
from bot.services.certificates.revoke import cancel_order, revoke_unopened
from bot.services.context import AppContext
from bot.services.notifications import request_messages
from bot.services.notifications.message_removal import schedule_chat_clean_up
from bot.services.notifications.reach import bring_waiting
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Transaction

_EVER = datetime.fromtimestamp(0, UTC)
_WEIGHT = {FreezeReason.SERVER: 3, FreezeReason.LOST: 2, FreezeReason.REPORTED: 2}
"""A freeze is never made easier to lift by another one."""


@dataclass(frozen=True)
class FrozenNow:
    """The account is frozen. ``worthless``: certificates whose secrets the vault forgets once that is written."""

    person: Person
    worthless: tuple[PublicId, ...]


async def freeze(
    tx: Transaction,
    person: Person,
    reason: FreezeReason,
    by: Person | None = None,
    *,
    tag: AuditTag = AuditTag.PERSON_FROZEN,
    actor: str | None = None,
) -> FrozenNow:
    """Freeze an account and take back whatever waits for it. Somebody blocked or removed stays so.

    Taken back are files whose password nobody looked at, orders and Undos under way, files and passwords in the chat,
    open requests, permissions, invitations, open questions. The caller calls ``forget`` after the transaction.

    Raises:
        LastAdmin: nobody could help any more, and it is neither their own report of a lost phone nor the server's word.
    """
    own_loss = reason is FreezeReason.LOST and by is not None and by.id == person.id
    if reason is not FreezeReason.SERVER and not own_loss and await is_last_admin(tx, person):
        raise LastAdmin(person.name, person.telegram_id)
    who = actor or (SYSTEM if by is None else actor_of(by))
    heavier = person.freeze_reason is None or _weight(reason) > _weight(person.freeze_reason)
    if person.standing is Standing.OK or (person.standing is Standing.FROZEN and heavier):
        person = await tx.people.change(
            person,
            tag=tag,
            actor=who,
            detail={"reason": reason.value},
            standing=Standing.FROZEN,
            freeze_reason=reason,
            frozen_at=tx.now,
            frozen_by=None if by is None else by.id,
        )
    worthless = [c.public_id for c in await tx.certificates.all_of(person.id) if await _taken(tx, c, who)]
    await tx.certificates.withdraw_permissions(person.id)
    for request in (*await tx.requests.open_of(person), *await tx.requests.permissions_of(person)):
        withdrawn = await tx.requests.move(
            request, RequestState.WITHDRAWN, tag=AuditTag.REQUEST_WITHDRAWN, actor=who, detail={"why": "frozen"}
        )
        await request_messages.refresh(tx, withdrawn)
    for link in await tx.links.made_by(person, _EVER):
        await tx.links.end(link, tag=AuditTag.LINK_ENDED, actor=who)
    await tx.prompts.answered(person.id)
    return FrozenNow(person, tuple(worthless))


async def is_last_admin(tx: Transaction, person: Person) -> bool:
    """Whether somebody is the only admin in good standing: without them nobody in the chat can help anybody."""
    return [admin.id for admin in await tx.people.admins()] == [person.id]


def forget(app: AppContext, worthless: tuple[PublicId, ...]) -> None:
    """Forget the secrets of certificates that were taken back."""
    for public_id in worthless:
        app.vault.drop(public_id)


def check_may_lift(actor: Person, person: Person) -> None:
    """Return when ``actor``, an admin, may lift that freeze.

    Raises:
        NotToYourself: nobody lifts their own.
        OnlyOnServer: the server made it, so only the server lifts it.
    """
    if actor.id == person.id:
        raise OwnAccount
    if person.freeze_reason is FreezeReason.SERVER:
        raise OperatorOnly


async def lift(tx: Transaction, person: Person, actor: Person, *, tag: AuditTag = AuditTag.PERSON_UNFROZEN) -> Person:
    """End a freeze; an end date that has come goes with it. What was taken back stays taken back."""
    over = person.ends_at is not None and person.ends_at <= tx.now
    back = await tx.people.change(
        person,
        tag=tag,
        actor=actor_of(actor),
        standing=Standing.OK,
        freeze_reason=None,
        frozen_at=None,
        frozen_by=None,
        ends_at=None if over else person.ends_at,
    )
    await bring_waiting(tx, back)
    return back


async def _taken(tx: Transaction, certificate: Certificate, actor: str) -> bool:
    """Take back what a certificate still has on its way to its owner; answers whether there was anything."""
    if certificate.state is State.ISSUING:
        await cancel_order(tx, certificate, actor)
    elif certificate.state is State.RESTORING:
        await tx.jobs.drop(JobKind.RESTORE, certificate.public_id)
        await revoke_unopened(tx, certificate, RevokeReason.FROZEN, None)
    elif certificate.state is not State.ACTIVE or certificate.cleaned_at is not None:
        return False
    elif _never_in_hand(certificate):
        await revoke_unopened(tx, certificate, RevokeReason.FROZEN, None)
    else:
        await tx.certificates.record(certificate, tag=AuditTag.CERTIFICATE_CLEANED, actor=actor, cleaned_at=tx.now)
        await tx.jobs.drop(JobKind.EXPIRE, certificate.public_id)
        await schedule_chat_clean_up(tx, certificate)
    return True


def _never_in_hand(certificate: Certificate) -> bool:
    """Nobody can have opened the file: its password was never shown, or it never arrived."""
    if certificate.origin is Origin.MADE_HERE:
        return certificate.password_shown_at is None
    return certificate.sent_at is None


def _weight(reason: FreezeReason) -> int:
    return _WEIGHT.get(reason, 1)

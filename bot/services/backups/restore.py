"""Restoring a backup, first half: in the database itself, before it takes the place of the other one.

What waited is void, accounts are frozen until an admin has looked, and what the replaced database knew was taken away
stays taken away. Cloudflare is asked by the second half, ``bot.services.backups.reconcile``, at the next start.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.errors import NotFound
from bot.model.audit import SERVER, AuditTag
from bot.model.certificates.certificates import Certificate, RevokeReason, State
from bot.model.host_notices import TakeOverState
from bot.model.jobs import JobKind
from bot.model.openings.paths import PATH_IN_RULE, PathEnd, PathState
from bot.model.people.people import Account, FreezeReason, Person, Role, Standing
from bot.model.people.requests import RequestState
from bot.services.certificates.revoke import revoke_certificate, undo_until
from bot.services.desired_rule import RULE
from bot.store.backups.previous_database import PreviousDatabase, SuspendedPerson
from bot.store.engine.database import Transaction

_WHY = {"why": "restored"}


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What was done to the rows. ``admins`` are those of the backup, permanent by the settings or not."""

    frozen: tuple[Person, ...]
    admins: tuple[Person, ...]
    broken_from: int | None


async def prepare(
    tx: Transaction, zone: str, permanent: frozenset[int], made_at: datetime, replaced: PreviousDatabase
) -> Prepared:
    """Make a backup's database one that may be started. ``permanent`` are the accounts of the settings."""
    broken = await tx.audit.first_broken()
    dropped = await tx.outstanding.drop()
    await tx.outstanding.never_again(replaced.handled)
    await _void(tx)
    # What was set since is not what the backup remembers.
    await tx.menus.forget()
    frozen = await _freeze(tx, permanent, replaced.out)
    taken = await _certificates(tx, dict(replaced.revoked))
    await _lock(tx, zone)
    # Whatever the lines above ordered of the rule is written after Cloudflare was asked, and then from all rows.
    await tx.jobs.drop_kind(JobKind.WRITE_RULE)
    payload = {"made_at": made_at.isoformat(), "restored_at": tx.now.isoformat(), "taken": taken}
    await tx.jobs.add(JobKind.CHECK_RESTORED, RULE, payload=payload)
    detail: dict[str, Any] = {
        "made_at": made_at.isoformat(),
        "orders_dropped": dropped,
        "frozen": len(frozen),
        "replaced_trail": replaced.last_hash,
    }
    if broken is not None:
        detail["broken_from"] = broken.id
    await tx.audit.write(AuditTag.BACKUP_RESTORED, actor=SERVER, subject=zone[:64], detail=detail)
    admins = tuple(one for one in await tx.people.everybody() if one.role is Role.ADMIN)
    return Prepared(frozen=frozen, admins=admins, broken_from=None if broken is None else broken.id)


async def _void(tx: Transaction) -> None:
    """Requests, permissions, links, take-overs under way: nobody's yes or no of then counts now."""
    for request in await tx.requests.outstanding():
        await tx.requests.move(
            request, RequestState.WITHDRAWN, tag=AuditTag.REQUEST_WITHDRAWN, actor=SERVER, detail=dict(_WHY)
        )
    for link in await tx.links.outstanding():
        await tx.links.end(link, tag=AuditTag.LINK_ENDED_ON_SERVER, actor=SERVER)
    for state in (TakeOverState.WAITING, TakeOverState.UNDOING):
        for one in await tx.take_overs.in_state(state):
            await tx.take_overs.move(one, TakeOverState.STOPPED, tag=AuditTag.TAKE_OVER_STOPPED, actor=SERVER)


async def _freeze(tx: Transaction, permanent: frozenset[int], out: tuple[SuspendedPerson, ...]) -> tuple[Person, ...]:
    for one in out:
        await _still_out(tx, one)
    frozen = []
    for person in await tx.people.everybody():
        await tx.certificates.withdraw_permissions(person.id)
        if person.standing is Standing.OK and person.telegram_id not in permanent:
            frozen.append(await _out(tx, person, Standing.FROZEN, FreezeReason.RESTORED))
    return tuple(frozen)


async def _still_out(tx: Transaction, one: SuspendedPerson) -> None:
    """Whoever was frozen, blocked or removed since the backup stays so."""
    try:
        person = await tx.people.of_telegram(one.telegram_id)
    except NotFound:
        account = Account(telegram_id=one.telegram_id, name=one.name, language="en")
        person = await tx.people.register(account, Role.NONE, tag=AuditTag.PERSON_MET, actor=SERVER)
    if person.standing is Standing.OK:
        await _out(tx, person, one.standing, one.reason)
    elif person.standing is Standing.FROZEN and one.standing is not Standing.FROZEN:
        await _out(tx, person, one.standing, None)


async def _out(tx: Transaction, person: Person, standing: Standing, reason: FreezeReason | None) -> Person:
    is_freeze = standing is Standing.FROZEN
    tag = {
        Standing.BLOCKED: AuditTag.PERSON_BLOCKED,
        Standing.REMOVED: AuditTag.PERSON_REMOVED,
    }.get(standing, AuditTag.PERSON_FROZEN_ON_SERVER)
    return await tx.people.change(
        person,
        tag=tag,
        actor=SERVER,
        detail={"reason": reason.value} if reason else dict(_WHY),
        standing=standing,
        freeze_reason=reason,
        frozen_at=tx.now if is_freeze else None,
        frozen_by=None,
    )


async def _certificates(tx: Transaction, revoked: dict[str, bool]) -> list[str]:
    """What was being given back is not; what was revoked since stays revoked; files on their way are let be.

    Whether a password was shown since the backup, nobody knows: what works stays, and nothing is shown any more.
    Orders (``issuing``) wait for what Cloudflare says of them. Answers the names of those that worked by the backup.
    """
    taken = []
    known = await tx.certificates.in_state(State.ACTIVE, State.RESTORING, State.REVOKING, State.REVOKED)
    for certificate in known:
        if certificate.state in {State.REVOKING, State.REVOKED}:
            await _revoked(tx, certificate, lost=revoked.get(certificate.public_id, False))
        elif certificate.state is State.RESTORING or certificate.public_id in revoked:
            lost = revoked.get(certificate.public_id, False)
            reason = RevokeReason.LOST if lost else RevokeReason.BY_ANOTHER
            await revoke_certificate(tx, None, certificate, reason, {})
            taken.append(device_of(certificate))
        elif certificate.cleaned_at is None:
            await tx.certificates.record(
                certificate, tag=AuditTag.CERTIFICATE_CLEANED, actor=SERVER, detail=dict(_WHY), cleaned_at=tx.now
            )
    return taken


def device_of(certificate: Certificate) -> str:
    """A device as admins write it."""
    return f"{certificate.device.owner_name}/{certificate.device.name}"


async def _revoked(tx: Transaction, certificate: Certificate, *, lost: bool) -> None:
    until = undo_until(certificate)
    undo = until is not None and until > tx.now
    if undo or (lost and certificate.lost_at is None):
        await tx.certificates.record(
            certificate,
            tag=AuditTag.CERTIFICATE_REVOKE_ASKED_ON_SERVER,
            actor=SERVER,
            detail=dict(_WHY),
            never_restore=True,
            lost_at=tx.now if lost else certificate.lost_at,
        )
    if certificate.state is State.REVOKING:
        await tx.jobs.add(JobKind.REVOKE, certificate.public_id, payload={"quiet": True})


async def _lock(tx: Transaction, zone: str) -> None:
    """No host is unlocked on purpose any more, and no path that was only asked for is opened."""
    for host in await tx.hosts.all():
        if host.unlocked_at is not None:
            await tx.hosts.unlock(host, tag=AuditTag.HOST_LOCKED_ON_SERVER, actor=SERVER, since=None)
    if (await tx.rules.of_zone(zone)).unlocked_at is not None:
        await tx.rules.order(zone, AuditTag.RULE_LOCKED_ON_SERVER, SERVER, unlocked_at=None)
    for path in await tx.paths.not_ended():
        if path.state in {PathState.ASKED, PathState.CHECKING}:
            await tx.paths.move(
                path,
                PathState.REFUSED,
                tag=AuditTag.PATH_REFUSED,
                actor=SERVER,
                detail=dict(_WHY),
                end=PathEnd.UNANSWERED,
            )
        elif path.state in PATH_IN_RULE and path.asked_until is not None:
            await tx.paths.record(path, tag=AuditTag.PATH_RESTORED, actor=SERVER, detail=dict(_WHY), asked_until=None)

"""What an account did since a moment that would outlive its freeze: found in the record, and taken back on request.

Whoever the account let in, or gave more to, may have acted for whoever held it: what they did since counts too.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from bot.errors import NotFound
from bot.model.audit import AuditEvent, AuditTag
from bot.model.certificates.certificates import COUNTED, Certificate, RevokeReason, State
from bot.model.lost_devices import Activity, TraceKind
from bot.model.openings.paths import PathEnd, PathState
from bot.model.people.changes import PersonChange
from bot.model.people.people import FreezeReason, Person, Role, Standing
from bot.model.people.requests import Request, RequestState
from bot.model.protection.hosts import HostState
from bot.model.public_id import PublicId
from bot.services.certificates.revoke import cancel_order, revoke_certificate
from bot.services.desired_rule import enqueue_rule_write
from bot.services.membership.freeze import freeze
from bot.services.membership.members import tell_changed
from bot.services.notifications import request_messages
from bot.services.openings.open_path import close_in
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Transaction

_ADMITTED = frozenset(
    {
        AuditTag.PERSON_LET_IN,
        AuditTag.PERSON_INVITED,
        AuditTag.PERSON_MADE_ADMIN_IN_CHAT,
        AuditTag.PERSON_UNFROZEN,
        AuditTag.PERSON_NOT_LOST_AFTER_ALL,
        AuditTag.PERSON_TAKEN_BACK,
    }
)
_GONE = frozenset({State.FAILED, State.EXPIRED})


async def traces_of(
    tx: Transaction, owner: Person, since: datetime, besides: Collection[PublicId]
) -> tuple[Activity, ...]:
    """What ``owner`` did since then, oldest first; ``besides`` certificates that are dealt with already, and people who
    are not in question, nor is what they did.
    """
    found: dict[str, Activity] = {}
    waiting, seen = [(owner, since)], {owner.id}
    while waiting:
        who, begin = waiting.pop()
        for trace in await _own_certificates(tx, who, begin, owner):
            found.setdefault(trace.key, trace)
        for trace in await _permissions(tx, who, begin, owner):
            found.setdefault(trace.key, trace)
        for trace in await _paths(tx, who, begin):
            found.setdefault(trace.key, trace)
        for event in await tx.audit.by(actor_of(who), begin):
            if event.tag in {AuditTag.CERTIFICATE_RESTORE_ASKED, AuditTag.HOST_UNPROTECT_ASKED}:
                restored = event.tag == AuditTag.CERTIFICATE_RESTORE_ASKED
                trace = await _restored(tx, event, owner) if restored else await _opened(tx, event)
                found.setdefault(trace.key, trace)
                continue
            raised = await _raised(tx, event)
            if raised is None or raised[0].id == owner.id or raised[0].permanent:
                continue
            person, trace = raised
            if person.public_id in besides:
                continue
            found.setdefault(trace.key, trace)
            if person.id not in seen:
                seen.add(person.id)
                waiting.append((person, event.at))
    return tuple(sorted((t for t in found.values() if t.subject not in besides), key=lambda t: t.at))


async def take_trace_back(tx: Transaction, actor: Person, trace: Activity) -> tuple[PublicId, ...]:
    """Undo one thing: revoke, withdraw, lock again, freeze, or take trust back.

    Answers the certificates whose secrets the vault must forget.
    """
    if trace.kind is TraceKind.CERTIFICATE:
        told = {"quiet": True} if trace.owner is None else {"by_name": actor.name}
        return await _revoke(tx, actor, await tx.certificates.of(trace.subject), told)
    if trace.kind is TraceKind.PERMISSION:
        request = await tx.requests.of(trace.subject)
        if request.state is not RequestState.APPROVED:
            # Withdrawn a moment ago with its person's freeze.
            return ()
        withdrawn = await tx.requests.move(
            request,
            RequestState.WITHDRAWN,
            tag=AuditTag.REQUEST_WITHDRAWN,
            actor=actor_of(actor),
            detail={"why": "lost"},
        )
        await request_messages.refresh(tx, withdrawn)
        await tell_changed(tx, PersonChange.YES_WITHDRAWN, withdrawn.person, actor)
        return ()
    if trace.kind is TraceKind.HOST:
        await tx.hosts.ask(trace.name, asked_by=actor.id, actor=actor_of(actor))
        await enqueue_rule_write(tx, hosts_too=True)
        return ()
    if trace.kind is TraceKind.PATH:
        await close_in(tx, await tx.paths.of(trace.subject), PathEnd.LOST, actor)
        return ()
    person = await tx.people.of(trace.subject)
    if trace.kind is TraceKind.PERSON:
        frozen = await freeze(tx, person, FreezeReason.BY_ADMIN, actor)
        await tell_changed(tx, PersonChange.FROZEN, frozen.person, actor)
        return frozen.worthless
    if trace.kind is TraceKind.TRUST:
        await tx.people.change(person, tag=AuditTag.PERSON_NOT_TRUSTED, actor=actor_of(actor), trusted=False)
        await tell_changed(tx, PersonChange.NOT_TRUSTED, person, actor)
    else:
        await tx.people.change(person, tag=AuditTag.PERSON_LIMIT_SET, actor=actor_of(actor), device_limit=None)
        await tell_changed(tx, PersonChange.LIMIT_AS_EVERYBODY, person, actor)
    return ()


async def _revoke(
    tx: Transaction, actor: Person, certificate: Certificate, told: dict[str, Any]
) -> tuple[PublicId, ...]:
    if certificate.state is State.ISSUING:
        await cancel_order(tx, certificate, actor_of(actor))
    elif certificate.state in COUNTED:
        await revoke_certificate(tx, actor, certificate, RevokeReason.LOST, told)
    return (certificate.public_id,)


async def _own_certificates(tx: Transaction, who: Person, since: datetime, owner: Person) -> list[Activity]:
    return [
        _of_certificate(certificate, certificate.created_at, owner)
        for certificate in await tx.certificates.all_of(who.id, since)
        if certificate.state not in _GONE
    ]


async def _permissions(tx: Transaction, who: Person, since: datetime, owner: Person) -> list[Activity]:
    """What was allowed: as long as it waits, the permission; once it is used, the certificate that came of it."""
    found = []
    for request in await tx.requests.decided_by(who, since):
        at = request.decided_at or request.asked_at
        if request.certificate_id is None:
            found.append(_of_request(request, at))
        else:
            certificate = await tx.certificates.of_row(request.certificate_id)
            if certificate.state not in _GONE:
                found.append(_of_certificate(certificate, at, owner))
    return found


async def _paths(tx: Transaction, who: Person, since: datetime) -> list[Activity]:
    """Open paths need no certificate at all: whoever knows one gets in there."""
    return [
        Activity(
            kind=TraceKind.PATH,
            subject=path.public_id,
            name=path.shown,
            at=path.opened_at,
            done=path.state is PathState.CLOSING,
            going=path.state is PathState.CLOSING,
        )
        for path in await tx.paths.opened_by(who, since)
    ]


async def _restored(tx: Transaction, event: AuditEvent, owner: Person) -> Activity:
    return _of_certificate(await tx.certificates.of(event.subject), event.at, owner)


async def _opened(tx: Transaction, event: AuditEvent) -> Activity:
    host = str(event.detail["host"])
    locked = any(one.host == host and one.state is not HostState.LEAVING for one in await tx.hosts.all())
    return Activity(kind=TraceKind.HOST, subject=str(event.id), name=host, at=event.at, done=locked)


async def _raised(tx: Transaction, event: AuditEvent) -> tuple[Person, Activity] | None:
    """Whom an event let in or gave more to; ``None`` for any other event."""
    kind, done = TraceKind.PERSON, False
    if event.tag not in {*_ADMITTED, AuditTag.PERSON_TRUSTED, AuditTag.PERSON_LIMIT_SET}:
        return None
    try:
        person = await tx.people.of(event.subject)
    except NotFound:
        return None
    if event.tag == AuditTag.PERSON_TRUSTED:
        kind, done = TraceKind.TRUST, not person.trusted
    elif event.tag == AuditTag.PERSON_LIMIT_SET:
        kind, done = TraceKind.LIMIT, person.device_limit is None
    else:
        done = person.standing is not Standing.OK or person.role not in {Role.ADMIN, Role.MEMBER, Role.GUEST}
    return person, Activity(kind=kind, subject=person.public_id, name=person.name, at=event.at, done=done)


def _of_certificate(certificate: Certificate, at: datetime, owner: Person) -> Activity:
    device = certificate.device
    return Activity(
        kind=TraceKind.CERTIFICATE,
        subject=certificate.public_id,
        name=device.name,
        at=at,
        done=certificate.state not in COUNTED,
        going=certificate.state is State.REVOKING,
        owner=None if device.owner_id == owner.id else device.owner_name,
    )


def _of_request(request: Request, at: datetime) -> Activity:
    return Activity(
        kind=TraceKind.PERMISSION,
        subject=request.public_id,
        name=request.device_name or "",
        at=at,
        done=request.state is not RequestState.APPROVED,
        owner=request.person.name,
    )

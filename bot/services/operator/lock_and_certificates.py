"""What whoever has the server orders of the lock, without Telegram: their word needs no role.

Each is one transaction; ``bot.services.operator.run_jobs`` or a running bot carries it out.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.errors import NotFound, NotLocked, StaleAction
from bot.model.audit import SERVER, AuditTag
from bot.model.certificates.certificates import Certificate, Purpose, RevokeReason, State
from bot.model.certificates.names import name_key
from bot.model.jobs import JobKind
from bot.model.openings.paths import OpenPath, PathEnd
from bot.model.protection.hosts import HostState, ProtectedHost
from bot.services.certificates.revoke import cancel_order, revoke_certificate
from bot.services.certificates.unmanaged import facts_of, take_in
from bot.services.context import AppContext
from bot.services.desired_rule import enqueue_rule_write
from bot.services.openings import open_path
from bot.services.protection import host_progress, lockdown
from bot.store.engine.database import Transaction

_HELD = (State.ISSUING, State.ACTIVE, State.RESTORING)
_GOING = (State.REVOKING, State.REVOKED)


@dataclass(frozen=True)
class Outcome:
    """How a certificate stands. ``demanded``: some host demands one, so the rule has a part in it."""

    certificate: Certificate
    demanded: bool

    @property
    def is_out(self) -> bool:
        """Whether it lets nobody in any more, as far as is known here."""
        return self.certificate.state in {State.REVOKED, State.FAILED} or self.certificate.blocked_at is not None


def of_device(text: str) -> Callable[[Certificate], bool]:
    """The certificates of ``PERSON/NAME``; the person by name or Telegram id."""
    owner, _, device = text.rpartition("/")

    def chosen(certificate: Certificate) -> bool:
        whose = certificate.device
        right_owner = name_key(owner) == name_key(whose.owner_name) or owner == str(whose.owner_telegram_id)
        return right_owner and name_key(whose.name) == name_key(device)

    return chosen


def of_person(telegram_id: int) -> Callable[[Certificate], bool]:
    """All certificates of one account."""
    return lambda certificate: certificate.device.owner_telegram_id == telegram_id


def of_serial(text: str) -> Callable[[Certificate], bool]:
    """The certificate of that serial number, in hexadecimal."""
    return lambda certificate: _plain(certificate.serial or "") == _plain(text)


def of_everybody(certificate: Certificate) -> bool:
    """Every certificate."""
    del certificate
    return True


async def revoke(app: AppContext, chosen: Callable[[Certificate], bool]) -> tuple[str, ...]:
    """Revoke these devices' certificates, and hurry what is being revoked; answers their public ids.

    Raises:
        Unknown: there is none that is in use or on its way.
    """
    async with app.store.write() as tx:
        found = await _chosen(tx, chosen, (*_HELD, State.REVOKING))
        for certificate in found:
            await _revoke(tx, certificate)
    for certificate in found:
        app.vault.drop(certificate.public_id)
    return tuple(certificate.public_id for certificate in found)


async def revoke_unknown(app: AppContext, serial: str) -> tuple[str, ...]:
    """Revoke a certificate that Cloudflare has and nobody knows here. As from the chat it is written down first, as
    the first admin's, so that the rule turns it away too; answers its public id.

    The answer is empty where it cannot be written down (there is no admin, or its key is known as one that was given
    up, or as the bot's own): then it is revoked at Cloudflare alone.

    Raises:
        Unknown: Cloudflare has none of that serial number either.
        EdgeTrouble: Cloudflare did not tell of it, or did not revoke it.
    """
    for listed in await app.edge.all_certificates():
        facts = facts_of(listed)
        if facts is not None and _plain(facts.serial) == _plain(serial):
            break
    else:
        raise NotFound
    with suppress(StaleAction):
        async with app.store.write() as tx:
            owner = next(iter(await tx.people.admins()), None)
            if owner is None:
                raise StaleAction
            certificate = await take_in(tx, None, owner, listed.cloudflare_id, facts)
            await _revoke(tx, certificate)
            return (certificate.public_id,)
    await app.edge.revoke(listed.cloudflare_id)
    async with app.store.write() as tx:
        detail = {"cloudflare_id": listed.cloudflare_id}
        await tx.audit.write(AuditTag.STRAY_REVOKED_ON_SERVER, actor=SERVER, subject=_plain(serial)[:64], detail=detail)
    return ()


async def restore(app: AppContext, chosen: Callable[[Certificate], bool]) -> tuple[str, ...]:
    """Give the newest of these revoked certificates back; never one of a lost device.

    Raises:
        Unknown: there is none that was revoked.
        Gone: its device is lost.
        NameTaken: the device has a new one meanwhile.
    """
    async with app.store.write() as tx:
        certificate = max(await _chosen(tx, chosen, _GOING), key=lambda one: one.id)
        if certificate.lost_at is not None:
            raise StaleAction
        await tx.certificates.refuse_second(certificate)
        await tx.certificates.move(
            certificate,
            State.RESTORING,
            tag=AuditTag.CERTIFICATE_RESTORE_ASKED_ON_SERVER,
            actor=SERVER,
            never_restore=False,
            outcome_chat_id=None,
            outcome_message_id=None,
        )
        for kind in (JobKind.REVOKE, JobKind.WATCH_REVOCATION, JobKind.EDIT):
            await tx.jobs.drop(kind, certificate.public_id)
        await tx.jobs.add(JobKind.RESTORE, certificate.public_id)
    return (certificate.public_id,)


async def outcomes(app: AppContext, public_ids: Sequence[str]) -> tuple[Outcome, ...]:
    """How these certificates stand now."""
    async with app.store.read() as tx:
        facts = await tx.rules.of_zone(app.policy.zone)
        demanded = await tx.hosts.any() and facts.enabled
        return tuple([Outcome(await tx.certificates.of(public_id), demanded) for public_id in public_ids])


async def set_lock(app: AppContext, names: Sequence[str], *, locked: bool) -> tuple[str, ...]:
    """Unlock these hosts on purpose, or lock them again; all of them where none is named. Answers their names.

    Raises:
        NotLocked: one of them is none of ours, or there is none at all.
    """
    zone = app.policy.zone
    wanted = {name.strip().lower().removesuffix(".") for name in names}
    async with app.store.write() as tx:
        known = [one for one in await tx.hosts.all() if one.state is not HostState.LEAVING]
        chosen = [one for one in known if not wanted or one.host in wanted]
        if strangers := wanted - {one.host for one in known}:
            raise NotLocked(tuple(sorted(strangers)))
        if not chosen:
            raise NotLocked(())
        facts = await tx.rules.of_zone(zone)
        if not wanted and locked is (facts.unlocked_at is not None):
            tag = AuditTag.RULE_LOCKED_ON_SERVER if locked else AuditTag.RULE_UNLOCKED_ON_SERVER
            await tx.rules.order(zone, tag, SERVER, unlocked_at=None if locked else tx.now)
        for one in chosen:
            await _set_lock(tx, one, locked=locked, by_name=bool(wanted))
        await enqueue_rule_write(tx, hosts_too=locked)
        await host_progress.announce_to_admins(tx, [one.host for one in chosen])
    return tuple(one.host for one in chosen)


async def set_lockdown(app: AppContext, *, on: bool, everything: bool = False) -> None:
    """Begin a lockdown, of everybody where that is meant; or end it.

    Raises:
        NotLockedDown: there is none to be ended.
    """
    zone = app.policy.zone
    async with app.store.write() as tx:
        if not on:
            await lockdown.end_in(tx, zone, None)
            return
        await lockdown.begin_in(tx, zone, None)
        if everything:
            await lockdown.everything_in(tx, zone, None)


async def close_paths(app: AppContext, public_id: str | None) -> tuple[OpenPath, ...]:
    """Close one open path, or all of them; answers those.

    Raises:
        Unknown: there is none of that id.
    """
    async with app.store.write() as tx:
        paths = await tx.paths.not_ended() if public_id is None else (await tx.paths.of(public_id),)
        tag = AuditTag.PATH_CLOSE_ASKED_ON_SERVER
        return tuple([await open_path.close_in(tx, path, PathEnd.BY_HAND, None, tag) for path in paths])


async def rule_is_written(app: AppContext) -> bool:
    """Whether nothing that was ordered of the rule still waits to be written."""
    async with app.store.read() as tx:
        return not await tx.jobs.of_kind(JobKind.WRITE_RULE)


async def _chosen(
    tx: Transaction, chosen: Callable[[Certificate], bool], states: Sequence[State]
) -> tuple[Certificate, ...]:
    found = tuple(
        one for one in await tx.certificates.in_state(*states) if one.purpose is Purpose.DEVICE and chosen(one)
    )
    if not found:
        raise NotFound
    return found


async def _revoke(tx: Transaction, certificate: Certificate) -> None:
    if certificate.state is State.ISSUING:
        await cancel_order(tx, certificate, SERVER)
    elif certificate.state is State.REVOKING:
        for kind in (JobKind.REVOKE, JobKind.WATCH_REVOCATION):
            await tx.jobs.bring_forward(kind, certificate.public_id)
    else:
        await revoke_certificate(tx, None, certificate, RevokeReason.BY_ANOTHER, {"by_name": None})


async def _set_lock(tx: Transaction, one: ProtectedHost, *, locked: bool, by_name: bool) -> None:
    if locked:
        await tx.hosts.unlock(one, tag=AuditTag.HOST_LOCKED_ON_SERVER, actor=SERVER, since=None)
    elif by_name and one.unlocked_at is None:
        await tx.hosts.unlock(one, tag=AuditTag.HOST_UNLOCKED_ON_SERVER, actor=SERVER, since=tx.now)


def _plain(serial: str) -> str:
    return serial.replace(":", "").strip().upper().lstrip("0")

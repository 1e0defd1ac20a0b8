"""What whoever has the server orders of the lock, without Telegram: their word needs no role.

Each is one transaction; ``bot.services.carrying`` or a running bot carries it out.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from bot.errors import Gone, NotLocked, Unknown
from bot.model.audit import SERVER, Tag
from bot.model.certificates import Certificate, Purpose, RevokeReason, State
from bot.model.chores import ChoreKind
from bot.model.hosts import HostState, ProtectedHost
from bot.model.names import name_key
from bot.model.paths import OpenPath, PathEnd
from bot.services import host_words, lockdown, openpath
from bot.services.parts import Parts
from bot.services.revoking import stop_issuing, take_away
from bot.services.ruling import order_write
from bot.services.unknown_certificates import facts_of, take_in
from bot.store.database import Transaction

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


async def revoke(parts: Parts, chosen: Callable[[Certificate], bool]) -> tuple[str, ...]:
    """Revoke these devices' certificates, and hurry what is being revoked; answers their public ids.

    Raises:
        Unknown: there is none that is in use or on its way.
    """
    async with parts.store.write() as tx:
        found = await _chosen(tx, chosen, (*_HELD, State.REVOKING))
        for certificate in found:
            await _revoke(tx, certificate)
    for certificate in found:
        parts.vault.drop(certificate.public_id)
    return tuple(certificate.public_id for certificate in found)


async def revoke_unknown(parts: Parts, serial: str) -> tuple[str, ...]:
    """Revoke a certificate that Cloudflare has and nobody knows here. As from the chat it is written down first, as
    the first admin's, so that the rule turns it away too; answers its public id.

    The answer is empty where it cannot be written down (there is no admin, or its key is known as one that was given
    up, or as the bot's own): then it is revoked at Cloudflare alone.

    Raises:
        Unknown: Cloudflare has none of that serial number either.
        EdgeTrouble: Cloudflare did not tell of it, or did not revoke it.
    """
    for listed in await parts.edge.all_certificates():
        facts = facts_of(listed)
        if facts is not None and _plain(facts.serial) == _plain(serial):
            break
    else:
        raise Unknown
    with suppress(Gone):
        async with parts.store.write() as tx:
            owner = next(iter(await tx.people.admins()), None)
            if owner is None:
                raise Gone
            certificate = await take_in(tx, None, owner, listed.cloudflare_id, facts)
            await _revoke(tx, certificate)
            return (certificate.public_id,)
    await parts.edge.revoke(listed.cloudflare_id)
    async with parts.store.write() as tx:
        detail = {"cloudflare_id": listed.cloudflare_id}
        await tx.audit.write(Tag.STRAY_REVOKED_ON_SERVER, actor=SERVER, subject=_plain(serial)[:64], detail=detail)
    return ()


async def restore(parts: Parts, chosen: Callable[[Certificate], bool]) -> tuple[str, ...]:
    """Give the newest of these revoked certificates back; never one of a lost device.

    Raises:
        Unknown: there is none that was revoked.
        Gone: its device is lost.
        NameTaken: the device has a new one meanwhile.
    """
    async with parts.store.write() as tx:
        certificate = max(await _chosen(tx, chosen, _GOING), key=lambda one: one.id)
        if certificate.lost_at is not None:
            raise Gone
        await tx.certificates.refuse_second(certificate)
        await tx.certificates.move(
            certificate,
            State.RESTORING,
            tag=Tag.CERTIFICATE_RESTORE_ASKED_ON_SERVER,
            actor=SERVER,
            never_restore=False,
            outcome_chat_id=None,
            outcome_message_id=None,
        )
        for kind in (ChoreKind.REVOKE, ChoreKind.WATCH_REVOCATION, ChoreKind.EDIT):
            await tx.chores.drop(kind, certificate.public_id)
        await tx.chores.add(ChoreKind.RESTORE, certificate.public_id)
    return (certificate.public_id,)


async def outcomes(parts: Parts, public_ids: Sequence[str]) -> tuple[Outcome, ...]:
    """How these certificates stand now."""
    async with parts.store.read() as tx:
        facts = await tx.rules.of_zone(parts.policy.zone)
        demanded = await tx.hosts.any() and facts.enabled
        return tuple([Outcome(await tx.certificates.of(public_id), demanded) for public_id in public_ids])


async def set_lock(parts: Parts, names: Sequence[str], *, locked: bool) -> tuple[str, ...]:
    """Unlock these hosts on purpose, or lock them again; all of them where none is named. Answers their names.

    Raises:
        NotLocked: one of them is none of ours, or there is none at all.
    """
    zone = parts.policy.zone
    wanted = {name.strip().lower().removesuffix(".") for name in names}
    async with parts.store.write() as tx:
        known = [one for one in await tx.hosts.all() if one.state is not HostState.LEAVING]
        chosen = [one for one in known if not wanted or one.host in wanted]
        if strangers := wanted - {one.host for one in known}:
            raise NotLocked(tuple(sorted(strangers)))
        if not chosen:
            raise NotLocked(())
        facts = await tx.rules.of_zone(zone)
        if not wanted and locked is (facts.unlocked_at is not None):
            tag = Tag.RULE_LOCKED_ON_SERVER if locked else Tag.RULE_UNLOCKED_ON_SERVER
            await tx.rules.order(zone, tag, SERVER, unlocked_at=None if locked else tx.now)
        for one in chosen:
            await _set_lock(tx, one, locked=locked, by_name=bool(wanted))
        await order_write(tx, hosts_too=locked)
        await host_words.announce_to_admins(tx, [one.host for one in chosen])
    return tuple(one.host for one in chosen)


async def set_lockdown(parts: Parts, *, on: bool, everything: bool = False) -> None:
    """Begin a lockdown, of everybody where that is meant; or end it.

    Raises:
        NotLockedDown: there is none to be ended.
    """
    zone = parts.policy.zone
    async with parts.store.write() as tx:
        if not on:
            await lockdown.end_in(tx, zone, None)
            return
        await lockdown.begin_in(tx, zone, None)
        if everything:
            await lockdown.everything_in(tx, zone, None)


async def close_paths(parts: Parts, public_id: str | None) -> tuple[OpenPath, ...]:
    """Close one open path, or all of them; answers those.

    Raises:
        Unknown: there is none of that id.
    """
    async with parts.store.write() as tx:
        paths = await tx.paths.not_ended() if public_id is None else (await tx.paths.of(public_id),)
        tag = Tag.PATH_CLOSE_ASKED_ON_SERVER
        return tuple([await openpath.close_in(tx, path, PathEnd.BY_HAND, None, tag) for path in paths])


async def rule_is_written(parts: Parts) -> bool:
    """Whether nothing that was ordered of the rule still waits to be written."""
    async with parts.store.read() as tx:
        return not await tx.chores.of_kind(ChoreKind.WRITE_RULE)


async def _chosen(
    tx: Transaction, chosen: Callable[[Certificate], bool], states: Sequence[State]
) -> tuple[Certificate, ...]:
    found = tuple(
        one for one in await tx.certificates.in_state(*states) if one.purpose is Purpose.DEVICE and chosen(one)
    )
    if not found:
        raise Unknown
    return found


async def _revoke(tx: Transaction, certificate: Certificate) -> None:
    if certificate.state is State.ISSUING:
        await stop_issuing(tx, certificate, SERVER)
    elif certificate.state is State.REVOKING:
        for kind in (ChoreKind.REVOKE, ChoreKind.WATCH_REVOCATION):
            await tx.chores.bring_forward(kind, certificate.public_id)
    else:
        await take_away(tx, None, certificate, RevokeReason.BY_ANOTHER, {"by_name": None})


async def _set_lock(tx: Transaction, one: ProtectedHost, *, locked: bool, by_name: bool) -> None:
    if locked:
        await tx.hosts.unlock(one, tag=Tag.HOST_LOCKED_ON_SERVER, actor=SERVER, since=None)
    elif by_name and one.unlocked_at is None:
        await tx.hosts.unlock(one, tag=Tag.HOST_UNLOCKED_ON_SERVER, actor=SERVER, since=tx.now)


def _plain(serial: str) -> str:
    return serial.replace(":", "").strip().upper().lstrip("0")

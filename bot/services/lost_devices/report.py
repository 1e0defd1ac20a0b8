"""A phone is lost: its owner's account is frozen first, for Telegram was on it, and then its keys are blocked.

Whom a report freezes is said by ``bot.services.lost_devices.rules``.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.errors import NotAllowed, NotFound, StaleAction, UnknownDevice
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import COUNTED, Certificate, RevokeReason, State
from bot.model.certificates.names import name_key
from bot.model.jobs import JobKind
from bot.model.lost_devices import LossChoice, LossPeople, LossReport, LossState, Reported
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action, check
from bot.model.people.people import FreezeReason, Person, Standing
from bot.model.public_id import PublicId
from bot.services.authorization import authorize
from bot.services.certificates.revoke import revoke_certificate
from bot.services.context import AppContext
from bot.services.lost_devices.rules import freezes, is_too_much, may_report_others, stop_reporting
from bot.services.membership.freeze import forget, freeze, is_last_admin
from bot.services.notifications import loss_messages
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

_PAGE = 8
_LIVE = COUNTED | {State.REVOKING}
"""A key that may still open the door: one that is being revoked is not blocked yet."""


@dataclass(frozen=True)
class _Chosen:
    owner: Person
    certificates: tuple[Certificate, ...]
    whole: bool


async def own(app: AppContext, actor: Person) -> LossChoice:
    """The actor's own devices, to be reported.

    Raises:
        NotAllowed: strangers and blocked people have none.
    """
    check(actor, Action.REPORT)
    async with app.store.read() as tx:
        return LossChoice(
            actor,
            actor,
            _one_each(await _live(tx, actor)),
            may_report_others(app.policy, actor),
            last_admin=await is_last_admin(tx, actor),
        )


async def of_person(app: AppContext, actor: Person, public_id: str) -> LossChoice:
    """Somebody else's devices, to be reported.

    Raises:
        Gone: there is nobody of that id.
        NotAllowed, Frozen: not for the actor.
    """
    _check_others(app, actor)
    async with app.store.read() as tx:
        owner = await _person(tx, public_id)
        devices = _one_each(await _live(tx, owner))
        return LossChoice(actor, owner, devices, others=True, freezes=freezes(actor, owner))


async def people(app: AppContext, actor: Person, page: int = 0) -> LossPeople:
    """Everybody else who has a device. Raises as ``of_person``."""
    _check_others(app, actor)
    async with app.store.read() as tx:
        others = [p for p in await tx.people.everybody() if p.id != actor.id and await _live(tx, p)]
    pages = max(1, -(-len(others) // _PAGE))
    page = min(max(page, 0), pages - 1)
    return LossPeople(tuple(others[page * _PAGE : (page + 1) * _PAGE]), page, pages)


async def report(
    app: AppContext, actor: Person, public_id: str, shown_at: MessageRef | None, cause: Cause | None = None
) -> Reported:
    """Report the device of that certificate as lost: the actor's own, or anybody's by who may report others.

    Raises:
        Gone: there is no such device, or not for the actor.
        NotAllowed, Frozen: nothing was reported.
    """

    async def choose(tx: Transaction) -> _Chosen:
        try:
            certificate = await tx.certificates.of(public_id)
        except NotFound:
            raise StaleAction from None
        owner = await tx.people.of_id(certificate.device.owner_id)
        same = [c for c in await _live(tx, owner) if c.device.id == certificate.device.id]
        return _Chosen(owner, tuple(same) or (certificate,), whole=False)

    return await _report(app, actor, choose, shown_at, cause)


async def report_all(
    app: AppContext, actor: Person, public_id: str, shown_at: MessageRef | None, cause: Cause | None = None
) -> Reported:
    """Report all devices of a person as lost; without an id the actor's own. Raises as ``report``."""

    async def choose(tx: Transaction) -> _Chosen:
        owner = await _person(tx, public_id) if public_id else await tx.people.of_id(actor.id)
        return _Chosen(owner, await _live(tx, owner), whole=True)

    return await _report(app, actor, choose, shown_at, cause)


async def report_named(app: AppContext, actor: Person, text: str, cause: Cause | None = None) -> Reported:
    """Report the actor's own device of that name.

    Raises:
        UnknownDevice: there is none.
        NotAllowed: nothing was reported.
    """
    check(actor, Action.REPORT)
    async with app.store.read() as tx:
        live = await _live(tx, actor)
    for certificate in live:
        if name_key(certificate.device.name) == name_key(text):
            return await report(app, actor, certificate.public_id, None, cause)
    raise UnknownDevice(text, tuple((c.device.name, c.public_id) for c in _one_each(live))[:3])


async def _report(
    app: AppContext,
    actor: Person,
    choose: Callable[[Transaction], Awaitable[_Chosen]],
    shown_at: MessageRef | None,
    cause: Cause | None,
) -> Reported:
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.REPORT)
        chosen = await choose(tx)
        _check_reach(app, actor, chosen.owner)
        asked = {c.public_id for c in chosen.certificates}
        for known in await tx.losses.of_owner(chosen.owner.id):
            if _says_it_all(known, actor, chosen.owner) and asked <= {*known.certificates}:
                await loss_messages.show(tx, known, actor.telegram_id, shown_at)
                return Reported(known, chosen.owner, already=True)
            if shown_at is not None:
                # The card below which it was tapped: from now on it shows the new report.
                await tx.losses.drop_copy(known, shown_at)
        loss, owner, worthless = await _written(tx, actor, chosen)
        await _tell(tx, loss, owner, actor, shown_at)
    forget(app, worthless)
    return Reported(loss, owner, already=False)


async def _written(tx: Transaction, actor: Person, chosen: _Chosen) -> tuple[LossReport, Person, tuple[PublicId, ...]]:
    owner, worthless = chosen.owner, [c.public_id for c in chosen.certificates]
    too_much = await is_too_much(tx, actor, owner)
    freezing = freezes(actor, owner) and not (too_much and owner.is_admin)
    loss = await tx.losses.add(
        owner,
        actor,
        [c.public_id for c in chosen.certificates],
        whole=chosen.whole,
        state=LossState.OPEN if freezing else LossState.KEYS_ONLY,
    )
    if freezing:
        reason = FreezeReason.LOST if actor.id == owner.id else FreezeReason.REPORTED
        frozen = await freeze(tx, owner, reason, actor)
        owner = frozen.person
        worthless += frozen.worthless
    for certificate in chosen.certificates:
        await _block(tx, actor, await tx.certificates.of(certificate.public_id))
    if too_much:
        worthless += (await stop_reporting(tx, actor)).worthless
    return loss, owner, tuple(worthless)


def _says_it_all(known: LossReport, actor: Person, owner: Person) -> bool:
    """Whether another report by the actor would change nothing that an earlier one has not done."""
    if owner.standing is not Standing.OK:
        return known.state is LossState.OPEN
    return known.state is LossState.KEYS_ONLY and not freezes(actor, owner)


async def _block(tx: Transaction, actor: Person, certificate: Certificate) -> None:
    """Block one key, or make sure that one which is going never comes back."""
    if certificate.state in COUNTED:
        await revoke_certificate(tx, actor, certificate, RevokeReason.LOST, {"quiet": True})
        return
    if certificate.state in {State.FAILED, State.EXPIRED}:
        return
    await tx.certificates.record(
        certificate,
        tag=AuditTag.CERTIFICATE_REVOKE_ASKED,
        actor=actor_of(actor),
        detail={"reason": RevokeReason.LOST.value},
        lost_at=tx.now,
        revoke_reason=RevokeReason.LOST,
        never_restore=True,
        again_until=None,
    )
    for kind in (JobKind.REVOKE, JobKind.WATCH_REVOCATION):
        await tx.jobs.bring_forward(kind, certificate.public_id)


async def _tell(
    tx: Transaction, loss: LossReport, owner: Person, reporter: Person, shown_at: MessageRef | None
) -> None:
    """The reporter reads of it where they tapped; the owner and every other admin at once on their own phones."""
    await loss_messages.show(tx, loss, reporter.telegram_id, shown_at)
    others = {admin.telegram_id for admin in await tx.people.admins()} | {owner.telegram_id}
    for telegram_id in sorted(others - {reporter.telegram_id}):
        await loss_messages.show(tx, loss, telegram_id)


def _check_reach(app: AppContext, actor: Person, owner: Person) -> None:
    if owner.id == actor.id:
        return
    if not may_report_others(app.policy, actor):
        raise StaleAction
    if not owner.belongs:
        raise StaleAction


def _check_others(app: AppContext, actor: Person) -> None:
    check(actor, Action.REPORT_OTHERS)
    if not may_report_others(app.policy, actor):
        raise NotAllowed


def _one_each(certificates: tuple[Certificate, ...]) -> tuple[Certificate, ...]:
    """The newest of each device, newest first."""
    return tuple(reversed({c.device.id: c for c in certificates}.values()))


async def _live(tx: Transaction, owner: Person) -> tuple[Certificate, ...]:
    return tuple([c for c in await tx.certificates.all_of(owner.id) if c.state in _LIVE])


async def _person(tx: Transaction, public_id: str) -> Person:
    try:
        return await tx.people.of(public_id)
    except NotFound:
        raise StaleAction from None

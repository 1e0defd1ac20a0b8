"""What admins are told of a lockdown: one message each, turned as the rule is written and seen."""

from dataclasses import replace

from bot.model.host_notices import LockdownNow, RuleStep
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice
from bot.model.proofs.proofs import LockMode, Proof
from bot.model.protection.hosts import HostState
from bot.services.certificates.revocation_outcome import LATE
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.protection import proof_schedule
from bot.store.engine.database import Transaction
from bot.store.protection.rule import LockdownMessages, RuleRecord

_RULE = "rule"


async def announce(tx: Transaction, zone: str, by: str, paths: int, pressed: MessageRef | None = None) -> None:
    """Have all admins told: where they were told before, or at ``pressed``, else in a message of its own."""
    known = (await tx.rules.of_zone(zone)).lockdown_told
    places = {one.chat_id: one for one in known.places}
    if pressed is not None:
        places[pressed.chat_id] = pressed
    await tx.rules.keep_lockdown_told(zone, LockdownMessages(by, paths, tuple(places.values())))
    for admin in await tx.people.admins():
        await enqueue_notice(tx, LockdownNow, admin.telegram_id, places.get(admin.telegram_id))


async def show(tx: Transaction, zone: str) -> None:
    """Bring the messages up to date."""
    for at in (await tx.rules.of_zone(zone)).lockdown_told.places:
        await enqueue_notice(tx, LockdownNow, at.chat_id, at, only_there=True)


async def on_settled(tx: Transaction, zone: str) -> None:
    """The edge has it and was tried: said once more; an ended lockdown is not spoken of again."""
    await show(tx, zone)
    facts = await tx.rules.of_zone(zone)
    if facts.lockdown_at is None and facts.lockdown_told.places:
        await tx.rules.keep_lockdown_told(zone, replace(facts.lockdown_told, places=()))


async def keep_place(app: AppContext, what: Notice, at: MessageRef) -> None:
    """Remember which message tells of it."""
    if not isinstance(what, LockdownNow):
        return
    zone = app.policy.zone
    async with app.store.read() as tx:
        if at in (await tx.rules.of_zone(zone)).lockdown_told.places:
            return
    async with app.store.write() as tx:
        told = (await tx.rules.of_zone(zone)).lockdown_told
        others = tuple(one for one in told.places if one.chat_id != at.chat_id)
        await tx.rules.keep_lockdown_told(zone, replace(told, places=(*others, at)))
        if await lockdown_now(tx, zone) != what:
            await enqueue_notice(tx, LockdownNow, at.chat_id, at, only_there=True)


async def lockdown_now(tx: Transaction, zone: str) -> LockdownNow:
    """The lockdown as it is."""
    facts = await tx.rules.of_zone(zone)
    hosts = tuple(one.host for one in await tx.hosts.all() if one.state is not HostState.LEAVING)
    writes = await tx.jobs.of_subject(JobKind.WRITE_RULE, _RULE)
    if not hosts:
        step = RuleStep.NOTHING
    elif writes:
        step = RuleStep.LATE if all(LATE in one.payload for one in writes) else RuleStep.WRITING
    else:
        # The same message says what came of trying it: until then there is nothing new to be read in it.
        seen = facts.seen_at is not None and await proof_schedule.awaits_probe_certificates(tx) is not False
        step = RuleStep.SEEN if seen else RuleStep.WRITTEN
    return LockdownNow(
        on=facts.lockdown_at is not None,
        everything=facts.everything_at is not None,
        by=facts.lockdown_told.by,
        paths=facts.lockdown_told.paths,
        step=step,
        hosts=hosts,
        proofs=await _proofs(tx, facts) if step is RuleStep.SEEN else (),
    )


async def _proofs(tx: Transaction, facts: RuleRecord) -> tuple[Proof, ...]:
    """What came of trying the hosts since the edge was seen to have the rule."""
    found = [one for one in await tx.proofs.all() if one.kind == "host" and one.mode is not LockMode.UNLOCKED]
    return tuple(one for one in found if facts.seen_at is not None and one.at >= facts.seen_at)

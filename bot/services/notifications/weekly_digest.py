"""What admins read once a week instead of a message for each thing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.model.certificates.renewal import RENEWABLE, Digest, is_waking_hour
from bot.model.people.people import Standing
from bot.model.proofs.proofs import Colour
from bot.model.protection.hosts import HostState
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.engine.database import Transaction

_MONDAY = 0
_EVERY = timedelta(days=6)
_MAX_NAMED = 8
_SEAL_SHOWN = 12


async def send_weekly(tx: Transaction, zone: str, household: ZoneInfo) -> None:
    """On Monday morning, once."""
    if tx.now.astimezone(household).weekday() != _MONDAY or not is_waking_hour(tx.now, household):
        return
    sent_at = await tx.renewals.digest_sent_at(zone)
    if sent_at is not None and tx.now - sent_at < _EVERY:
        return
    await tx.renewals.digest_sent(zone)
    for admin in await tx.people.admins():
        await enqueue_notice(tx, Digest, admin.telegram_id)


async def read(tx: Transaction, zone: str) -> Digest:
    """The digest as things are now."""
    expiring, total = await tx.adoptions.expiring(tx.now + RENEWABLE, _MAX_NAMED)
    everybody = await tx.people.everybody()
    proven = {one.subject for one in await tx.proofs.all() if one.kind == "host" and one.colour is Colour.GREEN}
    hosts = [one.host for one in await tx.hosts.all() if one.state is HostState.PROTECTED]
    events, head = await tx.audit.head()
    return Digest(
        expiring=expiring,
        more_expiring=total - len(expiring),
        unreachable=tuple(one.name for one in everybody if one.standing is Standing.OK and not one.reachable),
        locked=len(hosts),
        unproven=tuple(host for host in hosts if host not in proven),
        proven_at=(await tx.proofs.last(zone)).at,
        events=events,
        head=head[:_SEAL_SHOWN],
    )

"""Looking at what runs before our rule, every five minutes and with each proof; admins are told once of what is new."""

import json

from bot.errors import EdgeTrouble
from bot.model.audit import SYSTEM, AuditTag
from bot.model.protection.earlier_rules import AllowRule, EarlierRules
from bot.model.protection.rule_notices import AllowFound, CannotSeeAllows
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.engine.database import Transaction

_ALLOW, _RIGHT = "allow:", "right:"


async def watch(app: AppContext) -> None:
    """Look, where something is protected."""
    async with app.store.read() as tx:
        ours = await tx.hosts.any()
    if ours:
        await look(app)


async def look(app: AppContext, *, reader: int | None = None) -> EarlierRules:
    """What runs before our rule now. Admins are told of each Allow rule once, besides the account ``reader``, who reads
    of it in what they asked for; and once that a right is missing.
    """
    earlier = await app.edge.earlier_rules()
    async with app.store.read() as tx:
        told = await tx.zones.earlier_told(app.policy.zone)
    keys = _keys(earlier)
    if keys <= told and (told <= keys or not earlier.is_whole):
        return earlier
    if any(one.startswith(_RIGHT) for one in keys - told) and not await _token_is_good(app):
        # Without a good token every right is missing, and that is told elsewhere.
        return earlier
    async with app.store.write() as tx:
        await _news(tx, app.policy.zone, earlier, reader)
    return earlier


async def _token_is_good(app: AppContext) -> bool:
    try:
        await app.edge.associated_hosts()
    except EdgeTrouble:
        return False
    return True


async def _news(tx: Transaction, zone: str, earlier: EarlierRules, reader: int | None) -> None:
    told, keys = await tx.zones.earlier_told(zone), _keys(earlier)
    # What is not listed in full may still be there: it is forgotten only where it is known to be gone.
    await tx.zones.keep_earlier_told(zone, keys if earlier.is_whole else keys | told)
    fresh = tuple(one for one in earlier.allows if _ALLOW + one.rule_id not in told)
    rights = tuple(one for one in earlier.missing_rights if _RIGHT + one not in told)
    if fresh:
        detail = {"what": [one.value for one in fresh], "ids": [one.rule_id for one in fresh]}
        await tx.audit.write(AuditTag.ALLOW_RULE_FOUND, actor=SYSTEM, subject=zone[:64], detail=detail)
    for admin in await tx.people.admins():
        if fresh and admin.telegram_id != reader:
            await enqueue_notice(tx, AllowFound, admin.telegram_id, rules=json.dumps([_stored(one) for one in fresh]))
        if rights:
            await enqueue_notice(tx, CannotSeeAllows, admin.telegram_id, rights="\n".join(rights))


def _keys(earlier: EarlierRules) -> frozenset[str]:
    allows = {_ALLOW + one.rule_id for one in earlier.allows}
    return frozenset(allows | {_RIGHT + one for one in earlier.missing_rights})


def _stored(rule: AllowRule) -> dict[str, str]:
    return {"id": rule.rule_id, "target": rule.target, "value": rule.value, "notes": rule.notes, "reach": rule.reach}

"""What runs before custom rules, read: IP Access rules with *Allow*, of zone and account, and URL rewrites.

The rights for it are optional, and each is looked at by itself: what one of them lacks is said, the rest is read.
Sources: IP Access rules (API reference and the Python SDK's ``types/firewall``), "Phases list" of the ruleset engine.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from bot.edge.json_guards import objects, require_object
from bot.edge.rulesets import NO_ENTRY_POINT, NOT_FOUND, Call
from bot.errors import EdgeTrouble, MissingRight, RefusedByEdge, Unclear
from bot.model.protection.earlier_rules import AllowRule, EarlierRules, Reach, Rewrite, without_doubles
from bot.model.protection.parser import parse

ZONE_ALLOW_RIGHT = "Zone: Firewall Services: Read"
ACCOUNT_ALLOW_RIGHT = "Account: Account Firewall Access Rules: Read"
REWRITE_RIGHT = "Zone: Transform Rules: Read"
"""Whether *Zone WAF* is enough for it is not documented: the API reference lists several rights for this call."""

_PATH = "firewall/access_rules/rules"
_ALLOW = "whitelist"
"""What the API calls *Allow*."""

_PER_PAGE = 100
_MAX_PAGES = 5
_PHASE = "http_request_transform"
_REACH = {"organization": Reach.ACCOUNT, "account": Reach.ACCOUNT, "user": Reach.USER, "zone": Reach.ZONE}
"""By ``scope.type``: the SDK knows ``organization`` and ``user``."""

_LONGEST_TEXT = 100
_T = TypeVar("_T")


async def read_earlier_rules(zone: Call, account: Call) -> EarlierRules:
    """All of it, as far as it is told; ``zone`` and ``account`` make calls below each. Never raises trouble of the
    edge: what it kept from being read is part of the answer.
    """
    missing: list[str] = []
    troubles: list[EdgeTrouble] = []

    async def told(reading: Awaitable[_T], otherwise: _T) -> _T:
        try:
            return await reading
        except MissingRight as lacks:
            missing.append(lacks.right)
        except EdgeTrouble as trouble:
            troubles.append(trouble)
        return otherwise

    nothing: tuple[tuple[AllowRule, ...], bool] = ((), False)
    of_zone, of_account, rewrites = await asyncio.gather(
        told(_allows(zone, ZONE_ALLOW_RIGHT, Reach.ZONE), nothing),
        told(_allows(account, ACCOUNT_ALLOW_RIGHT, Reach.ACCOUNT), nothing),
        told(_rewrites(zone), ()),
    )
    return EarlierRules(
        # The account's own list first: it knows best what is the account's.
        allows=without_doubles((*of_account[0], *of_zone[0])),
        rewrites=rewrites,
        missing_rights=tuple(sorted(missing)),
        untold=bool(troubles),
        cut=of_zone[1] or of_account[1],
    )


async def _allows(call: Call, right: str, reach: Reach) -> tuple[tuple[AllowRule, ...], bool]:
    """The Allow rules of one list, and whether there are more of them.

    ``total_pages`` is not promised, and a list may repeat a page: the end is told by the total, or by a page on which
    nothing is new.
    """
    found: dict[str, AllowRule] = {}
    seen: set[str] = set()
    for page in range(1, _MAX_PAGES + 1):
        query = {"mode": _ALLOW, "page": page, "per_page": _PER_PAGE}
        envelope = await call("GET", _PATH, right, query=query)
        items = {_id(item): item for item in objects(envelope.get("result"))}
        fresh = items.keys() - seen
        seen |= fresh
        # Asked for by mode, and looked at all the same: a filter that is not heeded would make allowed whom it blocks.
        found.update({one: _allow(items[one], reach) for one in fresh if items[one].get("mode", _ALLOW) == _ALLOW})
        total = require_object(envelope.get("result_info")).get("total_count")
        if not fresh or (isinstance(total, int) and len(seen) >= total):
            return tuple(sorted(found.values(), key=lambda one: one.rule_id)), False
    return tuple(sorted(found.values(), key=lambda one: one.rule_id)), True


def _id(item: dict[str, Any]) -> str:
    if not isinstance(item.get("id"), str):
        raise Unclear
    return str(item["id"])


def _allow(item: dict[str, Any], reach: Reach) -> AllowRule:
    configuration = require_object(item.get("configuration"))
    return AllowRule(
        rule_id=_id(item),
        target=str(configuration.get("target") or ""),
        value=str(configuration.get("value") or "?")[:_LONGEST_TEXT],
        notes=str(item.get("notes") or "")[:_LONGEST_TEXT],
        reach=_REACH.get(str(require_object(item.get("scope")).get("type")), reach),
    )


async def _rewrites(call: Call) -> tuple[Rewrite, ...]:
    try:
        envelope = await call("GET", f"rulesets/phases/{_PHASE}/entrypoint", REWRITE_RIGHT)
    except RefusedByEdge as refusal:
        if refusal.status == NOT_FOUND and NO_ENTRY_POINT in refusal.codes:
            return ()
        raise
    return tuple(
        Rewrite(
            rule_id=str(rule.get("id", "")),
            name=str(rule.get("description") or rule.get("id", ""))[:_LONGEST_TEXT],
            expression=parse(str(rule.get("expression", ""))),
        )
        for rule in objects(require_object(envelope.get("result")).get("rules"))
        if rule.get("enabled") is not False and _changes_target(rule)
    )


def _changes_target(rule: dict[str, Any]) -> bool:
    """Whether it rewrites the path or the query, rather than a header."""
    target = require_object(require_object(rule.get("action_parameters")).get("uri"))
    return bool(target.get("path") or target.get("query"))

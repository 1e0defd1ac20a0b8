"""The zone's custom rules: read all, change one.

The entry point ruleset is never replaced as a whole: a PUT would take the rules of others with it. Sources: ruleset
engine, "Rulesets API", "Update a rule in a ruleset", "Validate changes".
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.edge.client import Envelope
from bot.edge.json_guards import objects, require_object
from bot.errors import EdgeConflict, EdgeTrouble, RefusedByEdge, RuleQuotaFull, Unclear
from bot.model.protection.parser import parse
from bot.model.protection.plan import PlannedRule
from bot.model.protection.rule_state import RULE_REF, ForeignRule, OurRule, RuleState
from bot.model.protection.zone_lock import ZoneRule

WAF_RIGHT = "Zone: Zone WAF: Edit"
_PHASE = "http_request_firewall_custom"
_DESCRIPTION = "Latchkey: a certificate is needed here. Changed by the bot; please do not edit."
_FIRST = {"before": ""}
_OF_CLOUDFLARE = frozenset({"id", "version", "last_updated"})
"""What Cloudflare writes into a rule itself."""

NO_ENTRY_POINT = 10003
_TOO_MANY_RULES = 50001
NOT_FOUND, _CONFLICT = 404, 409
_ROUNDS = 3

Call = Callable[..., Awaitable[Envelope]]
"""One call below the zone: verb, path, right, and the client's options."""


class CustomRules:
    """Our rule among the zone's custom rules. Whoever changes it holds the writer's lock."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def zone_rules(self) -> tuple[ZoneRule, ...]:
        """All rules in their order, as far as they matter to the lock."""
        return tuple(
            ZoneRule(
                action=_action(rule),
                enabled=rule.get("enabled") is not False,
                expression=parse(str(rule.get("expression", ""))),
            )
            for rule in objects((await self._entry_point(takes_away=False)).get("rules"))
        )

    async def state(self) -> RuleState:
        """Our rule and the others now."""
        return _state(await self._entry_point(takes_away=False))

    async def write(self, planned: PlannedRule, *, try_first: bool = False) -> RuleState:
        """Make our rule say this, in the first place; answers what Cloudflare then shows.

        ``try_first`` has Cloudflare check it before; that is for writes that somebody waits for, and never for those
        that take access away. Repeating it is harmless: the rule is found by its reference.

        Raises:
            RuleQuotaFull: there is no room for another rule.
            EdgeConflict: somebody changes the rules at the same time; it was perhaps not done.
            Unclear, Busy, MissingRight, RefusedByEdge: as for every call.
        """
        for _ in range(_ROUNDS):
            state = await self._now()
            try:
                if try_first and await self._sent(state, planned, dry_run=True) is not None:
                    # What should have been a trial has an answer: it was done in earnest.
                    return self._checked(await self._now(), planned)
                written = await self._sent(state, planned, dry_run=False)
            except RefusedByEdge as refusal:
                if _rule_and_ruleset(await self._now()) == _rule_and_ruleset(state):
                    raise _named(refusal, state) from None
                # The rules have become others since they were read: the same again, on what is there now.
                continue
            return self._checked(_state(require_object(written)), planned)
        raise EdgeConflict

    async def check_may_write(self) -> None:
        """Return when the token may change rules: told by asking, as a trial, to delete one that cannot be.

        Raises:
            MissingRight: it may not.
            Unclear, Busy: nobody knows.
        """
        nothing = "0" * 32
        ruleset = (await self.state()).ruleset_id or nothing
        try:
            await self._call("DELETE", f"rulesets/{ruleset}/rules/{nothing}", WAF_RIGHT, query={"dry_run": "true"})
        except RefusedByEdge:
            return

    async def switch(self, rule_id: str, text: str, *, enabled: bool) -> None:
        """Switch somebody else's rule on or off, and change nothing else of it; ``text`` is its expression as it was
        agreed on. May be repeated.

        Raises:
            EdgeConflict: there is no such rule, or it says something else by now.
            Unclear, Busy, MissingRight, RefusedByEdge: as for every call.
        """
        ruleset = await self._entry_point(takes_away=False)
        rule = next((one for one in objects(ruleset.get("rules")) if one.get("id") == rule_id), None)
        if rule is None or rule.get("expression") != text or rule.get("ref") == RULE_REF:
            raise EdgeConflict
        if (rule.get("enabled") is not False) is enabled:
            return
        # Whatever is left out of a PATCH is lost, so the whole rule goes with it.
        whole = {name: value for name, value in rule.items() if name not in _OF_CLOUDFLARE}
        path = f"rulesets/{ruleset['id']}/rules/{rule_id}"
        await self._call("PATCH", path, WAF_RIGHT, body={**whole, "enabled": enabled})

    async def remove(self) -> None:
        """Take our rule out, where there is one."""
        state = await self.state()
        if state.ours is None:
            return
        try:
            await self._call("DELETE", f"rulesets/{state.ruleset_id}/rules/{state.ours.rule_id}", WAF_RIGHT)
        except RefusedByEdge as refusal:
            if (await self.state()).ours is not None:
                raise _named(refusal, state) from None

    async def _now(self) -> RuleState:
        # Part of a write that may take access away: it may use the part of the budget kept for that.
        return _state(await self._entry_point(takes_away=True))

    async def _entry_point(self, *, takes_away: bool) -> dict[str, Any]:
        path = f"rulesets/phases/{_PHASE}/entrypoint"
        try:
            envelope = await self._call("GET", path, WAF_RIGHT, takes_away=takes_away)
        except RefusedByEdge as refusal:
            # Only this means "no rules yet"; any other failure must not be read as empty.
            if refusal.status == NOT_FOUND and NO_ENTRY_POINT in refusal.codes:
                return {}
            raise
        ruleset = require_object(envelope.get("result"))
        if not isinstance(ruleset.get("id"), str):
            raise Unclear
        return ruleset

    async def _sent(self, state: RuleState, planned: PlannedRule, *, dry_run: bool) -> dict[str, Any] | None:
        """The result, or ``None`` where Cloudflare gives none."""
        rule: dict[str, Any] = {
            "action": "block",
            "description": _DESCRIPTION,
            "enabled": planned.enabled,
            "expression": planned.text,
            "ref": RULE_REF,
        }
        query: Mapping[str, str] = {"dry_run": "true"} if dry_run else {}
        options: dict[str, Any] = {"query": query, "takes_away": True}
        if not state.ruleset_id:
            body: dict[str, Any] = {"name": "default", "kind": "zone", "phase": _PHASE, "rules": [rule]}
            envelope = await self._call("POST", "rulesets", WAF_RIGHT, body=body, **options)
        elif state.ours is None:
            body = {**rule, "position": _FIRST}
            envelope = await self._call("POST", f"rulesets/{state.ruleset_id}/rules", WAF_RIGHT, body=body, **options)
        else:
            # Whatever is left out of a PATCH is lost, so the whole rule goes with it.
            body = rule if state.ours.place == 1 else {**rule, "position": _FIRST}
            path = f"rulesets/{state.ruleset_id}/rules/{state.ours.rule_id}"
            envelope = await self._call("PATCH", path, WAF_RIGHT, body=body, **options)
        result = envelope.get("result")
        return None if result is None else require_object(result)

    @staticmethod
    def _checked(state: RuleState, planned: PlannedRule) -> RuleState:
        """The state, when it shows our rule as it was sent; an odd answer is no success.

        Cloudflare may print the expression in its own way: the nonce in it tells that it is this version.
        """
        ours = state.ours
        if ours is None or ours.enabled is not planned.enabled or ours.place != 1 or not ours.plain:
            raise EdgeConflict
        if ours.expression != parse(planned.text) and planned.fit.rule.beacon not in ours.text:
            raise EdgeConflict
        return state


def _rule_and_ruleset(state: RuleState) -> tuple[str, str]:
    return state.ruleset_id, state.ours.rule_id if state.ours else ""


def _named(refusal: RefusedByEdge, state: RuleState) -> EdgeTrouble:
    """The refusal by its name, where it has one."""
    if _TOO_MANY_RULES in refusal.codes:
        return RuleQuotaFull(state.count)
    return EdgeConflict() if refusal.status == _CONFLICT else refusal


def _state(ruleset: dict[str, Any]) -> RuleState:
    ours: OurRule | None = None
    foreign = []
    for place, rule in enumerate(objects(ruleset.get("rules")), start=1):
        if rule.get("ref") == RULE_REF and ours is None:
            ours = _ours(rule, place)
        else:
            foreign.append(_foreign(rule, place))
    return RuleState(ruleset_id=str(ruleset.get("id") or ""), ours=ours, foreign=tuple(foreign))


def _ours(rule: dict[str, Any], place: int) -> OurRule:
    rule_id = rule.get("id")
    if not isinstance(rule_id, str):
        raise Unclear
    text = str(rule.get("expression", ""))
    return OurRule(
        rule_id=rule_id,
        place=place,
        enabled=rule.get("enabled") is not False,
        plain=rule.get("action") == "block" and not require_object(rule.get("action_parameters")),
        text=text,
        expression=parse(text),
    )


def _foreign(rule: dict[str, Any], place: int) -> ForeignRule:
    action = _action(rule)
    return ForeignRule(
        rule_id=str(rule.get("id", "")),
        place=place,
        action=str(rule.get("action", "")),
        enabled=rule.get("enabled") is not False,
        description=str(rule.get("description") or ""),
        text=str(rule.get("expression", "")),
        expression=parse(str(rule.get("expression", ""))),
        skips_ours=action == "skip",
        skips_more=action == "skip" and require_object(rule.get("action_parameters")) != {"ruleset": "current"},
    )


def _action(rule: dict[str, Any]) -> str:
    """The action; ``skip`` only for a rule that skips the custom rules after it."""
    parameters = require_object(rule.get("action_parameters"))
    skips_custom_rules = parameters.get("ruleset") == "current" or parameters.get("phase") == "current"
    action = str(rule.get("action", ""))
    return action if action != "skip" or skips_custom_rules else "skip-elsewhere"

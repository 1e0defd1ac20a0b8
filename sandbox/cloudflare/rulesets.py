"""The zone's custom rules: one entry point ruleset, changed a rule at a time or as a whole."""

import copy
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sandbox.cloudflare.envelope import Refusal, bad_body
from sandbox.cloudflare.operations import PHASE, check_fields
from sandbox.cloudflare.operations import POSITIONED_RULE_BODY as RULE_FIELDS
from sandbox.cloudflare.rules import BAD_RULE, Rule, is_id, made_rule, new_id

# WAF custom rules documentation, "Availability".
RULE_QUOTA = {"free": 5, "pro": 20, "business": 100, "enterprise": 1000}
NO_ENTRYPOINT = 10003
QUOTA = 50001
# Not documented, so of the stand-in's own choice.
SECOND_RULESET = 20217
NO_SUCH_RULESET = 10001
NO_SUCH_RULE = 10002

Ruleset = dict[str, Any]


class CustomRules:
    """The ruleset of the phase for custom rules, or none.

    Every change is made on a copy and takes its place at the end: a refused change, or one with
    ``dry_run``, leaves nothing behind. Every method answers the complete ruleset as it is (or would be).

    ``refused`` answers, for a ``dry_run`` or not, the fields that the zone takes in no rule.
    """

    def __init__(self, now: Callable[[], datetime], plan: Callable[[], str]) -> None:
        self._now = now
        self._plan = plan
        self.refused: Callable[[bool], Collection[str]] = lambda _dry_run: ()
        self.ruleset: Ruleset | None = None

    @property
    def rules(self) -> list[Rule]:
        """The rules in their order."""
        return self.ruleset["rules"] if self.ruleset else []

    def entrypoint(self) -> Ruleset:
        """The ruleset; raises ``Refusal`` 404/10003 while there is none."""
        if self.ruleset is None:
            raise Refusal(404, NO_ENTRYPOINT, f"could not find entrypoint ruleset in the {PHASE} phase")
        return self.ruleset

    def by_id(self, ruleset_id: str) -> Ruleset:
        """The ruleset with that id."""
        if self.ruleset is None or self.ruleset["id"] != ruleset_id:
            raise Refusal(404, NO_SUCH_RULESET, f"could not find ruleset '{ruleset_id}'")
        return self.ruleset

    def create(self, body: dict[str, Any], *, dry_run: bool = False) -> Ruleset:
        """Make the entry point ruleset with its rules."""
        if body["kind"] != "zone" or body["phase"] != PHASE:
            raise bad_body(f"only kind 'zone' in phase '{PHASE}' is served", pointer="/phase")
        if self.ruleset is not None:
            raise Refusal(
                400,
                SECOND_RULESET,
                "'zone' is not a valid value for kind because exceeded maximum number of zone rulesets "
                f"for phase {PHASE}",
                pointer="/kind",
            )
        return self._replace(self._fresh(), body, dry_run=dry_run)

    def put(self, body: dict[str, Any], *, dry_run: bool = False) -> Ruleset:
        """Replace all rules, making the ruleset when there is none.

        A rule keeps its id when the body names it by ``id`` or by ``ref``; every other rule is gone.
        """
        return self._replace(copy.deepcopy(self.ruleset) if self.ruleset else self._fresh(), body, dry_run=dry_run)

    def add(self, ruleset_id: str, body: dict[str, Any], *, dry_run: bool = False) -> Ruleset:
        """Add one rule, last or at its ``position``."""
        ruleset = copy.deepcopy(self.by_id(ruleset_id))
        rules: list[Rule] = ruleset["rules"]
        if "id" in body:
            raise bad_body("a new rule has no id", pointer="/id")
        place = _place(rules, body.get("position"), last=len(rules))
        plain = {name: value for name, value in body.items() if name != "position"}
        rule = self._rule(plain, new_id(), place, before=None, dry_run=dry_run)
        rules.insert(place, rule)
        return self._keep(ruleset, dry_run=dry_run)

    def edit(self, ruleset_id: str, rule_id: str, body: dict[str, Any], *, dry_run: bool = False) -> Ruleset:
        """Replace one rule by the body, or only move it when the body is nothing but ``position``."""
        ruleset = copy.deepcopy(self.by_id(ruleset_id))
        rules: list[Rule] = ruleset["rules"]
        old = self._find(rules, rule_id)
        if not body:
            raise bad_body("the body is empty")
        if body.get("id", rule_id) != rule_id:
            raise bad_body("a rule's id cannot change", pointer="/id")
        where = rules.index(old)
        rules.remove(old)
        place = _place(rules, body.get("position"), last=where)
        plain = {name: value for name, value in body.items() if name != "position"}
        rule = self._rule(plain, rule_id, place, before=old, dry_run=dry_run) if plain else old
        rules.insert(place, rule)
        return self._keep(ruleset, dry_run=dry_run)

    def delete(self, ruleset_id: str, rule_id: str, *, dry_run: bool = False) -> Ruleset:
        """Take one rule out."""
        ruleset = copy.deepcopy(self.by_id(ruleset_id))
        ruleset["rules"].remove(self._find(ruleset["rules"], rule_id))
        return self._keep(ruleset, dry_run=dry_run)

    def _replace(self, ruleset: Ruleset, body: dict[str, Any], *, dry_run: bool) -> Ruleset:
        known: list[Rule] = ruleset["rules"]
        fresh: list[Rule] = []
        for index, wanted in enumerate(body["rules"]):
            check_fields(wanted, RULE_FIELDS, f"/rules/{index}")
            if "position" in wanted:
                raise bad_body("position is for single rules", pointer=f"/rules/{index}/position")
            old = _matching(known, wanted)
            if "id" in wanted and old is None:
                raise Refusal(
                    400,
                    BAD_RULE,
                    f"'{wanted['id']}' is no rule of this ruleset",
                    pointer=f"/rules/{index}/id",
                )
            rule_id = old["id"] if old else new_id()
            fresh.append(self._rule(wanted, rule_id, index, before=old, dry_run=dry_run))
        ruleset["rules"] = fresh
        for name in ("name", "description"):
            ruleset[name] = body.get(name, ruleset[name])
        return self._keep(ruleset, dry_run=dry_run)

    def _rule(self, body: dict[str, Any], rule_id: str, index: int, *, before: Rule | None, dry_run: bool) -> Rule:
        pointer = f"/rules/{index}"
        rule = made_rule(body, rule_id=rule_id, plan=self._plan(), pointer=pointer, refused=self.refused(dry_run))
        if before is not None and all(before.get(name) == value for name, value in rule.items()):
            same_fields = set(before) - {"version", "last_updated"} == set(rule)
            if same_fields:
                return before
        version = int(before["version"]) + 1 if before else 1
        return {**rule, "version": str(version), "last_updated": self._stamp()}

    def _keep(self, ruleset: Ruleset, *, dry_run: bool) -> Ruleset:
        rules: list[Rule] = ruleset["rules"]
        quota = RULE_QUOTA[self._plan()]
        if len(rules) > max(quota, len(self.rules)):
            message = f"exceeded the maximum number of rules in the phase {PHASE}: {len(rules)} out of {quota}"
            raise Refusal(400, QUOTA, message)
        refs = [rule["ref"] for rule in rules]
        if len(set(refs)) < len(refs):
            raise Refusal(400, BAD_RULE, "two rules of one ruleset have the same ref", pointer="/ref")
        ruleset["version"] = str(int(ruleset["version"]) + 1)
        ruleset["last_updated"] = self._stamp()
        if not dry_run:
            self.ruleset = ruleset
        return ruleset

    def _fresh(self) -> Ruleset:
        head = {"id": new_id(), "name": "default", "description": "", "kind": "zone", "phase": PHASE}
        return {**head, "version": "0", "last_updated": self._stamp(), "rules": []}

    def _stamp(self) -> str:
        return self._now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @staticmethod
    def _find(rules: list[Rule], rule_id: str) -> Rule:
        for rule in rules:
            if rule["id"] == rule_id:
                return rule
        raise Refusal(404, NO_SUCH_RULE, f"could not find rule '{rule_id}'")


def as_result(ruleset: Ruleset) -> Ruleset:
    """The ruleset as the API shows it: without ``rules`` while it has none."""
    return {name: value for name, value in ruleset.items() if name != "rules" or value}


def _matching(known: list[Rule], wanted: dict[str, Any]) -> Rule | None:
    for name in ("id", "ref"):
        if name in wanted:
            return next((rule for rule in known if rule[name] == wanted[name]), None)
    return None


def _place(rules: list[Rule], position: dict[str, Any] | None, *, last: int) -> int:
    """Where a rule goes among the others; ``last`` when the body does not say."""
    if position is None:
        return last
    if len(position) != 1 or not set(position) <= {"before", "after", "index"}:
        raise bad_body("position is one of before, after and index", pointer="/position")
    ((kind, value),) = position.items()
    if kind == "index":
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= len(rules) + 1:
            raise bad_body(f"index must be from 1 to {len(rules) + 1}", pointer="/position/index")
        return value - 1
    if not isinstance(value, str) or not (value == "" or is_id(value)):
        raise bad_body(f"{kind} must be a rule's id or empty", pointer=f"/position/{kind}")
    if value == "":
        return 0 if kind == "before" else len(rules)
    for index, rule in enumerate(rules):
        if rule["id"] == value:
            return index if kind == "before" else index + 1
    raise bad_body(f"could not find rule '{value}'", pointer=f"/position/{kind}")

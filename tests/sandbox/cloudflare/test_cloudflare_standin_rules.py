"""Custom rules: the ruleset, its rules, their order, dry runs, quotas and expressions."""

import json
from pathlib import Path
from typing import Any

import pytest
from cloudflare import BadRequestError, NotFoundError

from tests.sandbox.cloudflare.cloudflare_at_work import (
    PHASE,
    UNVERIFIED,
    code_of,
    create_rule,
    entrypoint,
    four_rules,
    message_of,
    serving,
)


def refs(ruleset: dict[str, Any]) -> list[str]:
    return [rule["ref"] for rule in ruleset["rules"]]


async def test_zone_without_ruleset(tmp_path: Path) -> None:
    async with serving(tmp_path, preset="empty") as at_work:
        with pytest.raises(NotFoundError) as caught:
            await entrypoint(at_work)
        assert code_of(caught.value) == 10003
        expected = "could not find entrypoint ruleset in the http_request_firewall_custom phase"
        assert message_of(caught.value) == expected


async def test_ruleset_is_made_once_and_shown_without_rules_while_empty(tmp_path: Path) -> None:
    async with serving(tmp_path, preset="empty") as at_work:
        new: Any = {"zone_id": at_work.zone_id, "kind": "zone", "phase": PHASE, "name": "default"}
        assert await at_work.client.rulesets.create(**new, rules=[], dry_run=True) is None
        with pytest.raises(NotFoundError):
            await entrypoint(at_work)
        await at_work.client.rulesets.create(**new, rules=[])
        ruleset = await entrypoint(at_work)
        assert "rules" not in ruleset
        assert ruleset["version"] == "1"
        await create_rule(at_work, ruleset["id"], ref="mine")
        assert (await entrypoint(at_work))["version"] == "2"
        with pytest.raises(BadRequestError):
            await at_work.client.rulesets.create(**new, rules=[])


async def test_rule_is_added_and_answered_in_the_complete_ruleset(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        before = await entrypoint(at_work)
        answer = await create_rule(at_work, before["id"], ref="latchkey-block", description="ours", enabled=False)
        assert refs(answer) == [before["rules"][0]["id"], "latchkey-block"]
        rule = (await entrypoint(at_work))["rules"][1]
        assert (rule["version"], rule["enabled"], rule["description"]) == ("1", False, "ours")
        published = json.loads((tmp_path / "zone.json").read_text())["rules"][1]
        expected = {"id": rule["id"], "ref": "latchkey-block", "action": "block"}
        assert published == {**expected, "expression": UNVERIFIED, "enabled": False}


async def test_dry_run_changes_nothing_and_answers_null(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        before = await entrypoint(at_work)
        rules, path = at_work.client.rulesets.rules, (tmp_path / "zone.json")
        published = path.read_text()
        rule_id: Any = before["rules"][0]["id"]
        both: Any = {"ruleset_id": before["id"], "zone_id": at_work.zone_id, "dry_run": True}
        assert await create_rule(at_work, before["id"], dry_run=True) is None
        assert await rules.edit(rule_id, **both, action="block", expression="ssl") is None
        assert await rules.delete(rule_id, **both) is None
        put: Any = {"zone_id": at_work.zone_id, "rules": [], "dry_run": True}
        assert await at_work.client.rulesets.phases.update(PHASE, **put) is None
        assert await entrypoint(at_work) == before
        assert path.read_text() == published


async def test_dry_run_takes_true_and_false_only(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        path = f"/zones/{at_work.zone_id}/rulesets/{(await entrypoint(at_work))['id']}/rules?dry_run=yes"
        body = {"action": "block", "expression": "ssl"}
        with pytest.raises(BadRequestError):
            await at_work.client.post(path, body=body, cast_to=object)


@pytest.mark.parametrize(
    ("position", "order"),
    [
        (None, "abcdx"),
        ({"before": ""}, "xabcd"),
        ({"after": ""}, "abcdx"),
        ({"index": 1}, "xabcd"),
        ({"index": 3}, "abxcd"),
        ({"index": 5}, "abcdx"),
        ({"before": "b"}, "axbcd"),
        ({"after": "b"}, "abxcd"),
    ],
)
async def test_position(tmp_path: Path, position: dict[str, Any] | None, order: str) -> None:
    async with serving(tmp_path, preset="empty") as at_work:
        ruleset_id = await four_rules(at_work)
        ids = {rule["ref"]: rule["id"] for rule in at_work.standin.rules}
        named = {kind: ids.get(value, value) for kind, value in (position or {}).items()}
        where = {"position": named} if position else {}
        await create_rule(at_work, ruleset_id, ref="x", **where)
        assert refs(await entrypoint(at_work)) == list(order)


async def test_only_a_position_moves_the_rule(tmp_path: Path) -> None:
    async with serving(tmp_path, preset="empty") as at_work:
        ruleset_id = await four_rules(at_work)
        last: Any = at_work.standin.rules[-1]["id"]
        first: Any = {"position": {"before": ""}}
        await at_work.client.rulesets.rules.edit(last, ruleset_id=ruleset_id, zone_id=at_work.zone_id, **first)
        ruleset = await entrypoint(at_work)
        assert refs(ruleset) == ["d", "a", "b", "c"]
        assert ruleset["rules"][0]["version"] == "1"
        assert ruleset["version"] == "6"


@pytest.mark.parametrize(
    "position",
    [
        {"index": 0},
        {"index": 9},
        {"index": 1.5},
        {"before": "0" * 32},
        {"before": "x"},
        {},
        {"before": "", "after": ""},
        {"under": ""},
    ],
)
async def test_bad_positions(tmp_path: Path, position: dict[str, Any]) -> None:
    async with serving(tmp_path) as at_work:
        before = await entrypoint(at_work)
        with pytest.raises(BadRequestError):
            await create_rule(at_work, before["id"], position=position)
        assert await entrypoint(at_work) == before


async def test_patch_replaces_the_whole_rule(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        skip: Any = {"action": "skip", "action_parameters": {"ruleset": "current"}, "ref": "hook"}
        rule = at_work.standin.add_rule("ssl", **skip, enabled=False, description="a hook")
        ruleset_id = (await entrypoint(at_work))["id"]
        path = f"/zones/{at_work.zone_id}/rulesets/{ruleset_id}/rules/{rule['id']}"
        body = {"action": "block", "expression": "not ssl"}
        await at_work.client.patch(path, body=body, cast_to=object)
        after = (await entrypoint(at_work))["rules"][1]
        assert {name: after[name] for name in after if name != "last_updated"} == {
            **body,
            "id": rule["id"],
            "ref": rule["id"],
            "version": "2",
            "enabled": True,
            "description": "",
        }
        with pytest.raises(BadRequestError):
            await at_work.client.patch(path, body={"expression": "ssl"}, cast_to=object)


async def test_rule_is_deleted(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        ruleset = await entrypoint(at_work)
        rules = at_work.client.rulesets.rules
        ids = {"ruleset_id": ruleset["id"], "zone_id": at_work.zone_id}
        await rules.delete(ruleset["rules"][0]["id"], **ids)
        assert "rules" not in await entrypoint(at_work)
        with pytest.raises(NotFoundError):
            await rules.delete(ruleset["rules"][0]["id"], **ids)


async def test_put_replaces_all_rules_and_keeps_ids_by_ref(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        kept = at_work.standin.add_rule("ssl", ref="kept")
        put: Any = {"rules": [{"action": "block", "expression": "not ssl", "ref": "kept"}]}
        await at_work.client.rulesets.phases.update(PHASE, zone_id=at_work.zone_id, **put)
        (rule,) = (await entrypoint(at_work))["rules"]
        assert (rule["id"], rule["version"]) == (kept["id"], "2")


async def test_two_rules_with_one_ref_are_refused(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.add_rule("ssl", ref="latchkey-block")
        with pytest.raises(BadRequestError):
            await create_rule(at_work, (await entrypoint(at_work))["id"], ref="latchkey-block")


async def test_unknown_ruleset_and_rule(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        ruleset_id = (await entrypoint(at_work))["id"]
        with pytest.raises(NotFoundError):
            await create_rule(at_work, "0" * 32)
        edit: Any = {"action": "block", "expression": "ssl"}
        with pytest.raises(NotFoundError):
            await at_work.client.rulesets.rules.edit("0" * 32, ruleset_id=ruleset_id, zone_id=at_work.zone_id, **edit)


async def test_somebody_at_the_dashboard_changes_rules(tmp_path: Path) -> None:
    async with serving(tmp_path, preset="empty") as at_work:
        standin = at_work.standin
        ours = standin.add_rule(UNVERIFIED, ref="ours", description="ours")
        theirs = standin.add_rule("ssl", first=True)
        assert refs(await entrypoint(at_work)) == [theirs["id"], "ours"]
        standin.edit_rule_by_hand(ours["id"], enabled=False)
        standin.edit_rule_by_hand(ours["id"], position={"index": 1})
        rule = (await entrypoint(at_work))["rules"][0]
        assert (rule["ref"], rule["enabled"], rule["description"]) == ("ours", False, "ours")
        standin.delete_rule_by_hand(ours["id"])
        assert refs(await entrypoint(at_work)) == [theirs["id"]]
        standin.delete_ruleset_by_hand()
        with pytest.raises(NotFoundError):
            await entrypoint(at_work)


@pytest.mark.parametrize(("preset", "revoked"), [("documented", True), ("dashboard", False)])
async def test_presets(tmp_path: Path, preset: str, revoked: bool) -> None:
    async with serving(tmp_path, preset=preset) as at_work:
        (rule,) = (await entrypoint(at_work))["rules"]
        assert rule["ref"] == rule["id"]
        assert rule["description"] == "mTLS required"
        assert ("cert_revoked" in rule["expression"]) is revoked
        assert at_work.standin.hosts == ["ha.example.com", "photos.example.com"]

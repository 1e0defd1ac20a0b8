"""Our rule among those of others, over real HTTP: written first and whole, whatever happens beside it."""

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.errors import Busy, EdgeConflict, EdgeTrouble, MissingRight, RefusedByEdge, RuleQuotaFull, Unclear
from bot.model.protection.expression import Expression
from bot.model.protection.plan import PlannedRule, plan
from bot.model.protection.rule import DesiredRule
from bot.model.protection.rule_state import RULE_REF, Drift, RuleState, differences
from sandbox.faults import Fault
from tests.edge.zone_at_work import ZoneAtWork, at_work

HA = "ha.example.com"
ADD, EDIT = "POST */rules", "PATCH */rules/*"


def planned(*hosts: str, enabled: bool = True, beacon: str = "4fk2abcd") -> PlannedRule:
    return plan(DesiredRule(hosts=hosts or (HA,), beacon=beacon, enabled=enabled))


def ours(work: ZoneAtWork) -> dict[str, Any]:
    (rule,) = [rule for rule in work.standin.rules if rule["ref"] == RULE_REF]
    return rule


def others(work: ZoneAtWork) -> list[dict[str, Any]]:
    return copy.deepcopy([rule for rule in work.standin.rules if rule["ref"] != RULE_REF])


def written(rule: PlannedRule) -> Expression:
    return rule.fit.expression


async def test_a_zone_without_rules_gets_its_first(tmp_path: Path) -> None:
    async with at_work(tmp_path, preset="empty") as work:
        assert (await work.zone.rule_state()).ours is None
        state = await work.zone.apply(planned(), try_first=True)
        assert ours(work)["expression"] == planned().text
        assert (ours(work)["action"], ours(work)["enabled"]) == ("block", True)
        assert differences(state, written(planned()), enabled=True) == frozenset()
        assert [call.sent.get("dry_run") for call in work.standin.calls if call.label.startswith("POST")] == [
            "true",
            None,
        ]


async def test_it_comes_first_and_touches_nobody_else(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        work.standin.add_rule("ssl", action="managed_challenge", first=True, description="theirs")
        work.standin.add_rule("ssl", action="skip", action_parameters={"ruleset": "current"}, first=True)
        before = others(work)
        await work.zone.apply(planned())
        await work.zone.apply(planned("photos.example.com"))
        assert work.standin.rules[0] == ours(work)
        assert "photos.example.com" in ours(work)["expression"]
        assert others(work) == before
        assert not any(call.label.startswith("PUT") for call in work.standin.calls)


async def test_it_keeps_its_number(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.apply(planned())
        number = ours(work)["id"]
        await work.zone.apply(planned(enabled=False))
        assert (ours(work)["id"], ours(work)["enabled"]) == (number, False)


async def test_what_was_done_to_it_by_hand_is_told_and_put_right(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        before = others(work)
        await work.zone.apply(planned())
        number = ours(work)["id"]
        other = others(work)[0]["id"]

        async def told() -> frozenset[Drift]:
            return differences(await work.zone.rule_state(), written(planned()), enabled=True)

        for change, expected in (
            ({"enabled": False}, Drift.DISABLED),
            ({"expression": "(ssl and not ssl)"}, Drift.EDITED),
            ({"action": "managed_challenge"}, Drift.EDITED),
            ({"position": {"after": other}}, Drift.NOT_FIRST),
        ):
            work.standin.edit_rule_by_hand(number, **change)
            assert await told() == {expected}, change
            await work.zone.apply(planned())
            assert await told() == frozenset()
            assert work.standin.rules[0] == ours(work)
        work.standin.delete_rule_by_hand(number)
        assert await told() == {Drift.MISSING}
        await work.zone.apply(planned())
        assert await told() == frozenset()
        assert others(work) == before


async def test_other_spaces_are_no_edit(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.apply(planned())
        text = ours(work)["expression"].replace(" and ", "  and\n").replace("not ", "!")
        work.standin.edit_rule_by_hand(ours(work)["id"], expression=text)
        assert differences(await work.zone.rule_state(), written(planned()), enabled=True) == frozenset()


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"ruleset": "current"}, Drift.SKIPPED),
        ({"phase": "current"}, Drift.SKIPPED),
        ({"products": ["bic"]}, Drift.NOT_FIRST),
    ],
)
async def test_a_skip_above_it_is_told(tmp_path: Path, parameters: dict[str, object], found: Drift) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.apply(planned())
        work.standin.add_rule("ssl", action="skip", action_parameters=parameters, first=True, description="webhooks")
        state = await work.zone.rule_state()
        assert differences(state, None, enabled=True) == {found}
        assert [rule.description for rule in state.skips_above] == (["webhooks"] if found is Drift.SKIPPED else [])
        work.standin.edit_rule_by_hand(work.standin.rules[0]["id"], enabled=False)
        assert differences(await work.zone.rule_state(), None, enabled=True) == {Drift.NOT_FIRST}


async def test_a_sixth_rule_has_no_room_and_nothing_is_changed(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        for _ in range(4):
            work.standin.add_rule("ssl", action="managed_challenge")
        before = others(work)
        for try_first in (True, False):
            with pytest.raises(RuleQuotaFull) as full:
                await work.zone.apply(planned(), try_first=try_first)
            assert full.value.rules == 5
        assert others(work) == work.standin.rules == before
        work.standin.delete_rule_by_hand(before[0]["id"])
        await work.zone.apply(planned())
        assert others(work) == before[1:]


async def test_the_trial_stops_what_cloudflare_would_refuse(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call=ADD, status=400, body=failure(20127))
        with pytest.raises(RefusedByEdge):
            await work.zone.apply(planned(), try_first=True)
        assert [call.sent.get("dry_run") for call in work.standin.calls if call.label.startswith("POST")] == ["true"]


async def test_a_trial_that_was_done_in_earnest_is_not_done_twice(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.apply(planned())
        ruleset = {"success": True, "errors": [], "result": {"id": "x", "rules": []}}
        work.standin.edit_rule_by_hand(ours(work)["id"], expression=planned("photos.example.com").text)
        work.standin.fault(call=EDIT, body=ruleset)
        await work.zone.apply(planned("photos.example.com"), try_first=True)
        assert work.calls("PATCH") == 1


async def test_what_takes_away_is_not_tried_first(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.apply(planned())
        await work.zone.apply(planned("photos.example.com"))
        assert not any("dry_run" in call.sent for call in work.standin.calls)


@asynccontextmanager
async def held(work: ZoneAtWork, fault: Fault) -> AsyncIterator[asyncio.Task[RuleState]]:
    """A write under way that is held just before it arrives; it goes on at the end of the block."""
    writing = asyncio.create_task(work.zone.apply(planned("photos.example.com")))
    await fault.reached.wait()
    yield writing
    work.standin.release()


def failure(code: int) -> dict[str, object]:
    return {"success": False, "errors": [{"code": code, "message": "no"}], "messages": [], "result": None}


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"status": 409, "body": failure(10005)}, EdgeConflict),
        ({"status": 500}, Unclear),
        ({"status": 429, "retry_after": 7}, Busy),
        ({"status": 403}, MissingRight),
        ({"status": 400, "body": failure(20127)}, RefusedByEdge),
        ({"body": {"success": True, "result": None}}, EdgeConflict),
        ({"body": {"success": True, "result": {"id": "x", "rules": []}}}, EdgeConflict),
        ({"body": {"success": True, "result": []}}, Unclear),
    ],
)
@pytest.mark.parametrize("call", [ADD, EDIT])
async def test_trouble_has_its_name(
    tmp_path: Path, call: str, fault: dict[str, Any], raised: type[EdgeTrouble]
) -> None:
    async with at_work(tmp_path) as work:
        before = others(work)
        if call == EDIT:
            await work.zone.apply(planned("photos.example.com"))
        work.standin.fault(call=call, **fault)
        with pytest.raises(raised):
            await work.zone.apply(planned())
        await work.zone.apply(planned())
        assert ours(work)["expression"] == planned().text
        assert others(work) == before


async def test_an_answer_with_another_rule_is_no_success_but_other_spelling_is(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.apply(planned("photos.example.com", beacon="oldoldol"))
        shown = {**ours(work), "expression": "(ssl and not ssl)"}
        answer = {"success": True, "result": {"id": "x", "rules": [shown]}}
        work.standin.fault(call=EDIT, body=answer)
        with pytest.raises(EdgeConflict):
            await work.zone.apply(planned())
        shown["expression"] = planned().text.replace(" eq ", " strict wildcard ")
        work.standin.fault(call=EDIT, body=answer)
        state = await work.zone.apply(planned())
        assert state.ours is not None
        assert state.ours.text == shown["expression"]


async def test_a_lost_answer_makes_no_second_rule(tmp_path: Path) -> None:
    async with at_work(tmp_path, preset="empty") as work:
        for call in ("POST */rulesets", EDIT):
            work.standin.fault(call=call, when="after", drop=True)
            with pytest.raises(Unclear):
                await work.zone.apply(planned())
            await work.zone.apply(planned())
            assert len(work.standin.rules) == 1


@pytest.mark.parametrize("what", ["rule", "ruleset"])
async def test_somebody_deletes_it_between_reading_and_writing(tmp_path: Path, what: str) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.apply(planned())
        number = ours(work)["id"]
        fault = work.standin.fault(call=EDIT, hold=True)
        async with held(work, fault) as writing:
            if what == "rule":
                work.standin.delete_rule_by_hand(number)
            else:
                work.standin.delete_ruleset_by_hand()
        await writing
        assert work.standin.rules[0] == ours(work)


@pytest.mark.parametrize("first", [True, False])
async def test_somebody_makes_the_first_rule_at_the_same_time(tmp_path: Path, first: bool) -> None:
    async with at_work(tmp_path, preset="empty") as work:
        fault = work.standin.fault(call="POST */rulesets", hold=True)
        async with held(work, fault) as writing:
            work.standin.add_rule("ssl", action="managed_challenge", first=first)
        await writing
        assert work.standin.rules[0] == ours(work)
        assert len(others(work)) == 1


async def test_an_entry_point_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        before = copy.deepcopy(work.standin.rules)
        for fault in ({"status": 404}, {"status": 500}, {"body": {"success": True, "result": None}}):
            work.standin.fault(call="GET */entrypoint", **fault)
            with pytest.raises(EdgeTrouble):
                await work.zone.apply(planned())
        assert work.standin.rules == before
        assert work.calls("POST") == 0


async def test_it_is_taken_out(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        before = others(work)
        await work.zone.remove_rule()
        await work.zone.apply(planned())
        await work.zone.remove_rule()
        await work.zone.remove_rule()
        assert work.standin.rules == before

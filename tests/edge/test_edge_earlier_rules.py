"""What runs before custom rules, read from the zone's stand-in: all pages, each rule once, and what is not told."""

from pathlib import Path
from typing import Any

import pytest

from bot.edge.earlier_rules import ACCOUNT_ALLOW_RIGHT, REWRITE_RIGHT, ZONE_ALLOW_RIGHT
from bot.model.protection.earlier_rules import NOTHING_EARLIER, EarlierRules, Reach
from tests.edge.zone_at_work import ZoneAtWork, at_work

ZONE_LIST, ACCOUNT_LIST = "GET */zones/*/access_rules/rules", "GET */accounts/*/access_rules/rules"
REWRITES = "GET */http_request_transform/entrypoint"
A_PAGE, MOST_PAGES = 100, 5


async def read(work: ZoneAtWork) -> EarlierRules:
    return await work.zone.earlier_rules()


def values(earlier: EarlierRules) -> list[str]:
    return sorted(one.value for one in earlier.allows)


async def test_nothing_there(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        assert await read(work) == NOTHING_EARLIER


@pytest.mark.parametrize("shows", [True, False])
async def test_of_zone_and_account_each_once(tmp_path: Path, shows: bool) -> None:
    async with at_work(tmp_path) as work:
        work.standin.zone_lists_account_rules = shows
        ids = {
            work.standin.allow_by_hand("ip", "192.0.2.1", notes="the office"): ("ip", "192.0.2.1", Reach.ZONE),
            work.standin.allow_by_hand("ip", "192.0.2.1", account=True): ("ip", "192.0.2.1", Reach.ACCOUNT),
            work.standin.allow_by_hand("asn", "AS64496", account=True): ("asn", "AS64496", Reach.ACCOUNT),
            work.standin.allow_by_hand("country", "NL"): ("country", "NL", Reach.ZONE),
        }
        work.standin.allow_by_hand("ip", "192.0.2.9", mode="block")
        work.standin.allow_by_hand("country", "DE", mode="managed_challenge", account=True)
        earlier = await read(work)
        assert {one.rule_id: (one.target, one.value, one.reach) for one in earlier.allows} == ids
        assert {one.notes for one in earlier.allows if one.reach is Reach.ZONE} == {"the office", ""}
        assert earlier.is_whole


@pytest.mark.parametrize(
    ("count", "read_are", "cut"),
    [
        (A_PAGE, A_PAGE, False),
        (A_PAGE + 1, A_PAGE + 1, False),
        (A_PAGE * MOST_PAGES, A_PAGE * MOST_PAGES, False),
        (A_PAGE * MOST_PAGES + 1, A_PAGE * MOST_PAGES, True),
    ],
)
async def test_all_pages_up_to_a_bound_and_then_it_says_so(
    tmp_path: Path, count: int, read_are: int, cut: bool
) -> None:
    async with at_work(tmp_path) as work:
        rules, zone = work.standin.zone.access_rules, work.standin.zone
        for number in range(count):
            address = f"10.0.{number // 250}.{number % 250}"
            rules.add("ip", address, now=work.clock.now(), scope_id=zone.id)
        await work.zone.zone_id()
        before = work.calls("GET")
        earlier = await read(work)
        assert (len(earlier.allows), earlier.cut, earlier.is_whole) == (read_are, cut, not cut)
        # Pages of the zone, one of the account, and the rewrites.
        assert work.calls("GET") - before <= MOST_PAGES + 2


async def test_a_list_that_tells_no_total_ends_with_a_page_that_brings_nothing_new(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        item = {"id": "a", "mode": "whitelist", "configuration": {"target": "ip", "value": "192.0.2.1"}}
        same = {"success": True, "errors": [], "messages": [], "result": [item]}
        work.standin.fault(call=ZONE_LIST, body=same, times=0)
        earlier = await read(work)
        assert (values(earlier), earlier.cut) == (["192.0.2.1"], False)


async def test_a_filter_that_is_not_heeded_makes_nobody_allowed(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        kinds = [("a", "block"), ("b", "whitelist"), ("c", "js_challenge"), ("d", None)]
        items = [
            {"id": one, "mode": mode, "configuration": {"target": "ip", "value": one}} if mode else {"id": one}
            for one, mode in kinds
        ]
        body = {"success": True, "result": items, "result_info": {"total_count": 4}}
        work.standin.fault(call=ACCOUNT_LIST, body=body)
        # What says nothing of itself came on the question for those that are allowed.
        assert values(await read(work)) == ["?", "b"]


@pytest.mark.parametrize(
    ("lost", "right", "left"),
    [
        ("access-rules:read", ZONE_ALLOW_RIGHT, ["AS64496"]),
        ("account-access-rules:read", ACCOUNT_ALLOW_RIGHT, ["192.0.2.1"]),
        ("transform:read", REWRITE_RIGHT, ["192.0.2.1", "AS64496"]),
    ],
)
async def test_without_one_right_the_rest_is_read(tmp_path: Path, lost: str, right: str, left: list[str]) -> None:
    async with at_work(tmp_path) as work:
        work.standin.zone_lists_account_rules = False
        work.standin.allow_by_hand("ip", "192.0.2.1")
        work.standin.allow_by_hand("asn", "AS64496", account=True)
        work.standin.rewrite_by_hand("ssl", "/new", "old app")
        work.standin.permissions.remove(lost)
        earlier = await read(work)
        assert (earlier.missing_rights, values(earlier), earlier.untold) == ((right,), left, False)
        assert len(earlier.rewrites) == (0 if lost == "transform:read" else 1)


@pytest.mark.parametrize("call", [ZONE_LIST, ACCOUNT_LIST, REWRITES])
@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"status": 429},
        {"status": 400},
        {"body": {"success": True, "result": ["x"]}},
        {"body": {"success": True, "result": [{}]}},
        {"body": {"success": True, "result": {"rules": [3]}}},
    ],
)
async def test_trouble_is_not_nothing_there(tmp_path: Path, call: str, trouble: dict[str, Any]) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call=call, **trouble)
        earlier = await read(work)
        assert earlier.untold
        assert not earlier.is_whole
        assert await read(work) == NOTHING_EARLIER


async def test_a_token_that_is_not_known_tells_nothing_and_raises_nothing(tmp_path: Path) -> None:
    async with at_work(tmp_path, token="cfut_" + "x" * 40) as work:
        earlier = await read(work)
        assert earlier.missing_rights
        assert not earlier.allows


async def test_rewrites_that_are_on_and_change_the_address(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        work.standin.rewrite_by_hand('http.host eq "ha.example.com"', "/new", "old app")
        for name in ("off", "header", "query", "nameless"):
            work.standin.rewrite_by_hand("ssl", "/new", "" if name == "nameless" else name)
        _, off, header, query, nameless = work.standin.zone.rewrites.rules
        off["enabled"] = False
        header["action_parameters"] = {"headers": {"x": {"operation": "remove"}}}
        query["action_parameters"] = {"uri": {"query": {"value": "a=1"}}}
        names = [one.name for one in (await read(work)).rewrites]
        assert names == ["old app", "query", nameless["id"]]

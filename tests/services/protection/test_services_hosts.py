"""Protecting hosts and letting them go: the order, the room, the trouble, and nobody else's rules."""

import copy
from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import ExpressionTooLong, InvalidHost, NotAllowed, NotFound
from bot.model.people.people import Role
from bot.model.protection.hosts import HostState
from bot.services.protection import hosts as protection_hosts
from tests.household import Household
from tests.locked_household import (
    HA_HOST,
    PHOTOS_HOST,
    foreign_rules,
    household,
    our_rule,
    protect,
    somebody,
    unprotect,
)

NEW = "new.example.com"
WRITES = ("POST", "PUT", "PATCH", "DELETE")


async def states(home: Household) -> dict[str, HostState]:
    return {one.host: one.state for one in await protection_hosts.protected_hosts(home.bot.app.parts)}


def changes(home: Household) -> list[str]:
    """What was changed at Cloudflare, in order: method and last word of the path."""
    labels = [call.label for call in home.world.cloudflare.calls if call.sent.get("dry_run") != "true"]
    return [
        f"{one.split()[0]} {one.split('/')[-1][:10]}"
        for one in labels
        if one.startswith(WRITES) and "/client_certificates" not in one
    ]


async def test_associated_first_and_the_rule_before_the_list_when_leaving(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        await protect(home, HA_HOST, PHOTOS_HOST)
        assert changes(home) == ["PUT hostname_a", "POST rulesets"]
        assert home.world.cloudflare.hosts == [HA_HOST, PHOTOS_HOST]
        assert await states(home) == {HA_HOST: HostState.PROTECTED, PHOTOS_HOST: HostState.PROTECTED}
        assert await home.opens(None) == 403
        await unprotect(home, HA_HOST)
        assert changes(home)[2:] == [f"PATCH {our_rule(home)['id'][:10]}", "PUT hostname_a"]
        assert home.world.cloudflare.hosts == [PHOTOS_HOST]
        assert await home.opens(None) == 200
        await unprotect(home, PHOTOS_HOST)
        assert not home.world.cloudflare.rules
        assert not home.world.cloudflare.hosts
        assert await states(home) == {}


async def test_what_others_have_stays_as_it_is(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        home.world.cloudflare.add_rule("ssl", action="managed_challenge", description="theirs", first=True)
        before, hosts = copy.deepcopy(home.world.cloudflare.rules), list(home.world.cloudflare.hosts)
        await protect(home, NEW)
        assert foreign_rules(home) == before
        assert home.world.cloudflare.rules[0] == our_rule(home)
        assert home.world.cloudflare.hosts == sorted([*hosts, NEW])
        await unprotect(home, NEW)
        assert home.world.cloudflare.rules == before
        assert home.world.cloudflare.hosts == hosts


async def test_who_may_and_what_can_be(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        parts, anna = home.bot.app.parts, await somebody(home, "Anna")
        member = replace(anna, role=Role.MEMBER)
        for ask in (protection_hosts.protect, protection_hosts.unprotect):
            with pytest.raises(NotAllowed):
                await ask(parts, member, [HA_HOST])
        with pytest.raises(InvalidHost):
            await protection_hosts.protect(parts, anna, [HA_HOST, "example.com"])
        with pytest.raises(NotFound):
            await protection_hosts.unprotect(parts, anna, [HA_HOST])
        long = [f"{'x' * 50}{number}.example.com" for number in range(25)]
        with pytest.raises(ExpressionTooLong):
            await protection_hosts.protect(parts, anna, long)
        await home.settle()
        assert await states(home) == {}
        assert changes(home) == []


async def test_asking_twice_changes_nothing_more(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        await protect(home, HA_HOST, HA_HOST)
        await protect(home, HA_HOST)
        assert await states(home) == {HA_HOST: HostState.PROTECTED}


async def test_a_change_of_mind_while_it_leaves(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        await protect(home, HA_HOST)
        home.world.cloudflare.fault(call="PUT */hostname_associations", status=500)
        await unprotect(home, HA_HOST)
        assert await states(home) == {HA_HOST: HostState.LEAVING}
        await protect(home, HA_HOST)
        await home.clock(minutes=1)
        assert await states(home) == {HA_HOST: HostState.PROTECTED}
        assert await home.opens(None) == 403


async def test_a_full_zone_is_told_once_and_done_when_there_is_room(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        for _ in range(5):
            home.world.cloudflare.add_rule("ssl", action="managed_challenge")
        before = copy.deepcopy(home.world.cloudflare.rules)
        await protect(home, HA_HOST)
        await home.clock(minutes=11)
        told = [text for text in home.texts("Ben") if "takes no further custom rule, there are 5 already" in text]
        assert len(told) == 1
        assert home.world.cloudflare.rules == before
        assert await states(home) == {HA_HOST: HostState.ASSOCIATING}
        home.world.cloudflare.delete_rule_by_hand(before[0]["id"])
        await home.clock(minutes=11)
        assert await states(home) == {HA_HOST: HostState.PROTECTED}
        assert foreign_rules(home) == before[1:]


async def test_a_host_that_cloudflare_does_not_take_locks_nobody_out(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        await protect(home, HA_HOST)
        home.world.cloudflare.vanishing_hosts = {NEW}
        await protect(home, NEW)
        assert any(f"does not ask for a certificate at {NEW}" in text for text in home.texts("Anna"))
        assert NEW not in our_rule(home)["expression"]
        pixel8 = await home.device("Anna", "pixel8")
        await home.say("Anna", "/revoke pixel8")
        assert "New rule seen at the edge from here" in home.newest("Anna").text
        assert await home.opens(pixel8) == 403
        home.world.cloudflare.vanishing_hosts = set()
        await home.clock(minutes=11)
        assert NEW in our_rule(home)["expression"]


@pytest.mark.parametrize("status", [409, 500, 429])
async def test_somebody_edits_at_the_same_time(tmp_path: Path, status: int) -> None:
    async with household(tmp_path, preset="documented") as home:
        before = copy.deepcopy(home.world.cloudflare.rules)
        home.world.cloudflare.fault(call="POST */rules", status=status, retry_after=5)
        await protect(home, NEW)
        await home.clock(seconds=6)
        assert await states(home) == {NEW: HostState.PROTECTED}
        assert foreign_rules(home) == before

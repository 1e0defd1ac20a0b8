"""What waits because the token lacks a right is done as soon as any call shows that it has the right again."""

from pathlib import Path

from tests.household import Household
from tests.locked_household import locked, our_rule


async def left_waiting(home: Household) -> tuple[bytes, str]:
    """A revoke that Cloudflare does not take: the token may only read."""
    key = await home.device("Anna", "pixel8")
    home.world.cloudflare.permissions -= {"ssl:edit"}
    home.world.cloudflare.permissions |= {"ssl:read"}
    await home.say("Anna", "/revoke pixel8")
    assert "SSL and Certificates: Edit" in home.newest("Anna").text
    assert len(home.live()) == 1
    return key


async def test_the_first_call_that_shows_the_right_is_back_brings_the_revoke_forward(home: Household) -> None:
    await left_waiting(home)
    home.world.cloudflare.permissions |= {"ssl:edit"}
    await home.say("Anna", "/status")
    assert home.live() == []
    assert "revoked at Cloudflare" in "\n".join(home.texts("Anna"))


async def test_a_call_that_only_reads_shows_nothing(home: Household) -> None:
    await left_waiting(home)
    asked = home.calls("DELETE")
    await home.say("Anna", "/certs")
    await home.clock(minutes=9)
    assert home.calls("DELETE") == asked
    await home.clock(minutes=1)
    assert home.calls("DELETE") == asked + 1


async def test_it_is_tried_at_the_next_start(home: Household) -> None:
    await left_waiting(home)
    home.world.cloudflare.permissions |= {"ssl:edit"}
    await home.restart()
    assert home.live() == []


async def test_so_is_a_rule_that_waits(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.device("Anna", "pixel8")
        home.world.cloudflare.permissions -= {"waf:edit"}
        home.world.cloudflare.permissions |= {"waf:read"}
        await home.say("Anna", "/revoke pixel8")
        before = our_rule(home)["expression"]
        home.world.cloudflare.permissions |= {"waf:edit"}
        await home.say("Anna", "/status")
        await home.settle()
        assert our_rule(home)["expression"] != before

"""The budget of calls to Cloudflare at work: giving waits, taking away does not."""

from pathlib import Path

from bot.edge.rate_budget import CallBudget
from bot.edge.zone import CloudflareZone
from tests.household import Household
from tests.locked_household import locked

KEPT = 200


def budget_of(home: Household) -> CallBudget:
    edge = home.bot.app.parts.edge
    assert isinstance(edge, CloudflareZone)
    return edge._client._budget


def use_up(home: Household) -> None:
    """Use all but what is kept for taking away."""
    budget = budget_of(home)
    while len(budget._calls) < 1100 - KEPT:
        budget.take(takes_away=False)


async def test_a_used_up_budget_lets_a_revoke_through_and_an_order_wait(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.device("Anna", "pixel8")
        await home.tap("Anna", "It works")
        use_up(home)
        asked = home.calls("POST /client/v4/zones")
        await home.say("Ben", "/newcert tablet")
        assert "Cloudflare is busy." in home.newest("Ben").text
        assert home.calls("POST /client/v4/zones") == asked
        await home.say("Anna", "/revoke pixel8")
        assert "pixel8" not in home.live()
        await home.clock(minutes=6)
        await home.clock(minutes=6)
        assert "tablet" in home.live()


async def test_the_rule_turns_a_lost_phone_away_on_a_used_up_budget(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        key = await home.device("Anna", "pixel8")
        await home.tap("Anna", "It works")
        assert await home.opens(key) == 200
        use_up(home)
        await home.say("Anna", "/lost pixel8")
        await home.clock(seconds=2)
        assert await home.opens(key) == 403
        assert "pixel8" not in home.live()

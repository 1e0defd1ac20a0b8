"""A take-over opens nothing that was closed and shuts nothing unsaid: at the edge, and in what an admin reads."""

from pathlib import Path
from typing import Any

import pytest

from bot.model.protection.rule_state import RULE_REF
from tests.household import Household
from tests.locked_household import household

HA, PHOTOS = "https://ha.example.com", "https://photos.example.com"
NONE = "not cf.tls_client_auth.cert_verified"
LOCK = f'(http.host eq "ha.example.com" and {NONE})'
HOOK = '(http.host in {"ha.example.com" "photos.example.com"} and http.request.uri.path eq "/hook")'


def made_by_hand(home: Household, *rules: tuple[str, str]) -> None:
    """The zone has these rules and no others, each named by its place."""
    cloudflare = home.world.cloudflare
    for rule in list(cloudflare.rules):
        cloudflare.delete_rule_by_hand(rule["id"])
    for place, (action, text) in enumerate(rules, start=1):
        more: dict[str, Any] = (
            {"action_parameters": {"ruleset": "current"}, "logging": {"enabled": True}} if action == "skip" else {}
        )
        cloudflare.add_rule(text, action=action, description=f"rule {place}", **more)


def on(home: Household) -> dict[str, bool]:
    """Which of them are on."""
    rules = home.world.cloudflare.rules
    return {rule["description"]: rule["enabled"] for rule in rules if rule["ref"] != RULE_REF}


async def opened(home: Household, *urls: str) -> dict[str, int]:
    """What somebody without a certificate meets."""
    return {url: await home.opens(None, url) for url in urls}


async def offered(home: Household) -> str:
    """What is said before a take-over."""
    await home.say("Anna", "/protect")
    await home.tap("Anna", "Take it over…")
    return home.newest("Anna").text


async def take_over(home: Household) -> None:
    await home.tap("Anna", "Take it over")
    await home.clock(seconds=10)
    await home.clock(minutes=2)


@pytest.mark.parametrize(
    ("rules", "off"),
    [
        pytest.param(
            [("block", LOCK), ("skip", HOOK), ("block", LOCK.replace("ha.", "photos."))],
            {"rule 1", "rule 2", "rule 3"},
            id="a skip between two locks",
        ),
        pytest.param(
            [("block", f'(http.host eq "ha.example.com" and {NONE} and http.request.uri.path ne "/hook?token=abc")')],
            {"rule 1"},
            id="a query in a path",
        ),
        pytest.param(
            [("block", f'(http.host eq "ha.example.com" and {NONE} and http.request.uri.path ne "/%68ook")')],
            {"rule 1"},
            id="an escaped path",
        ),
        pytest.param(
            [
                ("skip", '(http.request.uri.path eq "/hook")'),
                ("block", '(http.request.uri.path contains "oo" and ip.src.country ne "AU")'),
                ("block", LOCK),
            ],
            {"rule 3"},
            id="a skip that a country block needs",
        ),
        pytest.param(
            [("block", f'(http.host in {{"example.com" "ha.example.com"}} and {NONE})')], set(), id="the apex as well"
        ),
        pytest.param(
            [("block", "cf.tls_client_auth.cert_revoked"), ("block", LOCK)], {"rule 2"}, id="revocation by itself"
        ),
        pytest.param([("block", f"{LOCK} or {LOCK.replace('ha.', 'photos.')}")], {"rule 1"}, id="two joined by or"),
    ],
)
async def test_everybody_meets_what_they_met(tmp_path: Path, rules: list[tuple[str, str]], off: set[str]) -> None:
    urls = [f"{host}{path}" for host in (HA, PHOTOS) for path in ("/", "/hook", "/hook?token=abc", "/other")]
    async with household(tmp_path, preset="documented") as home:
        made_by_hand(home, *rules)
        pixel8 = await home.device("Anna", "pixel8")
        before, let_in = await opened(home, *urls), await home.opens(pixel8)
        await offered(home)
        await take_over(home)
        assert {name for name, enabled in on(home).items() if not enabled} == off
        assert await opened(home, *urls) == before
        assert await home.opens(pixel8) == let_in == 200
        await home.tap("Anna", "Put it back as it was")
        await home.clock(seconds=10)
        assert all(on(home).values())
        assert await opened(home, *urls) == before


async def test_what_is_not_carried_over_is_named_to_the_last_letter(tmp_path: Path) -> None:
    """However long it is, and nothing of it masked."""
    skip = (
        f"(http.request.uri.path in {{{' '.join(f'{chr(34)}/webhook/{n:03}{chr(34)}' for n in range(190))}}} and ssl)"
    )
    secret = "/api/webhook/*4f0c9d2e7a"
    lock = f'(http.host eq "ha.example.com" and {NONE} and http.request.uri.path ne "{secret}")'
    async with household(tmp_path, preset="documented") as home:
        made_by_hand(home, ("skip", skip.replace("ssl", 'ip.src.country eq "AU"')), ("block", lock))
        said = len(home.texts("Anna"))
        last = await offered(home)
        told = "".join(home.texts("Anna")[said:])
        assert f"ha.example.com{secret}" in told
        assert all(f"/webhook/{number:03}" in told for number in range(190))
        assert "If you say yes" in last


async def test_protect_names_what_it_would_shut_and_offers_the_take_over(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        made_by_hand(
            home, ("block", f'(http.host eq "ha.example.com" and {NONE} and http.request.uri.path ne "/hook")')
        )
        await home.device("Anna", "pixel8")
        await home.tap("Anna", "It works")
        before = await opened(home, HA + "/", HA + "/hook")
        await home.say("Anna", "/protect ha.example.com")
        assert "• ha.example.com/hook" in home.newest("Anna").text
        assert [rule for rule in home.world.cloudflare.rules if rule["ref"] == RULE_REF] == []
        await home.tap("Anna", "Take it over…")
        await take_over(home)
        assert await opened(home, HA + "/", HA + "/hook") == before


async def test_protect_says_nothing_where_it_shuts_nothing(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        made_by_hand(home, ("block", LOCK))
        await home.device("Anna", "pixel8")
        await home.tap("Anna", "It works")
        await home.say("Anna", "/protect ha.example.com")
        assert home.world.cloudflare.rules[0]["ref"] == RULE_REF
        assert not any("made by hand" in text for text in home.texts("Anna"))


async def test_where_the_rules_cannot_be_read_it_says_so(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        await home.device("Anna", "pixel8")
        await home.tap("Anna", "It works")
        home.world.cloudflare.fault(call="GET */entrypoint", status=500, times=8)
        await home.say("Anna", "/protect ha.example.com")
        assert "I cannot read your own rules" in home.newest("Anna").text
        assert "Lock it now" in [button.text for row in home.newest("Anna").rows for button in row]


async def test_a_rule_that_stays_may_have_changed_since(tmp_path: Path) -> None:
    """The path was open by a skip that is gone by now: taking the lock over would open it."""
    async with household(tmp_path, preset="documented") as home:
        made_by_hand(
            home,
            ("skip", '(http.request.uri.path eq "/hook")'),
            ("block", 'ip.src.country eq "AU"'),
            ("block", LOCK),
        )
        await offered(home)
        skip = next(rule for rule in home.world.cloudflare.rules if rule["action"] == "skip")
        home.world.cloudflare.delete_rule_by_hand(skip["id"])
        assert await opened(home, HA + "/hook") == {HA + "/hook": 403}
        await take_over(home)
        assert on(home) == {"rule 2": True, "rule 3": True}
        assert await opened(home, HA + "/hook") == {HA + "/hook": 403}
        assert any("has changed meanwhile" in text for text in home.texts("Anna"))

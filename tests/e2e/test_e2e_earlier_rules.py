"""IP Access rules with *Allow*, and URL rewrites: real requests get past the lock, and every place says so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from sandbox.edge.authority import ROOT_NAME
from sandbox.edge.client import visit
from sandbox.world import Person, World
from tests.e2e.set_up import SetUp
from tests.e2e.test_e2e_process import Process
from tests.e2e.test_e2e_prove import proven
from tests.household import HA, Household
from tests.locked_household import HA_HOST, household, locked
from tests.tunnel import tunnel_to

OFFICE, SOMEWHERE = "127.0.0.2", "127.0.0.3"
FOUND = "Somebody gets past the lock without a certificate."
NOT_SEEN = "I cannot see everything that may let somebody past the lock"
OPTIONAL = {"access-rules:read", "account-access-rules:read", "transform:read"}


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with locked(tmp_path) as home:
        home.world.cloudflare.set_by_hand("http3", "off")
        await home.clock(minutes=6)
        yield home


def told(home: Household, words: str, who: str = "Ben") -> list[str]:
    return [text for text in home.texts(who) if words in text]


async def from_there(home: Household, source: str) -> int:
    return (await visit(home.world.edge, HA, source=source)).status


@pytest.mark.parametrize(
    ("target", "value", "source", "who"),
    [
        ("ip", OFFICE, OFFICE, f"{OFFICE} (“the office”)"),
        ("ip_range", "127.0.0.2/31", SOMEWHERE, "127.0.0.2/31 (“the office”)"),
        ("asn", "AS64496", SOMEWHERE, "the network AS64496 (“the office”)"),
        ("country", "NL", SOMEWHERE, "the country Netherlands (“the office”)"),
    ],
)
@pytest.mark.parametrize("account", [False, True])
async def test_a_new_allow_is_told_once_to_every_admin(
    home: Household, target: str, value: str, source: str, who: str, account: bool
) -> None:
    assert await from_there(home, source) == 403
    home.world.cloudflare.allow_by_hand(target, value, notes="the office", account=account)
    assert await from_there(home, source) == 200, "it is open"
    assert await from_there(home, "127.0.0.1") == 403
    for _ in range(3):
        await home.clock(minutes=5)
    said = f"lets {who}{' in the whole account' if account else ''} past my rule, without a certificate."
    for admin in ("Anna", "Ben"):
        (notice,) = told(home, FOUND, admin)
        assert said in notice
        assert "Delete it at Cloudflare (Security, Security rules)." in notice
    assert not told(home, FOUND, "Kim")


async def test_each_rule_is_told_once_and_one_that_comes_back_again(home: Household) -> None:
    cloudflare = home.world.cloudflare
    cloudflare.allow_by_hand("ip", OFFICE)
    await home.clock(minutes=5)
    cloudflare.allow_by_hand("ip", SOMEWHERE)
    await home.clock(minutes=5)
    first, second = told(home, FOUND)
    assert (OFFICE in first, SOMEWHERE in first) == (True, False)
    assert (OFFICE in second, SOMEWHERE in second) == (False, True)
    cloudflare.disallow_by_hand(OFFICE)
    await home.clock(minutes=5)
    cloudflare.allow_by_hand("ip", OFFICE)
    await home.clock(minutes=5)
    assert len(told(home, FOUND)) == 3
    assert len(told(home, OFFICE)) == 2


async def test_a_list_that_is_not_told_for_a_while_makes_nothing_new(home: Household) -> None:
    cloudflare = home.world.cloudflare
    cloudflare.allow_by_hand("ip", OFFICE)
    await home.clock(minutes=5)
    cloudflare.fault(call="GET */access_rules/rules", status=500, times=2)
    await home.clock(minutes=5)
    cloudflare.permissions -= OPTIONAL
    await home.clock(minutes=5)
    cloudflare.permissions |= OPTIONAL
    await home.clock(minutes=5)
    assert len(told(home, FOUND)) == 1


@pytest.mark.parametrize("shows", [True, False])
async def test_an_account_rule_that_two_lists_show_is_one(home: Household, shows: bool) -> None:
    home.world.cloudflare.zone_lists_account_rules = shows
    home.world.cloudflare.allow_by_hand("ip", OFFICE, account=True)
    await home.clock(minutes=5)
    await home.say("Anna", "/status")
    assert home.newest("Anna").text.count(OFFICE) == 1
    assert told(home, FOUND)[0].count(OFFICE) == 1


@pytest.mark.parametrize("mode", ["block", "challenge", "managed_challenge", "js_challenge"])
async def test_what_turns_away_is_no_way_in(home: Household, mode: str) -> None:
    home.world.cloudflare.allow_by_hand("ip", OFFICE, mode=mode)
    await home.clock(minutes=5)
    assert not told(home, FOUND)
    await home.say("Anna", "/status")
    assert OFFICE not in home.newest("Anna").text


async def test_while_nothing_is_locked_nobody_is_told(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        home.world.cloudflare.allow_by_hand("ip", OFFICE)
        home.world.cloudflare.permissions -= {"transform:read"}
        await home.clock(minutes=10)
        assert not told(home, FOUND)
        assert not told(home, NOT_SEEN)
        await home.say("Anna", "/status")
        assert f"🟡 An IP Access rule with Allow lets {OFFICE} past my rule" in home.newest("Anna").text


async def test_locking_a_host_tells_at_once(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        home.world.cloudflare.allow_by_hand("ip", OFFICE)
        await home.say("Anna", f"/protect {HA_HOST}")
        await home.tap("Anna", "Lock it now")
        await home.clock(seconds=5)
        assert len(told(home, FOUND)) == len(told(home, FOUND, "Anna")) == 1


async def test_status_and_prove_name_it_and_are_not_green(home: Household) -> None:
    await home.clock(minutes=1)
    assert (await proven(home)).startswith("🟢 Locked.")
    home.world.cloudflare.allow_by_hand("ip", OFFICE)
    said = await proven(home)
    assert said.startswith("🔴 There is a way past the lock.")
    assert f"🔴 An IP Access rule with Allow lets {OFFICE} past my rule" in said
    assert "turned away without a certificate, let in with a valid one" in said, "the hosts are as they were"
    assert said.endswith("The hosts themselves are locked. Close that way, then try again.")
    rows = [button for row in home.newest("Anna").rows for button in row]
    assert [button.text for button in rows] == ["Open Security rules", "Try again"]
    assert not told(home, FOUND, "Anna"), "she has just read it"
    assert len(told(home, FOUND, "Ben")) == 1
    await home.say("Anna", "/status")
    said = home.newest("Anna").text
    assert said.startswith("🔴 Not as it should be.")
    assert f"🔴 An IP Access rule with Allow lets {OFFICE} past my rule" in said
    home.world.cloudflare.disallow_by_hand(OFFICE)
    assert (await proven(home)).startswith("🟢 Locked.")


async def test_where_the_bot_itself_is_let_past_it_says_why(home: Household) -> None:
    home.world.cloudflare.allow_by_hand("ip", "127.0.0.1")
    said = await proven(home)
    assert said.startswith("🔴 Not locked.")
    assert "🔴 An IP Access rule with Allow lets 127.0.0.1 past my rule" in said


@pytest.mark.parametrize("right", sorted(OPTIONAL))
async def test_a_missing_right_is_said_once_and_found_in_the_status(home: Household, right: str) -> None:
    cloudflare = home.world.cloudflare
    cloudflare.permissions.remove(right)
    for _ in range(3):
        await home.clock(minutes=5)
    name = {
        "access-rules:read": "Zone: Firewall Services: Read",
        "account-access-rules:read": "Account: Account Firewall Access Rules: Read",
        "transform:read": "Zone: Transform Rules: Read",
    }[right]
    for admin in ("Anna", "Ben"):
        (notice,) = told(home, NOT_SEEN, admin)
        assert f"the token lacks “{name}”" in notice
    await proven(home)
    await home.say("Anna", "/status")
    said = home.newest("Anna").text
    assert said.startswith("🟢 All is well."), "it is optional: no alarm"
    assert f"I cannot fully see: the token lacks “{name}” (optional)." in said
    cloudflare.permissions.add(right)
    await home.clock(minutes=5)
    cloudflare.permissions.remove(right)
    await home.clock(minutes=5)
    assert len(told(home, NOT_SEEN)) == 2, "given and taken away again it is news"


async def test_a_token_that_is_good_for_nothing_lacks_no_optional_right(home: Household) -> None:
    home.world.cloudflare.token_status = "disabled"
    await home.clock(minutes=5)
    home.world.cloudflare.token_status = "active"
    await home.clock(minutes=5)
    assert not told(home, NOT_SEEN)


async def test_the_look_is_three_calls_and_gives_way_where_there_is_no_budget(home: Household) -> None:
    earlier = ("/access_rules/rules", "http_request_transform")
    before = sum(home.calls(part) for part in earlier)
    await home.clock(minutes=5)
    assert sum(home.calls(part) for part in earlier) - before == 3


async def test_a_rewrite_is_named_where_it_may_touch_what_is_locked(home: Household) -> None:
    cloudflare = home.world.cloudflare
    cloudflare.rewrite_by_hand('http.host eq "www.example.com"', "/new", "the blog")
    assert "URL rewrite" not in await proven(home)
    await home.say("Anna", "/status")
    assert "URL rewrite" not in home.newest("Anna").text
    cloudflare.rewrite_by_hand('http.request.uri.path eq "/api/webhook/abc"', "/new", "old app")
    said = await proven(home)
    assert "🟡 A URL rewrite runs before my rule: old app." in said
    assert said.startswith("🟢 Locked."), "the lock holds all the same"
    await home.say("Anna", "/status")
    assert "🟡 A URL rewrite runs before my rule: old app." in home.newest("Anna").text


async def test_a_rewrite_keeps_an_opening_shut_and_prove_says_why(home: Household) -> None:
    home.world.cloudflare.rewrite_by_hand('starts_with(http.request.uri.path, "/api/")', "/v2", "old app")
    await home.say("Anna", "/openpath https://ha.example.com/api/webhook/abc 1h")
    await home.clock(seconds=10)
    said = await proven(home)
    assert "🟡 A URL rewrite runs before my rule: old app. Open paths there may stay closed" in said


async def test_more_than_is_read_is_said(home: Household) -> None:
    cloudflare = home.world.cloudflare
    rules, zone = cloudflare.zone.access_rules, cloudflare.zone
    for number in range(501):
        rules.add("ip", f"10.0.{number // 250}.{number % 250}", now=home.world.clock.now(), scope_id=zone.id)
    await home.say("Anna", "/status")
    said = home.newest("Anna").text
    assert "and 497 more past my rule" in said
    assert "There are more IP Access rules than I read." in said
    for _ in range(2):
        await home.clock(minutes=5)
    assert len(told(home, FOUND)) == 1


async def test_names_from_the_dashboard_stay_text(home: Household) -> None:
    home.world.cloudflare.allow_by_hand("ip", OFFICE, notes="<b>&amp;{rules}</b>")
    home.world.cloudflare.rewrite_by_hand("ssl", "/new", "<i>{names}</i>")
    await home.clock(minutes=5)
    assert "(“<b>&amp;{rules}</b>”)" in told(home, FOUND)[0]
    await home.say("Anna", "/status")
    assert "<i>{names}</i>" in home.newest("Anna").text


async def test_on_the_server(home: Household) -> None:
    async with tunnel_to(home.world.edge.port) as port:
        roots = str(home.world.edge.directory / ROOT_NAME)
        program = Process(home.world, HTTPS_PROXY=f"http://127.0.0.1:{port}", SSL_CERT_FILE=roots, NO_PROXY="")
        code, said = await program.run("status")
        assert code == 0, said
        assert "past the rule" not in said
        home.world.cloudflare.allow_by_hand("ip", OFFICE, notes="the office", account=True)
        home.world.cloudflare.permissions.remove("transform:read")
        code, said = await program.run("status")
        assert code == 1
        assert f"past the rule: {OFFICE} (“the office”) in the whole account, by an IP Access rule with Allow" in said
        assert "past the rule: not fully seen; the token lacks Zone: Transform Rules: Read (optional)" in said
        code, said = await program.run("prove")
        assert code == 1, said
        assert f"An IP Access rule with Allow lets {OFFICE} (“the office”) in the whole account past my rule" in said
        assert "The hosts themselves are locked, and there is a way past the lock." in said


@pytest.fixture
async def set_up(tmp_path: Path) -> AsyncIterator[SetUp]:
    async with World(tmp_path / "world", people=(Person("Anna"),)) as world:
        yield SetUp(world, tmp_path / "latchkey")


async def test_set_up_and_check_say_it_too(set_up: SetUp) -> None:
    async def checked() -> tuple[int, str]:
        process = await set_up.start("check")
        told, _ = await process.communicate()
        return process.returncode or 0, told.decode()

    cloudflare = set_up.world.cloudflare
    _, said = await set_up.run(set_up.bot_token, set_up.cloudflare_token, "", "n")
    assert "past the lock" not in said
    assert "ok     past the rule: no IP Access rule lets anybody past the rule" in (await checked())[1]

    cloudflare.permissions -= OPTIONAL
    code, said = await set_up.run("", "", "", "n")
    assert code == 0
    assert "Not seen: whether other rules let somebody past the lock." in said
    assert "Account – Account Firewall Access Rules – Read" in said
    assert "Zone – Firewall Services – Read" in said
    code, said = await checked()
    assert (
        "note   past the rule: not fully seen: the token lacks “Account: Account Firewall Access Rules: Read”" in said
    )

    cloudflare.permissions |= OPTIONAL
    cloudflare.allow_by_hand("country", "NL", notes="holidays")
    cloudflare.rewrite_by_hand('http.host eq "ha.example.com"', "/new", "old app")
    _, said = await set_up.run("", "", "", "n")
    assert "Careful: IP Access rules with Allow let somebody in without a certificate" in said
    assert "the country Netherlands (“holidays”)" in said
    assert "URL rewrites change addresses before the lock's rule sees them: old app." in said
    code, said = await checked()
    assert code == 1
    assert "WRONG  past the rule: IP Access rules with Allow let somebody in without a certificate: the country" in said
    cloudflare.disallow_by_hand("NL")
    _, said = await checked()
    assert "note   past the rule: URL rewrites change addresses" in said


async def test_restarted_it_tells_nothing_twice(home: Household) -> None:
    home.world.cloudflare.allow_by_hand("ip", OFFICE)
    home.world.cloudflare.permissions.remove("transform:read")
    await home.clock(minutes=5)
    await home.restart(after=timedelta(minutes=10))
    await home.clock(minutes=5)
    assert len(told(home, FOUND)) == len(told(home, NOT_SEEN)) == 1

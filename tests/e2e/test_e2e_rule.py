"""Revokes with a rule of our own, over real HTTP and TLS: blocked by fingerprint, beside Cloudflare's revocation."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.locked_household import certificate, fingerprint, household, locked, our_rule, protect

HA = "https://ha.example.com/"
REVOKE, WRITE = "DELETE */client_certificates/*", "PATCH */rules/*"


async def test_a_revoke_is_in_force_before_cloudflare_revokes(tmp_path: Path) -> None:
    async with locked(tmp_path, pending_seconds=3600) as home:
        pixel8 = await home.device("Anna", "pixel8")
        assert await home.opens(None) == 403
        assert await home.opens(pixel8) == 200
        await home.say("Anna", "/revoke pixel8")
        assert certificate(home).status == "pending_revocation"
        assert await home.opens(pixel8) == 403
        said = home.newest("Anna").text
        assert "Cloudflare has the order" in said
        assert "New rule seen at the edge from here, 0 s." in said
        await home.clock(hours=2)
        assert "revoked at Cloudflare" in home.newest("Anna").text
        assert "New rule seen at the edge from here, 0 s." in home.newest("Anna").text


async def test_without_our_rule_all_is_as_before(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        await home.device("Anna", "pixel8")
        before = [dict(rule) for rule in home.world.cloudflare.rules]
        await home.say("Anna", "/revoke pixel8")
        assert "edge from here" not in home.newest("Anna").text
        assert home.world.cloudflare.rules == before


async def test_the_rule_reaches_the_edge_late(tmp_path: Path) -> None:
    async with locked(tmp_path, pending_seconds=3600) as home:
        pixel8 = await home.device("Anna", "pixel8")
        assert await home.opens(pixel8) == 200
        home.world.edge.propagation_seconds = 30
        await home.say("Anna", "/revoke pixel8")
        assert "not seen at the edge from here yet" in home.newest("Anna").text
        assert await home.opens(pixel8) == 200
        for _ in range(8):
            await home.clock(seconds=10)
        assert "New rule seen at the edge from here, " in home.newest("Anna").text
        assert "not seen" not in home.newest("Anna").text
        assert await home.opens(pixel8) == 403


async def test_cloudflare_refuses_to_revoke_and_the_rule_blocks_meanwhile(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        pixel8 = await home.device("Anna", "pixel8")
        home.world.cloudflare.fault(call=REVOKE, status=403, times=0)
        await home.say("Anna", "/revoke pixel8")
        said = home.newest("Anna").text
        assert "not revoked" in said
        assert "Meanwhile the rule blocks it by its fingerprint: new rule seen at the edge from here, 0 s." in said
        assert await home.opens(pixel8) == 403


async def test_the_rule_is_refused_and_cloudflare_revokes_all_the_same(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.device("Anna", "pixel8")
        home.world.cloudflare.fault(call=WRITE, status=500, times=3)
        await home.say("Anna", "/revoke pixel8")
        said = home.newest("Anna").text
        assert "revoked at Cloudflare" in said
        assert "is not written yet: Cloudflare does not take it. I keep trying." in said
        for _ in range(4):
            await home.clock(seconds=6)
        assert "New rule seen at the edge from here, " in home.newest("Anna").text
        assert fingerprint(home) in our_rule(home)["expression"]


async def test_undo_takes_the_fingerprint_out_once_cloudflare_says_active(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        pixel8 = await home.device("Anna", "pixel8")
        await home.say("Anna", "/revoke pixel8")
        home.world.cloudflare.pending_seconds = 20
        await home.tap("Anna", "Undo")
        assert fingerprint(home) in our_rule(home)["expression"]
        assert await home.opens(pixel8) == 403
        for _ in range(12):
            await home.clock(seconds=2)
        assert "valid again" in home.newest("Anna").text
        assert fingerprint(home) not in our_rule(home)["expression"]
        assert await home.opens(pixel8) == 200


async def test_many_revokes_at_once_are_one_write(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        for name in ("one", "two", "three", "four", "five"):
            await home.say("Anna", f"/newcert {name}")
        home.world.cloudflare.fault(call=WRITE, hold=True)
        await home.say("Anna", "/revoke one")
        for name in ("two", "three", "four", "five"):
            await home.say("Anna", f"/revoke {name}")
        home.world.end_trouble()
        await home.settle()
        # The one that was under way, and one for all that came meanwhile.
        assert home.calls("PATCH") == 2
        for name in ("one", "two", "three", "four", "five"):
            assert fingerprint(home, name) in our_rule(home)["expression"]
        seen = [text for text in home.texts("Anna") if "New rule seen at the edge from here" in text]
        assert len(seen) == 5


async def test_both_parts_are_said_together_unless_the_rule_is_slow(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.device("Anna", "pixel8")
        await home.device("Anna", "pixel9")
        edits = [event for event in await home.say("Anna", "/revoke pixel8") if event.kind == "edit"]
        assert len(edits) == 1
        home.world.cloudflare.fault(call=WRITE, hold=True)
        await home.say("Anna", "/revoke pixel9")
        assert home.newest("Anna").text == "Revoking pixel9…"
        await home.clock(seconds=4)
        assert "revoked at Cloudflare" in home.newest("Anna").text
        assert "The rule that blocks it by its fingerprint is being written." in home.newest("Anna").text
        home.world.end_trouble()
        await home.settle()
        assert "New rule seen at the edge from here, " in home.newest("Anna").text


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_while_the_rule_is_written(tmp_path: Path, when: str) -> None:
    async with locked(tmp_path, pending_seconds=3600) as home:
        pixel8 = await home.device("Anna", "pixel8")
        home.world.cloudflare.fault(call=WRITE, hold=True, when=when)
        await home.say("Anna", "/revoke pixel8")
        await home.restart()
        assert await home.opens(pixel8) == 403
        # What there was to look with died with the bot.
        for _ in range(4):
            await home.clock(minutes=1)
        assert "New rule seen at the edge from here" in home.newest("Anna").text


async def test_a_file_nobody_opened_is_turned_away_too(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.say("Anna", "/newcert pixel8")
        await home.restart()
        assert fingerprint(home) in our_rule(home)["expression"]


async def test_a_day_after_it_is_confirmed_the_fingerprint_makes_room(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.device("Anna", "pixel8")
        await home.say("Anna", "/revoke pixel8")
        home.world.clock.plus(timedelta(hours=23))
        await home.settle()
        await protect(home, "new.example.com")
        assert fingerprint(home) in our_rule(home)["expression"]
        await home.clock(hours=2)
        await protect(home, "other.example.com")
        assert fingerprint(home) not in our_rule(home)["expression"]


async def test_given_back_by_hand_it_is_turned_away_again_until_cloudflare_confirms(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        pixel8 = await home.device("Anna", "pixel8")
        await home.say("Anna", "/revoke pixel8")
        await home.clock(hours=30)
        await protect(home, "new.example.com")
        assert fingerprint(home) not in our_rule(home)["expression"]
        home.world.cloudflare.reactivate_by_hand(certificate(home).id)
        assert await home.opens(pixel8) == 200
        home.world.cloudflare.pending_seconds = 48 * 3600
        await home.clock(minutes=31)
        assert any("active again at Cloudflare" in text for text in home.texts("Ben"))
        assert await home.opens(pixel8) == 403
        await home.clock(hours=40)
        await protect(home, "other.example.com")
        assert fingerprint(home) in our_rule(home)["expression"]
        await home.clock(hours=9)
        await home.clock(hours=25)
        await protect(home, "third.example.com")
        assert fingerprint(home) not in our_rule(home)["expression"]
        assert await home.opens(pixel8) == 403

"""A change ends in a proof: what /protect says in the end, and what is tried after take-over, unlock and lockdown."""

from pathlib import Path

from bot.model.proofs.proofs import LockMode, Proof
from bot.services.operator import lock_and_certificates
from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, household, locked

ALARM = "got in where nobody should"


async def protected(home: Household, *hosts: str) -> str:
    """Lock hosts from the chat; answers what the message says in the end."""
    await home.say("Anna", f"/protect {' '.join(hosts)}")
    await home.tap("Anna", "Lock it now")
    await home.clock(seconds=5)
    return told(home)


def told(home: Household) -> str:
    """What the message about the hosts says now."""
    return next(text for text in reversed(home.texts("Anna")) if HA_HOST in text and ALARM not in text)


async def proofs(home: Household) -> dict[str, Proof]:
    async with home.bot.app.parts.store.read() as tx:
        return {one.subject: one for one in await tx.proofs.all()}


def alarmed(home: Household, who: str) -> bool:
    return any(ALARM in text for text in home.texts(who))


async def test_green(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        said = await protected(home, HA_HOST, PHOTOS_HOST)
        assert said.startswith(f"🟢 {HA_HOST}, {PHOTOS_HOST}: locked, and proven.\nI knocked: turned away without")
        assert not alarmed(home, "Anna")


async def test_red_is_never_called_locked_and_goes_to_all_admins(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        await home.say("Ben", "/whoami")
        # Whoever asks for the page itself gets it: such as by a rule somebody else writes in this very moment.
        home.world.edge.fault(call=f"GET {HA_HOST}/", status=200, times=0)
        said = await protected(home, HA_HOST, PHOTOS_HOST)
        assert said.startswith(f"🔴 {HA_HOST}\n• Without a certificate I got in: the service answered (200).")
        assert "Not locked: somebody gets in who must not." in said
        assert f"🟢 {PHOTOS_HOST}: locked, and proven." in said
        assert f"{HA_HOST}: locked" not in said
        assert alarmed(home, "Anna")
        assert alarmed(home, "Ben")


async def test_asked_again_it_is_tried_again(tmp_path: Path) -> None:
    async with locked(tmp_path, HA_HOST) as home:
        await home.clock(seconds=5)
        before = (await proofs(home))[HA_HOST].at
        await home.say("Anna", f"/protect {HA_HOST}")
        await home.clock(seconds=5)
        assert (await proofs(home))[HA_HOST].at > before
        home.world.edge.fault(call=f"GET {HA_HOST}/", status=200, times=0)
        await home.say("Anna", f"/protect {HA_HOST}")
        await home.clock(seconds=5)
        assert told(home).startswith(f"🔴 {HA_HOST}\n• Without a certificate I got in")


async def test_challenged_is_yellow_says_why_and_turns_green_by_itself(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        theirs = home.world.cloudflare.add_rule(f'http.host eq "{HA_HOST}"', action="managed_challenge")
        said = await protected(home, HA_HOST)
        assert said.startswith(f"🟡 {HA_HOST}\n• With a valid certificate: Cloudflare wanted to see whether I am human")
        assert "So I do not say yet that it is locked. I try it again by myself and say here what comes of it." in said
        home.world.cloudflare.edit_rule_by_hand(theirs["id"], enabled=False)
        await home.clock(seconds=31)
        assert told(home).startswith(f"🟢 {HA_HOST}: locked, and proven.")
        assert not alarmed(home, "Ben")


async def test_a_service_that_is_down_is_yellow_and_not_tried_for_ever(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        home.world.edge.fault(call=f"GET {HA_HOST}/", status=502, times=0)
        said = await protected(home, HA_HOST)
        assert "🟡" in said
        assert "the service is down or unwell (502), so I cannot tell" in said
        for seconds in (31, 121, 301, 901):
            await home.clock(seconds=seconds)
        assert told(home).endswith("So I do not say yet that it is locked. /prove tries it again.")


async def test_a_host_at_which_no_certificate_is_asked_yet(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        # Before the edge has any of it, the host is taken off the list again; it looks each time somebody knocks.
        assert await home.opens(None) == 200
        home.world.edge.propagation_seconds = 10
        await home.say("Anna", f"/protect {HA_HOST}")
        await home.tap("Anna", "Lock it now")
        home.world.cloudflare.dissociate_by_hand(HA_HOST)
        assert await home.opens(None) == 200
        for _ in range(8):
            await home.clock(seconds=11)
        assert "turned away with a valid certificate and without one, so this proves nothing" in told(home)
        home.world.edge.propagation_seconds = 0
        home.world.cloudflare.associate_by_hand(HA_HOST)
        await home.clock(minutes=2)
        assert told(home).startswith(f"🟢 {HA_HOST}: locked, and proven.")


async def test_unlocked_on_purpose_is_no_alarm_and_locked_again_is_proven(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await lock_and_certificates.set_lock(home.bot.app.parts, [PHOTOS_HOST], locked=False)
        await home.clock(seconds=5)
        found = await proofs(home)
        assert (found[PHOTOS_HOST].mode, found[HA_HOST].mode) == (LockMode.UNLOCKED, LockMode.LOCKED)
        await home.clock(days=1, minutes=1)
        assert not alarmed(home, "Anna")
        before = (await proofs(home))[HA_HOST].at
        await lock_and_certificates.set_lock(home.bot.app.parts, [PHOTOS_HOST], locked=True)
        await home.clock(seconds=5)
        found = await proofs(home)
        assert (found[PHOTOS_HOST].mode, found[PHOTOS_HOST].colour) == (LockMode.LOCKED, "green")
        assert found[HA_HOST].at == before, "only what has changed"
        for who in ("Anna", "Ben"):
            assert home.newest(who).text.startswith(f"🟢 {PHOTOS_HOST}: locked, and proven."), "to the end"


async def test_an_order_on_the_server_is_followed_to_its_end_in_every_admins_message(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await lock_and_certificates.set_lock(home.bot.app.parts, [PHOTOS_HOST], locked=False)
        await home.clock(seconds=5)
        assert await home.opens(None, f"https://{PHOTOS_HOST}/") == 200
        home.world.edge.propagation_seconds = 20
        await lock_and_certificates.set_lock(home.bot.app.parts, [PHOTOS_HOST], locked=True)
        await home.clock(seconds=2)
        before = {who: home.newest(who) for who in ("Anna", "Ben")}
        for who, message in before.items():
            assert message.text.startswith(f"{PHOTOS_HOST}: the lock is written."), who
        await home.clock(minutes=1)
        for who, message in before.items():
            assert home.newest(who).message_id == message.message_id
            assert home.newest(who).text.startswith(f"🟢 {PHOTOS_HOST}: locked, and proven."), who
        # An order from a chat is that chat's alone.
        home.world.edge.fault(call=f"GET {PHOTOS_HOST}/", status=502, times=0)
        await home.say("Anna", f"/protect {PHOTOS_HOST}")
        await home.clock(seconds=5)
        assert home.newest("Anna").text.startswith(f"🟡 {PHOTOS_HOST}")
        assert home.newest("Ben").text.startswith(f"🟢 {PHOTOS_HOST}: locked, and proven.")


async def test_the_rule_is_looked_for_where_it_locks(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await lock_and_certificates.set_lock(home.bot.app.parts, [HA_HOST], locked=False)
        await home.clock(seconds=5)
        async with home.bot.app.parts.store.read() as tx:
            assert (await tx.rules.of_zone("example.com")).seen_at is not None


async def test_everything_shut_and_back(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.say("Ben", "/lockdown")
        await home.tap("Ben", "Block everything")
        await home.clock(seconds=5)
        assert {one.mode for one in (await proofs(home)).values()} == {LockMode.SHUT}
        assert f"🟢 {HA_HOST}, {PHOTOS_HOST}: shut, nobody at all gets in, as ordered." in home.newest("Ben").text
        home.world.edge.fault(call=f"GET {PHOTOS_HOST}/", status=502, times=0)
        await home.tap("Ben", "End the lockdown")
        await home.clock(seconds=5)
        said = home.newest("Ben").text
        assert f"🟢 {HA_HOST}: turned away without a certificate" in said
        assert f"🟡 {PHOTOS_HOST}" in said


async def test_taken_over_is_proven_with_ours_alone(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        await home.say("Anna", "/protect")
        await home.tap("Anna", "Take it over…")
        home.world.edge.calls.clear()
        await home.tap("Anna", "Take it over")
        await home.clock(seconds=10)
        knocks = [call for call in home.world.edge.calls if call.label == f"GET {HA_HOST}/"]
        assert len(knocks) == 3, "once, when theirs was off"
        assert told(home).startswith(f"🟢 {HA_HOST}, {PHOTOS_HOST}: locked, and proven.")

"""The bot's own certificates at the whole bot: made, used, replaced and lost; never in anybody's way."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat
from cryptography.hazmat.primitives.serialization import NoEncryption as Plain

from bot.model.certificates.certificates import State
from bot.model.jobs import JobKind
from bot.model.proofs.probe_results import Verdict
from bot.services.proofs import probe_certificates
from bot.services.proofs.probe_certificates import ProbePair
from tests.household import HA, Household
from tests.locked_household import HA_HOST, household, locked

PROBE = "Latchkey probe"
POST = "POST */client_certificates"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as home:
        yield home


async def pair(home: Household) -> ProbePair:
    return await probe_certificates.pair(home.bot.app.parts.store, home.bot.app.parts.vault)


async def wanted(home: Household) -> ProbePair:
    """Ask for the pair, let it be made, and take it."""
    await pair(home)
    await home.settle()
    return await pair(home)


def statuses(home: Household) -> list[str]:
    """Of the probes at Cloudflare, oldest first."""
    return [one.status for one in home.world.cloudflare.certificates if one.common_name == PROBE]


async def verdicts(home: Household, found: ProbePair) -> tuple[Verdict, Verdict, Verdict]:
    """Without a certificate, with the live one, with the revoked one."""
    looks = [await home.bot.app.parts.prober.look(HA, identity=who) for who in (None, found.live, found.revoked)]
    return looks[0].verdict, looks[1].verdict, looks[2].verdict


async def test_nobody_looks_nothing_is_made(house: Household) -> None:
    await house.device("Anna", "pixel8")
    await house.clock(days=1)
    assert statuses(house) == []


async def test_one_live_and_one_revoked_prove_the_lock(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.clock(seconds=5)
        assert statuses(home) == ["revoked", "active"]
        assert await verdicts(home, await pair(home)) == (Verdict.BLOCKED, Verdict.PASSED, Verdict.BLOCKED)
        await home.clock(days=1)
        assert posts(home) == 2
        assert statuses(home) == ["revoked", "active"]


async def test_once_they_are_made_the_rule_is_looked_for_at_once(house: Household) -> None:
    await house.say("Anna", f"/protect {HA_HOST}")
    await house.tap("Anna", "Lock it now")
    assert house.newest("Anna").text.startswith(f"🟢 {HA_HOST}: locked, and proven."), "and no clock has moved on"


async def test_a_revocation_that_takes_its_time_uses_up_no_looks_at_the_rule(house: Household) -> None:
    house.world.cloudflare.pending_seconds = 7200
    assert await house.opens(None) == 200
    house.world.edge.propagation_seconds = 86400
    await house.say("Anna", f"/protect {HA_HOST}")
    await house.tap("Anna", "Lock it now")
    for _ in range(25):
        await house.clock(minutes=1)
    async with house.bot.app.parts.store.read() as tx:
        (look,) = await tx.jobs.of_kind(JobKind.WATCH_RULE)
    assert look.attempts <= 15, "a second, then ever later up to five minutes"


async def test_never_two_hold_a_slot(house: Household) -> None:
    house.world.cloudflare.quota = 1
    assert (await wanted(house)).is_complete
    await house.clock(days=31)
    await wanted(house)
    assert statuses(house) == ["revoked", "revoked", "active"]


async def test_they_are_in_no_list_and_count_for_no_limit(house: Household) -> None:
    await wanted(house)
    await house.say("Anna", "/certs")
    assert "probe" not in house.newest("Anna").text
    parts = house.bot.app.parts
    async with parts.store.read() as tx:
        anna = await tx.people.of_telegram(house.phone("Anna").user_id)
        assert await tx.certificates.count_held(anna.id) == 0
        assert await tx.certificates.page(None, 0, 10) == ((), 0)
        assert await tx.certificates.in_state(*State) == ()
        assert await tx.blocks.all() == ()
        assert (await tx.zones.of_name("example.com")).used_slots == 1


async def test_no_key_is_on_the_disk(house: Household, tmp_path: Path) -> None:
    await wanted(house)
    vault = house.bot.app.parts.vault
    keys = [entry.key for entry in vault._entries.values() if entry.key is not None]
    assert len(keys) == 2
    written = b"".join(file.read_bytes() for file in (tmp_path / "bot").rglob("*") if file.is_file())
    assert b"PRIVATE KEY" not in written
    for key in keys:
        number = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, Plain())[36:68]
        assert number not in written
        assert number.hex().encode() not in written


async def test_after_thirty_days_the_live_one_becomes_the_revoked_one(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.clock(seconds=5)
        first = await pair(home)
        await home.clock(days=29)
        assert (await pair(home)).live == first.live
        await home.clock(days=1, minutes=1)
        await home.clock(minutes=5)
        second = await pair(home)
        assert statuses(home) == ["revoked", "revoked", "active"]
        assert second.revoked == first.live
        assert second.live not in {None, first.live}
        assert await verdicts(home, second) == (Verdict.BLOCKED, Verdict.PASSED, Verdict.BLOCKED)
        # The one before it is not shown any more, so its key is forgotten.
        entries = home.bot.app.parts.vault._entries.values()
        assert sum(entry.certificate is not None for entry in entries) == 2


async def test_where_nothing_is_protected_any_more_the_live_one_ends_after_its_time(house: Household) -> None:
    await wanted(house)
    await house.clock(days=31)
    assert statuses(house) == ["revoked", "revoked"]


async def test_a_restart_loses_the_keys(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.clock(seconds=5)
        await home.restart()
        # Made again once something looks at the lock, or within a minute; how many a day is limited.
        await home.clock(minutes=1)
        assert statuses(home) == ["revoked", "revoked", "revoked", "active"]
        assert await verdicts(home, await pair(home)) == (Verdict.BLOCKED, Verdict.PASSED, Verdict.BLOCKED)


async def test_after_a_restart_whoever_looks_need_not_wait(house: Household) -> None:
    await wanted(house)
    await house.restart()
    assert (await wanted(house)).is_complete
    assert statuses(house) == ["revoked", "revoked", "revoked", "active"]


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lost_answer_is_looked_for_and_never_posted_again(house: Household, when: str) -> None:
    house.world.cloudflare.fault(call=POST, when=when, drop=True)
    found = await wanted(house)
    if when == "after":
        assert found.is_complete
        assert statuses(house) == ["revoked", "active"]
        assert posts(house) == 2
        return
    assert found.live is None
    for seconds in (5, 15, 15, 5):
        await house.clock(seconds=seconds)
    # Given up after three looks; what was made since has another key.
    assert (await wanted(house)).is_complete
    assert posts(house) == 3


async def test_what_appears_after_it_was_given_up_is_revoked(house: Household) -> None:
    house.world.cloudflare.fault(call=POST, when="after", drop=True)
    house.world.cloudflare.fault(
        call="GET */client_certificates", body={"success": True, "errors": [], "messages": [], "result": []}, times=3
    )
    await wanted(house)
    for seconds in (5, 15, 15, 5, 300):
        await house.clock(seconds=seconds)
    assert (await wanted(house)).is_complete
    assert sorted(statuses(house)) == ["active", "revoked", "revoked"]


async def test_killed_between_the_order_and_its_answer(house: Household) -> None:
    held = house.world.cloudflare.fault(call=POST, when="after", hold=True)
    await pair(house)
    await house.until(held.reached.is_set)
    await house.world.kill_bot()
    house.world.cloudflare.release()
    assert statuses(house) == ["active"]
    await house.world.start_bot()
    await house.settle()
    await house.clock(minutes=1)
    await house.clock(minutes=5)
    assert statuses(house) == ["revoked", "revoked", "active"]
    assert (await pair(house)).is_complete


async def test_a_full_zone_is_asked_again_an_hour_later(house: Household) -> None:
    house.world.cloudflare.quota = 0
    assert (await wanted(house)).live is None
    await house.clock(minutes=30)
    await wanted(house)
    # Cloudflare says that it is full: another kind of key would be refused too.
    assert posts(house) == 1
    house.world.cloudflare.quota = 100
    await house.clock(minutes=31)
    assert (await pair(house)).is_complete
    async with house.bot.app.parts.store.read() as tx:
        assert not (await tx.zones.of_name("example.com")).needs_rsa


async def test_a_zone_that_takes_rsa_alone(house: Household) -> None:
    house.world.cloudflare.accept_ec = False
    assert (await wanted(house)).is_complete
    assert posts(house) == 3
    async with house.bot.app.parts.store.read() as tx:
        assert (await tx.zones.of_name("example.com")).needs_rsa


async def test_busy_and_then_not(house: Household) -> None:
    house.world.cloudflare.fault(call=POST, status=429, retry_after=30)
    assert (await wanted(house)).live is None
    await house.clock(seconds=31)
    assert (await pair(house)).is_complete
    assert statuses(house) == ["revoked", "active"]


async def test_a_slow_revocation_does_not_hold_up_the_live_one(house: Household) -> None:
    house.world.cloudflare.pending_seconds = 120
    found = await wanted(house)
    assert statuses(house) == ["pending_revocation", "active"]
    assert found.live is not None
    assert found.revoked is None
    for _ in range(4):
        await house.clock(minutes=2)
    assert (await pair(house)).is_complete
    assert statuses(house) == ["revoked", "active"]
    assert house.calls("DELETE") == 1


async def test_revoked_by_hand_it_is_replaced_and_taken_back_by_hand_it_is_revoked_again(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.clock(seconds=5)
        revoked, live = (one for one in home.world.cloudflare.certificates if one.common_name == PROBE)
        home.world.cloudflare.revoke_by_hand(live.id)
        home.world.cloudflare.reactivate_by_hand(revoked.id)
        assert statuses(home) == ["active", "revoked"]
        await home.clock(minutes=31)
        await home.clock(minutes=5)
        assert statuses(home) == ["revoked", "revoked", "active"]
        assert await verdicts(home, await pair(home)) == (Verdict.BLOCKED, Verdict.PASSED, Verdict.BLOCKED)


async def test_a_bot_that_dies_again_and_again_does_not_fill_the_list(house: Household) -> None:
    for _ in range(12):
        await wanted(house)
        await house.restart()
    assert len(statuses(house)) == 20
    await house.clock(days=1)
    assert (await wanted(house)).is_complete


def posts(home: Household) -> int:
    """How many certificates were asked for."""
    return sum(
        call.label.startswith("POST") and call.label.endswith("/client_certificates")
        for call in home.world.cloudflare.calls
    )

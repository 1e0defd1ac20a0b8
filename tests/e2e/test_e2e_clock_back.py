"""The machine's clock was ahead by a day and is set right: nothing that takes away waits for the wrong time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.test_e2e_disk_and_clock import Machine, machine_at
from tests.household import HA, Household

HOOK = HA + "api/webhook/abc"
A_DAY = {"days": -1.0}


async def held(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.tap("Anna", "It works")


async def test_a_revoke_under_way_is_tried_again_soon(home: Household) -> None:
    await held(home)
    home.world.cloudflare.fault(call="DELETE *", status=500, times=1)
    await home.say("Anna", "/revoke pixel8")
    assert home.live() == ["pixel8"]
    await home.clock(**A_DAY)
    await home.clock(minutes=6)
    assert home.live() == []
    assert "revoked at Cloudflare" in home.newest("Anna").text


async def test_a_password_leaves_the_chat_in_its_time(home: Household) -> None:
    await home.device("Anna", "pixel8")
    assert any("tap it to copy" in text for text in home.texts("Anna"))
    await home.clock(**A_DAY)
    await home.clock(minutes=16)
    assert not any("tap it to copy" in text for text in home.texts("Anna"))


async def test_what_somebody_took_back_at_cloudflare_is_found_soon(home: Household) -> None:
    await held(home)
    await home.clock(days=2)
    await home.say("Anna", "/revoke pixel8")
    await home.clock(minutes=40)
    await home.clock(**A_DAY)
    home.world.cloudflare.reactivate_by_hand(home.world.cloudflare.certificates[0].id)
    await home.clock(minutes=31)
    assert home.live() == []


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with machine_at(tmp_path) as machine:
        yield machine


async def test_a_path_asked_for_by_a_fast_clock_is_open_for_its_time_and_no_longer(machine: Machine) -> None:
    """Cloudflare does not tell the time until the clock was set right: what was asked for is a length of time."""
    machine.world.cloudflare.fault(call="GET *", status=500, times=0)
    await machine.set_clock(minutes=9)
    await machine.say("Anna", f"/openpath {HOOK} 1h")
    await machine.set_clock(minutes=-9)
    machine.world.end_trouble()
    await machine.passes(minutes=2)
    assert await machine.opens(None, HOOK) == 200
    await machine.passes(minutes=57)
    assert await machine.opens(None, HOOK) == 200
    await machine.passes(minutes=4)
    assert await machine.opens(None, HOOK) == 403


async def test_a_lease_moved_on_by_a_fast_clock_is_no_longer_than_any_other(machine: Machine) -> None:
    await machine.say("Anna", f"/openpath {HOOK} always")
    await machine.tap("Anna", "Yes, for good")
    await machine.passes(seconds=10)
    machine.world.cloudflare.fault(call="GET *", status=500, times=0)
    await machine.set_clock(days=20)
    await machine.set_clock(days=-20)
    machine.world.end_trouble()
    await machine.passes(minutes=6)
    assert await machine.opens(None, HOOK) == 200
    await machine.world.kill_bot()
    machine.world.clock.plus(timedelta(days=31))
    assert await machine.opens(None, HOOK) == 403

"""The machine's clock was ahead by a day and is set right: nothing that takes away waits for the wrong time."""

from tests.household import Household

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

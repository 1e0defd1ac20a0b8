"""Menus as each person sees them, and lists longer than a screen."""

from pathlib import Path
from typing import Any

from bot.chat.messages.menu import FOR_ADMINS, FOR_MEMBERS, FOR_STRANGERS
from bot.chat.press import Press, Verb, encode
from bot.model.audit import Tag
from bot.model.chores import ChoreKind
from bot.model.people import Role, Standing
from bot.settings import PREFIX, Settings
from tests.household import Household


async def test_menus_are_per_person(home: Household) -> None:
    assert home.phone("Anna").menu == FOR_ADMINS
    assert [name for name, _ in home.phone("Kim").menu] == ["start", "whoami"]


async def test_a_menu_follows_the_role(home: Household) -> None:
    async def become(tag: Tag, **values: Any) -> None:
        ben = home.phone("Ben").user_id
        async with home.bot.app.parts.store.write() as tx:
            await tx.people.change(await tx.people.of_telegram(ben), tag=tag, **values)
            await tx.chores.add(ChoreKind.MENU, str(ben))
        await home.settle()

    await become(Tag.PERSON_UNMADE_ADMIN_IN_CHAT, role=Role.MEMBER)
    assert home.phone("Ben").menu == FOR_MEMBERS
    await become(Tag.PERSON_FROZEN, standing=Standing.FROZEN)
    assert home.phone("Ben").menu == FOR_MEMBERS
    await become(Tag.PERSON_REMOVED, standing=Standing.REMOVED)
    assert home.phone("Ben").menu == FOR_STRANGERS
    assert home.phone("Anna").menu == FOR_ADMINS


async def test_a_menu_that_cannot_be_set_holds_nothing_up(home: Household) -> None:
    home.world.telegram.fault(call="setMyCommands", status=400, times=0)
    await home.restart()
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.chores.count() == 0
    home.world.end_trouble()
    home.world.telegram.fault(call="setMyCommands", status=429, retry_after=1, times=2)
    home.world.telegram.commands.clear()
    await home.restart()
    await home.clock(minutes=1)
    assert home.phone("Anna").menu == FOR_ADMINS


async def test_pages_of_devices(home: Household) -> None:
    for number in range(8):
        await home.say("Anna", f"/newcert phone{number}")
        await home.say("Anna", f"/revoke phone{number}")
    first = (await home.say("Anna", "/certs"))[0].text
    assert first.startswith("Your devices: 8")
    assert "phone7" in first
    assert "phone1" not in first
    second = (await home.tap("Anna", "Older ▶"))[0]
    assert second.kind == "edit"
    assert "phone1" in second.text
    await home.tap("Anna", "◀ Newer")
    await home.tap("Anna", "🔴 phone5")
    assert "State: revoked" in home.with_button("Anna", "All devices").text
    await home.tap("Anna", "All devices")
    assert home.with_button("Anna", "Older ▶").text == first


async def test_everybodys_devices_carry_their_owner(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    await home.say("Ben", "/newcert pixel8")
    listed = (await home.say("Ben", "/certs all"))[0]
    assert [b.text for row in listed.message.rows for b in row] == ["🟢 pixel8", "🟢 Anna/pixel8"]  # type: ignore[union-attr]
    assert "/revoke Anna/pixel8" in (await home.tap("Ben", "🟢 Anna/pixel8"))[0].text


async def test_forged_presses_open_no_guide_that_is_not_there_or_not_for_them(home: Household) -> None:
    async def pressed(who: str, verb: Verb, arg: str) -> tuple[str, str]:
        (event,) = await home.press(who, encode(Press(verb, arg=arg)))
        return event.kind, event.text.partition("\n")[0].partition(".")[0]

    async with home.bot.app.parts.store.write() as tx:
        ben = await tx.people.of_telegram(home.phone("Ben").user_id)
        await tx.people.change(ben, tag=Tag.PERSON_UNMADE_ADMIN_IN_CHAT, role=Role.MEMBER)
    gone = ("popup", "That button has had its day")
    await home.say("Ben", "/guide android")
    assert await pressed("Ben", Verb.GUIDE_SCREEN, "android-99") == ("edit", "Android: Take it off again (7 of 7)")
    assert await pressed("Ben", Verb.GUIDE_SCREEN, "android-x") == (
        "edit",
        "Android: Put the key on the phone (1 of 7)",
    )
    for arg in ("limits-1", "cats-1"):
        assert await pressed("Ben", Verb.GUIDE_SCREEN, arg) == gone
    assert await pressed("Ben", Verb.GUIDE, "way-around") == gone
    await home.say("Anna", "/whoami")
    assert await pressed("Anna", Verb.GUIDE, "way-around") == ("new", "A way around: Why look (1 of 4)")


def test_the_example_explains_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    named = {line.lstrip("#").partition("=")[0] for line in example.splitlines() if f"{PREFIX}" in line and "=" in line}
    assert {name for name in named if name.startswith(PREFIX)} == {PREFIX + f.upper() for f in Settings.model_fields}

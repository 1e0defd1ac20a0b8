"""Menus as each person sees them, and lists longer than a screen."""

from pathlib import Path
from typing import Any

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.chat.messages.menu import FOR_ADMINS, FOR_MEMBERS, FOR_STRANGERS
from bot.chat.outbound.menu import fingerprint_of, fingerprint_of_everybody
from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.model.people.people import Account, Role, Standing
from bot.settings import PREFIX, Settings
from tests.household import Household


async def test_menus_are_per_person(home: Household) -> None:
    assert home.phone("Anna").menu == FOR_ADMINS
    assert [name for name, _ in home.phone("Kim").menu] == ["start", "whoami"]


async def test_a_menu_follows_the_role(home: Household) -> None:
    async def become(tag: AuditTag, **values: Any) -> None:
        ben = home.phone("Ben").user_id
        async with home.bot.app.parts.store.write() as tx:
            await tx.people.change(await tx.people.of_telegram(ben), tag=tag, **values)
            await tx.jobs.add(JobKind.MENU, str(ben))
        await home.settle()

    await become(AuditTag.PERSON_UNMADE_ADMIN_IN_CHAT, role=Role.MEMBER)
    assert home.phone("Ben").menu == FOR_MEMBERS
    await become(AuditTag.PERSON_FROZEN, standing=Standing.FROZEN)
    assert home.phone("Ben").menu == FOR_MEMBERS
    await become(AuditTag.PERSON_REMOVED, standing=Standing.REMOVED)
    assert home.phone("Ben").menu == FOR_STRANGERS
    assert home.phone("Anna").menu == FOR_ADMINS


def menus_set(home: Household) -> list[str]:
    """Whose menus were set or taken away, in order: an account's number, or a scope with its language."""
    told = []
    for call in home.world.telegram.calls:
        if call.label in {"setMyCommands", "deleteMyCommands"}:
            scope = call.sent["scope"]
            told.append(str(scope.get("chat_id") or f"{scope['type']} {call.sent.get('language_code', '')}".strip()))
    return told


async def forget_menus(home: Household) -> None:
    async with home.bot.app.parts.store.write() as tx:
        await tx.menus.forget()


async def test_only_the_menu_that_differs_is_set(home: Household) -> None:
    anna, ben = (str(home.phone(who).user_id) for who in ("Anna", "Ben"))
    everybodys = [f"all_private_chats {code}".strip() for code in ("", "es", "de", "fr")]
    assert sorted(menus_set(home)) == sorted([anna, ben, *everybodys])
    home.world.telegram.calls.clear()
    await home.restart()
    await home.say("Anna", "/whoami")
    await home.clock(hours=2)
    await home.say("Anna", "/whoami")
    assert menus_set(home) == []

    await home.say("Anna", "/language")
    await home.tap("Anna", "Deutsch")
    assert menus_set(home) == [anna]
    assert home.phone("Anna").menu != FOR_ADMINS
    await home.say("Anna", "/language")
    await home.tap("Anna", "Deutsch")
    await home.restart()
    assert menus_set(home) == [anna]

    async with home.bot.app.parts.store.write() as tx:
        who = await tx.people.of_telegram(int(ben))
        await tx.people.change(who, tag=AuditTag.PERSON_UNMADE_ADMIN_IN_CHAT, role=Role.MEMBER)
    home.world.telegram.calls.clear()
    await home.bot.stop()
    home.bot._settings = home.bot.settings.model_copy(update={"admins": frozenset({int(anna)})})
    await home.bot.start()
    await home.settle()
    assert menus_set(home) == [ben]
    assert home.phone("Ben").menu == FOR_MEMBERS


async def test_whoever_blocked_the_bot_gets_the_menu_when_they_are_back(home: Household) -> None:
    ben = str(home.phone("Ben").user_id)
    home.phone("Ben").block()
    await home.settle()
    await forget_menus(home)
    home.world.telegram.calls.clear()
    await home.restart()
    assert ben not in menus_set(home)
    home.phone("Ben").unblock()
    await home.say("Ben", "/whoami")
    assert menus_set(home).count(ben) == 1


async def test_what_nobody_knows_to_be_set_is_set_again(home: Household) -> None:
    await forget_menus(home)
    home.world.telegram.commands.clear()
    home.world.telegram.fault(call="setMyCommands", when="before", drop=True, times=6)
    await home.restart()
    assert home.world.telegram.commands == {}
    for _ in range(3):
        await home.clock(minutes=1)
    assert home.phone("Anna").menu == FOR_ADMINS
    assert home.phone("Ben").menu == FOR_ADMINS
    assert [name for name, _ in home.phone("Kim").menu] == ["start", "whoami"]
    home.world.telegram.calls.clear()
    await home.restart()
    assert menus_set(home) == []


async def test_another_bot_is_given_all_menus(home: Household) -> None:
    courier = home.bot.app.parts.notifier
    assert fingerprint_of(home.world.telegram.account.bot["id"], Role.ADMIN, "en") == courier.menu_of(Role.ADMIN, "en")
    known = {
        *(fingerprint_of(number, role, code) for number in (1, 2) for role in Role for code in ("en", "de", "de-AT")),
        *(fingerprint_of_everybody(number) for number in (1, 2)),
    }
    # Of the roles admins and members have one of their own, in two languages; all others have none; and everybody's.
    assert len(known) == 2 * (2 * 2 + 1 + 1)


async def test_the_first_answer_waits_for_no_menu(home: Household) -> None:
    """Many people, after an update that changed all menus."""
    many = 60
    async with home.bot.app.parts.store.write() as tx:
        for number in range(many):
            account = Account(telegram_id=900_000 + number, name=f"Member {number}", language="en")
            await tx.people.register(account, Role.MEMBER, tag=AuditTag.PERSON_LET_IN, actor="system")
    for number in range(many):
        home.world.telegram.join(f"Member {number}", user_id=900_000 + number)
    await forget_menus(home)
    await home.world.kill_bot()
    home.world.telegram.calls.clear()
    held = home.world.telegram.fault(call="setMyCommands", hold=True, times=0)
    await home.world.start_bot()
    await home.until(held.reached.is_set)
    before = len(home.phone("Anna").events)
    home.phone("Anna").send("/whoami")
    await home.until(lambda: len(home.phone("Anna").events) > before)
    assert menus_set(home) == [], "not one of them is set yet"
    home.world.end_trouble()
    await home.settle()
    assert len([each for each in menus_set(home) if each.startswith("9000")]) == many
    assert all(phone.menu == FOR_MEMBERS for number, phone in home.world.telegram.phones.items() if number >= 900_000)
    home.world.telegram.calls.clear()
    await home.restart()
    assert menus_set(home) == []


async def test_when_telegram_asks_for_a_pause_the_rest_comes_after_it(home: Household) -> None:
    await forget_menus(home)
    home.world.telegram.commands.clear()
    home.world.telegram.fault(call="setMyCommands", status=429, retry_after=30, times=2)
    await home.restart()
    await home.clock(seconds=29)
    assert not home.phone("Anna").menu == home.phone("Ben").menu == FOR_ADMINS
    await home.clock(seconds=2)
    assert home.phone("Anna").menu == FOR_ADMINS
    assert home.phone("Ben").menu == FOR_ADMINS


async def test_a_menu_that_cannot_be_set_holds_nothing_up(home: Household) -> None:
    home.world.telegram.fault(call="setMyCommands", status=400, times=0)
    await forget_menus(home)
    await home.restart()
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.jobs.count() == 0
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
    async def pressed(who: str, verb: CallbackAction, arg: str) -> tuple[str, str]:
        (event,) = await home.press(who, encode(CallbackData(verb, arg=arg)))
        return event.kind, event.text.partition("\n")[0].partition(".")[0]

    async with home.bot.app.parts.store.write() as tx:
        ben = await tx.people.of_telegram(home.phone("Ben").user_id)
        await tx.people.change(ben, tag=AuditTag.PERSON_UNMADE_ADMIN_IN_CHAT, role=Role.MEMBER)
    gone = ("popup", "That button has had its day")
    await home.say("Ben", "/guide android")
    assert await pressed("Ben", CallbackAction.GUIDE_SCREEN, "android-99") == (
        "edit",
        "Android: Take it off again (7 of 7)",
    )
    assert await pressed("Ben", CallbackAction.GUIDE_SCREEN, "android-x") == (
        "edit",
        "Android: Put the key on the phone (1 of 7)",
    )
    for arg in ("limits-1", "cats-1"):
        assert await pressed("Ben", CallbackAction.GUIDE_SCREEN, arg) == gone
    assert await pressed("Ben", CallbackAction.GUIDE, "way-around") == gone
    await home.say("Anna", "/whoami")
    assert await pressed("Anna", CallbackAction.GUIDE, "way-around") == ("new", "A way around: Why look (1 of 4)")


def test_the_example_explains_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    named = {line.lstrip("#").partition("=")[0] for line in example.splitlines() if f"{PREFIX}" in line and "=" in line}
    assert {name for name in named if name.startswith(PREFIX)} == {PREFIX + f.upper() for f in Settings.model_fields}

"""A phone is lost: the account is frozen first, the key blocked without Undo, and what was done since can be undone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests.household import Household

ADMIN, MEMBER, TRUSTED = frozenset({"admin"}), frozenset({"member"}), frozenset({"trusted"})


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Anna and Ben are admins, Kim is a trusted member, Mia a member."""
    people = (Person("Anna", ADMIN), Person("Ben", ADMIN), Person("Kim", TRUSTED), Person("Mia", MEMBER))
    async with World(tmp_path, bot=SandboxBot, people=people) as world:
        for phone in world.people.values():
            phone.send("/whoami")
        await world.settle()
        yield world


async def test_the_account_is_frozen_and_the_key_blocked_by_one_tap(home: Household) -> None:
    key = await home.device("Anna", "pixel8")
    assert await home.opens(key) == 200
    await home.say("Anna", "/lost")
    await home.tap("Anna", "pixel8")
    assert home.live() == []
    assert await home.opens(key) == 403
    shown = home.newest("Anna").text
    assert "Your account here is frozen" in shown
    assert "pixel8: revoked at Cloudflare" in shown
    assert "Ben" in shown
    assert "Terminate Session" in shown
    assert "Undo" not in [b.text for row in home.newest("Anna").rows for b in row]
    told = home.newest("Ben").text
    assert "Anna has lost a phone" in told
    assert "pixel8: revoked at Cloudflare" in told


async def test_whoever_holds_the_phone_gets_nothing_any_more(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/newcert tablet")
    await home.say("Mia", "/newcert phone")
    forged = encode(CallbackData(CallbackAction.PASSWORD, home.callback("Anna", "Password").split(":")[2]))
    await home.say("Ben", "/lost")
    await home.tap("Ben", "Somebody else's")
    await home.tap("Ben", "Anna")
    await home.tap("Ben", "All of Anna's")
    assert home.live() == []
    before = len(home.world.cloudflare.certificates)
    for text in ("/newcert evil", "/invite", "/people", "/newcert evil csr"):
        seen = await home.say("Anna", text)
        assert seen[0].text.startswith("Your account is frozen"), text
    await home.press("Anna", forged)
    await home.tap("Anna", "Approve")
    assert len(home.world.cloudflare.certificates) == before
    assert home.live() == []
    assert not [m for m in home.phone("Anna").chat if m.document]


async def test_a_waiting_file_its_password_and_an_order_under_way_are_taken_back(home: Household) -> None:
    await home.device("Anna", "shown")
    await home.say("Anna", "/newcert unopened")
    hold = home.world.cloudflare.fault(call="POST */client_certificates", when="after", hold=True)
    home.phone("Anna").send("/newcert under-way")
    await hold.reached.wait()
    await home.world.settle()
    home.phone("Anna").send("/lost shown")
    await home.until(lambda: any("Your account here is frozen" in text for text in home.texts("Anna")))
    home.world.end_trouble()
    await home.settle()
    await home.clock(minutes=6)
    assert home.live() == []
    assert not [m for m in home.phone("Anna").chat if m.document]
    assert not any("tap it to copy" in text for text in home.texts("Anna"))


async def test_an_undo_under_way_comes_to_nothing(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/newcert laptop")
    await home.tap("Anna", "Password")
    await home.say("Anna", "/revoke laptop")
    hold = home.world.cloudflare.fault(call="PATCH */client_certificates/*", hold=True)
    message = home.with_button("Anna", "Undo")
    home.phone("Anna").tap(message.message_id, "Undo")
    await hold.reached.wait()
    home.phone("Anna").send("/lost pixel8")
    await home.until(lambda: any("Your account here is frozen" in text for text in home.texts("Anna")))
    home.world.end_trouble()
    await home.settle()
    for _ in range(3):
        await home.clock(seconds=70)
    assert home.live() == []


async def test_what_the_account_did_is_listed_and_taken_back_from_the_other_phone(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.clock(hours=5)
    thief = await home.device("Anna", "evil")
    await home.say("Mia", "/newcert phone")
    await home.tap("Anna", "Approve")
    await home.say("Anna", "/lost pixel8")
    await home.tap("Anna", "An hour ago")
    assert "a certificate for evil" in home.newest("Anna").text
    assert "pixel8," not in home.newest("Anna").text
    told = home.with_button("Ben", "Revoke these too").text
    assert "evil" in told
    assert "said yes to Mia/phone" in told
    await home.tap("Ben", "Revoke these too")
    assert home.live() == []
    assert await home.opens(thief) == 403
    await home.say("Mia", "/start")
    assert not any(b.text == "Get it now" for m in home.phone("Mia").chat[-2:] for row in m.rows for b in row)
    assert "taken back" in home.with_button("Ben", "Freeze stays").text


async def test_what_is_unticked_stays(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.device("Anna", "mine")
    await home.say("Anna", "/lost pixel8")
    await home.tap("Ben", "☑️ mine")
    await home.tap("Ben", "Revoke these too")
    assert home.live() == ["mine"]
    # The phone in the wrong hands has a list of its own: what is unticked there counts there alone.
    await home.tap("Anna", "Earlier")
    assert "☑️ mine" in [b.text for row in home.newest("Anna").rows for b in row]


async def test_an_accomplice_let_in_by_the_phone_is_out_with_all_they_got(home: Household) -> None:
    await home.device("Anna", "pixel8")
    home.world.join(Person("Eve"))
    await home.say("Eve", "/start")
    await home.tap("Eve", "Ask to come in")
    await home.tap("Anna", "Let in")
    await home.tap("Anna", "Trust with own devices")
    await home.device("Eve", "evil")
    await home.say("Anna", "/lost pixel8")
    assert "let Eve in" in home.with_button("Ben", "Revoke these too").text
    await home.tap("Ben", "Revoke these too")
    assert home.live() == []
    assert (await home.say("Eve", "/newcert more"))[0].text.startswith("Your account is frozen")


async def test_another_admin_lifts_the_freeze_and_the_keys_stay_blocked(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/lost pixel8")
    forged = home.callback("Ben", "Telegram was not on it")
    assert (await home.press("Anna", forged))[0].text.startswith("Your account is frozen")
    await home.tap("Ben", "Telegram was not on it")
    assert "Ben lifted the freeze" in home.newest("Anna").text
    assert home.live() == []
    await home.say("Anna", "/newcert pixel9")
    assert home.live() == ["pixel9"]


async def test_a_trusted_person_reports_a_members_phone_and_reads_no_list(home: Household) -> None:
    await home.say("Mia", "/newcert phone")
    await home.tap("Anna", "Approve")
    await home.tap("Mia", "Get it now")
    await home.tap("Mia", "Android")
    await home.tap("Mia", "Send me the key")
    assert home.live() == ["phone"]
    await home.say("Kim", "/lost")
    await home.tap("Kim", "Somebody else's")
    await home.tap("Kim", "Mia")
    await home.tap("Kim", "phone")
    assert home.live() == []
    assert "Mia's account here is frozen" in home.newest("Kim").text
    assert not home.newest("Kim").rows
    assert "Kim reports that Mia has lost a phone" in home.newest("Ben").text
    subject = home.callback("Ben", "Freeze stays").split(":")[2]
    for verb, arg in (
        (CallbackAction.LAST_HELD, "earlier"),
        (CallbackAction.THE_REST, ""),
        (CallbackAction.NOT_ON_IT, ""),
    ):
        await home.press("Kim", encode(CallbackData(verb, subject, arg)))
    assert (await home.say("Mia", "/newcert x"))[0].text.startswith("Your account is frozen")


async def test_a_member_reports_nobody_else(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Mia", "/lost")
    assert "Somebody else's" not in [b.text for row in home.newest("Mia").rows for b in row]
    subject = home.callback("Anna", "Password").split(":")[2]
    await home.press("Mia", encode(CallbackData(CallbackAction.LOST, subject)))
    await home.press("Mia", encode(CallbackData(CallbackAction.LOST_WHO)))
    assert home.live() == ["pixel8"]
    assert "pixel8" not in home.newest("Mia").text


async def test_two_taps_make_one_report(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/lost")
    await home.tap("Anna", "pixel8", times=2)
    assert home.calls("DELETE") == 1
    assert sum("has lost a phone" in text for text in home.texts("Ben")) == 1
    assert not home.world.telegram.unanswered


async def test_a_report_typed_while_the_bot_was_away_is_carried_out(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.world.kill_bot()
    home.phone("Anna").send("/lost pixel8")
    home.world.clock.plus(timedelta(hours=3))
    await home.world.start_bot()
    await home.settle()
    assert home.live() == []


async def test_the_only_admin_hears_that_only_the_server_lifts_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    people = (Person("Anna", ADMIN), Person("Kim", TRUSTED))
    async with World(tmp_path_factory.mktemp("alone"), bot=SandboxBot, people=people) as world:
        home = Household(world)
        await home.device("Anna", "pixel8")
        await home.say("Anna", "/lost pixel8")
        assert "latchkey unfreeze" in home.newest("Anna").text
        assert home.live() == []


async def test_cloudflare_refuses_and_the_card_does_not_say_revoked(home: Household) -> None:
    await home.device("Anna", "pixel8")
    home.world.cloudflare.fault(call="DELETE */client_certificates/*", status=500, times=0)
    await home.say("Anna", "/lost pixel8")
    assert "pixel8: being revoked" in home.newest("Anna").text
    home.world.end_trouble()
    await home.clock(minutes=6)
    assert "pixel8: revoked at Cloudflare" in home.with_button("Anna", "Just now").text

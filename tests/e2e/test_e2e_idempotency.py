"""Nothing twice: double taps, repeated updates, lost answers, kills; and nobody left without a word."""

from datetime import timedelta

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from tests.household import Household


async def test_two_taps_on_revoke_make_one_revoke(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/certs")
    await home.tap("Anna", "🟢 pixel8")
    await home.tap("Anna", "Revoke", times=2)
    assert home.calls("DELETE") == 1
    assert not home.world.telegram.unanswered


async def test_two_admins_revoke_at_once(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    await home.say("Ben", "/whoami")
    data = encode(CallbackData(CallbackAction.REVOKE, home.callback("Anna", "Password").split(":")[2]))
    home.phone("Anna").press(home.newest("Anna").message_id, data)
    home.phone("Ben").press(home.newest("Ben").message_id, data)
    await home.settle()
    assert home.calls("DELETE") == 1


async def test_two_orders_at_once_make_one_certificate(home: Household) -> None:
    home.phone("Anna").send("/newcert pixel8")
    home.phone("Anna").send("/newcert pixel8")
    await home.settle()
    assert home.live() == ["pixel8"]
    assert any("has a certificate already" in text for text in home.texts("Anna"))


async def test_the_same_update_twice_has_one_effect(home: Household) -> None:
    await home.world.kill_bot()
    home.phone("Anna").send("/newcert pixel8")
    home.phone("Anna").send("/help")
    queue = home.world.telegram.account.updates._queue
    again = list(queue)
    await home.world.start_bot()
    await home.settle()
    before = len(home.phone("Anna").events)
    queue.extend(again)
    home.world.telegram.account.updates._wake(None)
    await home.settle()
    assert home.live() == ["pixel8"]
    assert len(home.phone("Anna").events) == before


async def test_what_is_asked_twice_is_answered_twice(home: Household) -> None:
    """Two questions are two updates, however soon the second comes: only a repeated update is dropped."""
    for _ in range(2):
        home.phone("Anna").send("/help")
    await home.settle()
    await home.clock(seconds=3)
    await home.say("Anna", "/help")
    assert sum(text.startswith("/newcert") for text in home.texts("Anna")) == 3


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_lost_answer_to_the_order_leaves_at_most_one_certificate(home: Household, when: str) -> None:
    home.world.cloudflare.fault(call="POST */client_certificates", when=when, drop=True)
    await home.say("Anna", "/newcert pixel8")
    for _ in range(4):
        await home.clock(seconds=11)
    assert home.live() == (["pixel8"] if when == "after" else [])
    assert home.calls("POST") == 1
    assert home.newest("Anna").rows


async def test_a_certificate_listed_late_is_found_at_the_third_look(home: Household) -> None:
    home.world.cloudflare.listed_late_seconds = 15
    home.world.cloudflare.fault(call="POST */client_certificates", when="after", status=500)
    await home.say("Anna", "/newcert pixel8")
    await home.clock(seconds=6)
    assert not home.newest("Anna").document
    await home.clock(seconds=15)
    assert home.newest("Anna").document


async def test_a_certificate_that_turns_up_after_all_is_revoked(home: Household) -> None:
    home.world.cloudflare.listed_late_seconds = 3600
    home.world.cloudflare.fault(call="POST */client_certificates", when="after", status=500)
    await home.say("Anna", "/newcert pixel8")
    for _ in range(3):
        await home.clock(seconds=11)
    assert home.live() == ["pixel8"]
    await home.clock(hours=2)
    assert home.live() == []


async def test_a_certificate_that_turns_up_while_the_bot_is_off_for_days_is_revoked(home: Household) -> None:
    home.world.cloudflare.listed_late_seconds = 3600
    home.world.cloudflare.fault(call="POST */client_certificates", when="after", status=500)
    await home.say("Anna", "/newcert pixel8")
    for _ in range(3):
        await home.clock(seconds=11)
    assert home.live() == ["pixel8"]
    await home.restart(after=timedelta(days=3))
    await home.clock(minutes=6)
    assert home.live() == []


async def test_killed_while_cloudflare_signs(home: Household) -> None:
    """The key died with the process: what was signed is revoked, and the order goes on with a new key."""
    hold = home.world.cloudflare.fault(call="POST */client_certificates", when="after", hold=True)
    home.phone("Anna").send("/newcert pixel8")
    await hold.reached.wait()
    await home.world.kill_bot()
    home.world.end_trouble()
    await home.world.start_bot()
    await home.settle()
    assert home.newest("Anna").document
    await home.clock(minutes=6)
    assert home.live() == ["pixel8"]
    assert len(home.world.cloudflare.certificates) == 2
    assert sum("Making" in text for text in home.texts("Anna")) == 0


async def test_killed_before_the_file_went_out(home: Household) -> None:
    home.world.telegram.fault(call="editMessageMedia", status=500, times=0)
    await home.say("Anna", "/newcert pixel8")
    home.world.end_trouble()
    await home.restart()
    assert home.live() == []
    assert "forgot the password" in home.newest("Anna").text
    await home.tap("Anna", "Make it again")
    assert home.live() == ["pixel8"]


async def test_a_stop_while_making_leaves_nothing_behind(home: Household) -> None:
    hold = home.world.cloudflare.fault(call="POST */client_certificates", when="after", hold=True)
    home.phone("Anna").send("/newcert pixel8")
    await hold.reached.wait()
    home.phone("Anna").send("/revoke pixel8")
    await home.until(lambda: any("Stopped" in text for text in home.texts("Anna")))
    home.world.end_trouble()
    await home.settle()
    await home.clock(minutes=6)
    assert home.live() == []
    assert not [m for m in home.phone("Anna").chat if m.document]


async def test_revoke_does_not_wait_behind_a_slow_order(home: Household) -> None:
    await home.device("Anna", "pixel8")
    hold = home.world.cloudflare.fault(call="POST */client_certificates", hold=True)
    home.phone("Anna").send("/newcert tablet")
    await hold.reached.wait()
    home.phone("Anna").send("/revoke pixel8")
    await home.until(lambda: not home.live())
    home.world.end_trouble()
    await home.settle()
    assert home.live() == ["tablet"]


async def test_the_progress_message_was_deleted_by_hand(home: Household) -> None:
    hold = home.world.cloudflare.fault(call="POST */client_certificates", hold=True)
    home.phone("Anna").send("/newcert pixel8")
    await hold.reached.wait()
    home.phone("Anna").delete(home.newest("Anna").message_id)
    home.world.end_trouble()
    await home.settle()
    assert home.newest("Anna").document
    await home.tap("Anna", "Password")
    assert "tap it to copy" in home.with_button("Anna", "Copy").text


async def test_nobody_knows_whether_the_new_document_arrived(home: Household) -> None:
    hold = home.world.cloudflare.fault(call="POST */client_certificates", hold=True)
    home.phone("Anna").send("/newcert pixel8")
    await hold.reached.wait()
    home.phone("Anna").delete(home.newest("Anna").message_id)
    home.world.telegram.fault(call="sendDocument", when="after", drop=True)
    home.world.cloudflare.release()
    await home.settle()
    assert "Telegram did not tell me" in home.newest("Anna").text
    assert home.live() == ["pixel8"]
    await home.clock(minutes=61)
    assert home.live() == []


async def test_what_gives_is_not_done_late_and_what_takes_away_is(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.world.kill_bot()
    home.phone("Anna").send("/newcert tablet")
    home.phone("Anna").send("/revoke pixel8")
    home.world.clock.plus(timedelta(hours=3))
    await home.world.start_bot()
    await home.settle()
    assert home.live() == []
    assert any("I was away when you sent that" in text for text in home.texts("Anna"))


async def test_undo_is_over_after_two_minutes_even_by_a_forged_press(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    data = home.callback("Anna", "Undo")
    await home.clock(minutes=2, seconds=1)
    seen = await home.press("Anna", data)
    assert [e.kind for e in seen] == ["popup"]
    assert home.live() == []


async def test_who_blocked_the_bot_gets_no_certificate(home: Household) -> None:
    await home.world.kill_bot()
    home.phone("Anna").send("/newcert pixel8")
    home.phone("Anna").block()
    await home.world.start_bot()
    await home.settle()
    assert home.live() == []


async def test_the_audit_chain_is_whole_and_tells_the_day(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    await home.tap("Anna", "Undo")
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.audit.first_broken() is None
        tags = [e.tag.split(":", 1)[1] async for e in tx.audit.events() if "certificate" in e.tag]
    assert tags == [
        "certificate:ordered",
        "certificate:key-made",
        "certificate:issued",
        "certificate:sent",
        "certificate:password-shown",
        "certificate:revoke-asked",
        "certificate:revoked",
        "certificate:restore-asked",
        "certificate:restored",
    ]


async def test_admins_hear_once_that_somebody_blocked_the_bot(home: Household) -> None:
    await home.say("Anna", "/whoami")
    home.phone("Anna").block()
    await home.settle()
    home.phone("Anna").unblock()
    home.phone("Anna").block()
    await home.settle()
    assert sum("I cannot reach Anna any more" in text for text in home.texts("Ben")) == 1

"""/audit in the chat: pages, people, the file; for admins only."""

import json

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from tests.household import Household


async def test_what_happened_last(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.tap("Anna", "It works")
    await home.say("Anna", "/revoke pixel8")
    (shown,) = await home.say("Ben", "/audit")
    head, *lines = shown.text.split("\n\n")
    assert head == "What happened here: 10 events, the newest first"
    assert [line.partition(" – ")[2] for line in lines] == [
        "Cloudflare revoked the certificate of Anna/pixel8",
        "Anna revoked Anna/pixel8",
        "Anna said that Anna/pixel8 works",
        "Anna looked at the password of Anna/pixel8",
        "The file of Anna/pixel8 was sent",
        "Cloudflare issued the certificate of Anna/pixel8",
        "The key for Anna/pixel8 was made",
        "Anna ordered a certificate for Anna/pixel8",
    ]
    (older,) = await home.tap("Ben", "More ▶")
    assert older.kind == "edit"
    assert older.text.endswith(" – Anna became an admin by the settings")
    (back,) = await home.tap("Ben", "◀ Back")
    assert back.text == shown.text


async def test_about_one_person(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    await home.say("Ben", "/newcert tablet")
    await home.say("Anna", "/audit")
    await home.tap("Anna", "By person")
    about = (await home.tap("Anna", "Ben"))[0].text
    assert about.startswith("About Ben: ")
    assert "Ben/tablet" in about
    assert "pixel8" not in about
    everybody = (await home.tap("Anna", "Everybody"))[0].text
    assert everybody.startswith("What happened here: ")


async def test_all_of_it_as_a_file(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Ben", "/audit")
    (sent,) = await home.tap("Ben", "All as a file")
    name, content = home.file("Ben")
    assert name == f"latchkey-audit-{home.world.clock.now():%Y-%m-%d}.jsonl"
    events = [json.loads(line) for line in content.decode().splitlines()]
    assert sent.text.startswith(f"{len(events)} events, one a line (JSON), the oldest first.")
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    issued = next(event for event in events if event["tag"] == "worker:certificate:issued")
    assert issued["subject_name"] == "Anna/pixel8"
    assert issued["detail"]["serial"]


async def test_a_hostile_name_stays_text(home: Household) -> None:
    eve = home.world.telegram.join("<b>Eve</b> \u202e&amp; " + "\u0301" * 30 + "x" * 200, user_id=300_000)
    eve.send("/start")
    await home.settle()
    eve.tap(next(m.message_id for m in eve.chat if m.rows), "Ask to come in")
    await home.settle()
    (shown,) = await home.say("Anna", "/audit")
    assert "<b>Eve</b> &amp;" in shown.text
    assert "\u202e" not in shown.text
    assert "x" * 65 not in shown.text


async def test_forged_pages(home: Household) -> None:
    await home.say("Anna", "/audit")
    for arg in ("99999999999999999999", "abc", ""):
        seen = await home.press("Anna", encode(CallbackData(CallbackAction.RECORD, arg=arg)))
        assert all("went wrong" not in event.text for event in seen), arg
    seen = await home.press("Anna", encode(CallbackData(CallbackAction.RECORD, "abcdefgh", "0")))
    assert [event.kind for event in seen] == ["popup"]
    await home.say("Kim", "/whoami")
    for verb in (CallbackAction.RECORD, CallbackAction.RECORD_PEOPLE, CallbackAction.RECORD_FILE):
        assert not await home.press("Kim", encode(CallbackData(verb, arg="0")))

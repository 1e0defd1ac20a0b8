"""Killed at every call it makes: before the call was done, and after it was done but before the answer came.

The calls are counted in a run without a kill, so new calls are covered by themselves.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests.household import Household
from tests.kills import Nth

ADMIN = frozenset({"admin"})


async def order(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")


async def take_password(home: Household) -> None:
    await home.tap("Anna", "Password")


async def say_it_works(home: Household) -> None:
    await home.tap("Anna", "It works")


async def revoke(home: Household) -> None:
    await home.say("Anna", "/revoke pixel8")


async def undo(home: Household) -> None:
    await home.tap("Anna", "Undo")


async def wait_an_hour(home: Household) -> None:
    await home.clock(minutes=61)


async def knock(home: Household) -> None:
    await home.say("Kim", "hello")


async def ask_to_come_in(home: Household) -> None:
    await home.tap("Kim", "Ask to come in")


async def let_in(home: Household) -> None:
    await home.tap("Anna", "Let in")


async def choose(home: Household) -> None:
    await home.tap("Kim", "Android")
    await home.tap("Kim", "Call it android")


async def get(home: Household) -> None:
    await home.tap("Kim", "Send me the key")


async def take_the_key(home: Household) -> None:
    await home.tap("Kim", "Password")


async def ask_for_help(home: Household) -> None:
    await home.tap("Kim", "It doesn't")
    await home.tap("Kim", "Ask for help")


async def send_a_new_key(home: Household) -> None:
    await home.tap("Anna", "Send a new key")


async def report_lost(home: Household) -> None:
    await home.say("Kim", "/lost android")


Step = Callable[[Household], Awaitable[None]]
ONE = (Person("Anna", ADMIN),)
TWO = (Person("Anna", ADMIN), Person("Kim"))
IN = (knock, ask_to_come_in, let_in)
HELD = (*IN, choose, get, take_the_key)


@dataclass(frozen=True)
class Story:
    """What goes before, what is shot at, and a text that must stand on somebody's phone in the end."""

    before: tuple[Step, ...]
    step: Step
    people: tuple[Person, ...] = ONE
    in_the_end: tuple[str, str] | None = None


STORIES = {
    "order": Story((), order),
    "password": Story((order,), take_password),
    "works": Story((order, take_password), say_it_works),
    "revoke": Story((order, take_password), revoke),
    "revoke-unopened": Story((order,), revoke),
    "undo": Story((order, take_password, say_it_works, revoke), undo),
    "cleanup": Story((order, take_password), wait_an_hour),
    "never-opened": Story((order,), lambda home: home.clock(hours=25)),
    "ask": Story((knock,), ask_to_come_in, TWO, ("Anna", "Kim asks to come in.")),
    "let-in": Story((knock, ask_to_come_in), let_in, TWO, ("Kim", "You're in.")),
    "get": Story((*IN, choose), get, TWO),
    "new-key": Story((*HELD, ask_for_help), send_a_new_key, TWO, ("Kim", "Anna said yes to android.")),
    "revoke-lost": Story(HELD, report_lost, TWO, ("Anna", "Kim has lost a phone.")),
}


async def told(directory: Path, name: str, number: int, when: str) -> int:
    """Play a story and kill the bot at its Nth call; answers how many calls the last step made without a kill."""
    story = STORIES[name]
    async with World(directory, bot=SandboxBot, people=story.people) as world:
        home = Household(world)
        await world.settle()
        for earlier in story.before:
            await earlier(home)
        fault = Nth.ordered(number, when)
        for standin in (world.telegram, world.cloudflare):
            standin.faults.append(fault)
        with suppress(LookupError):
            await story.step(home)
        made = number - fault.left
        if fault.reached.is_set():
            await world.kill_bot()
            world.end_trouble()
            await world.start_bot()
        await world.settle()
        await home.clock(seconds=6)
        await home.clock(minutes=6)
        await home.clock(minutes=31)
        # Telegram has no way to ask for a message whose number we never learnt: that one stays as it is.
        unlearnt = fault.hit == "sendMessage" and when == "after"
        await check(home, name, orphans=int(unlearnt))
    return made


async def check(home: Household, name: str, orphans: int) -> None:
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.audit.first_broken() is None
        rows = list((await tx.certificates.page(None, 0, 50))[0])
    known = {row.cloudflare_id for row in rows if row.state == "active"}
    live = [c for c in home.world.cloudflare.certificates if c.status == "active"]
    assert {c.id for c in live} == known, "what is live at Cloudflare is active here, and the other way round"
    assert len(live) <= 1, "never two for one yes"
    assert not [r for r in rows if r.state in {"issuing", "revoking", "restoring"}], "every order has come to its end"
    texts = [text for who in home.world.people for text in home.texts(who)]
    unfinished = [text for text in texts if text.startswith(("Making", "Revoking", "Taking", "The pass"))]
    assert len(unfinished) <= orphans, "nobody is left without a final word, and no password stays"
    for phone in home.world.people.values():
        for message in phone.chat:
            if message.document and message.document.file_name.endswith(".p12"):
                row = rows[0]
                opened = row.password_shown_at is not None
                held = opened or home.bot.app.parts.vault.look(row.public_id)
                assert held, "nobody keeps a file that cannot be opened"
    if name.startswith("revoke"):
        assert not live, "revoked stays revoked"
    await check_the_end(home, STORIES[name])


async def check_the_end(home: Household, story: Story) -> None:
    """What was asked before the kill is said after it: the bot stores what it fetches before it handles it."""
    if story.in_the_end is not None:
        who, words = story.in_the_end
        assert any(words in text for text in home.texts(who)), f"{who} never read “{words}”"


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("story", STORIES)
async def test_killed_at_every_call(story: str, when: str, tmp_path: Path) -> None:
    calls = await told(tmp_path / "whole", story, 10_000, when)
    assert calls >= 2
    broken = []
    for number in range(1, calls + 1):
        try:
            await told(tmp_path / str(number), story, number, when)
        except AssertionError as error:
            broken.append(f"call {number} of {calls}: {str(error).splitlines()[0]}")
    assert not broken

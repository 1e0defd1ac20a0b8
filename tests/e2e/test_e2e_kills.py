"""Killed before and after every call to the outside and every commit: what may never be, never is.

Calls and commits are counted in a run without a kill, so new ones are covered by themselves. By default each story
is shot at in six places drawn by its name; ``KILLS=all`` shoots everywhere (some minutes), ``KILLS_SEED=…`` elsewhere.
"""

import asyncio
import copy
import os
import random
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.model.audit import AuditTag
from bot.model.certificates.certificates import Purpose, State
from sandbox.bot import SandboxBot, settings_for
from sandbox.world import World
from tests.forked_world import Past, number_from_far_off
from tests.household import Household
from tests.kill_stories import STORIES, Story
from tests.killed_process import ProcessBot
from tests.kills import Commits, Nth, What
from tests.locked_household import foreign_rules

SHOTS = 6
WHEN = ("before", "after")
UNFINISHED = (
    "Making", "Revoking", "Taking", "The pass", "I am trying", "I am writing", "The rule is written. I am", "🔎",
    "Putting it back:", "Locking", "Opening ha",
)  # fmt: skip
_STATES = (
    "SELECT device.id, certificate.public_id, device.name, certificate.state FROM certificate "
    "JOIN device ON device.id = certificate.device_id WHERE certificate.purpose = ? ORDER BY certificate.id"
)
Tags = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Shot:
    what: What
    number: int
    when: str

    def __str__(self) -> str:
        return f"{self.when} {self.what} {self.number}"


@dataclass(frozen=True)
class Told:
    """What a run told: how many calls and commits there were, and how often each tag was written of one subject."""

    calls: int
    commits: int
    tags: Tags


class Run:
    """A story from its step on, with a shot in it or without."""

    def __init__(self, story: Story, secrets: list[bytes], shot: Shot | None = None, whole: Tags | None = None) -> None:
        self._story = story
        self._secrets = secrets
        self._shot = shot
        self._whole = whole

    async def play(self, home: Household) -> Told:
        foreign = copy.deepcopy(foreign_rules(home))
        states, seen = states_of(home), sum(len(phone.events) for phone in home.world.people.values())
        trap = Nth.ordered(self._shot.number, self._shot.when, self._shot.what) if self._shot else Nth.ordered(0, "")
        unlearnt = await shot_at(home, self._story, trap)
        await home.settle()
        for wait in ({"seconds": 6}, {"minutes": 6}, {"minutes": 31}):
            await home.clock(**wait)
        tags = await self.check_record(home)
        await check_certificates(home, self._story)
        check_chats(home, unlearnt)
        check_words(home, states, seen)
        check_foreign(home, foreign, may_be_off=self._story.takes_over)
        for check in self._story.ends:
            await check(home)
        await self.check_files(home)
        return Told(trap.calls, trap.commits, tags)

    async def check_record(self, home: Household) -> Tags:
        async with home.bot.app.parts.store.read() as tx:
            assert await tx.audit.first_broken() is None, "the chain is whole"
            tags = Counter([(event.tag, str(event.subject)) async for event in tx.audit.events()])
        if self._whole is not None:
            most: dict[str, int] = {}
            for (tag, _), count in self._whole.items():
                most[tag] = max(most.get(tag, 1), count)
            # The rule is one for all that is in it, so it may be written once more than without a kill.
            most[AuditTag.RULE_WRITTEN] = rule_writes(home)
            often = [tag for (tag, _), count in tags.items() if count > most.get(tag, 1)]
            assert not often, f"one event for one change, not {often}"
        return tags

    async def check_files(self, home: Household) -> None:
        directory = home.bot.settings.database.parent
        copied = [button.value for phone in home.world.people.values() for m in phone.chat for row in m.rows
                  for button in row if button.text == "Copy"]  # fmt: skip
        secrets = [*self._secrets, *(text.encode() for text in copied), b"PRIVATE KEY"]
        secrets += [home.world.telegram.token.encode(), home.world.cloudflare.token.encode()]
        await home.world.stop_bot()
        kept = b"".join(file.read_bytes() for file in directory.iterdir() if file.is_file())
        assert b"certificate:" in kept or b"person:" in kept, "that is where the record is"
        assert not [secret for secret in secrets if secret in kept], "no secret is on disk"


def rule_writes(home: Household) -> int:
    return sum(
        "/rulesets" in call.label and not call.label.startswith(("GET", "DELETE")) and not call.sent.get("dry_run")
        for call in home.world.cloudflare.calls
    )


async def shot_at(home: Household, story: Story, trap: Nth) -> set[int]:
    """Play the step; when the trap is reached, kill the bot that very moment and start it again. Answers what
    messages it can never finish.
    """
    world = home.world
    for standin in (world.telegram, world.cloudflare):
        standin.faults.append(trap)
    Commits.trap = trap
    step = asyncio.ensure_future(story.step(home))
    reached = asyncio.ensure_future(trap.reached.wait())
    await asyncio.wait([step, reached], return_when=asyncio.FIRST_COMPLETED)
    if trap.struck:
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)
        await world.kill_bot()
    reached.cancel()
    Commits.trap = None
    world.end_trouble()
    if not trap.struck:
        await step
        return set()
    known = written_down(home)
    # Whoever lived in a process of its own goes on in this one, where all can be looked at.
    if not isinstance(world.bot, SandboxBot):
        world._bot = SandboxBot(world, world.admins)
    await world.start_bot()
    # What the dead bot sent and wrote down nowhere: there is no way to ask Telegram for the numbers of messages. What
    # was on its way is there by now, and the new bot has sent nothing yet.
    return {number for number in unfinished(home) if str(number) not in known}


async def check_certificates(home: Household, story: Story) -> None:
    async with home.bot.app.parts.store.read() as tx:
        devices = await tx.certificates.in_state(*State)
        probes = await tx.probes.in_state(*State)
    rows = [(row.state, row.cloudflare_id) for row in devices]
    rows += [(row.state, row.cloudflare_id) for row in probes]
    going = [state for state, _ in rows if state in {State.ISSUING, State.REVOKING, State.RESTORING}]
    assert not going, f"every order has come to its end, not {going}"
    known = {cloudflare_id for state, cloudflare_id in rows if state is State.ACTIVE}
    live = {record.id for record in home.world.cloudflare.certificates if record.status == "active"}
    assert live == known, "what is live at Cloudflare is active here, and the other way round"
    held = [row for row in devices if row.state is State.ACTIVE and row.purpose is Purpose.DEVICE]
    assert len(held) <= story.most, "never two for one yes"
    assert story.live is None or len(held) == story.live, "revoked stays revoked"
    vault = home.bot.app.parts.vault
    opened = {row.device.name for row in devices if row.password_shown_at or vault.look(row.public_id)}
    for phone in home.world.people.values():
        files = [m.document.file_name for m in phone.chat if m.document and m.document.file_name.endswith(".p12")]
        assert all(file.removesuffix(".p12") in opened for file in files), "nobody keeps a file that cannot be opened"


def unfinished(home: Household) -> dict[int, str]:
    shown = [m for phone in home.world.people.values() for m in phone.chat if m.from_bot]
    return {m.message_id: m.text for m in shown if m.text.startswith(UNFINISHED)}


def written_down(home: Household) -> str:
    """All that the database holds."""
    with closing(sqlite3.connect(settings_for(home.world.directory, ()).database)) as database:
        return "\n".join(database.iterdump())


def check_chats(home: Household, unlearnt: set[int]) -> None:
    left = {number: text for number, text in unfinished(home).items() if number not in unlearnt}
    assert not left, f"nobody is left without a final word, and no password stays: {left}"


def states_of(home: Household) -> dict[str, tuple[str, str]]:
    """Each certificate's device and state; of a device the newest alone, which goes on where another was given up.

    Asked of the file: the bot may be a process of its own.
    """
    with closing(sqlite3.connect(settings_for(home.world.directory, ()).database)) as database:
        rows = database.execute(_STATES, (Purpose.DEVICE.value,)).fetchall()
    newest = {device: (public_id, name, state) for device, public_id, name, state in rows}
    return {public_id: (name, state) for public_id, name, state in newest.values()}


def check_words(home: Household, before: dict[str, tuple[str, str]], seen: int) -> None:
    events = sorted((e for phone in home.world.people.values() for e in phone.events), key=lambda e: e.sequence)[seen:]
    said = [event.text for event in events if event.text and not event.text.startswith(UNFINISHED)]
    changed = [name for key, (name, now) in states_of(home).items() if (name, now) != before.get(key)]
    unsaid = [name for name in changed if not any(name in text for text in said)]
    assert not unsaid, f"no certificate is without its final word: {unsaid}"


def check_foreign(home: Household, before: list[dict[str, Any]], *, may_be_off: bool) -> None:
    now = foreign_rules(home)
    if may_be_off:
        by_hand = [{**rule, "enabled": None, "version": None, "last_updated": None} for rule in before]
        after = [{**rule, "enabled": None, "version": None, "last_updated": None} for rule in now]
        assert after == by_hand, "a rule made by hand is switched off and nothing else"
    else:
        assert now == before, "foreign rules are byte for byte what they were"


def shots(name: str, told: Told) -> list[Shot]:
    everywhere = [Shot("call", number, when) for number in range(1, told.calls + 1) for when in WHEN]
    everywhere += [Shot("commit", number, when) for number in range(1, told.commits + 1) for when in WHEN]
    if os.environ.get("KILLS") == "all":
        return everywhere
    drawn = random.Random(f"{name} {os.environ.get('KILLS_SEED', '')}")
    return drawn.sample(everywhere, min(SHOTS, len(everywhere)))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", STORIES)
def test_killed(name: str, tmp_path: Path) -> None:
    story = STORIES[name]
    past = Past(tmp_path / "world", story.people, story.preset)
    past.play(story.before)
    told = past.future(Run(story, past.secrets).play)
    assert told.commits >= 1
    broken = []
    for shot in shots(name, told):
        try:
            past.future(Run(story, past.secrets, shot, told.tags).play)
        except AssertionError as error:
            broken.append(f"{shot} of {told.calls} calls, {told.commits} commits: {str(error).splitlines()[0]}")
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize(("name", "number"), [("order", 2), ("order", 3), ("get", 2), ("revoke", 2)])
async def test_a_process_killed_by_the_system(name: str, number: int, when: str, tmp_path: Path) -> None:
    """SIGKILL, at a call: nothing of the process gets to tidy up."""
    story = STORIES[name]
    async with World(tmp_path / "world", bot=ProcessBot, people=story.people, preset=story.preset) as world:
        number_from_far_off(world)
        home = Household(world)
        await world.settle()
        for step in story.before:
            await step(home)
        await Run(story, [], Shot("call", number, when)).play(home)

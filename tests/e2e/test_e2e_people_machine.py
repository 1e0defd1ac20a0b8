"""People, admins and a thief do anything in any order: what may never be, never is.

Whoever acts taps what is on their phone, taps what is on somebody else's (forged), types, waits, or the bot dies.
``MACHINE_EXAMPLES`` and ``MACHINE_STEPS`` make the run longer; a failure prints how to play it again.
"""

import asyncio
import os
import tempfile
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.model.audit import Tag
from bot.model.certificates import COUNTED, Certificate, Purpose, State
from bot.model.people import Person, Role, Standing
from bot.services.rights import device_limit_of
from bot.store.database import Transaction
from sandbox.bot import SandboxBot
from sandbox.telegram import Phone
from sandbox.telegram.phone import Contact
from sandbox.world import Person as Somebody
from sandbox.world import World
from tests.kills import Nth

ADMIN, MEMBER, TRUSTED = frozenset({"admin"}), frozenset({"member"}), frozenset({"trusted"})
PEOPLE = (
    Somebody("Annabell", ADMIN),
    Somebody("Benjamin", ADMIN),
    Somebody("Thomasin", MEMBER),
    Somebody("Miamaria", TRUSTED),
    Somebody("Kimberley"),
    Somebody("Evelynne"),
)
NAMES = tuple(person.name for person in PEOPLE)
TEXTS = (
    "/start",
    "hello",
    "/newcert {device}",
    "/newcert {device}",
    "/newcert",
    "/certs",
    "/certs all",
    "/devices",
    "/lost",
    "/people",
    "/invite Grandma",
    "/invite",
    "/cancel",
    "/revoke {device}",
    "{device}",
)
WAITS = ({"minutes": 1}, {"minutes": 11}, {"hours": 3}, {"hours": 25}, {"hours": 80}, {"days": 8})
WHO, PLACE = st.sampled_from(NAMES), st.integers(0, 200)
UNFINISHED = ("Making", "Revoking", "Taking", "The password for")
_T = TypeVar("_T")


class Household(RuleBasedStateMachine):
    """One world an example; every rule ends when the bot has nothing left to do."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory(prefix="latchkey-machine-")
        self.world = World(Path(self.folder.name), bot=SandboxBot, people=PEOPLE)
        self.run(self.world.start())
        self.run(self.world.settle())

    def teardown(self) -> None:
        self.run(self.world.stop())
        self.loop.close()
        self.folder.cleanup()

    def run(self, doing: Coroutine[Any, Any, _T]) -> _T:
        return self.loop.run_until_complete(doing)

    def phone(self, who: str) -> Phone:
        return self.world.people[who]

    # What people do.

    @rule(who=WHO, text=st.sampled_from(TEXTS), number=st.integers(1, 3))
    def says(self, who: str, text: str, number: int) -> None:
        self.phone(who).send(text.format(device=f"dev-{who.lower()}-{number}"))
        self.run(self.world.settle())

    @rule(who=WHO, place=PLACE, times=st.integers(1, 2))
    def taps(self, who: str, place: int, times: int) -> None:
        self._tap(who, place, times)
        self.run(self.world.settle())

    @rule(who=WHO, place=st.integers(0, 5))
    def taps_something_new(self, who: str, place: int) -> None:
        self._tap(who, place, 1)
        self.run(self.world.settle())

    @rule(first=PLACE, second=PLACE)
    def two_admins_tap_at_once(self, first: int, second: int) -> None:
        self._tap("Annabell", first, 1)
        self._tap("Benjamin", second, 1)
        self.run(self.world.settle())

    @rule(who=WHO, owner=WHO, place=PLACE)
    def forges(self, who: str, owner: str, place: int) -> None:
        buttons = self._buttons(owner)
        if buttons:
            _, _, data = buttons[place % len(buttons)]
            chat = [m.message_id for m in self.phone(who).chat if m.from_bot]
            self.phone(who).press(chat[-1] if chat else 1, data, inaccessible=not chat)
            self.run(self.world.settle())

    @rule(who=WHO, place=st.integers(0, 6), then=st.lists(st.integers(0, 6), max_size=3))
    def loses_a_phone(self, who: str, place: int, then: list[int]) -> None:
        """Somebody reports a phone; then, whoever holds it taps on, and so do the admins."""
        self.phone(who).send("/lost")
        self.run(self.world.settle())
        for at in (place, *then):
            for taps in (who, "Benjamin"):
                self._tap(taps, at, 1)
                self.run(self.world.settle())

    @rule(admin=st.sampled_from(NAMES[:2]), places=st.lists(st.integers(0, 8), min_size=1, max_size=4))
    def looks_after_people(self, admin: str, places: list[int]) -> None:
        self.phone(admin).send("/people")
        self.run(self.world.settle())
        for place in places:
            self._tap(admin, place, 1)
            self.run(self.world.settle())

    @rule(picked=WHO)
    def picks_a_contact(self, picked: str) -> None:
        self.phone("Annabell").send("/invite")
        self.run(self.world.settle())
        contact = Contact(self.phone(picked).user_id, picked)
        self.phone("Annabell").share_users("Pick a contact", [contact])
        self.run(self.world.settle())

    @rule(by=st.sampled_from(WAITS))
    def time_passes(self, by: dict[str, float]) -> None:

        self.world.clock.plus(timedelta(**by))
        self.run(self.world.settle())

    @rule()
    def the_bot_dies(self) -> None:
        self.run(self.world.kill_bot())
        self.run(self.world.start_bot())
        self.run(self.world.settle())

    @rule(who=WHO, place=st.integers(0, 20), number=st.integers(1, 8), when=st.sampled_from(("before", "after")))
    def the_bot_dies_under_a_tap(self, who: str, place: int, number: int, when: str) -> None:
        """At the Nth call to the outside, before it was done or after it was done but not answered."""
        fault = Nth.ordered(number, when)
        for standin in (self.world.telegram, self.world.cloudflare):
            standin.faults.append(fault)
        self._tap(who, place, 1)
        self.run(self.world.settle())
        self.run(self.world.kill_bot())
        self.world.end_trouble()
        self.run(self.world.start_bot())
        self.run(self.world.settle())

    def _buttons(self, who: str) -> list[tuple[int, str, str]]:
        return [
            (message.message_id, button.text, button.value)
            for message in reversed(self.phone(who).chat)
            if message.from_bot
            for row in message.rows
            for button in row
            if button.kind == "callback"
        ]

    def _tap(self, who: str, place: int, times: int) -> None:
        buttons = self._buttons(who)
        if buttons:
            message_id, text, _ = buttons[place % len(buttons)]
            for _ in range(times):
                self.phone(who).tap(message_id, text)

    # What may never be.

    @precondition(lambda self: self.world.bot_runs)
    @invariant()
    def nothing_is_wrong(self) -> None:
        self.run(self._check())

    async def _check(self) -> None:
        bot = self.world.bot
        assert isinstance(bot, SandboxBot)
        parts = bot.app.parts
        async with parts.store.read() as tx:
            assert await tx.audit.first_broken() is None
            everybody = await tx.people.everybody()
            rows: list[Certificate] = []
            for person in everybody:
                held = await tx.certificates.count_held(person.id)
                assert held <= device_limit_of(person, parts.policy), "nobody has more devices than allowed"
            for state in State:
                rows += await tx.certificates.in_state(state)
            tags = [(event.tag, event.actor, event.subject) async for event in tx.audit.events()]
            await self._nobody_decides_for_themself(tx, everybody)
            await self._each_member_key_has_its_yes(tx, everybody, rows, tags)
        devices = [row for row in rows if row.purpose is Purpose.DEVICE]
        active = {row.cloudflare_id for row in devices if row.state is State.ACTIVE}
        live = {c.id for c in self.world.cloudflare.certificates if c.status == "active"}
        assert live == active, "what is live at Cloudflare is active here, and the other way round"
        self._the_frozen_get_nothing(everybody, devices, tags)
        self._nobody_reads_what_is_not_theirs(everybody, tags)

    async def _nobody_decides_for_themself(self, tx: Transaction, everybody: tuple[Person, ...]) -> None:

        for person in everybody:
            for request in await tx.requests.decided_by(person, datetime.fromtimestamp(0, UTC)):
                assert request.person.id != person.id, "nobody decides on their own request"

    async def _each_member_key_has_its_yes(
        self,
        tx: Transaction,
        everybody: tuple[Person, ...],
        rows: list[Certificate],
        tags: list[tuple[str, str, str]],
    ) -> None:
        for person in everybody:
            if self._was_ever_more(person, tags):
                continue
            for row in rows:
                if row.device.owner_id == person.id and row.state is State.ACTIVE:
                    assert await tx.requests.is_for(row.id), "no key without a yes"

    def _the_frozen_get_nothing(
        self, everybody: tuple[Person, ...], rows: list[Certificate], tags: list[tuple[str, str, str]]
    ) -> None:
        for person in everybody:
            if person.standing is Standing.OK or person.frozen_at is None:
                continue
            for row in rows:
                if row.device.owner_id == person.id and row.state in COUNTED:
                    assert row.created_at <= person.frozen_at, "nothing is made for a frozen account"

    def _nobody_reads_what_is_not_theirs(self, everybody: tuple[Person, ...], tags: list[tuple[str, str, str]]) -> None:
        known = {person.telegram_id: person for person in everybody}
        admins = {person.name for person in everybody if person.role is Role.ADMIN}
        for who in NAMES:
            person = known.get(self.phone(who).user_id)
            if person is not None and self._was_ever_more(person, tags):
                continue
            shown = "\n".join(message.text for message in self.phone(who).chat if message.from_bot)
            others = [name for name in NAMES if name != who]
            for other in others:
                assert f"dev-{other.lower()}" not in shown, f"{who} reads of {other}'s device"
                if person is None or other not in admins:
                    ever_admin = other in {"Annabell", "Benjamin"} or self._ever_admin(known, other, tags)
                    assert other not in shown or (person is not None and ever_admin), f"{who} reads of {other}"

    def _ever_admin(self, known: dict[int, Person], name: str, tags: list[tuple[str, str, str]]) -> bool:
        person = known.get(self.phone(name).user_id)
        return person is not None and any(
            subject == person.public_id and tag == Tag.PERSON_MADE_ADMIN_IN_CHAT for tag, _, subject in tags
        )

    def _was_ever_more(self, person: Person, tags: list[tuple[str, str, str]]) -> bool:
        """Whether somebody ever was trusted or an admin, and so could make keys or read of others."""
        more = {Tag.PERSON_TRUSTED, Tag.PERSON_MADE_ADMIN, Tag.PERSON_MADE_ADMIN_IN_CHAT}
        return any(subject == person.public_id and tag in more for tag, _, subject in tags)


TestHousehold = Household.TestCase
TestHousehold.settings = settings(
    max_examples=int(os.environ.get("MACHINE_EXAMPLES", "4")),
    stateful_step_count=int(os.environ.get("MACHINE_STEPS", "30")),
    deadline=None,
    derandomize="MACHINE_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)

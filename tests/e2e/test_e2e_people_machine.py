"""People, admins and a thief do anything in any order: what may never be, never is.

Whoever acts taps what is on their phone, taps what is on somebody else's (forged), types, waits, or the bot dies.
``MACHINE_EXAMPLES`` and ``MACHINE_STEPS`` make the run longer; a failure prints how to play it again. Only a longer run
looks for a shorter way to a failure: each try is a world of its own, so that takes minutes.
"""

import os
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import COUNTED, Certificate, Purpose, State
from bot.model.people.people import Person, Role, Standing
from bot.services.authorization import device_limit_of
from bot.store.engine.database import Transaction
from sandbox.bot import SandboxBot
from sandbox.telegram.phone import Contact
from sandbox.world import Person as Somebody
from tests.kills import Nth
from tests.machine_phones import Phones
from tests.replayed_record import weapons

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
ANSWERS = (
    "Earlier",
    "Revoke these too",
    "I have it",
    "It is lost",
    "Freeze",
    "Telegram was not on it",
    "Lift the freeze",
    "Let in",
    "Make admin",
    "No admin any more",
    "End in 1 month",
    "Remove",
    "Revoke all",
)
"""What a button begins with: what gives, takes away, or answers a report."""

WAITS = ({"minutes": 1}, {"minutes": 11}, {"hours": 3}, {"hours": 25}, {"hours": 80}, {"days": 8})
WHO, PLACE = st.sampled_from(NAMES), st.integers(0, 200)
UNFINISHED = ("Making", "Revoking", "Taking", "The password for")


class Household(Phones):
    """One world an example; every rule ends when the bot has nothing left to do."""

    @initialize(by_settings=st.booleans(), attack=st.booleans())
    def begins(self, by_settings: bool, attack: bool) -> None:
        """Benjamin is an admin by the settings, or by Annabell's tap. Then somebody turns reports against the
        admins, as an account that was reported, or as a trusted person: what comes after it is done by whoever is left.
        """
        self.start(tuple(p if by_settings or p.name != "Benjamin" else Somebody(p.name, MEMBER) for p in PEOPLE))
        if not by_settings:
            self.press("Annabell", CallbackData(CallbackAction.MAKE_ADMIN, self.public_id("Benjamin"), "on"))
        self.press("Annabell", CallbackData(CallbackAction.LIMIT, self.public_id("Thomasin"), "3"))
        self.a_thief_on_a_reported_account("Annabell")
        self.tap_newest("Benjamin", "Telegram was not on it")
        if attack:
            self.a_member_against_the_admins("Miamaria")

    # What people do.

    @rule(who=WHO, text=st.sampled_from(TEXTS), number=st.integers(1, 3))
    def says(self, who: str, text: str, number: int) -> None:
        self.phone(who).send(text.format(device=f"dev-{who.lower()}-{number}"))
        self.run(self.world.settle())

    @rule(who=WHO, place=PLACE, times=st.integers(1, 2))
    def taps(self, who: str, place: int, times: int) -> None:
        self.tap(who, place, times)
        self.run(self.world.settle())

    @rule(who=WHO, place=st.integers(0, 5))
    def taps_something_new(self, who: str, place: int) -> None:
        self.tap(who, place, 1)
        self.run(self.world.settle())

    @rule(first=PLACE, second=PLACE)
    def two_admins_tap_at_once(self, first: int, second: int) -> None:
        self.tap("Annabell", first, 1)
        self.tap("Benjamin", second, 1)
        self.run(self.world.settle())

    @rule(who=WHO, owner=WHO, place=PLACE)
    def forges(self, who: str, owner: str, place: int) -> None:
        buttons = self.buttons(owner)
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
                self.tap(taps, at, 1)
                self.run(self.world.settle())

    @rule(who=st.sampled_from(NAMES[1:4]), whose=st.lists(WHO, min_size=1, max_size=2, unique=True))
    def reports_all_devices_of(self, who: str, whose: list[str]) -> None:
        """By presses that need not be on any of their messages."""
        for of in whose:
            if self.public_id(of):
                self.press(who, CallbackData(CallbackAction.LOST_ALL, self.public_id(of)))

    @rule(who=st.sampled_from(("Miamaria", "Thomasin")))
    def a_member_against_the_admins(self, who: str) -> None:
        for of in NAMES[:2]:
            self.press(who, CallbackData(CallbackAction.LOST_ALL, self.public_id(of)))

    @rule(who=WHO, answers=st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=3))
    def answers(self, who: str, answers: list[str]) -> None:
        """Taps the newest buttons that begin so: on their own copy of a report, a card, a request."""
        for text in answers:
            self.tap_newest(who, text)

    @rule(who=st.sampled_from(NAMES[:2]))
    def a_thief_on_a_reported_account(self, who: str) -> None:
        """Whoever has the phone turns its own copy of the report against the others, shown such a button or not."""
        self.press(who, CallbackData(CallbackAction.LOST_ALL))
        self.tap_newest(who, "Earlier")
        for _, text, data in self.buttons(who):
            if text == "Earlier":
                self.press(who, CallbackData(CallbackAction.THE_REST, data.split(":")[2]))
                break

    @rule(admin=st.sampled_from(NAMES[:2]), places=st.lists(st.integers(0, 8), min_size=1, max_size=4))
    def looks_after_people(self, admin: str, places: list[int]) -> None:
        self.phone(admin).send("/people")
        self.run(self.world.settle())
        for place in places:
            self.tap(admin, place, 1)
            self.run(self.world.settle())

    @rule(picked=WHO)
    def picks_a_contact(self, picked: str) -> None:
        self.phone("Annabell").send("/invite")
        self.run(self.world.settle())
        contact = Contact(self.phone(picked).user_id, picked)
        if self.phone("Annabell").keyboard is not None:
            # A frozen admin is shown none.
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
        self.tap(who, place, 1)
        self.run(self.world.settle())
        self.run(self.world.kill_bot())
        self.world.end_trouble()
        self.run(self.world.start_bot())
        self.run(self.world.settle())

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
            events = [event async for event in tx.audit.events()]
            tags = [(event.tag, event.actor, event.subject) for event in events]
            ids = {person.id: person.public_id for person in everybody}
            owners = {row.public_id: ids[row.device.owner_id] for row in rows if row.purpose is Purpose.DEVICE}
            assert weapons(events, ids.values(), owners) == []
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
            subject == person.public_id and tag == AuditTag.PERSON_MADE_ADMIN_IN_CHAT for tag, _, subject in tags
        )

    def _was_ever_more(self, person: Person, tags: list[tuple[str, str, str]]) -> bool:
        """Whether somebody ever was trusted or an admin, and so could make keys or read of others."""
        more = {AuditTag.PERSON_TRUSTED, AuditTag.PERSON_MADE_ADMIN, AuditTag.PERSON_MADE_ADMIN_IN_CHAT}
        return any(subject == person.public_id and tag in more for tag, _, subject in tags)


TestHousehold = Household.TestCase
TestHousehold.settings = settings(
    max_examples=int(os.environ.get("MACHINE_EXAMPLES", "6")),
    stateful_step_count=int(os.environ.get("MACHINE_STEPS", "14")),
    deadline=None,
    derandomize="MACHINE_EXAMPLES" not in os.environ,
    phases=tuple(p for p in Phase if p is not Phase.shrink or "MACHINE_EXAMPLES" in os.environ),
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)

"""What admins change about somebody: who may, whose, within which numbers; and when somebody's time here ends."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import NotAllowed
from bot.model.audit import AuditTag
from bot.model.lost_devices import LossState
from bot.model.people.changes import PersonChange, PersonChanged
from bot.model.people.directory import PersonCard
from bot.model.people.people import FreezeReason, Person, Role, Standing
from bot.services.context import AppContext
from bot.services.membership import members
from bot.store.certificates.certificates import actor_of
from bot.store.people.prompts import PromptKind
from tests.quiet_home import QuietHome, answer, quiet_home
from tests.still_family import THE_LEAST

DAY = timedelta(days=1)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


Change = Callable[[AppContext, Person, str], Awaitable[object]]
CHANGES: dict[str, Change] = {
    "trust": lambda parts, actor, whom: members.trust(parts, actor, whom, trusted=True),
    "limit": lambda parts, actor, whom: members.limit(parts, actor, whom, 3),
    "end": lambda parts, actor, whom: members.end_after(parts, actor, whom, 3),
    "ask end": members.ask_end,
    "freeze": members.freeze_account,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(
    ("who", "whom", "said"),
    [
        ("Anna", "Tom", "done"),
        ("Ben", "Tom", "done"),
        ("Anna", "Anna", "OwnAccount"),
        ("Ben", "Anna", "OperatorOnly"),
        ("Tom", "Kim", "NotAllowed"),
        ("Mia", "Kim", "NotAllowed"),
        ("Eve", "Kim", "NotAllowed"),
    ],
)
async def test_who_changes_what_about_whom(home: QuietHome, change: Change, who: str, whom: str, said: str) -> None:
    person = await home.who(whom)
    assert await answer(change(home.parts, await home.who(who), person.public_id)) == said
    assert await answer(change(home.parts, await home.who("Anna"), "nobody")) == "StaleAction"


async def test_only_a_permanent_admin_changes_another_admin(home: QuietHome) -> None:
    cleo = await home.changed("Kim", role=Role.ADMIN)
    for who, said in (("Ben", "NotAllowed"), ("Anna", "done")):
        assert await answer(members.limit(home.parts, await home.who(who), cleo.public_id, 3)) == said
    # Whoever is frozen is no admin in good standing, so every admin may.
    await home.changed("Kim", standing=Standing.FROZEN, freeze_reason=FreezeReason.LOST)
    assert await answer(members.limit(home.parts, await home.who("Ben"), cleo.public_id, 4)) == "done"


@pytest.mark.parametrize(
    ("role", "standing", "said"),
    [
        (Role.MEMBER, Standing.OK, "done"),
        (Role.MEMBER, Standing.FROZEN, "StaleAction"),
        (Role.MEMBER, Standing.REMOVED, "StaleAction"),
        (Role.GUEST, Standing.OK, "StaleAction"),
        (Role.NONE, Standing.OK, "StaleAction"),
        (Role.ADMIN, Standing.OK, "StaleAction"),
    ],
)
async def test_members_in_good_standing_are_trusted(home: QuietHome, role: Role, standing: Standing, said: str) -> None:
    tom = await home.changed("Tom", role=role, standing=standing)
    anna = await home.who("Anna")
    assert await answer(members.trust(home.parts, anna, tom.public_id, trusted=True)) == said
    assert (await home.who("Tom")).trusted is (said == "done")
    if said == "done":
        assert await answer(members.trust(home.parts, anna, tom.public_id, trusted=True)) == "StaleAction"
        assert await answer(members.trust(home.parts, anna, tom.public_id, trusted=False)) == "done"
        assert await answer(members.trust(home.parts, anna, tom.public_id, trusted=False)) == "StaleAction"
        told = [payload["change"] for payload in await home.told(PersonChanged, "Tom")]
        assert told == [PersonChange.TRUSTED.value, PersonChange.NOT_TRUSTED.value]


@pytest.mark.parametrize(
    ("devices", "said"), [(-1, "StaleAction"), (0, "done"), (50, "done"), (51, "StaleAction"), (None, "StaleAction")]
)
async def test_a_limit_is_from_none_to_fifty(home: QuietHome, devices: int | None, said: str) -> None:
    tom, anna = await home.who("Tom"), await home.who("Anna")
    assert await answer(members.limit(home.parts, anna, tom.public_id, devices)) == said
    assert (await home.who("Tom")).device_limit == (devices if said == "done" else None)
    if said == "done":
        assert await answer(members.limit(home.parts, anna, tom.public_id, devices)) == "StaleAction"
        assert await answer(members.limit(home.parts, anna, tom.public_id, None)) == "done"
        told = [payload["change"] for payload in await home.told(PersonChanged, "Tom")]
        assert told == [PersonChange.LIMIT.value, PersonChange.LIMIT_AS_EVERYBODY.value]


@pytest.mark.parametrize(
    ("days", "said"), [(-1, "StaleAction"), (0, "done"), (3650, "done"), (3651, "StaleAction"), (None, "StaleAction")]
)
async def test_an_end_is_from_today_to_ten_years(home: QuietHome, days: int | None, said: str) -> None:
    tom, anna = await home.who("Tom"), await home.who("Anna")
    assert await answer(members.end_after(home.parts, anna, tom.public_id, days)) == said
    ends = (await home.who("Tom")).ends_at
    assert (ends is not None) is (said == "done")
    if ends is not None:
        assert timedelta(days=days or 0) < ends - home.clock.now() <= timedelta(days=(days or 0) + 1)
        assert await answer(members.end_after(home.parts, anna, tom.public_id, None)) == "done"
        told = [payload["change"] for payload in await home.told(PersonChanged, "Tom")]
        assert told == [PersonChange.ENDS.value, PersonChange.NO_END.value]


@pytest.mark.parametrize(("after", "asked"), [(-THE_LEAST, True), (timedelta(0), False)])
async def test_the_day_is_asked_for_ten_minutes(home: QuietHome, after: timedelta, asked: bool) -> None:
    anna, tom = await home.who("Anna"), await home.who("Tom")
    await members.ask_end(home.parts, anna, tom.public_id)
    home.clock.plus(timedelta(minutes=10) + after)
    async with home.parts.store.read() as tx:
        prompt = await tx.prompts.of(anna.id)
    assert (prompt is not None) is asked
    if prompt is not None:
        assert prompt.kind is PromptKind.END_DATE
        assert await answer(members.answer_end(home.parts, anna, prompt, "never and a day")) == "InvalidDate"
        card = await members.answer_end(home.parts, anna, prompt, "2027-02-01")
        assert (card.person.public_id, card.person.ends_at is not None) == (tom.public_id, True)
        async with home.parts.store.read() as tx:
            assert await tx.prompts.of(anna.id) is None


@pytest.mark.parametrize("admin", [True, False])
@pytest.mark.parametrize(
    ("role", "standing", "made", "unmade"),
    [
        (Role.MEMBER, Standing.OK, "done", "StaleAction"),
        (Role.MEMBER, Standing.FROZEN, "StaleAction", "StaleAction"),
        (Role.ADMIN, Standing.OK, "StaleAction", "done"),
        (Role.ADMIN, Standing.FROZEN, "StaleAction", "done"),
        (Role.GUEST, Standing.OK, "StaleAction", "StaleAction"),
        (Role.NONE, Standing.OK, "StaleAction", "StaleAction"),
    ],
)
async def test_who_is_made_an_admin_or_a_member_again(
    home: QuietHome, role: Role, standing: Standing, made: str, unmade: str, admin: bool
) -> None:
    tom = await home.changed("Tom", role=role, standing=standing)
    said = await answer(members.make_admin(home.parts, await home.who("Anna"), tom.public_id, admin=admin))
    assert said == (made if admin else unmade)
    if said == "done":
        assert (await home.who("Tom")).role is (Role.ADMIN if admin else Role.MEMBER)


async def test_only_a_permanent_admin_makes_admins(home: QuietHome) -> None:
    tom = await home.who("Tom")
    for who in ("Ben", "Mia"):
        with pytest.raises(NotAllowed):
            await members.make_admin(home.parts, await home.who(who), tom.public_id, admin=True)
    # What the gate saw of Anna is a moment old.
    anna = await home.who("Anna")
    await home.changed("Anna", permanent=False)
    with pytest.raises(NotAllowed):
        await members.make_admin(home.parts, anna, tom.public_id, admin=True)


async def test_trust_and_permissions_end_where_adminship_does(home: QuietHome) -> None:
    mia, anna = await home.who("Mia"), await home.who("Anna")
    await members.make_admin(home.parts, anna, mia.public_id, admin=True)
    again = await home.certificate("Mia", "tablet", again_until=home.clock.now() + DAY)
    async with home.parts.store.write() as tx:
        await tx.prompts.ask(mia.id, PromptKind.INVITE_NAME, tx.now + DAY)
    await members.make_admin(home.parts, anna, mia.public_id, admin=False)
    assert (await home.now(again)).again_until is None
    now = await home.who("Mia")
    assert (now.role, now.trusted) == (Role.MEMBER, False)
    async with home.parts.store.read() as tx:
        assert await tx.prompts.of(mia.id) is None
    told = [payload["change"] for payload in await home.told(PersonChanged, "Mia")]
    assert told == [PersonChange.MADE_ADMIN.value, PersonChange.UNMADE_ADMIN.value]


async def test_becoming_an_admin_ends_no_permission_and_no_question(home: QuietHome) -> None:
    tom, until = await home.who("Tom"), home.clock.now() + DAY
    again = await home.certificate("Tom", "tablet", again_until=until)
    async with home.parts.store.write() as tx:
        await tx.prompts.ask(tom.id, PromptKind.DEVICE_NAME, until, {"id": "x"})
    await members.make_admin(home.parts, await home.who("Anna"), tom.public_id, admin=True)
    assert (await home.now(again)).again_until == until
    async with home.parts.store.read() as tx:
        assert await tx.prompts.of(tom.id) is not None


@pytest.mark.parametrize("standing", list(Standing))
async def test_who_is_frozen_and_unfrozen(home: QuietHome, standing: Standing) -> None:
    reason = FreezeReason.LOST if standing is Standing.FROZEN else None
    tom = await home.changed("Tom", standing=standing, freeze_reason=reason)
    anna = await home.who("Anna")
    frozen = await answer(members.freeze_account(home.parts, anna, tom.public_id))
    assert frozen == ("done" if standing is Standing.OK else "StaleAction")
    stands = standing in {Standing.OK, Standing.FROZEN}
    assert await answer(members.unfreeze(home.parts, anna, tom.public_id)) == ("done" if stands else "StaleAction")
    assert (await home.who("Tom")).standing is (Standing.OK if stands else standing)


@pytest.mark.parametrize("reason", list(FreezeReason))
async def test_every_freeze_but_the_servers_is_lifted_by_any_admin_but_oneself(
    home: QuietHome, reason: FreezeReason
) -> None:
    anna = await home.changed("Anna", standing=Standing.FROZEN, freeze_reason=reason)
    ben = await home.who("Ben")
    server = reason is FreezeReason.SERVER
    assert await answer(members.unfreeze(home.parts, anna, anna.public_id)) == "Frozen"
    assert await answer(members.unfreeze(home.parts, ben, ben.public_id)) == "OwnAccount"
    said = await answer(members.unfreeze(home.parts, ben, anna.public_id))
    assert said == ("OperatorOnly" if server else "done")


async def ended(home: QuietHome) -> set[str]:
    await members.run_out(home.parts)
    return {who for who in ("Anna", "Ben", "Tom") if (await home.who(who)).standing is Standing.FROZEN}


@pytest.mark.parametrize(("after", "out"), [(-THE_LEAST, set[str]()), (timedelta(0), {"Tom"})])
async def test_somebodys_time_ends_at_its_moment(home: QuietHome, after: timedelta, out: set[str]) -> None:
    await home.changed("Tom", ends_at=home.clock.now() + DAY)
    home.clock.plus(DAY + after)
    assert await ended(home) == out
    if out:
        tom = await home.who("Tom")
        assert (tom.freeze_reason, tom.frozen_by) == (FreezeReason.ENDED, None)
        for who in ("Anna", "Ben", "Tom"):
            (payload,) = await home.told(PersonChanged, who)
            assert (payload["change"], payload["by_name"]) == (PersonChange.ENDED.value, None)


@pytest.mark.parametrize("alone", [True, False])
async def test_the_last_admins_end_is_put_off_by_a_day(home: QuietHome, alone: bool) -> None:
    if alone:
        await home.changed("Anna", standing=Standing.FROZEN, freeze_reason=FreezeReason.LOST)
    await home.changed("Ben", ends_at=home.clock.now())
    await home.changed("Tom", ends_at=home.clock.now())
    now = home.clock.now()
    assert await ended(home) == ({"Anna", "Tom"} if alone else {"Ben", "Tom"})
    assert (await home.who("Ben")).ends_at == (now + DAY if alone else now)


@pytest.mark.parametrize(("before", "stays"), [(timedelta(0), False), (THE_LEAST, True), (DAY, True), (-DAY, False)])
async def test_an_end_that_has_come_goes_with_the_freeze(home: QuietHome, before: timedelta, stays: bool) -> None:
    ends = home.clock.now() + before
    tom = await home.changed("Tom", standing=Standing.FROZEN, freeze_reason=FreezeReason.ENDED, ends_at=ends)
    card: PersonCard = await members.unfreeze(home.parts, await home.who("Anna"), tom.public_id)
    assert card.person.ends_at == (ends if stays else None)


@pytest.mark.parametrize("reachable", [True, False])
async def test_a_change_is_told_to_everybody_else_who_decides_and_to_whom_it_is_about(
    home: QuietHome, reachable: bool
) -> None:
    tom = await home.changed("Tom", reachable=reachable)
    await members.limit(home.parts, await home.who("Anna"), tom.public_id, 3)
    told: dict[str, list[Any]] = {who: await home.told(PersonChanged, who) for who in ("Anna", "Ben", "Tom", "Mia")}
    assert {who: len(what) for who, what in told.items()} == {"Anna": 0, "Ben": 1, "Tom": int(reachable), "Mia": 0}
    assert (told["Ben"][0]["by_name"], told["Ben"][0]["limit"]) == ("Anna", 3)


async def test_the_record_says_which_way_it_went(home: QuietHome) -> None:
    tom, anna = await home.who("Tom"), await home.who("Anna")
    for yes in (True, False):
        await members.trust(home.parts, anna, tom.public_id, trusted=yes)
    for yes in (True, False):
        await members.make_admin(home.parts, anna, tom.public_id, admin=yes)
    async with home.parts.store.read() as tx:
        tags = [event.tag for event in await tx.audit.by(actor_of(anna), home.clock.now())]
    assert tags == [
        AuditTag.PERSON_TRUSTED,
        AuditTag.PERSON_NOT_TRUSTED,
        AuditTag.PERSON_MADE_ADMIN_IN_CHAT,
        AuditTag.PERSON_UNMADE_ADMIN_IN_CHAT,
    ]


@pytest.mark.parametrize("state", list(LossState))
async def test_lifting_a_freeze_answers_the_open_reports_and_no_others(home: QuietHome, state: LossState) -> None:
    tom, anna = await home.who("Tom"), await home.who("Anna")
    async with home.parts.store.write() as tx:
        loss = await tx.losses.add(tom, anna, (), whole=True, state=state)
    await home.changed("Tom", standing=Standing.FROZEN, freeze_reason=FreezeReason.REPORTED)
    await members.unfreeze(home.parts, anna, tom.public_id)
    async with home.parts.store.read() as tx:
        now = await tx.losses.of(loss.public_id)
    assert now.state is (LossState.LIFTED if state is LossState.OPEN else state)

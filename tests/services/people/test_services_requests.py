"""Asking, deciding, inviting: each limit and each time on both sides of where it turns."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import (
    AlreadyAsked,
    AlreadyDecided,
    AskedLately,
    Frozen,
    LatchkeyError,
    LimitReached,
    NotAllowed,
    OwnRequest,
    StaleAction,
    TooManyWaiting,
)
from bot.model.audit import AuditTag
from bot.model.certificates.names import device_name
from bot.model.message_ref import MessageRef
from bot.model.people.people import FreezeReason, Person, Role, Standing
from bot.model.people.request_notices import Reminded, RequestCard, YouAreIn
from bot.model.people.requests import ENDED_UNDECIDED, ONE_CARD, REQUEST_MOVES, Request, RequestKind, RequestState
from bot.services.context import INVITATION, MAX_OPEN_REQUESTS, PERMISSION, PROMPT_TTL
from bot.services.membership import freeze
from bot.services.people import decisions as people_decisions
from bot.services.people import invitations, requests
from bot.store.engine.database import Transaction
from tests.still_family import THE_LEAST, StillFamily, still_family

DAY = timedelta(hours=24)
CARD = MessageRef(1, 7)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[StillFamily]:
    async with still_family(tmp_path) as family:
        yield family


async def asked(home: StillFamily, who: str = "Kim") -> Request:
    return (await requests.ask_to_come_in(home.parts, await home.who(who))).request


async def device(home: StillFamily, who: str = "Tom", name: str = "tablet") -> Request:
    async with home.parts.store.write() as tx:
        actor = await tx.people.of_telegram(home.world.people[who].user_id)
        return (await requests.ask_for_device(home.parts, tx, actor, device_name(name), None)).request


async def taken_back(home: StillFamily, request: Request) -> None:
    actor = request.person
    await requests.withdraw(home.parts, actor, request.public_id)


async def answer(doing: Awaitable[object]) -> str:
    """The name of the refusal, or "done"."""
    try:
        await doing
    except LatchkeyError as refusal:
        return type(refusal).__name__
    return "done"


# How long things wait.


@pytest.mark.parametrize(("after", "decided"), [(-THE_LEAST, True), (timedelta(0), False)])
@pytest.mark.parametrize("decide", [people_decisions.approve, people_decisions.deny])
async def test_a_request_is_decided_until_its_time_is_up(
    home: StillFamily, decide: Callable[..., Awaitable[object]], after: timedelta, decided: bool
) -> None:
    request = await asked(home)
    assert request.expires_at == home.clock.now() + home.parts.policy.request_life
    home.clock.plus(home.parts.policy.request_life + after)
    said = await answer(decide(home.parts, await home.who("Anna"), request.public_id))
    assert said == ("done" if decided else "AlreadyDecided")
    async with home.parts.store.write() as tx:
        await requests.run_out(tx)
    assert ((await home.now(request)).state is RequestState.EXPIRED) is not decided


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "done"), (timedelta(0), "AlreadyDecided")])
@pytest.mark.parametrize("do", [requests.withdraw, requests.remind])
async def test_the_asker_takes_back_and_reminds_until_its_time_is_up(
    home: StillFamily, do: Callable[..., Awaitable[object]], after: timedelta, said: str
) -> None:
    request = await asked(home)
    home.clock.plus(home.parts.policy.request_life + after)
    assert await answer(do(home.parts, await home.who("Kim"), request.public_id)) == said


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "AlreadyAsked"), (timedelta(0), "done")])
async def test_one_asking_at_a_time_until_its_time_is_up(home: StillFamily, after: timedelta, said: str) -> None:
    await asked(home)
    home.clock.plus(home.parts.policy.request_life + after)
    assert await answer(asked(home)) == said


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "AskedLately"), (timedelta(0), "done")])
async def test_a_stranger_asks_again_a_day_after_a_no(home: StillFamily, after: timedelta, said: str) -> None:
    request = await asked(home)
    home.clock.plus(timedelta(hours=1))
    await people_decisions.deny(home.parts, await home.who("Anna"), request.public_id)
    home.clock.plus(DAY + after)
    assert await answer(asked(home)) == said


async def test_a_member_asks_again_at_once_after_a_no(home: StillFamily) -> None:
    request = await device(home)
    await people_decisions.deny(home.parts, await home.who("Anna"), request.public_id)
    assert (await device(home)).state is RequestState.OPEN


@pytest.mark.parametrize(("after", "waits"), [(-THE_LEAST, True), (timedelta(0), False)])
async def test_a_permission_waits_seven_days(home: StillFamily, after: timedelta, waits: bool) -> None:
    request = await device(home)
    await people_decisions.approve(home.parts, await home.who("Anna"), request.public_id)
    home.clock.plus(PERMISSION + after)
    async with home.parts.store.write() as tx:
        assert bool(await tx.requests.permissions_of(request.person)) is waits
        await requests.run_out(tx)
    assert (await home.now(request)).state is (RequestState.APPROVED if waits else RequestState.LAPSED)


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "done"), (timedelta(0), "StaleAction")])
async def test_a_link_opens_for_three_days(home: StillFamily, after: timedelta, said: str) -> None:
    link = await invitations.make_link(home.parts, await home.who("Anna"), "Oma")
    home.clock.plus(INVITATION + after)
    assert await answer(invitations.open_link(home.parts, await home.who("Kim"), str(link.url))) == said


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "done"), (timedelta(0), "StaleAction")])
async def test_a_contact_counts_for_ten_minutes(home: StillFamily, after: timedelta, said: str) -> None:
    anna = await home.who("Anna")
    await invitations.ask_whom(home.parts, anna)
    home.clock.plus(PROMPT_TTL + after)
    assert await answer(invitations.invite(home.parts, anna, home.account("Kim"))) == said


@pytest.mark.parametrize(("after", "is_asked"), [(-THE_LEAST, True), (timedelta(0), False)])
async def test_a_line_is_asked_for_an_hour(home: StillFamily, after: timedelta, is_asked: bool) -> None:
    request = await asked(home)
    home.clock.plus(timedelta(hours=1) + after)
    async with home.parts.store.read() as tx:
        assert (await tx.prompts.of(request.person.id) is not None) is is_asked


# How much.


async def test_how_long_words_may_be(home: StillFamily) -> None:
    request = await asked(home)
    kim, anna = await home.who("Kim"), await home.who("Anna")
    async with home.parts.store.read() as tx:
        prompt = await tx.prompts.of(kim.id)
    assert prompt is not None
    taken = await requests.take_line(home.parts, kim, prompt, "a" * 199 + "bc")
    assert taken.request.line == "a" * 199 + "b"
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(request, CARD)
    reason = await people_decisions.take_reason(home.parts, anna, CARD, "a" * 299 + "bc")
    assert reason.request.reason == "a" * 299 + "b"
    link = await invitations.make_link(home.parts, anna, " <b>" + "a" * 36 + "bc\u202e")
    assert link.link.label == "<b>" + "a" * 36 + "b"


async def crowd(home: StillFamily, number: int) -> None:
    for at in range(number):
        home.world.people[f"Crowd{at}"] = home.world.telegram.join(f"Crowd{at}")
        await asked(home, f"Crowd{at}")


@pytest.mark.parametrize(("number", "said"), [(MAX_OPEN_REQUESTS - 1, "done"), (MAX_OPEN_REQUESTS, "TooManyWaiting")])
async def test_so_many_strangers_wait_at_once(home: StillFamily, number: int, said: str) -> None:
    await crowd(home, number)
    assert await answer(asked(home)) == said
    # Members have a measure of their own, and whoever was invited needs none.
    assert (await device(home)).state is RequestState.OPEN
    home.world.people["Oma"] = home.world.telegram.join("Oma")
    link = await invitations.make_link(home.parts, await home.who("Anna"), "Oma")
    assert await answer(invitations.open_link(home.parts, await home.who("Oma"), str(link.url))) == "done"


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "TooManyWaiting"), (timedelta(0), "done")])
async def test_whoever_took_back_counts_among_them_for_a_day(home: StillFamily, after: timedelta, said: str) -> None:
    await crowd(home, MAX_OPEN_REQUESTS)
    async with home.parts.store.read() as tx:
        waiting = await tx.requests.outstanding()
    for request in waiting:
        await taken_back(home, request)
    home.clock.plus(DAY + after)
    assert await answer(asked(home)) == said


async def test_whom_an_admin_decided_on_counts_no_more(home: StillFamily) -> None:
    await crowd(home, MAX_OPEN_REQUESTS)
    async with home.parts.store.read() as tx:
        first = (await tx.requests.outstanding())[0]
    with pytest.raises(TooManyWaiting):
        await asked(home)
    await people_decisions.deny(home.parts, await home.who("Anna"), first.public_id)
    await asked(home)


@pytest.mark.parametrize(("limit", "said"), [(0, "LimitReached"), (1, "done")])
async def test_nobody_asks_for_more_devices_than_they_may_have(home: StillFamily, limit: int, said: str) -> None:
    tom = await home.who("Tom")
    async with home.parts.store.write() as tx:
        await tx.people.change(tom, tag=AuditTag.PERSON_LIMIT_SET, device_limit=limit)
    assert await answer(device(home)) == said
    if said == "LimitReached":
        with pytest.raises(LimitReached) as refusal:
            await device(home)
        assert refusal.value.limit == limit


# One card a day.


@pytest.mark.parametrize(("after", "same"), [(-THE_LEAST, True), (timedelta(0), False)])
@pytest.mark.parametrize("ask", [asked, device])
async def test_a_card_is_used_again_for_a_day_from_when_it_came(
    home: StillFamily, ask: Callable[[StillFamily], Awaitable[Request]], after: timedelta, same: bool
) -> None:
    first = await ask(home)
    home.clock.plus(timedelta(minutes=3))
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(first, CARD)
    await taken_back(home, first)
    home.clock.plus(ONE_CARD - timedelta(hours=1))
    second = await ask(home)
    async with home.parts.store.write() as tx:
        assert await tx.request_cards.take_over(second, CARD.chat_id, tx.now - ONE_CARD) == (CARD,)
        assert await tx.request_cards.of(first) == ()
    await taken_back(home, second)
    home.clock.plus(timedelta(hours=1) + after)
    third = await ask(home)
    async with home.parts.store.write() as tx:
        taken = await tx.request_cards.take_over(third, CARD.chat_id, tx.now - ONE_CARD)
        assert taken == ((CARD,) if same else ())
        assert await tx.request_cards.take_over(third, CARD.chat_id + 1, tx.now - ONE_CARD) == ()
        # Done once more after a crash, it finds what it took.
        assert await tx.request_cards.take_over(third, CARD.chat_id, tx.now) == taken


@pytest.mark.parametrize("decide", [people_decisions.approve, people_decisions.deny, None])
async def test_a_decided_card_is_not_used_again(
    home: StillFamily, decide: Callable[..., Awaitable[object]] | None
) -> None:
    first = await device(home)
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(first, CARD)
    if decide is None:
        await taken_back(home, first)
    else:
        await decide(home.parts, await home.who("Anna"), first.public_id)
    second = await device(home, name="watch")
    async with home.parts.store.write() as tx:
        taken = await tx.request_cards.take_over(second, CARD.chat_id, tx.now - ONE_CARD)
    assert taken == ((CARD,) if decide is None else ())


async def test_a_card_kept_before_times_were_came_with_its_request(home: StillFamily) -> None:
    first = await asked(home)
    async with home.parts.store.write() as tx:
        await tx.request_cards._write(first.id, [[CARD.chat_id, CARD.message_id]])
        assert await tx.request_cards.of(first) == (CARD,)
        assert (await tx.request_cards.shown_at(CARD)) == first
    await taken_back(home, first)
    home.clock.plus(ONE_CARD - THE_LEAST)
    second = await asked(home)
    async with home.parts.store.write() as tx:
        assert await tx.request_cards.take_over(second, CARD.chat_id, tx.now - ONE_CARD) == (CARD,)


async def test_a_lost_card_is_forgotten(home: StillFamily) -> None:
    request = await asked(home)
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(request, CARD)
        await tx.request_cards.keep(request, CARD)
        assert await tx.request_cards.of(request) == (CARD,)
        await tx.request_cards.forget(request, CARD)
        assert await tx.request_cards.of(request) == ()
        assert await tx.request_cards.shown_at(CARD) is None


@pytest.mark.parametrize(("after", "again"), [(-THE_LEAST, False), (timedelta(0), True)])
async def test_admins_are_reminded_once_a_day(home: StillFamily, after: timedelta, again: bool) -> None:
    request = await asked(home)
    await requests.remind(home.parts, await home.who("Kim"), request.public_id)
    with pytest.raises(StaleAction):
        await requests.remind(home.parts, await home.who("Kim"), request.public_id)
    await taken_back(home, request)
    home.clock.plus(ONE_CARD + after)
    second = await asked(home)
    said = await answer(requests.remind(home.parts, await home.who("Kim"), second.public_id))
    assert said == ("done" if again else "StaleAction")
    assert len(await home.told(Reminded, "Ben")) == 1 + again


# Who.


async def test_admins_in_good_standing_are_asked_and_never_the_asker(home: StillFamily) -> None:
    async with home.parts.store.write() as tx:
        await freeze.freeze(tx, await tx.people.of_telegram(home.account("Ben").telegram_id), FreezeReason.SERVER)
    await asked(home)
    assert [len(await home.told(RequestCard, who)) for who in ("Anna", "Ben", "Mia", "Kim")] == [1, 0, 0, 0]
    async with home.parts.store.write() as tx:
        await requests.ask_for_device(home.parts, tx, await home.who("Anna"), device_name("tablet"), None)
    assert len(await home.told(RequestCard, "Anna")) == 1


async def changed(home: StillFamily, who: str, **values: Any) -> Person:
    async with home.parts.store.write() as tx:
        person = await tx.people.of_telegram(home.account(who).telegram_id)
        return await tx.people.change(person, tag=AuditTag.REQUEST_LINE, **values)


@pytest.mark.parametrize(
    ("who", "standing", "refusal"),
    [
        ("Anna", Standing.OK, None),
        ("Anna", Standing.FROZEN, Frozen),
        ("Anna", Standing.BLOCKED, NotAllowed),
        ("Anna", Standing.REMOVED, NotAllowed),
        ("Mia", Standing.OK, NotAllowed),
        ("Tom", Standing.OK, NotAllowed),
    ],
)
@pytest.mark.parametrize("decide", [people_decisions.approve, people_decisions.deny, people_decisions.block])
async def test_only_an_admin_in_good_standing_decides(
    home: StillFamily,
    decide: Callable[..., Awaitable[object]],
    who: str,
    standing: Standing,
    refusal: type[LatchkeyError] | None,
) -> None:
    request = await asked(home)
    actor = await home.who(who)
    # What the gate saw is a moment old.
    await changed(home, who, standing=standing)
    said = await answer(decide(home.parts, actor, request.public_id))
    assert said == ("done" if refusal is None else refusal.__name__)
    assert ((await home.now(request)).state is RequestState.OPEN) is (refusal is not None)


@pytest.mark.parametrize(
    "decide", [people_decisions.approve, people_decisions.deny, people_decisions.block, people_decisions.trust_asker]
)
async def test_nobody_decides_on_their_own(home: StillFamily, decide: Callable[..., Awaitable[object]]) -> None:
    request = await device(home)
    await changed(home, "Tom", role=Role.ADMIN)
    with pytest.raises(OwnRequest):
        await decide(home.parts, await home.who("Tom"), request.public_id)


async def in_state(tx: Transaction, request: Request, state: RequestState, by: Person) -> None:
    """Bring a request to a state by a way that leads there."""
    decided: dict[str, Any] = {"decided_by": by.id, "decided_at": tx.now, "permission_until": tx.now + PERMISSION}
    if state in {RequestState.USED, RequestState.LAPSED}:
        request = await tx.requests.move(request, RequestState.APPROVED, tag=AuditTag.REQUEST_APPROVED, **decided)
        await tx.requests.move(request, state, tag=AuditTag.REQUEST_USED)
    elif state in ENDED_UNDECIDED:
        await tx.requests.move(request, state, tag=AuditTag.REQUEST_WITHDRAWN)
    elif state is not RequestState.OPEN:
        await tx.requests.move(request, state, tag=AuditTag.REQUEST_APPROVED, **decided)


@pytest.mark.parametrize("state", list(RequestState))
async def test_what_can_be_decided_in_which_state(home: StillFamily, state: RequestState) -> None:
    """*Block* works wherever nobody decided; all else only while a request waits."""
    anna = await home.who("Anna")
    for decide in (people_decisions.approve, people_decisions.deny, people_decisions.block):
        who = f"{decide.__name__}-{state}"
        home.world.people[who] = home.world.telegram.join(who)
        request = await asked(home, who)
        async with home.parts.store.write() as tx:
            await in_state(tx, request, state, anna)
        open_to = {RequestState.OPEN} | (ENDED_UNDECIDED if decide is people_decisions.block else frozenset())
        said = await answer(decide(home.parts, anna, request.public_id))
        assert said == ("done" if state in open_to else "AlreadyDecided"), decide
        if decide is people_decisions.block:
            assert ((await home.now(request)).person.standing is Standing.BLOCKED) is (state in open_to)


async def test_block_ends_all_that_the_same_person_asked_for(home: StillFamily) -> None:
    first = await asked(home)
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(first, CARD)
    await taken_back(home, first)
    home.clock.plus(ONE_CARD)
    second = await asked(home)
    await people_decisions.block(home.parts, await home.who("Ben"), first.public_id)
    for request in (first, second):
        now = await home.now(request)
        assert (now.state, now.decided_by_name) == (RequestState.BLOCKED, "Ben")


async def test_no_member_is_blocked_by_a_card(home: StillFamily) -> None:
    request = await device(home)
    anna = await home.who("Anna")
    with pytest.raises(StaleAction):
        await people_decisions.block(home.parts, anna, request.public_id)
    first = await asked(home)
    await taken_back(home, first)
    await people_decisions.approve(home.parts, anna, (await asked(home)).public_id)
    with pytest.raises(AlreadyDecided) as refusal:
        await people_decisions.block(home.parts, anna, first.public_id)
    assert (refusal.value.how, refusal.value.by) == ("approved", "Anna")
    assert (await home.who("Kim")).standing is Standing.OK


@pytest.mark.parametrize(
    ("role", "standing", "trusted", "said"),
    [
        (Role.MEMBER, Standing.OK, False, "done"),
        (Role.MEMBER, Standing.OK, True, "StaleAction"),
        (Role.MEMBER, Standing.FROZEN, False, "StaleAction"),
        (Role.ADMIN, Standing.OK, False, "StaleAction"),
        (Role.GUEST, Standing.OK, False, "StaleAction"),
    ],
)
async def test_who_may_be_trusted_from_the_card(
    home: StillFamily, role: Role, standing: Standing, trusted: bool, said: str
) -> None:
    anna = await home.who("Anna")
    request = await asked(home)
    assert await answer(people_decisions.trust_asker(home.parts, anna, request.public_id)) == "StaleAction"
    await people_decisions.approve(home.parts, anna, request.public_id)
    await changed(home, "Kim", role=role, standing=standing, trusted=trusted)
    assert await answer(people_decisions.trust_asker(home.parts, anna, request.public_id)) == said


async def test_whose_reason_is_taken(home: StillFamily) -> None:
    anna, ben = await home.who("Anna"), await home.who("Ben")
    request = await asked(home)
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(request, CARD)
    assert not (await people_decisions.take_reason(home.parts, ben, CARD, "not yet")).sent
    await people_decisions.deny(home.parts, anna, request.public_id)
    assert (await people_decisions.take_reason(home.parts, anna, CARD, "not yet")).sent
    with pytest.raises(AlreadyDecided):
        await people_decisions.take_reason(home.parts, ben, CARD, "nor from me")
    with pytest.raises(NotAllowed):
        await people_decisions.take_reason(home.parts, await home.who("Tom"), CARD, "nor from me")


async def test_whom_a_picked_contact_lets_in(home: StillFamily) -> None:
    anna = await home.who("Anna")
    waiting = await asked(home)
    for who, standing, said in (
        ("Anna", Standing.OK, "StaleAction"),
        ("Mia", Standing.BLOCKED, "StaleAction"),
        ("Mia", Standing.REMOVED, "StaleAction"),
        ("Mia", Standing.FROZEN, "done"),
        ("Tom", Standing.OK, "done"),
        ("Kim", Standing.OK, "done"),
    ):
        if who != "Anna":
            await changed(home, who, standing=standing)
        await invitations.ask_whom(home.parts, anna)
        assert await answer(invitations.invite(home.parts, anna, home.account(who))) == said, who
    assert (await home.now(waiting)).state is RequestState.APPROVED
    assert len(await home.told(YouAreIn, "Kim")) == 1
    assert not await home.told(YouAreIn, "Tom")
    async with home.parts.store.read() as tx:
        assert (await tx.requests.last_of(await home.who("Tom"), RequestKind.COME_IN)) is None


@pytest.mark.parametrize(("who", "said"), [("Kim", "done"), ("Tom", "StaleAction"), ("Anna", "StaleAction")])
async def test_whoever_is_in_opens_no_link(home: StillFamily, who: str, said: str) -> None:
    link = await invitations.make_link(home.parts, await home.who("Anna"), "Oma")
    assert await answer(invitations.open_link(home.parts, await home.who(who), str(link.url))) == said


async def test_a_link_works_on_where_nothing_could_be_asked(home: StillFamily) -> None:
    await asked(home)
    link = await invitations.make_link(home.parts, await home.who("Anna"), "Oma")
    with pytest.raises(AlreadyAsked):
        await invitations.open_link(home.parts, await home.who("Kim"), str(link.url))
    home.world.people["Oma"] = home.world.telegram.join("Oma")
    asking = await invitations.open_link(home.parts, await home.who("Oma"), str(link.url))
    assert asking.request.came_by == "Oma"


@pytest.mark.parametrize("state", list(RequestState))
@pytest.mark.parametrize("role", [Role.GUEST, Role.MEMBER])
async def test_what_can_be_asked_for_again(home: StillFamily, role: Role, state: RequestState) -> None:
    ran_out = {RequestState.EXPIRED, RequestState.LAPSED}
    request = await (asked(home) if role is Role.GUEST else device(home))
    async with home.parts.store.write() as tx:
        await in_state(tx, request, state, await tx.people.of_telegram(home.account("Anna").telegram_id))
    actor = request.person
    said = await answer(requests.ask_again(home.parts, actor, request.public_id))
    assert said == ("done" if state in ran_out else "StaleAction")
    assert await answer(requests.ask_again(home.parts, await home.who("Mia"), request.public_id)) == "StaleAction"


def test_the_table_of_moves() -> None:
    decisions = {RequestState.APPROVED, RequestState.DENIED, RequestState.BLOCKED}
    ends = {RequestState.EXPIRED, RequestState.WITHDRAWN}
    expected = {
        RequestState.OPEN: decisions | ends,
        RequestState.APPROVED: {RequestState.USED, RequestState.LAPSED, RequestState.WITHDRAWN},
        **{state: {RequestState.BLOCKED} for state in ends},
    }
    assert {state: set(to) for state, to in REQUEST_MOVES.items()} == {
        state: expected.get(state, set()) for state in RequestState
    }


@pytest.mark.parametrize("state", [RequestState.WITHDRAWN, RequestState.EXPIRED])
async def test_a_permission_that_was_taken_back_was_decided(home: StillFamily, state: RequestState) -> None:
    request = await asked(home)
    await people_decisions.approve(home.parts, await home.who("Anna"), request.public_id)
    async with home.parts.store.write() as tx:
        now = await tx.requests.of(request.public_id)
        if state is RequestState.WITHDRAWN:
            now = await tx.requests.move(now, state, tag=AuditTag.REQUEST_WITHDRAWN)
            assert not now.ended_undecided
        else:
            with pytest.raises(StaleAction):
                await tx.requests.move(now, state, tag=AuditTag.REQUEST_EXPIRED)
    with pytest.raises((AlreadyDecided, AskedLately)):
        await people_decisions.block(home.parts, await home.who("Anna"), request.public_id)

"""Whose name looks like whose: who is compared with whom, who is told, and how often."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.audit import AuditTag
from bot.model.certificates.names import device_name
from bot.model.certificates.symptoms import Symptom
from bot.model.household_notices import CannotReach, LooksLike
from bot.model.message_ref import MessageRef
from bot.model.notices import HelpWanted
from bot.model.people.people import Person, Role, Standing
from bot.model.people.request_notices import RequestCard
from bot.services.certificates import support
from bot.services.jobs.notice_readers import read_notice
from bot.services.notifications.show import mark_unreachable
from bot.services.operator import claim
from bot.services.people import directory, invitations, requests
from bot.services.people.lookalikes import AGAIN, most_like
from tests.model.people.test_model_access import somebody
from tests.still_family import THE_LEAST, StillFamily, still_family

ANNAS_TWIN = "Аnnа"
"""In Cyrillic, but for the two n."""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[StillFamily]:
    async with still_family(tmp_path) as family:
        yield family


def person(number: int, name: str, role: Role, standing: Standing = Standing.OK) -> Person:
    made = somebody(role, standing)
    return Person(**{**vars(made), "id": number, "name": name})


@pytest.mark.parametrize(
    ("role", "known", "standing", "seen"),
    [
        (Role.NONE, Role.ADMIN, Standing.OK, True),
        (Role.GUEST, Role.ADMIN, Standing.OK, True),
        (Role.GUEST, Role.MEMBER, Standing.OK, True),
        (Role.GUEST, Role.MEMBER, Standing.REMOVED, True),
        (Role.MEMBER, Role.ADMIN, Standing.FROZEN, True),
        (Role.MEMBER, Role.MEMBER, Standing.OK, True),
        (Role.ADMIN, Role.ADMIN, Standing.OK, True),
        # The other one is who looks like them.
        (Role.ADMIN, Role.MEMBER, Standing.OK, False),
        (Role.GUEST, Role.GUEST, Standing.OK, False),
    ],
)
def test_who_is_compared_with_whom(role: Role, known: Role, standing: Standing, seen: bool) -> None:
    twin, anna = person(1, ANNAS_TWIN, role), person(2, "Anna", known, standing)
    assert most_like(twin, [twin, anna]) == ("Anna" if seen else None)
    assert most_like(twin, [twin]) is None


def test_an_admin_is_named_before_a_member_who_is_even_more_alike() -> None:
    everybody = [person(2, "Anna", Role.MEMBER), person(3, "Anna Miller", Role.ADMIN)]
    assert most_like(person(1, "Anna", Role.GUEST), everybody) == "Anna Miller"


async def card(home: StillFamily, to: str) -> RequestCard:
    (payload,) = await home.told(RequestCard, to)
    shown = await read_notice(home.parts, home.account(to).telegram_id, payload)
    assert isinstance(shown, RequestCard)
    return shown


async def test_it_is_said_on_cards_of_strangers_and_of_members_and_in_people(home: StillFamily) -> None:
    await requests.ask_to_come_in(home.parts, await home.named("Kim", ANNAS_TWIN))
    assert (await card(home, "Ben")).resembles == "Anna"
    tom = await home.named("Tom", "Mia (trusted)")
    async with home.parts.store.write() as tx:
        for request in await tx.requests.outstanding():
            await tx.people.change(request.person, tag=AuditTag.PERSON_LET_IN, role=Role.MEMBER)
        await tx.jobs.drop_kind((await tx.jobs.due())[0].kind)
        await requests.ask_for_device(home.parts, tx, tom, device_name("tablet"), None)
    assert (await card(home, "Ben")).resembles == "Mia"
    ben = await home.who("Ben")
    lines = {line.person.name: line.resembles for line in (await directory.page(home.parts, ben)).people}
    assert lines == {"Anna": None, "Ben": None, "Mia (trusted)": "Mia", "Mia": "Mia (trusted)", ANNAS_TWIN: "Anna"}
    assert (await directory.card(home.parts, ben, tom.public_id)).resembles == "Mia"


async def test_it_is_said_of_a_picked_contact(home: StillFamily) -> None:
    anna = await home.who("Anna")
    for called, seen in ((ANNAS_TWIN, "Anna"), ("Kim", None)):
        await invitations.ask_whom(home.parts, anna)
        invited = await invitations.invite(home.parts, anna, home.account("Kim", called))
        assert invited.resembles == seen
        async with home.parts.store.write() as tx:
            await tx.people.change(invited.person, tag=AuditTag.PERSON_REMOVED, role=Role.GUEST)
        await home.named("Kim", "Kim")


async def test_it_is_said_of_whoever_claims_the_bot(home: StillFamily) -> None:
    for called, seen in ((ANNAS_TWIN, "Anna"), ("Kim", None)):
        made = await claim.new_claim(home.parts.store)
        assert await claim.mistaken_for(home.parts.store, made.link) is None
        opened = await claim.open_claim(home.parts, await home.named("Kim", called), str(made.token))
        assert await claim.mistaken_for(home.parts.store, opened.link) == seen


@pytest.mark.parametrize(("after", "times"), [(-THE_LEAST, 1), (timedelta(0), 2)])
async def test_a_member_who_takes_an_admins_name_is_told_once_a_day(
    home: StillFamily, after: timedelta, times: int
) -> None:
    for _ in range(3):
        await home.named("Tom", ANNAS_TWIN)
        await home.named("Tom", "Tom")
    home.clock.plus(AGAIN + after)
    await home.named("Tom", "Tommy")
    await home.named("Tom", "Anna (admin)")
    told = await home.told(LooksLike, "Ben")
    assert [payload["before"] for payload in told] == ["Tom", "Tommy"][:times]
    assert len(await home.told(LooksLike, "Anna")) == times
    assert not await home.told(LooksLike, "Tom")
    shown = await read_notice(home.parts, home.account("Ben").telegram_id, told[-1])
    assert isinstance(shown, LooksLike)
    assert (shown.person.name, shown.known) == ("Anna (admin)", "Anna")
    await home.named("Tom", "Tom")
    assert await read_notice(home.parts, home.account("Ben").telegram_id, told[-1]) is None


async def test_no_word_of_names_that_look_like_nobodys_or_did_before(home: StillFamily) -> None:
    await home.named("Tom", "Thomas")
    await home.named("Kim", ANNAS_TWIN)
    await home.named("Tom", "Anna Miller")
    await home.named("Tom", "Anna Meyer")
    assert len(await home.told(LooksLike, "Ben")) == 1


async def test_a_guests_card_follows_the_name(home: StillFamily) -> None:
    asked = await requests.ask_to_come_in(home.parts, await home.who("Kim"))
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(asked.request, MessageRef(home.account("Ben").telegram_id, 7))
    await home.named("Kim", ANNAS_TWIN)
    _, refreshed = await home.told(RequestCard, "Ben")
    shown = await read_notice(home.parts, home.account("Ben").telegram_id, refreshed)
    assert isinstance(shown, RequestCard)
    assert (shown.request.person.name, shown.resembles) == (ANNAS_TWIN, "Anna")
    assert not await home.told(LooksLike, "Ben")


# What else rings the admins' phones, and can be done in a loop.


@pytest.mark.parametrize(("after", "times"), [(-THE_LEAST, 1), (timedelta(0), 2)])
async def test_admins_hear_once_a_day_that_somebody_blocked_the_bot(
    home: StillFamily, after: timedelta, times: int
) -> None:
    await mark_unreachable(home.parts, home.account("Tom").telegram_id)
    home.clock.plus(timedelta(hours=24) + after)
    for _ in range(3):
        assert (await home.who("Tom")).reachable
        await mark_unreachable(home.parts, home.account("Tom").telegram_id)
    assert len(await home.told(CannotReach, "Ben")) == times
    async with home.parts.store.read() as tx:
        assert not (await tx.people.of_telegram(home.account("Tom").telegram_id)).reachable


@pytest.mark.parametrize(("after", "times"), [(-THE_LEAST, 1), (timedelta(0), 2)])
async def test_admins_are_asked_for_a_hand_once_an_hour(tmp_path: Path, after: timedelta, times: int) -> None:
    async with still_family(tmp_path, devices={"Mia": "tablet"}) as home:
        mia = await home.who("Mia")
        async with home.parts.store.read() as tx:
            (certificate,) = await tx.certificates.all_of(mia.id)
        for _ in range(3):
            await support.ask(home.parts, mia, certificate.public_id, Symptom.BLOCKED)
        home.clock.plus(timedelta(hours=1) + after)
        await support.ask(home.parts, mia, certificate.public_id, Symptom.WRONG_PASSWORD)
        assert len(await home.told(HelpWanted, "Ben")) == times

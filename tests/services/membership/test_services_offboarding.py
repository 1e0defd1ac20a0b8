"""Somebody leaves, and comes back: who can be shown out, in how many taps, and without what."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.certificates.certificates import RevokeReason, State
from bot.model.people.changes import PersonChange, PersonChanged
from bot.model.people.directory import Offboarding, OffboardingKind, PersonCard
from bot.model.people.people import FreezeReason, Role, Standing
from bot.services.membership import offboarding
from tests.quiet_home import QuietHome, answer, quiet_home


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


LIVE = {State.ISSUING, State.ACTIVE, State.RESTORING}
ENDS = {OffboardingKind.BLOCK: Standing.BLOCKED, OffboardingKind.REMOVE: Standing.REMOVED}


@pytest.mark.parametrize("how", list(OffboardingKind))
@pytest.mark.parametrize("state", list(State))
async def test_whoever_has_something_in_use_is_shown_out_in_two_taps(
    home: QuietHome, state: State, how: OffboardingKind
) -> None:
    made = await home.certificate("Tom", "tablet", state)
    anna, tom = await home.who("Anna"), await home.who("Tom")
    begun = await offboarding.begin(home.parts, anna, tom.public_id, how)
    # What was on its way is taken back by the freeze.
    two = state is State.ACTIVE
    assert isinstance(begun, Offboarding if two else PersonCard)
    assert (await home.who("Tom")).standing is (Standing.FROZEN if two else ENDS[how])
    if two:
        assert (await home.now(made)).state is State.ACTIVE
        await offboarding.finish(home.parts, anna, tom.public_id, how)
        assert (await home.who("Tom")).standing is ENDS[how]
        now = await home.now(made)
        assert (now.state, now.revoke_reason) == (State.REVOKING, RevokeReason.BY_ANOTHER)
    assert (await home.now(made)).state not in LIVE
    assert await answer(offboarding.finish(home.parts, anna, tom.public_id, how)) == "StaleAction"


async def test_the_freeze_is_told_once(home: QuietHome) -> None:
    await home.certificate("Tom", "tablet")
    anna, tom = await home.who("Anna"), await home.who("Tom")
    for _ in range(2):
        await offboarding.begin(home.parts, anna, tom.public_id, OffboardingKind.BLOCK)
    (told,) = await home.told(PersonChanged, "Tom")
    assert told["change"] == PersonChange.FROZEN.value
    assert (await home.who("Tom")).freeze_reason is FreezeReason.LEAVING


async def test_what_is_under_way_is_stopped_at_the_second_tap(home: QuietHome) -> None:
    made = await home.certificate("Tom", "tablet", State.ISSUING)
    await offboarding.finish(
        home.parts, await home.who("Anna"), (await home.who("Tom")).public_id, OffboardingKind.REMOVE
    )
    assert (await home.now(made)).state is State.FAILED


@pytest.mark.parametrize("how", list(OffboardingKind))
@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST, Role.NONE, Role.ADMIN])
async def test_who_can_be_shown_out(home: QuietHome, role: Role, standing: Standing, how: OffboardingKind) -> None:
    reason = FreezeReason.LOST if standing is Standing.FROZEN else None
    tom = await home.changed("Tom", role=role, standing=standing, freeze_reason=reason)
    belongs = role in {Role.MEMBER, Role.ADMIN} and standing in {Standing.OK, Standing.FROZEN}
    guest = role is Role.GUEST and standing is Standing.OK and how is OffboardingKind.BLOCK
    anna = await home.who("Anna")
    assert await answer(offboarding.begin(home.parts, anna, tom.public_id, how)) == (
        "done" if belongs or guest else "StaleAction"
    )
    now = await home.who("Tom")
    assert now.standing is (ENDS[how] if belongs or guest else standing)
    if belongs:
        assert now.role is Role.MEMBER
        assert now.freeze_reason is None


@pytest.mark.parametrize(("who", "whom"), [("Anna", "Anna"), ("Ben", "Anna"), ("Tom", "Kim")])
@pytest.mark.parametrize("do", [offboarding.begin, offboarding.finish])
async def test_who_shows_nobody_out(home: QuietHome, do, who: str, whom: str) -> None:  # type: ignore[no-untyped-def]
    person = await home.who(whom)
    said = await answer(do(home.parts, await home.who(who), person.public_id, OffboardingKind.BLOCK))
    assert said == {"Anna": "OwnAccount", "Ben": "OperatorOnly", "Tom": "NotAllowed"}[who]
    assert (await home.who(whom)).standing is Standing.OK


async def test_whoever_leaves_takes_nothing_along(home: QuietHome) -> None:
    mia = await home.changed("Mia", device_limit=9, ends_at=home.clock.now() + timedelta(days=9))
    await offboarding.begin(home.parts, await home.who("Anna"), mia.public_id, OffboardingKind.REMOVE)
    now = await home.who("Mia")
    assert (now.trusted, now.device_limit, now.ends_at, now.frozen_at, now.frozen_by) == (False, None, None, None, None)


@pytest.mark.parametrize("standing", list(Standing))
async def test_whoever_is_out_is_had_back(home: QuietHome, standing: Standing) -> None:
    ends = home.clock.now() - timedelta(days=1)
    tom = await home.changed("Tom", standing=standing, ends_at=ends)
    out = standing in {Standing.BLOCKED, Standing.REMOVED}
    for who, said in (("Mia", "NotAllowed"), ("Ben", "done" if out else "StaleAction"), ("Ben", "StaleAction")):
        assert await answer(offboarding.take_back(home.parts, await home.who(who), tom.public_id)) == said
    now = await home.who("Tom")
    assert (now.standing, now.ends_at) == ((Standing.OK, None) if out else (standing, ends))

"""Revoking and its Undo: whose, until when, and what counts against it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import LimitReached, UnknownDevice
from bot.model.audit import SERVER, AuditTag
from bot.model.certificates.certificates import Certificate, Origin, RevokeReason, State
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Forgotten
from bot.services.certificates import revoke
from bot.services.notifications.message_payload import payload_message
from bot.store.certificates.certificates import actor_of
from tests.quiet_home import HERE, QuietHome, answer, quiet_home
from tests.still_family import THE_LEAST

PRESSED = MessageRef(1, 99)
TWO_MINUTES, WEEK = timedelta(minutes=2), timedelta(days=7)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def revoked(home: QuietHome, who: str = "Tom", by: str | None = None, **facts: Any) -> Certificate:
    made = await home.certificate(who, "tablet", **facts)
    started = await revoke.revoke(home.parts, await home.who(by or who), made.public_id, HERE)
    return started.certificate


async def undo(home: QuietHome, certificate: Certificate, who: str = "Tom") -> str:
    return await answer(revoke.undo(home.parts, await home.who(who), certificate.public_id, PRESSED))


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "done"), (timedelta(0), "StaleAction")])
async def test_a_revoke_is_taken_back_for_two_minutes(home: QuietHome, after: timedelta, said: str) -> None:
    gone = await revoked(home)
    home.clock.plus(TWO_MINUTES + after)
    assert await undo(home, gone) == said
    assert ((await home.now(gone)).state is State.RESTORING) is (said == "done")


async def test_undo_puts_the_restore_in_the_place_of_the_revoke(home: QuietHome) -> None:
    gone = await revoked(home)
    assert await undo(home, gone) == "done"
    assert await home.chores(JobKind.REVOKE, gone.public_id) == []
    (chore,) = await home.chores(JobKind.RESTORE, gone.public_id)
    assert payload_message(chore.payload) == PRESSED
    assert payload_message({}) is None


@pytest.mark.parametrize("state", list(State))
async def test_only_what_is_going_or_gone_is_taken_back(home: QuietHome, state: State) -> None:
    facts = {} if state in {State.ISSUING, State.FAILED} else {"revoke_reason": RevokeReason.PLAIN}
    if facts:
        tom = await home.who("Tom")
        facts |= {"revoke_asked_at": home.clock.now(), "revoked_by": tom.id}  # type: ignore[dict-item]
    made = await home.certificate("Tom", "tablet", state, **facts)
    expected = "done" if state in {State.REVOKING, State.REVOKED} else "StaleAction"
    assert (revoke.undo_until(made) is not None) is (expected == "done")
    assert await undo(home, made) == expected


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        ({}, True),
        ({"password_shown_at": None}, False),
        ({"password_shown_at": None, "origin": Origin.OWN_KEY}, True),
        ({"password_shown_at": None, "origin": Origin.ADOPTED}, True),
        ({"never_restore": True}, False),
        ({"revoke_reason": RevokeReason.LOST}, False),
        ({"revoke_reason": RevokeReason.BY_ANOTHER}, False),
        ({"revoked_by": None}, False),
        ({"revoke_asked_at": None}, False),
    ],
)
async def test_what_can_be_taken_back(home: QuietHome, facts: dict[str, Any], until: bool) -> None:
    gone = await home.certificate("Tom", "tablet", State.REVOKED, **facts)
    assert revoke.undo_until(gone) == (home.clock.now() + TWO_MINUTES if until else None)


async def test_only_its_owner_takes_back_a_revoke_of_their_own(home: QuietHome) -> None:
    gone = await revoked(home)
    assert await undo(home, gone, "Anna") == "StaleAction"
    assert await undo(home, await revoked(home, "Kim", by="Anna"), "Anna") == "StaleAction"
    assert await undo(home, await revoked(home, "Mia", by="Anna"), "Mia") == "StaleAction"
    assert await answer(revoke.undo(home.parts, await home.who("Tom"), "nothing", PRESSED)) == "StaleAction"


@pytest.mark.parametrize(("own", "said"), [(1, "LimitReached"), (2, "done")])
async def test_undo_counts_as_one_more(home: QuietHome, own: int, said: str) -> None:
    gone = await revoked(home)
    await home.certificate("Tom", "phone")
    tom = await home.changed("Tom", device_limit=own)
    if said == "done":
        assert await undo(home, gone) == said
        return
    with pytest.raises(LimitReached) as refusal:
        await revoke.undo(home.parts, tom, gone.public_id, PRESSED)
    assert refusal.value.limit == own


async def test_undo_is_refused_where_the_device_has_a_new_one(home: QuietHome) -> None:
    gone = await home.certificate("Tom", "tablet", State.REVOKED)
    await home.certificate("Tom", "tablet")
    assert await undo(home, gone) == "NameTaken"


@pytest.mark.parametrize(
    ("who", "of", "said"),
    [("Tom", "Tom", "done"), ("Tom", "Kim", "StaleAction"), ("Mia", "Tom", "StaleAction"), ("Anna", "Tom", "done")],
)
async def test_who_revokes_whose(home: QuietHome, who: str, of: str, said: str) -> None:
    made = await home.certificate(of, "tablet")
    actor = await home.who(who)
    assert await answer(revoke.revoke(home.parts, actor, made.public_id, None)) == said
    assert await answer(revoke.revoke(home.parts, actor, "nothing", None)) == "StaleAction"
    now = await home.now(made)
    assert (now.state is State.REVOKING) is (said == "done")
    if said == "done":
        own = who == of
        assert (now.revoke_reason, now.never_restore) == (
            RevokeReason.PLAIN if own else RevokeReason.BY_ANOTHER,
            not own,
        )
        (chore,) = await home.chores(JobKind.REVOKE, made.public_id)
        assert chore.payload.get("by_name") == (None if own else who)


@pytest.mark.parametrize("state", list(State))
async def test_what_a_revoke_does_in_each_state(home: QuietHome, state: State) -> None:
    made = await home.certificate("Tom", "tablet", state)
    started = await revoke.revoke(home.parts, await home.who("Tom"), made.public_id, HERE)
    held = {State.ISSUING, State.ACTIVE, State.RESTORING}
    assert started.already is (state not in held)
    expected = {State.ISSUING: State.FAILED, State.ACTIVE: State.REVOKING, State.RESTORING: State.REVOKING}
    assert (await home.now(made)).state is expected.get(state, state)


@pytest.mark.parametrize(("who", "never", "said"), [("Tom", False, "done"), ("Anna", True, "StaleAction")])
async def test_a_second_revoke_by_somebody_else_ends_the_undo(
    home: QuietHome, who: str, never: bool, said: str
) -> None:
    gone = await revoked(home, again_until=home.clock.now() + WEEK)
    started = await revoke.revoke(home.parts, await home.who(who), gone.public_id, None)
    assert started.already
    now = await home.now(gone)
    assert (now.never_restore, now.again_until is None) == (never, never)
    assert now.revoke_reason is (RevokeReason.BY_ANOTHER if never else RevokeReason.PLAIN)
    assert await undo(home, gone) == said


async def test_a_second_revoke_makes_no_other_reason_of_one_that_never_comes_back(home: QuietHome) -> None:
    gone = await home.certificate("Tom", "tablet", State.REVOKED, revoke_reason=RevokeReason.LOST, never_restore=True)
    await revoke.revoke(home.parts, await home.who("Anna"), gone.public_id, None)
    assert (await home.now(gone)).revoke_reason is RevokeReason.LOST


async def test_only_a_plain_revoke_leaves_the_permission_to_make_it_again(home: QuietHome) -> None:
    until = home.clock.now() + WEEK
    assert (await home.now(await revoked(home, again_until=until))).again_until == until
    assert (await home.now(await revoked(home, "Kim", by="Anna", again_until=until))).again_until is None


async def test_both_of_a_device_that_is_being_renewed_go(home: QuietHome) -> None:
    for of, renewing, then in (("Tom", State.ISSUING, State.FAILED), ("Kim", State.ACTIVE, State.REVOKING)):
        old = await home.certificate(of, "tablet")
        new = await home.certificate(of, "tablet", renewing, replaces=old.id, renews=True)
        await revoke.revoke(home.parts, await home.who(of), old.public_id, None)
        assert [(await home.now(one)).state for one in (old, new)] == [State.REVOKING, then]
        # One message tells how it goes.
        quiet = [chore.payload for chore in await home.chores(JobKind.REVOKE, new.public_id)]
        assert quiet == ([{"quiet": True}] if renewing is State.ACTIVE else [])


async def test_stopping_a_renewal_means_the_device(home: QuietHome) -> None:
    old = await home.certificate("Tom", "tablet")
    new = await home.certificate("Tom", "tablet", State.ISSUING, replaces=old.id, renews=True)
    started = await revoke.revoke(home.parts, await home.who("Tom"), new.public_id, None)
    assert (started.certificate.public_id, started.already) == (old.public_id, False)
    assert [(await home.now(one)).state for one in (old, new)] == [State.REVOKING, State.FAILED]


@pytest.mark.parametrize("kept", [None, timedelta(days=1)])
async def test_what_is_taken_back_unopened_may_be_made_again_for_a_week_but_never_longer_than_before(
    home: QuietHome, kept: timedelta | None
) -> None:
    before = None if kept is None else home.clock.now() + kept
    made = await home.certificate("Tom", "tablet", again_until=before, cleaned_at=None)
    async with home.parts.store.write() as tx:
        gone = await revoke.revoke_unopened(tx, made, RevokeReason.NEVER_OPENED, Forgotten)
    assert gone.again_until == (before or home.clock.now() + WEEK)
    assert len(await home.told(Forgotten, "Tom")) == 1
    (chore,) = await home.chores(JobKind.REVOKE, gone.public_id)
    assert chore.payload == {"quiet": True}
    assert gone.never_restore
    assert revoke.undo_until(gone) is None


@pytest.mark.parametrize("cleaned", [True, False])
async def test_what_is_in_the_chat_goes_with_a_revoke(home: QuietHome, cleaned: bool) -> None:
    facts: dict[str, Any] = {} if cleaned else {"cleaned_at": None}
    home.clock.plus(timedelta(hours=1))
    made = await home.certificate("Tom", "tablet", **facts)
    home.clock.plus(timedelta(hours=1))
    gone = (await revoke.revoke(home.parts, await home.who("Tom"), made.public_id, None)).certificate
    assert bool(await home.chores(JobKind.DELETE, "1:7")) is not cleaned
    assert gone.cleaned_at == (made.cleaned_at if cleaned else home.clock.now())


@pytest.mark.parametrize("by", ["Tom", None])
async def test_lost_is_noted_with_its_time_and_nobody_where_the_server_did_it(home: QuietHome, by: str | None) -> None:
    made = await home.certificate("Tom", "tablet")
    actor = None if by is None else await home.who(by)
    async with home.parts.store.write() as tx:
        gone = await revoke.revoke_certificate(tx, actor, made, RevokeReason.LOST, {"quiet": True})
        events = await tx.audit.by(SERVER if actor is None else actor_of(actor), tx.now)
    expected = AuditTag.CERTIFICATE_REVOKE_ASKED_ON_SERVER if actor is None else AuditTag.CERTIFICATE_REVOKE_ASKED
    assert events[-1].tag == expected
    assert gone.lost_at == home.clock.now()
    assert gone.revoked_by == (None if actor is None else actor.id)
    assert gone.never_restore


async def test_names_are_looked_for_in_the_actors_reach(home: QuietHome) -> None:
    mine, theirs = await home.certificate("Tom", "tablet"), await home.certificate("Kim", "Tablet")
    tom, anna = await home.who("Tom"), await home.who("Anna")
    for actor, text, found in ((tom, "TABLET", mine), (anna, "kim/tablet", theirs), (tom, "Tom/tablet", mine)):
        async with home.parts.store.read() as tx:
            assert await revoke._named(tx, actor, text) == found
    for actor, text in ((tom, "Kim/tablet"), (anna, "tablet"), (tom, "phone")):
        with pytest.raises(UnknownDevice):
            await revoke.revoke_named(home.parts, actor, text)
    assert await answer(revoke.revoke_named(home.parts, anna, "Kim/tablet")) == "done"


async def test_the_nearest_three_that_are_held_are_offered(home: QuietHome) -> None:
    for name, state in (("tablet1", State.ACTIVE), ("tablet22", State.ISSUING), ("tablet333", State.RESTORING)):
        await home.certificate("Tom", name, state)
    await home.certificate("Tom", "tablet", State.REVOKED)
    await home.certificate("Kim", "tablett")
    with pytest.raises(UnknownDevice) as refusal:
        await revoke.revoke_named(home.parts, await home.who("Tom"), "tablets")
    assert [name for name, _ in refusal.value.nearest] == ["tablet1", "tablet22", "tablet333"]
    await home.certificate("Tom", "tabletss")
    for who, expected in (("Tom", "tabletss"), ("Anna", "Tom/tabletss")):
        with pytest.raises(UnknownDevice) as refusal:
            await revoke.revoke_named(home.parts, await home.who(who), "tablets")
        assert len(refusal.value.nearest) == 3
        assert expected in [name for name, _ in refusal.value.nearest]
    # 0.3 of what both have in common is near enough, less is not.
    for name, near in (("a" * 6 + "q" * 14, True), ("a" * 5 + "q" * 15, False)):
        await home.certificate("Mia", name)
        with pytest.raises(UnknownDevice) as refusal:
            await revoke.revoke_named(home.parts, await home.who("Mia"), "a" * 20)
        assert (name in [found for found, _ in refusal.value.nearest]) is near


async def test_what_an_order_shows_in_the_chat_goes_when_it_is_stopped(home: QuietHome) -> None:
    made = await home.certificate("Tom", "tablet", State.ISSUING)
    async with home.parts.store.write() as tx:
        await tx.certificates.remember_message(made, chat_id=HERE.chat_id, message_id=HERE.message_id)
    await revoke.revoke(home.parts, await home.who("Tom"), made.public_id, None)
    assert len(await home.chores(JobKind.DELETE, "1:7")) == 1

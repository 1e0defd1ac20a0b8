"""A lost phone: what is blocked, who may report and answer, and when a second report changes nothing."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import UnknownDevice
from bot.model.certificates.certificates import RevokeReason, State
from bot.model.lost_devices import LastSeen, LossCard, LossReport, LossState
from bot.model.people.people import FreezeReason, Role, Standing
from bot.services.lost_devices import follow_up
from bot.services.lost_devices import report as lost_devices_report
from bot.services.membership import freeze
from tests.quiet_home import HERE, QuietHome, answer, quiet_home


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def report(home: QuietHome, who: str, of: str) -> LossReport:
    whose = await home.who(of)
    return (await lost_devices_report.report_all(home.parts, await home.who(who), whose.public_id, None)).loss


@pytest.mark.parametrize("state", list(State))
async def test_what_a_report_does_to_a_key(home: QuietHome, state: State) -> None:
    """What may still open the door, or come back, is blocked for good; an order is stopped by the freeze."""
    made = await home.certificate("Tom", "tablet", state)
    await lost_devices_report.report(home.parts, await home.who("Tom"), made.public_id, None)
    now = await home.now(made)
    if state in {State.FAILED, State.EXPIRED}:
        assert now == made
        return
    expected = {State.ISSUING: State.FAILED, State.REVOKED: State.REVOKED}
    assert now.state is expected.get(state, State.REVOKING)
    if state is not State.ISSUING:
        assert now.never_restore
    if state in {State.ACTIVE, State.REVOKING, State.REVOKED}:
        assert (now.revoke_reason, now.lost_at) == (RevokeReason.LOST, home.clock.now())


@pytest.mark.parametrize("state", list(State))
async def test_which_devices_can_be_reported(home: QuietHome, state: State) -> None:
    await home.certificate("Tom", "tablet", state)
    live = state in {State.ISSUING, State.ACTIVE, State.RESTORING, State.REVOKING}
    choice = await lost_devices_report.own(home.parts, await home.who("Tom"))
    assert len(choice.certificates) == live
    shown = await lost_devices_report.people(home.parts, await home.who("Anna"))
    assert [person.name for person in shown.people] == (["Tom"] if live else [])


async def test_a_device_that_is_being_renewed_is_one_and_goes_whole(home: QuietHome) -> None:
    old = await home.certificate("Tom", "tablet")
    new = await home.certificate("Tom", "tablet", replaces=old.id, renews=True)
    other = await home.certificate("Tom", "phone")
    tom = await home.who("Tom")
    choice = await lost_devices_report.own(home.parts, tom)
    assert [c.public_id for c in choice.certificates] == [other.public_id, new.public_id]
    done = await lost_devices_report.report(home.parts, tom, old.public_id, None)
    assert {*done.loss.certificates} == {old.public_id, new.public_id}
    assert not done.loss.whole
    assert (await home.now(other)).state is State.ACTIVE


@pytest.mark.parametrize(
    ("who", "of", "said"),
    [
        ("Tom", "Tom", "done"),
        ("Tom", "Kim", "StaleAction"),
        ("Mia", "Kim", "done"),
        ("Anna", "Kim", "done"),
        ("Eve", "Eve", "NotAllowed"),
    ],
)
async def test_who_reports_whose(home: QuietHome, who: str, of: str, said: str) -> None:
    made = await home.certificate(of, "tablet")
    actor, owner = await home.who(who), await home.who(of)
    assert await answer(lost_devices_report.report_all(home.parts, actor, owner.public_id, None)) == said
    assert ((await home.now(made)).state is State.REVOKING) is (said == "done")
    assert (
        await answer(lost_devices_report.report(home.parts, await home.who("Anna"), "nothing", None)) == "StaleAction"
    )


async def test_nobody_reports_others_where_the_settings_say_so_nor_who_does_not_belong(home: QuietHome) -> None:
    kim = await home.who("Kim")
    home.policy(trusted_may_report=False)
    mia = await home.who("Mia")
    assert await answer(lost_devices_report.report_all(home.parts, mia, kim.public_id, None)) == "StaleAction"
    assert await answer(lost_devices_report.of_person(home.parts, mia, kim.public_id)) == "NotAllowed"
    assert await answer(lost_devices_report.people(home.parts, mia)) == "NotAllowed"
    await home.changed("Kim", role=Role.GUEST)
    assert (
        await answer(lost_devices_report.report_all(home.parts, await home.who("Anna"), kim.public_id, None))
        == "StaleAction"
    )


@pytest.mark.parametrize(
    ("who", "of", "state", "reason"),
    [
        ("Tom", "Tom", LossState.OPEN, FreezeReason.LOST),
        ("Anna", "Tom", LossState.OPEN, FreezeReason.REPORTED),
        ("Mia", "Tom", LossState.OPEN, FreezeReason.REPORTED),
        ("Ben", "Anna", LossState.OPEN, FreezeReason.REPORTED),
        ("Mia", "Anna", LossState.KEYS_ONLY, None),
    ],
)
async def test_whom_a_report_freezes(
    home: QuietHome, who: str, of: str, state: LossState, reason: FreezeReason | None
) -> None:
    loss = await report(home, who, of)
    assert (loss.state, (await home.who(of)).freeze_reason) == (state, reason)
    # It is on the phones of whoever reported, its owner and the admins, and nobody else's.
    shown = {one for one in ("Anna", "Ben", "Mia", "Tom", "Kim") if await home.told(LossCard, one)}
    admins = {"Anna", "Ben"} - ({of} if reason and of in {"Anna", "Ben"} else set())
    assert shown == admins | {who, of}


async def test_one_admin_freezes_no_two_others_by_reports(home: QuietHome) -> None:
    """The second one within the hour freezes whoever reports, and no admin."""
    await home.changed("Kim", role=Role.ADMIN)
    assert (await report(home, "Ben", "Tom")).state is LossState.OPEN
    assert (await report(home, "Ben", "Anna")).state is LossState.KEYS_ONLY
    assert (await home.who("Anna")).standing is Standing.OK
    assert (await home.who("Ben")).freeze_reason is FreezeReason.MANY_REPORTS


async def test_a_second_report_too_much_still_freezes_a_member(home: QuietHome) -> None:
    await report(home, "Mia", "Tom")
    assert (await report(home, "Mia", "Kim")).state is LossState.OPEN
    assert (await home.who("Kim")).freeze_reason is FreezeReason.REPORTED
    assert (await home.who("Mia")).freeze_reason is FreezeReason.MANY_REPORTS


async def test_a_second_report_of_the_same_is_the_first_one(home: QuietHome) -> None:
    made = await home.certificate("Tom", "tablet")
    tom = await home.who("Tom")
    first = await lost_devices_report.report(home.parts, tom, made.public_id, None)
    assert not first.already
    again = await lost_devices_report.report(home.parts, await home.who("Tom"), made.public_id, HERE)
    assert (again.already, again.loss.public_id) == (True, first.loss.public_id)
    # Another device is another matter.
    phone = await home.certificate("Tom", "phone")
    assert not (await lost_devices_report.report(home.parts, await home.who("Tom"), phone.public_id, HERE)).already


async def test_a_report_that_froze_nobody_is_no_answer_to_one_that_would(home: QuietHome) -> None:
    first = await report(home, "Mia", "Anna")
    same = await lost_devices_report.report_all(
        home.parts, await home.who("Mia"), (await home.who("Anna")).public_id, None
    )
    assert (same.already, same.loss.public_id) == (True, first.public_id)
    second = await lost_devices_report.report_all(
        home.parts, await home.who("Ben"), (await home.who("Anna")).public_id, None
    )
    assert not second.already
    assert (await home.who("Anna")).freeze_reason is FreezeReason.REPORTED


async def test_after_a_freeze_was_lifted_a_report_freezes_anew(home: QuietHome) -> None:
    await report(home, "Anna", "Tom")
    async with home.parts.store.write() as tx:
        tom = await tx.people.of_telegram(home.account("Tom").telegram_id)
        await freeze.lift(tx, tom, await tx.people.of_telegram(home.account("Anna").telegram_id))
    again = await lost_devices_report.report_all(home.parts, await home.who("Anna"), tom.public_id, None)
    assert not again.already
    assert (await home.who("Tom")).standing is Standing.FROZEN


async def test_ones_own_device_is_reported_by_its_name(home: QuietHome) -> None:
    await home.certificate("Kim", "tablet")
    for number in range(4):
        await home.certificate("Tom", f"phone{number}")
    tom = await home.who("Tom")
    with pytest.raises(UnknownDevice) as refusal:
        await lost_devices_report.report_named(home.parts, tom, "tablet")
    assert len(refusal.value.nearest) == 3
    done = await lost_devices_report.report_named(home.parts, tom, "PHONE2")
    assert len(done.loss.certificates) == 1


@pytest.mark.parametrize(("people", "pages"), [(7, 1), (8, 1), (9, 2)])
async def test_eight_people_are_on_a_page(home: QuietHome, people: int, pages: int) -> None:
    for number in range(people):
        name = f"P{number:02}"
        await home.who(name)
        await home.changed(name, role=Role.MEMBER)
        await home.certificate(name, "tablet")
    await home.certificate("Anna", "own")
    anna = await home.who("Anna")
    shown = [await lost_devices_report.people(home.parts, anna, page) for page in (-1, 0, 1, 99)]
    assert [(one.page, one.pages) for one in shown] == [(0, pages), (0, pages), (pages - 1, pages), (pages - 1, pages)]
    assert [len(one.people) for one in shown[:2]] == [min(8, people)] * 2
    assert len(shown[2].people) == (1 if pages == 2 else people)


# What is answered below a report.


@pytest.mark.parametrize("do", [follow_up.telegram_was_not_on_it, follow_up.stays])
@pytest.mark.parametrize(
    ("who", "said"), [("Anna", "done"), ("Ben", "done"), ("Mia", "NotAllowed"), ("Tom", "NotAllowed")]
)
async def test_an_admin_says_whether_the_freeze_stays(home: QuietHome, do, who: str, said: str) -> None:  # type: ignore[no-untyped-def]
    loss = await report(home, "Anna", "Tom")
    actor = await home.who(who)
    assert await answer(do(home.parts, actor, loss.public_id)) == said
    lifted = said == "done" and do is follow_up.telegram_was_not_on_it
    assert (await home.who("Tom")).standing is (Standing.OK if lifted else Standing.FROZEN)
    if said == "done":
        assert await answer(do(home.parts, actor, loss.public_id)) == "StaleAction"
    assert await answer(do(home.parts, await home.who("Anna"), "nothing")) == "StaleAction"


@pytest.mark.parametrize("do", [follow_up.telegram_was_not_on_it, follow_up.stays])
async def test_nobody_decides_about_their_own_account(home: QuietHome, do) -> None:  # type: ignore[no-untyped-def]
    loss = await report(home, "Mia", "Anna")
    assert await answer(do(home.parts, await home.who("Anna"), loss.public_id)) == "OwnAccount"


@pytest.mark.parametrize("reason", list(FreezeReason))
async def test_only_a_freeze_for_a_loss_ends_with_the_word_that_it_was_none(
    home: QuietHome, reason: FreezeReason
) -> None:
    loss = await report(home, "Anna", "Tom")
    await home.changed("Tom", freeze_reason=reason)
    said = await answer(follow_up.telegram_was_not_on_it(home.parts, await home.who("Anna"), loss.public_id))
    assert said == ("OperatorOnly" if reason is FreezeReason.SERVER else "done")
    lifted = reason in {FreezeReason.LOST, FreezeReason.REPORTED}
    assert (await home.who("Tom")).standing is (Standing.OK if lifted else Standing.FROZEN)


@pytest.mark.parametrize(
    ("who", "said"),
    [("Anna", "done"), ("Ben", "done"), ("Tom", "done"), ("Mia", "StaleAction"), ("Kim", "StaleAction")],
)
async def test_the_owner_and_admins_answer_and_whoever_only_reported_does_not(
    home: QuietHome, who: str, said: str
) -> None:
    loss = await report(home, "Mia", "Tom")
    actor = await home.who(who)
    for do in (follow_up.tick, follow_up.revoke_remaining):
        more = ("x-1",) if do is follow_up.tick else ()
        early = await answer(do(home.parts, actor, loss.public_id, *more))
        # Admins are shown a day before they have said anything; the owner is asked first.
        assert early == ("StaleAction" if who == "Tom" else said)
    assert await answer(follow_up.last_held(home.parts, actor, loss.public_id, LastSeen.AN_HOUR)) == said
    assert await answer(follow_up.revoke_remaining(home.parts, actor, loss.public_id)) == said


async def test_what_is_unticked_is_kept_and_what_is_ticked_is_taken_back_by_whom_it_concerns(
    home: QuietHome,
) -> None:
    home.clock.plus(timedelta(days=1))
    loss = (
        await lost_devices_report.report_all(
            home.parts, await home.who("Anna"), (await home.who("Tom")).public_id, None
        )
    ).loss
    made = [await home.certificate("Tom", name) for name in ("one", "two")]
    anna = await home.who("Anna")
    ticked = await follow_up.tick(home.parts, anna, loss.public_id, f"c-{made[0].public_id}")
    assert ticked.loss.answers[anna.public_id].unticked == {f"c-{made[0].public_id}"}
    done = await follow_up.revoke_remaining(home.parts, anna, loss.public_id)
    assert done.count == 1
    assert [(await home.now(one)).state for one in made] == [State.ACTIVE, State.REVOKING]
    await follow_up.tick(home.parts, anna, loss.public_id, f"c-{made[0].public_id}")
    assert (await follow_up.revoke_remaining(home.parts, anna, loss.public_id)).count == 1


@pytest.mark.parametrize(
    ("reporter", "who", "said"),
    [
        ("Mia", "Tom", "done"),
        ("Mia", "Kim", "StaleAction"),
        ("Tom", "Tom", "StaleAction"),
        ("Mia", "Anna", "StaleAction"),
    ],
)
async def test_only_whom_the_report_froze_says_that_it_is_false_and_once(
    home: QuietHome, reporter: str, who: str, said: str
) -> None:
    loss = await report(home, reporter, "Tom")
    assert await answer(follow_up.dispute(home.parts, await home.who(who), loss.public_id)) == said
    assert ((await home.who("Mia")).freeze_reason is FreezeReason.DISPUTED) is (said == "done")
    assert await answer(follow_up.dispute(home.parts, await home.who(who), loss.public_id)) == "StaleAction"


async def test_what_is_shown_of_somebody_elses_devices(home: QuietHome) -> None:
    nobody = await lost_devices_report.people(home.parts, await home.who("Anna"))
    assert (nobody.people, nobody.page, nobody.pages) == ((), 0, 1)
    anna = await home.who("Anna")
    for who, freezes in (("Ben", True), ("Mia", False)):
        choice = await lost_devices_report.of_person(home.parts, await home.who(who), anna.public_id)
        assert (choice.others, choice.freezes) == (True, freezes)
    assert (await report(home, "Tom", "Tom")).whole

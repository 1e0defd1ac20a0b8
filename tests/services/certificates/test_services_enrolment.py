"""Using a permission: whose, until when, and what has to be said first; and a claim that one account opens."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import InvalidName
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import DeviceKind, State
from bot.model.certificates.names import device_name
from bot.model.people.enrolment import WizardStep
from bot.model.people.people import Role, Standing
from bot.model.people.requests import InstallTarget, Request
from bot.services.certificates import enrolment, order
from bot.services.operator import claim
from bot.services.people import decisions, requests
from tests.quiet_home import QuietHome, answer, quiet_home
from tests.still_family import THE_LEAST

WEEK = timedelta(days=7)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def allowed(home: QuietHome, who: str = "Tom", name: str = "tablet") -> Request:
    actor = await home.who(who)
    async with home.parts.store.write() as tx:
        asked = (await requests.ask_for_device(home.parts, tx, actor, device_name(name), 90)).request
    return (await decisions.approve(home.parts, await home.who("Anna"), asked.public_id)).request


async def use(home: QuietHome, request: Request, who: str = "Tom") -> str:
    return await answer(enrolment.get_it_now(home.parts, await home.who(who), request.public_id))


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "done"), (timedelta(0), "StaleAction")])
async def test_a_permission_is_used_once_within_a_week(home: QuietHome, after: timedelta, said: str) -> None:
    request = await allowed(home)
    await enrolment.choose_kind(home.parts, await home.who("Tom"), request.public_id, DeviceKind.LINUX)
    home.clock.plus(WEEK + after)
    assert [await use(home, request), await use(home, request)] == [said, "StaleAction"]
    if said == "done":
        (made,) = await everything(home)
        assert (made.asked_days, made.device.kind) == (90, DeviceKind.LINUX)


async def everything(home: QuietHome, who: str = "Tom"):  # type: ignore[no-untyped-def]
    person = await home.who(who)
    async with home.parts.store.read() as tx:
        return await tx.certificates.all_of(person.id)


async def test_nobody_uses_anothers_nor_one_that_nobody_gave(home: QuietHome) -> None:
    request = await allowed(home)
    assert (
        await answer(enrolment.enrolment_state(home.parts, await home.who("Kim"), request.public_id)) == "StaleAction"
    )
    actor = await home.who("Kim")
    async with home.parts.store.write() as tx:
        asked = (await requests.ask_for_device(home.parts, tx, actor, device_name("x"), None)).request
    assert await answer(enrolment.enrolment_state(home.parts, actor, asked.public_id)) == "StaleAction"
    await home.changed("Tom", standing=Standing.FROZEN)
    assert await answer(enrolment.enrolment_state(home.parts, await home.who("Tom"), request.public_id)) == "Frozen"


@pytest.mark.parametrize(
    ("kind", "name", "via", "step", "makes"),
    [
        (None, "tablet", None, WizardStep.KIND, False),
        (DeviceKind.LINUX, None, None, WizardStep.NAME, False),
        (DeviceKind.LINUX, "tablet", None, WizardStep.STEPS, True),
        (DeviceKind.IPHONE, "tablet", None, WizardStep.VIA, True),
        (DeviceKind.IPHONE, "tablet", InstallTarget.BROWSER, WizardStep.STEPS, True),
        (None, None, None, WizardStep.KIND, False),
    ],
)
async def test_what_has_to_be_said_first(
    home: QuietHome, kind: DeviceKind | None, name: str | None, via: InstallTarget | None, step: WizardStep, makes: bool
) -> None:
    request = await allowed(home)
    tom = await home.who("Tom")
    async with home.parts.store.write() as tx:
        shown = await enrolment._chosen(tx, tom, request, device_kind=kind, device_name=name, via=via)
    assert shown.step is step
    assert (shown.proposed != "") is (step is WizardStep.NAME)
    assert await use(home, request) == ("done" if makes else "StaleAction")


@pytest.mark.parametrize(
    ("taken", "proposed"),
    [((), "linux"), (("linux",), "linux-2"), (("Linux", "linux-2"), "linux-3"), (("linux-2",), "linux")],
)
async def test_a_free_name_is_proposed(home: QuietHome, taken: tuple[str, ...], proposed: str) -> None:
    for name in taken:
        await home.certificate("Tom", name)
    request = await allowed(home)
    tom = await home.who("Tom")
    async with home.parts.store.write() as tx:
        shown = await enrolment._chosen(tx, tom, request, device_kind=DeviceKind.LINUX, device_name=None)
    assert shown.proposed == proposed
    now = await enrolment.take_proposed_name(home.parts, tom, request.public_id)
    assert now.request.device_name == proposed
    # It is not called by another name by a second tap.
    await home.certificate("Tom", proposed, State.FAILED)
    again = await enrolment.take_proposed_name(home.parts, tom, request.public_id)
    assert again.request.device_name == proposed


@pytest.mark.parametrize(
    ("text", "said"), [("box", "done"), ("90 days", "InvalidName"), ("box 90 days", "InvalidName")]
)
async def test_a_name_is_asked_for_ten_minutes_and_a_time_is_none(home: QuietHome, text: str, said: str) -> None:
    request = await allowed(home)
    tom = await home.who("Tom")
    await enrolment.ask_for_name(home.parts, tom, request.public_id)
    home.clock.plus(timedelta(minutes=10) - THE_LEAST)
    async with home.parts.store.read() as tx:
        prompt = await tx.prompts.of(tom.id)
    assert prompt is not None
    if said == "InvalidName":
        with pytest.raises(InvalidName) as refusal:
            await enrolment.answer_name(home.parts, tom, prompt, text)
        assert refusal.value.why == "time"
    else:
        assert (await enrolment.answer_name(home.parts, tom, prompt, text)).request.device_name == text
    home.clock.plus(THE_LEAST)
    async with home.parts.store.read() as tx:
        assert await tx.prompts.of(tom.id) is None


async def test_a_key_made_again_by_permission_keeps_its_yes(home: QuietHome) -> None:
    """So it still needs no tap of its own, and does not count among those without one."""
    request = await allowed(home, "Mia")
    mia = await home.who("Mia")
    await enrolment.choose_kind(home.parts, mia, request.public_id, DeviceKind.LINUX)
    made = (await enrolment.get_it_now(home.parts, mia, request.public_id)).certificate
    for until in (home.clock.now() + WEEK, None):
        async with home.parts.store.write() as tx:
            last = (await tx.certificates.all_of(mia.id))[-1]
            await tx.certificates.move(last, State.FAILED, tag=AuditTag.CERTIFICATE_FAILED, again_until=until)
            assert await tx.certificates.count_without_yes(mia.id, tx.now - WEEK) == 0
        new = (await order.reissue(home.parts, mia, last.public_id)).certificate
        async with home.parts.store.read() as tx:
            assert await tx.certificates.count_without_yes(mia.id, tx.now - WEEK) == (0 if until else 1)
        assert new.device.id == made.device.id


@pytest.mark.parametrize(("after", "said"), [(-THE_LEAST, "done"), (timedelta(0), "StaleAction")])
async def test_a_claim_is_opened_within_a_quarter_of_an_hour_by_one(
    home: QuietHome, after: timedelta, said: str
) -> None:
    link = await claim.new_claim(home.parts.store)
    assert await answer(claim.grant(home.parts.store, link.link.public_id)) == "StaleAction"
    home.clock.plus(timedelta(minutes=15) + after)
    eve, token = await home.who("Eve"), str(link.token)
    assert await answer(claim.open_claim(home.parts, eve, token)) == said
    assert await answer(claim.open_claim(home.parts, eve, token)) == said
    assert await answer(claim.open_claim(home.parts, await home.who("Tom"), token)) == "StaleAction"
    assert await answer(claim.open_claim(home.parts, eve, "nothing")) == "StaleAction"
    assert (await home.who("Eve")).role is Role.NONE
    for expected in (said, "StaleAction"):
        assert await answer(claim.grant(home.parts.store, link.link.public_id)) == expected
    assert (await home.who("Eve")).is_admin is (said == "done")
    assert await answer(claim.refuse(home.parts.store, link.link.public_id)) == "StaleAction"

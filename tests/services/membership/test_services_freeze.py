"""Freezing: what waits is taken back, a freeze is never made easier to lift, and a press under way comes too late."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.errors import Frozen, OperatorOnly, OwnAccount, StaleAction
from bot.model.audit import AuditTag
from bot.model.lost_devices import LastSeen
from bot.model.message_ref import MessageRef
from bot.model.people.people import Account, FreezeReason, Standing
from bot.model.people.people import Person as Known
from bot.services.certificates import order, request_or_order, revoke
from bot.services.certificates.order import Wishes
from bot.services.context import AppContext
from bot.services.lost_devices import follow_up
from bot.services.lost_devices import report as lost_devices_report
from bot.services.membership import freeze, members, offboarding
from bot.services.people import invitations
from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests.household import Household

ADMIN, MEMBER, TRUSTED = frozenset({"admin"}), frozenset({"member"}), frozenset({"trusted"})
NOWHERE = MessageRef(1, 1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Anna and Ben are admins, Kim is a trusted member, Mia a member."""
    people = (Person("Anna", ADMIN), Person("Ben", ADMIN), Person("Kim", TRUSTED), Person("Mia", MEMBER))
    async with World(tmp_path, bot=SandboxBot, people=people) as world:
        for phone in world.people.values():
            phone.send("/whoami")
        await world.settle()
        yield world


def parts_of(home: Household) -> AppContext:
    return home.bot.app.parts


async def known(home: Household, who: str) -> Known:
    async with parts_of(home).store.read() as tx:
        return await tx.people.of_telegram(home.phone(who).user_id)


async def frozen(home: Household, who: str, reason: FreezeReason, by: str | None = None) -> Known:
    admin = None if by is None else await known(home, by)
    person = await known(home, who)
    async with parts_of(home).store.write() as tx:
        now = await freeze.freeze(tx, person, reason, admin)
    freeze.forget(parts_of(home), now.worthless)
    await home.settle()
    return now.person


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        (FreezeReason.BY_ADMIN, FreezeReason.LOST, FreezeReason.LOST),
        (FreezeReason.ENDED, FreezeReason.REPORTED, FreezeReason.REPORTED),
        (FreezeReason.LOST, FreezeReason.BY_ADMIN, FreezeReason.LOST),
        (FreezeReason.LOST, FreezeReason.LEAVING, FreezeReason.LOST),
        (FreezeReason.SERVER, FreezeReason.LOST, FreezeReason.SERVER),
        (FreezeReason.LOST, FreezeReason.SERVER, FreezeReason.SERVER),
    ],
)
async def test_a_second_freeze_never_makes_it_easier(
    home: Household, first: FreezeReason, second: FreezeReason, stays: FreezeReason
) -> None:
    await frozen(home, "Kim", first, "Anna")
    assert (await frozen(home, "Kim", second, "Ben")).freeze_reason is stays


async def test_who_lifts_what(home: Household) -> None:
    kim = await frozen(home, "Kim", FreezeReason.SERVER)
    with pytest.raises(OperatorOnly):
        await members.unfreeze(parts_of(home), await known(home, "Anna"), kim.public_id)
    ben = await frozen(home, "Ben", FreezeReason.LOST, "Ben")
    with pytest.raises(Frozen):
        await members.unfreeze(parts_of(home), ben, ben.public_id)
    anna = await known(home, "Anna")
    with pytest.raises(OwnAccount):
        await members.unfreeze(parts_of(home), anna, anna.public_id)
    await members.unfreeze(parts_of(home), anna, ben.public_id)
    assert (await known(home, "Ben")).standing is Standing.OK


async def test_questions_links_and_permissions_end(home: Household) -> None:
    await home.say("Ben", "/invite")
    link = await invitations.make_link(parts_of(home), await known(home, "Ben"), "Grandma")
    await home.say("Ben", "/newcert")
    await frozen(home, "Ben", FreezeReason.LOST, "Ben")
    async with parts_of(home).store.read() as tx:
        ben = await tx.people.of_telegram(home.phone("Ben").user_id)
        assert await tx.prompts.of(ben.id) is None
        assert (await tx.links.of(link.link.public_id)).ended_at is not None
    home.world.join(Person("Eve"))
    await home.say("Eve", f"/start {str(link.url).rpartition('=')[2]}")
    async with parts_of(home).store.read() as tx:
        assert await tx.requests.count_open() == 0


async def test_make_it_again_ends_with_the_freeze(home: Household) -> None:
    await home.say("Ben", "/newcert pixel8")
    await home.restart()
    data = home.callback("Ben", "Make it again")
    await frozen(home, "Ben", FreezeReason.LOST, "Ben")
    ben = await known(home, "Ben")
    async with parts_of(home).store.read() as tx:
        assert all(c.again_until is None for c in await tx.certificates.all_of(ben.id))
    await home.press("Ben", data)
    assert home.live() == []


async def test_each_change_has_one_event(home: Household) -> None:
    await home.device("Ben", "pixel8")
    await home.say("Ben", "/newcert waiting")
    await frozen(home, "Ben", FreezeReason.LOST, "Ben")
    ben = await known(home, "Ben")
    async with parts_of(home).store.read() as tx:
        events = [event.tag for event in await tx.audit.by(f"person:{ben.public_id}", ben.met_at or tx.now)]
    assert events.count(AuditTag.PERSON_FROZEN) == 1
    assert events.count(AuditTag.CERTIFICATE_CLEANED) == 1


Late = Callable[[AppContext, Known, dict[str, str]], Awaitable[object]]
LATE: dict[str, Late] = {
    "want": lambda parts, ben, ids: request_or_order.want(parts, ben, "evil", Wishes()),
    "own key": lambda parts, ben, ids: order.order_with_own_key(parts, ben, "evil", Wishes()),
    "again": lambda parts, ben, ids: order.reissue(parts, ben, ids["revoked"]),
    "undo": lambda parts, ben, ids: revoke.undo(parts, ben, ids["revoked"], NOWHERE),
    "link": lambda parts, ben, ids: invitations.make_link(parts, ben, "Eve"),
    "contact": lambda parts, ben, ids: invitations.invite(
        parts, ben, Account(telegram_id=9, name="Eve", language="en")
    ),
    "trust": lambda parts, ben, ids: members.trust(parts, ben, ids["mia"], trusted=True),
    "limit": lambda parts, ben, ids: members.limit(parts, ben, ids["mia"], 50),
    "end": lambda parts, ben, ids: members.end_after(parts, ben, ids["mia"], None),
    "admin": lambda parts, ben, ids: members.make_admin(parts, ben, ids["mia"], admin=True),
    "freeze": lambda parts, ben, ids: members.freeze_account(parts, ben, ids["mia"]),
    "unfreeze": lambda parts, ben, ids: members.unfreeze(parts, ben, ids["mia"]),
    "take back": lambda parts, ben, ids: offboarding.take_back(parts, ben, ids["mia"]),
    "not on it": lambda parts, ben, ids: follow_up.telegram_was_not_on_it(parts, ben, ids["loss"]),
    "report": lambda parts, ben, ids: lost_devices_report.report_all(parts, ben, ids["mia"], None),
}


@pytest.mark.parametrize("late", LATE.values(), ids=LATE.keys())
async def test_what_was_pressed_before_the_freeze_and_handled_after_it_gives_nothing(
    home: Household, late: Late
) -> None:
    """The gate knew Ben as an admin in good standing; by the time the service acts he is frozen."""
    await home.device("Ben", "pixel8")
    await home.say("Ben", "/revoke pixel8")
    ben = await known(home, "Ben")
    async with parts_of(home).store.read() as tx:
        (revoked,) = await tx.certificates.all_of(ben.id)
    report = await lost_devices_report.report_all(parts_of(home), ben, "", None)
    await home.settle()
    mia = await known(home, "Mia")
    ids: dict[str, str] = {"revoked": revoked.public_id, "mia": mia.public_id, "loss": report.loss.public_id}
    assert ben.standing is Standing.OK
    with pytest.raises((Frozen, StaleAction)):
        await late(parts_of(home), ben, ids)
    await home.settle()
    assert home.live() == []
    assert await known(home, "Mia") == mia
    assert (await known(home, "Ben")).standing is Standing.FROZEN


async def test_a_report_survives_a_kill_before_cloudflare_hears_of_it(home: Household) -> None:
    await home.device("Ben", "pixel8")
    hold = home.world.cloudflare.fault(call="DELETE */client_certificates/*", hold=True)
    home.phone("Ben").send("/lost pixel8")
    await hold.reached.wait()
    await home.world.kill_bot()
    home.world.end_trouble()
    await home.world.start_bot()
    await home.settle()
    assert home.live() == []
    assert "pixel8: revoked at Cloudflare" in home.with_button("Ben", "Just now").text
    assert sum("Your account here is frozen" in text for text in home.texts("Ben")) == 1


async def test_the_list_is_taken_back_whole_though_one_part_ends_another(home: Household) -> None:
    """A permission ends with its person's freeze: the rest of the list is carried out all the same."""
    home.world.join(Person("Eve"))
    await home.say("Eve", "/start")
    await home.tap("Eve", "Ask to come in")
    await home.tap("Ben", "Let in")
    await home.device("Ben", "evil")
    ben = await known(home, "Ben")
    report = await lost_devices_report.report_all(parts_of(home), await known(home, "Anna"), ben.public_id, None)
    anna = await known(home, "Anna")
    await follow_up.last_held(parts_of(home), anna, report.loss.public_id, LastSeen.AN_HOUR)
    await follow_up.revoke_remaining(parts_of(home), anna, report.loss.public_id)
    await home.settle()
    assert home.live() == []
    assert (await known(home, "Eve")).standing is Standing.FROZEN
    again = await follow_up.revoke_remaining(parts_of(home), anna, report.loss.public_id)
    assert again.count == 0

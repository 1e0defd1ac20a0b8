"""The rules of a report, each on both sides of its boundary: who is frozen by it, and when it freezes its maker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.errors import LastAdmin
from bot.model.audit import AuditTag
from bot.model.lost_devices import LossState
from bot.model.people.people import Account, FreezeReason, Person, Role, Standing
from bot.services.lost_devices import rules
from bot.services.membership import freeze
from bot.store.engine.database import Store, Transaction
from sandbox.bot import lay_down
from tests.quiet_home import quiet_home
from tests.store.open_store import TOKEN

NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


class Still(SystemClock):
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


@asynccontextmanager
async def home(directory: Path, clock: Still, *admins: str) -> AsyncIterator[Store]:
    """A database with these admins, and Kim (trusted), Mia and Tom, members."""
    file = directory / "latchkey.sqlite3"
    lay_down(file)
    store = Store(file, clock, TOKEN)
    try:
        async with store.write() as tx:
            for name in admins:
                await added(tx, name, Role.ADMIN)
            kim = await added(tx, "Kim", Role.MEMBER)
            await tx.people.change(kim, tag=AuditTag.PERSON_TRUSTED, trusted=True)
            await added(tx, "Mia", Role.MEMBER)
            await added(tx, "Tom", Role.MEMBER)
        yield store
    finally:
        await store.close()


async def added(tx: Transaction, name: str, role: Role) -> Person:
    account = Account(telegram_id=sum(map(ord, name)), name=name, language="en")
    return await tx.people.register(account, role, tag=AuditTag.PERSON_MADE_ADMIN, actor="system")


async def known(tx: Transaction, name: str) -> Person:
    return await tx.people.of_telegram(sum(map(ord, name)))


async def reports(store: Store, who: str, of: str) -> bool:
    """One report, as ``losing`` makes it; answers whether it froze whoever made it."""
    async with store.write() as tx:
        actor, owner = await known(tx, who), await known(tx, of)
        too_much = await rules.is_too_much(tx, actor, owner)
        await tx.losses.add(owner, actor, (), whole=True, state=LossState.OPEN)
        if too_much:
            await rules.stop_reporting(tx, actor)
        return too_much


async def standing(store: Store, who: str) -> tuple[Standing, FreezeReason | None]:
    async with store.read() as tx:
        person = await known(tx, who)
        return person.standing, person.freeze_reason


@pytest.mark.parametrize(
    ("later", "frozen"),
    [
        (timedelta(0), True),
        (timedelta(hours=1), True),
        (timedelta(hours=1, microseconds=1), False),
        (timedelta(hours=1, seconds=1), False),
    ],
)
async def test_reports_about_two_people_within_the_hour_freeze_whoever_makes_them(
    tmp_path: Path, later: timedelta, frozen: bool
) -> None:
    """The second at exactly one hour is within it; a moment later it is not."""
    clock = Still()
    async with home(tmp_path, clock, "Anna", "Ben") as store:
        assert not await reports(store, "Kim", "Anna")
        clock.at += later
        assert await reports(store, "Kim", "Ben") is frozen
        stood = (Standing.FROZEN, FreezeReason.MANY_REPORTS) if frozen else (Standing.OK, None)
        assert await standing(store, "Kim") == stood


async def test_all_of_one_persons_devices_are_one_matter_and_ones_own_are_none(tmp_path: Path) -> None:
    async with home(tmp_path, Still(), "Anna", "Ben") as store:
        for of in ("Anna", "Anna", "Anna", "Kim", "Kim"):
            assert not await reports(store, "Kim", of)
        assert await reports(store, "Kim", "Mia")


async def test_what_others_reported_does_not_count(tmp_path: Path) -> None:
    async with home(tmp_path, Still(), "Anna", "Ben", "Cleo") as store:
        assert not await reports(store, "Ben", "Anna")
        assert not await reports(store, "Kim", "Mia")
        assert not await reports(store, "Cleo", "Tom")


@pytest.mark.parametrize(("admins", "frozen"), [(("Ben",), False), (("Ben", "Cleo"), True)])
async def test_the_last_admin_is_not_frozen_for_reporting(
    tmp_path: Path, admins: tuple[str, ...], frozen: bool
) -> None:
    async with home(tmp_path, Still(), *admins) as store:
        assert not await reports(store, "Ben", "Mia")
        assert await reports(store, "Ben", "Tom") is frozen


@pytest.mark.parametrize("reason", FreezeReason)
@pytest.mark.parametrize("admins", [("Anna",), ("Anna", "Ben")])
async def test_nothing_but_ones_own_report_or_the_server_freezes_the_last_admin(
    tmp_path: Path, admins: tuple[str, ...], reason: FreezeReason
) -> None:
    """By oneself and by somebody else, with a second admin and without."""
    for by in ("Anna", "Kim", None):
        folder = tmp_path / str(by)
        folder.mkdir()
        async with home(folder, Still(), *admins) as store:
            own = reason is FreezeReason.LOST and by == "Anna"
            if len(admins) == 1 and not own and reason is not FreezeReason.SERVER:
                with pytest.raises(LastAdmin):
                    await _freeze(store, reason, by)
                assert await standing(store, "Anna") == (Standing.OK, None)
            else:
                await _freeze(store, reason, by)
                assert await standing(store, "Anna") == (Standing.FROZEN, reason)


async def _freeze(store: Store, reason: FreezeReason, by: str | None) -> None:
    async with store.write() as tx:
        actor = None if by is None else await known(tx, by)
        await freeze.freeze(tx, await known(tx, "Anna"), reason, actor)


async def test_whom_a_report_freezes(tmp_path: Path) -> None:
    """Everybody by everybody: an admin in good standing by an admin in good standing or themself, others by anybody."""
    async with home(tmp_path, Still(), "Anna", "Ben", "Cleo") as store:
        async with store.write() as tx:
            await freeze.freeze(tx, await known(tx, "Cleo"), FreezeReason.BY_ADMIN, await known(tx, "Anna"))
        names = ("Anna", "Ben", "Cleo", "Kim", "Mia")
        async with store.read() as tx:
            people = {name: await known(tx, name) for name in names}
    spared = {(by, of) for by, of in product(names, names) if not rules.freezes(people[by], people[of])}
    assert spared == {(by, of) for by in ("Cleo", "Kim", "Mia") for of in ("Anna", "Ben")}


@pytest.mark.parametrize("setting", [True, False])
async def test_who_may_report_the_phones_of_others(tmp_path: Path, setting: bool) -> None:
    async with quiet_home(tmp_path, trusted_may_report=setting) as house:
        await house.changed("Ben", standing=Standing.FROZEN)
        may = {
            who: rules.may_report_others(house.parts.policy, await house.who(who))
            for who in ("Anna", "Ben", "Mia", "Tom", "Eve")
        }
    assert may == {"Anna": True, "Ben": False, "Mia": setting, "Tom": False, "Eve": False}


async def test_ones_own_phone_is_never_one_report_too_much(tmp_path: Path) -> None:
    """Also for somebody who was frozen for many reports and has been unfrozen since."""
    async with home(tmp_path, Still(), "Anna", "Ben") as store:
        assert [await reports(store, "Kim", of) for of in ("Anna", "Ben")] == [False, True]
        async with store.write() as tx:
            await freeze.lift(tx, await known(tx, "Kim"), await known(tx, "Anna"))
        assert not await reports(store, "Kim", "Kim")
        assert await reports(store, "Kim", "Tom")

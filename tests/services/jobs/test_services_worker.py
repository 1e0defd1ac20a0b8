"""The worker: what is due is begun once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model.audit import SYSTEM, AuditTag
from bot.model.jobs import Job, JobKind
from bot.model.people.people import Account, Role
from bot.services.context import AppContext
from bot.services.jobs.handlers import DOES
from bot.store.jobs.jobs import Jobs
from tests.household import Household
from tests.locked_household import household
from tests.patience import LAST_RESORT_SECONDS
from tests.store.open_store import opened


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as home:
        yield home


async def test_what_ends_while_the_worker_looks_is_not_done_again(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = list[str](), asyncio.Event()
    store, worker = home.bot.app.parts.store, home.bot.app._worker
    due = Jobs.due

    async def does(_parts: AppContext, job: Job) -> None:
        begun.append(job.subject)
        await may_end.wait()

    async def looks(chores: Jobs) -> tuple[Job, ...]:
        found = await due(chores)
        if begun and not may_end.is_set():
            may_end.set()
            async with asyncio.timeout(LAST_RESORT_SECONDS):
                while worker._at_work:  # noqa: ASYNC110 -- nobody tells
                    await asyncio.sleep(0)
        return found

    monkeypatch.setitem(DOES, JobKind.REMIND, does)
    monkeypatch.setattr(Jobs, "due", looks)
    async with store.write() as tx:
        await tx.jobs.add(JobKind.REMIND, "once")
    async with asyncio.timeout(LAST_RESORT_SECONDS):
        while not begun:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0)
        worker.wake()
        await may_end.wait()
    await home.settle()
    assert begun == ["once"]


async def test_menus_that_take_long_keep_no_order_waiting(home: Household) -> None:
    """They are set at every start, for everybody, and nobody waits for one."""
    await home.say("Ben", "/whoami")
    await home.world.kill_bot()
    async with opened(home.bot.settings.database.parent) as store, store.write() as tx:
        for number in range(8):
            account = Account(telegram_id=700 + number, name=f"Member {number}", language="en")
            await tx.people.register(account, Role.MEMBER, tag=AuditTag.PERSON_MET, actor=SYSTEM)
    menus = home.world.telegram.fault(call="*MyCommands", hold=True, times=0)
    await home.world.start_bot()
    await asyncio.wait_for(menus.reached.wait(), LAST_RESORT_SECONDS)
    home.phone("Anna").send("/newcert pixel8")
    await home.until(lambda: home.live() == ["pixel8"])
    home.world.end_trouble()
    await home.settle()


@pytest.mark.parametrize(
    ("kind", "payload", "alone"),
    [
        (JobKind.REVOKE, {}, 1),
        (JobKind.NOTICE, {"notice": "Revoked"}, 1),
        (JobKind.NOTICE, {"notice": "IssuedWithoutTap"}, 0),
        (JobKind.ISSUE, {}, 0),
    ],
)
async def test_nothing_is_begun_beside_a_revoke_and_its_word(
    home: Household, monkeypatch: pytest.MonkeyPatch, kind: JobKind, payload: dict[str, str], alone: int
) -> None:
    seen = list[int]()

    async def does(app: AppContext, _chore: Job) -> None:
        seen.append(app.store._writing._alone)

    monkeypatch.setitem(DOES, kind, does)
    async with home.bot.app.parts.store.write() as tx:
        await tx.jobs.add(kind, "1", payload=payload)
    await home.settle()
    assert seen == [alone]

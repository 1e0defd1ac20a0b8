"""The inbox, the chores and the open questions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.model.jobs import HAS_ITS_TIME, TAKES_AWAY, Job, JobKind
from bot.store.engine.database import Cause, Store
from bot.store.jobs.inbox import StoredUpdate
from bot.store.people.prompts import PromptKind
from sandbox.clock import SandboxClock
from tests.store.open_store import kim, opened

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

BODY = b'{"message": {"text": "the quick brown fox"}}'


def came(number: int, telegram_id: int | None = 101, body: bytes = BODY, attempts: int = 0) -> StoredUpdate:
    return StoredUpdate(number, telegram_id, body, datetime.now(UTC), attempts)


async def receive(store: Store, *numbers: int) -> None:
    async with store.write() as transaction:
        for number in numbers:
            await transaction.inbox.add(came(number))


async def finish_and_break(store: Store, job: Job) -> None:
    async with store.write() as transaction:
        await transaction.jobs.finish(job)
        raise ValueError("broke")


async def waiting(store: Store) -> list[int]:
    async with store.read() as transaction:
        return [update.update_id for update in await transaction.inbox.open()]


async def test_updates_come_back_in_order_and_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await receive(store, 7, 5)
        async with store.write() as transaction:
            assert await transaction.inbox.add(came(6, None))
            assert not await transaction.inbox.add(came(7, body=b"other"))
            assert [(one.update_id, one.body) for one in await transaction.inbox.open()] == [
                (5, BODY),
                (6, BODY),
                (7, BODY),
            ]
            assert await transaction.inbox.next_offset(LONG_AGO) == 8
            assert (await transaction.inbox.begin(5), await transaction.inbox.begin(5)) == (1, 2)


async def test_an_update_is_not_readable_in_the_files_before_or_after(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await receive(store, 5)
        for file in tmp_path.iterdir():
            assert b"brown fox" not in file.read_bytes(), file
        async with store.write() as transaction:
            await transaction.inbox.handled(5)
            assert await transaction.inbox.open() == ()
            assert await transaction.inbox.next_offset(LONG_AGO) == 6


async def test_another_token_does_not_open_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await receive(store, 5)
    async with opened(tmp_path, token="987654321:another") as store, store.read() as transaction:
        assert [(one.update_id, one.body) for one in await transaction.inbox.open()] == [(5, None)]


async def change(store: Store, *, fails: bool) -> None:
    async with store.write(Cause(5)) as transaction:
        await transaction.jobs.add(JobKind.REVOKE, "abcdefgh")
        if fails:
            raise RuntimeError


async def test_a_change_marks_its_update_handled_or_neither_happens(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await receive(store, 5, 6)
        with pytest.raises(RuntimeError):
            await change(store, fails=True)
        assert await waiting(store) == [5, 6]
        await change(store, fails=False)
        assert await waiting(store) == [6]
        async with store.read() as transaction:
            assert await transaction.jobs.count() == 1


async def test_old_numbers_are_forgotten_and_make_no_offset(tmp_path: Path) -> None:
    """After a week of silence Telegram's numbers start anew anywhere: an old one must not confirm new ones away."""
    clock = SandboxClock(tmp_path / "clock")
    async with opened(tmp_path) as store:
        await receive(store, 5, 6, 7)
        async with store.write() as transaction:
            for number in (5, 7):
                await transaction.inbox.handled(number)
            assert await transaction.inbox.next_offset(clock.now() - timedelta(days=6)) == 8
        clock.plus(timedelta(days=9))
        async with store.write() as transaction:
            await transaction.inbox.forget_old()
            assert await transaction.inbox.next_offset(clock.now() - timedelta(days=6)) is None
            assert await transaction.inbox.add(came(7))
        assert await waiting(store) == [6, 7]


async def test_what_takes_away_comes_first_and_then_the_oldest_due(tmp_path: Path) -> None:
    async with opened(tmp_path) as store, store.write() as transaction:
        chores, now = transaction.jobs, transaction.now
        await chores.add(JobKind.ISSUE, "later", due_at=now + timedelta(minutes=1))
        await chores.add(JobKind.ISSUE, "second")
        await chores.add(JobKind.REVOKE, "away")
        await chores.add(JobKind.DELIVER, "first", due_at=now - timedelta(minutes=1))
        due = await chores.due()
        assert [chore.subject for chore in due] == ["away", "first", "second"]
        await chores.put_off(due[1], now + timedelta(hours=1), {"tried": True})
        (put_off,) = await chores.of_subject(JobKind.DELIVER, "first")
        assert (put_off.attempts, put_off.payload) == (1, {"tried": True})
        await chores.drop(JobKind.ISSUE, "second")
        await chores.drop(JobKind.REVOKE, "away")
        assert await chores.next_due() == now + timedelta(minutes=1)
        await chores.bring_forward(JobKind.ISSUE, "later")
        assert [chore.subject for chore in await chores.due()] == ["later"]


async def test_no_queue_hides_another_however_long_it_is(tmp_path: Path) -> None:
    async with opened(tmp_path) as store, store.write() as transaction:
        chores, before = transaction.jobs, transaction.now - timedelta(hours=1)
        for number in range(200):
            await chores.add(JobKind.DELETE, f"{number}", due_at=before)
            await chores.add(JobKind.NOTICE, f"{number}", due_at=before)
        await chores.add(JobKind.REVOKE, "lost")
        await chores.add(JobKind.ISSUE, "new")
        due = {chore.subject for chore in await chores.due()}
    assert {"lost", "new", "0", "40"} <= due


async def test_a_chore_that_its_own_last_change_finishes_is_known_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        async with store.write() as transaction:
            await transaction.jobs.add(JobKind.ISSUE, "new")
            (chore,) = await transaction.jobs.due()
        assert not store.has_finished(chore.id)
        with pytest.raises(ValueError, match="broke"):
            await finish_and_break(store, chore)
        assert not store.has_finished(chore.id)
        async with store.write() as transaction:
            assert await transaction.jobs.due() == (chore,)
            await transaction.jobs.finish(chore)
        assert store.has_finished(chore.id)
        assert not store.has_finished(chore.id)
        async with store.read() as transaction:
            assert await transaction.jobs.due() == ()


async def test_what_is_brought_forward_while_it_is_at_work_is_done_again_at_once(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    async with opened(tmp_path) as store:
        async with store.write() as transaction:
            await transaction.jobs.add(JobKind.WATCH_RULE, "4fk2")
        async with store.read() as transaction:
            (at_work,) = await transaction.jobs.due()
        clock.plus(timedelta(seconds=1))
        async with store.write() as transaction:
            await transaction.jobs.bring_kind_forward(JobKind.WATCH_RULE)
        async with store.write() as transaction:
            later = transaction.now + timedelta(minutes=1)
            await transaction.jobs.put_off(at_work, later)
            (again,) = await transaction.jobs.due()
            assert again.attempts == 1
            await transaction.jobs.put_off(again, later)
            assert await transaction.jobs.due() == ()


def test_what_takes_away() -> None:
    rule = {JobKind.WRITE_RULE, JobKind.WATCH_RULE, JobKind.CHECK_RESTORED}
    revoking = {JobKind.REVOKE, JobKind.WATCH_REVOCATION, JobKind.REVOKE_UNKNOWN}
    assert {*revoking, *rule, JobKind.END_PATH, JobKind.DELETE} == TAKES_AWAY


async def test_what_was_put_off_by_a_clock_that_was_ahead_is_done_soon(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        async with store.write() as transaction:
            for kind in JobKind:
                await transaction.jobs.add(kind, "x")
            due = await transaction.jobs.due()
            for chore in due:
                await transaction.jobs.put_off(chore, transaction.now + timedelta(days=1))
            await transaction.jobs.add(JobKind.NOTICE, "y", due_at=transaction.now + timedelta(hours=1))
        async with store.write() as transaction:
            await transaction.jobs.repair_due_times()
            assert transaction.jobs.added
            due = await transaction.jobs.due()
        assert {chore.kind for chore in due} == set(JobKind) - HAS_ITS_TIME
        assert "y" not in {chore.subject for chore in due}


async def test_a_person_answers_one_question_at_a_time_and_in_time(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    async with opened(tmp_path) as store:
        async with store.write() as transaction:
            person, until = await kim(transaction), transaction.now + timedelta(minutes=10)
            assert await transaction.prompts.of(person.id) is None
            await transaction.prompts.ask(person.id, PromptKind.DEVICE_NAME, until)
            await transaction.prompts.ask(person.id, PromptKind.REQUEST_FILE, until, {"certificate": "abcdefgh"})
            question = await transaction.prompts.of(person.id)
            assert question is not None
            assert (question.kind, question.payload["certificate"]) == (PromptKind.REQUEST_FILE, "abcdefgh")
        clock.plus(timedelta(minutes=11))
        async with store.write() as transaction:
            assert await transaction.prompts.of(person.id) is None
            await transaction.prompts.ask(person.id, PromptKind.DEVICE_NAME, transaction.now + timedelta(minutes=1))
            await transaction.prompts.answered(person.id)
            assert await transaction.prompts.of(person.id) is None

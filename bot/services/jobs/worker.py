"""The worker: carries out chores and sweeps. At start it is the reconciler: a crash is the normal case."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.boundary import boundary
from bot.errors import RetryAt, StoreTrouble
from bot.model.jobs import Job, JobKind, Queue, queue_of
from bot.model.notices import Revoked
from bot.services.context import AppContext
from bot.services.jobs import periodic
from bot.services.jobs.handlers import DOES
from bot.services.metrics import measured

_log = structlog.get_logger()
_AT_ONCE = {Queue.TAKES_AWAY: 8, Queue.DELETIONS: 4, Queue.NOTICES: 4, Queue.MENUS: 2, Queue.OTHERS: 4}
"""Chores at work together."""

_GOES_FIRST = frozenset({Queue.TAKES_AWAY, Queue.NOTICES})
"""Whose changes are let in before others: a revoke, and the word that it is done."""

_GOES_ALONE = frozenset({JobKind.REVOKE, JobKind.REVOKE_UNKNOWN})
"""What nothing else is begun beside, as long as it is short; the word that it is done, too."""

_SWEEP_EVERY = timedelta(minutes=5)
_LOOK_AGAIN_SECONDS = 1.0
_STORE_AGAIN_SECONDS = 5.0
_LOOK_FOR_OTHERS_SECONDS = 2.0
_BROKEN_AGAIN = timedelta(seconds=30)
_BROKEN_AGAIN_MOST = timedelta(hours=1)


class Worker:
    """Takes due chores from the store, each in a task of its own; chores of one line never side by side."""

    def __init__(self, app: AppContext) -> None:
        self._parts = app
        self._woken = asyncio.Event()
        self._changed = asyncio.Event()
        self._at_work: dict[int, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_sweep: datetime | None = None
        self._next_due: datetime | None = None
        self._left_due = False
        self._sweeping = False
        self._rights_back: set[str] = set()

    def right_is_back(self, right: str) -> None:
        """The token has a right that it lacked: what waited for it is done now."""
        self._rights_back.add(right)
        self.wake()

    def wake(self) -> None:
        """Look for due chores now."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled; what is at work then is cancelled too, and taken up at the next start."""
        try:
            await periodic.after_restart(self._parts)
            while True:
                self._woken.clear()
                self._sweep_if_due()
                try:
                    await self._bring_back()
                    await self._start_due()
                    await self._rest()
                except StoreTrouble as trouble:
                    if not trouble.again_helps:
                        raise
                    _log.error("the database does not answer", line=trouble.line)
                    await self._parts.clock.wait(_STORE_AGAIN_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _bring_back(self) -> None:
        if self._rights_back:
            async with self._parts.store.write() as tx:
                await tx.jobs.bring_lacking_forward(self._rights_back)
            self._rights_back.clear()

    async def idle(self) -> None:
        """Return when nothing is at work and nothing is due."""
        while not await self._is_idle():
            self._changed.clear()
            await self._changed.wait()

    async def _is_idle(self) -> bool:
        async with self._parts.store.read() as tx:
            due = await tx.jobs.due()
        # All that follows is one step of the loop: nothing can begin between the looks.
        now = self._parts.clock.now()
        if self._at_work or self._sweeping or self._woken.is_set() or self._next_sweep is None:
            return False
        busy = bool(due) or self._next_sweep <= now or self._is_set_back()
        if busy:
            self._woken.set()
        return not busy

    def _sweep_if_due(self) -> None:
        now = self._parts.clock.now()
        if self._next_sweep is not None and now < self._next_sweep and not self._is_set_back():
            return
        self._next_sweep = now + _SWEEP_EVERY
        if self._sweeping:
            return
        # In a task of its own: a revoke does not wait until Cloudflare has told its list.
        self._sweeping = True
        task = asyncio.create_task(self._sweep(), name="sweep")
        self._tasks.add(task)
        task.add_done_callback(self._swept)

    async def _sweep(self) -> None:
        with boundary("sweep broke"):
            try:
                await periodic.regular(self._parts)
            except StoreTrouble as trouble:
                _log.error("not swept", line=trouble.line)

    def _swept(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._sweeping = False
        self.wake()

    async def _start_due(self) -> None:
        """Start what is due and has a place. What is left has none, or waits for its line: whatever ends wakes us."""
        # What ends while we read is in what we read, and no more to be done.
        at_work = frozenset(self._at_work)
        async with self._parts.store.read() as tx:
            due = await tx.jobs.due()
            self._next_due = await tx.jobs.next_due()
        self._left_due = False
        for chore in due:
            if chore.id in at_work:
                continue
            queue = queue_of(chore.kind)
            taken = sum(queue_of(other.kind) is queue for other in self._at_work.values())
            if taken < _AT_ONCE[queue] and not self._line_at_work(chore):
                self._start(chore)
            else:
                self._left_due = True

    def _line_at_work(self, job: Job) -> bool:
        return any(_line_of(other) == _line_of(job) for other in self._at_work.values())

    def _start(self, job: Job) -> None:
        def finish(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._at_work.pop(job.id, None)
            self.wake()

        self._at_work[job.id] = job
        task = asyncio.create_task(self._do_in_turn(job), name=f"{job.kind}:{job.subject}")
        self._tasks.add(task)
        task.add_done_callback(finish)

    async def _do_in_turn(self, job: Job) -> None:
        first = queue_of(job.kind) in _GOES_FIRST
        with self._parts.store.goes_first(really=first, alone=_goes_alone(job)):
            await self._do(job)

    async def _do(self, job: Job) -> None:
        later = None
        with boundary("chore broke", kind=job.kind.value) as caught:
            try:
                with measured(self._parts.meter, f"chore:{job.kind}"):
                    await DOES[job.kind](self._parts, job)
            except RetryAt as retry:
                later = retry
            except StoreTrouble as trouble:
                # Nothing of it was written, so it is done again from the beginning.
                _log.error("chore not done", kind=job.kind.value, line=trouble.line)
                later = RetryAt(self._parts.clock.now() + _BROKEN_AGAIN)
        if caught.error_id is not None:
            # Tried again, ever more rarely: what takes access away is never given up.
            wait = min(_BROKEN_AGAIN * 2 ** min(job.attempts, 10), _BROKEN_AGAIN_MOST)
            later = RetryAt(self._parts.clock.now() + wait)
        if self._parts.store.has_finished(job.id):
            return
        with boundary("strike-off broke", kind=job.kind.value) as caught:
            while not await self._is_struck_off(job, later):
                # It keeps its place meanwhile: begun again, it would say all it has said once more, at every try.
                await self._parts.clock.wait(_BROKEN_AGAIN.total_seconds())
        if caught.error_id is not None:
            # Still on the list: without a pause it would be done again at once, and again.
            await self._parts.clock.wait(_BROKEN_AGAIN.total_seconds())

    async def _is_struck_off(self, job: Job, later: RetryAt | None) -> bool:
        """Whether what came of a chore could be written down."""
        try:
            async with self._parts.store.write() as tx:
                if later is None:
                    await tx.jobs.done(job.id)
                else:
                    await tx.jobs.put_off(job, later.at, later.payload)
        except StoreTrouble as trouble:
            _log.error("chore not struck off", kind=job.kind.value, line=trouble.line)
            return False
        return True

    async def _rest(self) -> None:
        """Wait until woken, or until the next chore or sweep is due."""
        self._changed.set()
        # The command line may add chores too, and nobody tells of those.
        await self._woken_within(min(max(self._seconds_left(), 0.0), _LOOK_FOR_OTHERS_SECONDS))

    def _is_set_back(self) -> bool:
        """Whether the clock was set back: the next sweep is further away than sweeps are apart."""
        return self._next_sweep is not None and self._next_sweep > self._parts.clock.now() + _SWEEP_EVERY

    def _seconds_left(self) -> float:
        """Until the next chore or sweep is due."""
        moments = [moment for moment in (self._next_due, self._next_sweep) if moment is not None]
        left = (min(moments) - self._parts.clock.now()).total_seconds() if moments else _LOOK_FOR_OTHERS_SECONDS
        return min(left, _LOOK_AGAIN_SECONDS) if self._left_due else left

    async def _woken_within(self, seconds: float) -> None:
        waiters = [
            asyncio.create_task(self._woken.wait()),
            asyncio.create_task(self._parts.clock.wait(seconds)),
        ]
        try:
            await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()
            await asyncio.gather(*waiters, return_exceptions=True)


def _goes_alone(job: Job) -> bool:
    return job.kind in _GOES_ALONE or job.payload.get("notice") == Revoked.__name__


def _line_of(job: Job) -> str:
    """What stands in one line: deletions in one chat, notices to one person, and about one certificate what gives
    and what takes away, each for itself: a revoke does not wait until a file is sent.
    """
    if job.kind is JobKind.DELETE:
        return "delete:" + job.subject.partition(":")[0]
    if job.kind in {JobKind.ISSUE, JobKind.DELIVER, JobKind.EDIT, JobKind.NOTICE}:
        return f"give:{job.subject}"
    if job.kind is JobKind.MENU:
        return f"menu:{job.subject}"
    return job.subject

"""Proving the lock for somebody who waits for it, after a change, or because a day has gone by."""

from datetime import datetime, timedelta

from bot.errors import RetryAt
from bot.model.jobs import Job
from bot.model.message_ref import MessageRef
from bot.model.proofs.proofs import ProofReport
from bot.services.context import AppContext
from bot.services.notifications.message_payload import payload_message
from bot.services.notifications.show import show_or_later, tell
from bot.services.proofs import probe_certificates
from bot.services.proofs.prove import ProofScope, has_targets, prove
from bot.services.protection import host_progress, lockdown_progress
from bot.services.protection.proof_schedule import SHOWN, changed

_MAKING_AGAIN = timedelta(seconds=2)
_MAX_WAITS = 15
_LONGEST_WAIT = timedelta(seconds=30)
_SHOWN_EVERY = timedelta(seconds=2)
"""Telegram takes about one change of a message a second, and has others to bring."""


async def prove_lock(app: AppContext, job: Job) -> None:
    """Wait for the bot's own certificates a while, prove, and show how it goes where somebody waits for it."""
    shown, scope = _Shown(app, job), await _scope(app, job)
    if not scope.is_nothing:
        now = app.clock.now()
        since = datetime.fromisoformat(job.payload["since"]) if "since" in job.payload else now
        may_wait = job.attempts < _MAX_WAITS and now - since < _LONGEST_WAIT
        if may_wait and await _lacks_certificates(app, scope):
            if job.attempts == 0:
                await shown.now(ProofReport(proofs=(), makes_certificates=True))
                await _say_so_far(app, job)
            more = {SHOWN: True} if "changed" in job.payload else {}
            raise RetryAt(now + _MAKING_AGAIN, shown.payload | more | {"since": since.isoformat()})
        await shown.now(await prove(app, scope, shown.on_the_way, reader=job.payload.get("to")))
    await _say_so_far(app, job, done=True)


async def _lacks_certificates(app: AppContext, scope: ProofScope) -> bool:
    return await has_targets(app, scope) and not (await probe_certificates.pair(app.store, app.vault)).is_complete


async def _say_so_far(app: AppContext, job: Job, *, done: bool = False) -> None:
    """After a change: have the messages about it say what is known by now. Once done, hosts have told it already."""
    if "changed" not in job.payload:
        return
    async with app.store.write() as tx:
        await tx.jobs.remember(job.id, {**job.payload, SHOWN: True})
        if done:
            await lockdown_progress.on_settled(tx, app.policy.zone)
        else:
            await lockdown_progress.show(tx, app.policy.zone)
            await host_progress.show_seen(tx)


async def _scope(app: AppContext, job: Job) -> ProofScope:
    payload = job.payload
    if "changed" in payload:
        async with app.store.read() as tx:
            hosts, paths = await changed(tx, app.policy.zone)
        return ProofScope(hosts=hosts, paths=paths, show=True, tries=payload.get("again", 0))
    return ProofScope(
        hosts=payload.get("hosts"),
        paths=payload.get("paths"),
        daily=bool(payload.get("daily")),
        show=bool(payload.get("show")),
    )


class _Shown:
    """The message of whoever waits, if somebody does."""

    def __init__(self, app: AppContext, job: Job) -> None:
        self._parts = app
        self._chore = job
        self._to: int | None = job.payload.get("to")
        self._at: MessageRef | None = payload_message(job.payload)
        self._payload = job.payload
        self._last = app.clock.now()

    @property
    def payload(self) -> dict[str, object]:
        """The chore's, with the message as it is now."""
        at = self._at
        return self._payload if at is None else {**self._payload, "chat_id": at.chat_id, "message_id": at.message_id}

    async def on_the_way(self, report: ProofReport) -> None:
        """Show it, unless something was shown just now."""
        now = self._parts.clock.now()
        if now - self._last >= _SHOWN_EVERY and self._to is not None:
            self._last = now
            self._at = await tell(self._parts, report, self._to, self._at)

    async def now(self, report: ProofReport) -> None:
        """Show it, and if Telegram has trouble, prove again then: nobody is left with a report that is half done.

        Raises:
            RetryAt: it could not be shown now.
        """
        self._last = self._parts.clock.now()
        if self._to is None:
            return
        try:
            self._at = await show_or_later(self._parts, self._chore, report, self._to, self._at)
        except RetryAt as later:
            raise RetryAt(later.at, self.payload) from None

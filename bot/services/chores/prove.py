"""Proving the lock for somebody who waits for it, after a change, or because a day has gone by."""

from datetime import datetime, timedelta

from bot.errors import RetryAt
from bot.model.chat import MessageRef
from bot.model.chores import Chore
from bot.model.proofs import ProofReport
from bot.services import host_words, lockdown_words, probes
from bot.services.chores.telling import show_or_later, tell
from bot.services.parts import Parts
from bot.services.proof_orders import SHOWN, changed
from bot.services.proving import Scope, has_targets, prove
from bot.services.revoking import payload_message

_MAKING_AGAIN = timedelta(seconds=2)
_MOST_WAITS = 15
_LONGEST_WAIT = timedelta(seconds=30)
_SHOWN_EVERY = timedelta(seconds=2)
"""Telegram takes about one change of a message a second, and has others to bring."""


async def prove_lock(parts: Parts, chore: Chore) -> None:
    """Wait for the bot's own certificates a while, prove, and show how it goes where somebody waits for it."""
    shown, scope = _Shown(parts, chore), await _scope(parts, chore)
    if not scope.is_nothing:
        now = parts.clock.now()
        since = datetime.fromisoformat(chore.payload["since"]) if "since" in chore.payload else now
        may_wait = chore.attempts < _MOST_WAITS and now - since < _LONGEST_WAIT
        if may_wait and await _lacks_certificates(parts, scope):
            if chore.attempts == 0:
                await shown.now(ProofReport(proofs=(), makes_certificates=True))
                await _say_so_far(parts, chore)
            more = {SHOWN: True} if "changed" in chore.payload else {}
            raise RetryAt(now + _MAKING_AGAIN, shown.payload | more | {"since": since.isoformat()})
        await shown.now(await prove(parts, scope, shown.on_the_way, reader=chore.payload.get("to")))
    await _say_so_far(parts, chore, done=True)


async def _lacks_certificates(parts: Parts, scope: Scope) -> bool:
    return await has_targets(parts, scope) and not (await probes.pair(parts.store, parts.vault)).is_complete


async def _say_so_far(parts: Parts, chore: Chore, *, done: bool = False) -> None:
    """After a change: have the messages about it say what is known by now. Once done, hosts have told it already."""
    if "changed" not in chore.payload:
        return
    async with parts.store.write() as tx:
        await tx.chores.remember(chore.id, {**chore.payload, SHOWN: True})
        if done:
            await lockdown_words.settled(tx, parts.policy.zone)
        else:
            await lockdown_words.show(tx, parts.policy.zone)
            await host_words.show_seen(tx)


async def _scope(parts: Parts, chore: Chore) -> Scope:
    payload = chore.payload
    if "changed" in payload:
        async with parts.store.read() as tx:
            hosts, paths = await changed(tx, parts.policy.zone)
        return Scope(hosts=hosts, paths=paths, show=True, tries=payload.get("again", 0))
    return Scope(
        hosts=payload.get("hosts"),
        paths=payload.get("paths"),
        daily=bool(payload.get("daily")),
        show=bool(payload.get("show")),
    )


class _Shown:
    """The message of whoever waits, if somebody does."""

    def __init__(self, parts: Parts, chore: Chore) -> None:
        self._parts = parts
        self._chore = chore
        self._to: int | None = chore.payload.get("to")
        self._at: MessageRef | None = payload_message(chore.payload)
        self._payload = chore.payload
        self._last = parts.clock.now()

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

"""Every message that shows a report of a lost device is remembered, so that all of them show how it goes on."""

from datetime import timedelta

from bot.model.certificates.certificates import Certificate
from bot.model.lost_devices import LossCard, LossReport
from bot.model.message_ref import MessageRef
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.engine.database import Transaction

_SHOWN_FOR = timedelta(days=30)
"""How long the messages of a report follow what becomes of its certificates."""


async def remember_message(app: AppContext, shown: LossCard, at: MessageRef) -> None:
    """Remember where a report is shown; what changed while it was on its way is shown next."""
    async with app.store.read() as tx:
        known = at in await tx.losses.copies(shown.loss)
        same = await _same(tx, shown)
    if known and same:
        return
    async with app.store.write() as tx:
        await tx.losses.keep_copy(shown.loss, at)
        if not await _same(tx, shown):
            await _refresh_one(tx, shown.loss, at)


async def show(tx: Transaction, loss: LossReport, to: int, at: MessageRef | None = None) -> None:
    """Show a report to an account, in place of the message ``at`` where there is one."""
    await enqueue_notice(tx, LossCard, to, at, loss=loss.public_id)


async def refresh(tx: Transaction, loss: LossReport) -> None:
    """Bring every message that shows a report up to date."""
    for copy in await tx.losses.copies(loss):
        await _refresh_one(tx, loss, copy)


async def refresh_of(tx: Transaction, certificate: Certificate) -> None:
    """Something has become of a certificate that was blocked with a report, or is in the list below one."""
    if certificate.lost_at is None:
        return
    for loss in await tx.losses.since(tx.now - _SHOWN_FOR):
        await refresh(tx, await tx.losses.touch(loss))


async def _refresh_one(tx: Transaction, loss: LossReport, at: MessageRef) -> None:
    await enqueue_notice(tx, LossCard, at.chat_id, at, loss=loss.public_id, only_there=True)


async def _same(tx: Transaction, shown: LossCard) -> bool:
    now = await tx.losses.of(shown.loss.public_id)
    states = {c.public_id: c.state for c in shown.certificates}
    current = {public_id: (await tx.certificates.of(public_id)).state for public_id in now.certificates}
    return now.version == shown.loss.version and states == current

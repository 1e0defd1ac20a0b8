"""What comes of a proof: kept, told to admins where somebody gets in, and shown where somebody waits for it."""

from collections.abc import Sequence

from bot.errors import NotFound
from bot.model.proofs.proofs import Colour, LockMode, Proof, ProofRed
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.openings import events
from bot.services.protection import host_progress, proof_schedule
from bot.store.engine.database import Transaction


async def store_proof(
    tx: Transaction, done: Sequence[Proof], *, reader: int | None = None, show: bool = False, tries: int = 0
) -> None:
    """Keep these. All admins are told of what is open and was not known to be, besides the account ``reader``, who
    reads the report.

    ``show``: they come of a change, so the messages about it tell them; what is unclear is then tried again by itself,
    for the ``tries``-th time.
    """
    before = {(one.kind, one.subject): one for one in await tx.proofs.all()}
    fresh = await tx.proofs.keep(done)
    if fresh:
        subjects = "\n".join(f"{one.kind}:{one.subject}" for one in fresh)
        for admin in await tx.people.admins():
            if admin.telegram_id != reader:
                await enqueue_notice(tx, ProofRed, admin.telegram_id, subjects=subjects)
    if show and any(one.colour is Colour.YELLOW and one.mode is not LockMode.UNLOCKED for one in done):
        await proof_schedule.retry_later(tx, tries)
    locked = [one.subject for one in done if one.kind == "host" and one.mode is LockMode.LOCKED]
    hosts = {host: before.get(("host", host)) for host in locked}
    await host_progress.proven(tx, hosts, everywhere=show)
    for one in done:
        old = before.get(("path", one.subject))
        if one.kind == "path" and (old is None or old.tried != one.tried):
            await _refresh(tx, one.subject)


async def _refresh(tx: Transaction, public_id: str) -> None:
    try:
        path = await tx.paths.of(public_id)
    except NotFound:
        return
    await events.refresh(tx, path)

"""Telling people something, now or later."""

from dataclasses import replace

from bot.model.jobs import Job
from bot.services.certificates.revocation_outcome import keep_outcome, revoked_as_is
from bot.services.context import AppContext
from bot.services.jobs.notice_readers import read_notice
from bot.services.notifications import request_messages
from bot.services.notifications.message_payload import message_payload, payload_message
from bot.services.notifications.show import show_or_later
from bot.services.openings import events
from bot.services.protection import host_progress, lockdown_progress


async def notice(app: AppContext, job: Job) -> None:
    """Send a stored notice; the subject is the account it goes to."""
    to = int(job.subject)
    what = await read_notice(app, to, job.payload)
    if what is not None:
        at = payload_message(job.payload)
        if at is None and not job.payload.get("fresh"):
            at = await host_progress.place_of(app, what, to) or await request_messages.place_of(app, what, to)
        shown = await show_or_later(app, job, what, to, at)
        if shown is None:
            await request_messages.not_shown(app, what, at)
        else:
            if at is None and job.payload.get("fresh"):
                # Done once more after a crash, it must find its own message: a second fresh one would leave the
                # first without its last word.
                async with app.store.write() as tx:
                    await tx.jobs.remember(job.id, {**job.payload, **message_payload(shown)})
            await host_progress.keep_place(app, what, shown, alone=bool(job.payload.get("alone")))
            await lockdown_progress.keep_place(app, what, shown)
            await request_messages.remember_message(app, what, shown, instead_of=at)
            await events.remember_message(app, what, shown)
            await keep_outcome(app, what, shown)


async def edit(app: AppContext, job: Job) -> None:
    """Show a message again as the rows are now: an Undo whose time is up goes away."""
    at = payload_message(job.payload)
    async with app.store.read() as tx:
        certificate = await tx.certificates.of(job.subject)
    if at is None or certificate.confirmed_revoked_at is None:
        return
    shown = replace(await revoked_as_is(app, certificate), undo_until=None)
    await show_or_later(app, job, shown, at.chat_id, at)

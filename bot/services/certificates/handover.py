"""From the file in the chat to a device that works: password, hide, works."""

from datetime import datetime, timedelta

from bot.errors import NotFound, NotOpened, StaleAction
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import Certificate, Origin, RevokeReason, State
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.results import Password, Secret, Works
from bot.services.certificates.revoke import revoke_certificate
from bot.services.context import PASSWORD_TTL, AppContext
from bot.services.notifications.message_removal import (
    schedule_chat_clean_up,
    schedule_message_deletion,
    schedule_message_deletion_later,
)
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction


async def show_password(
    app: AppContext, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> None:
    """Show the password in a message of its own, for 15 minutes.

    The message is sent empty, its deletion is written down, and only then is it filled: a crash in between
    leaves no password behind.

    Raises:
        Gone: not the actor's, not pressed on the file's message, or the password is no longer here.
        NotAllowed, Frozen, ChatTrouble: nothing was shown.
    """
    certificate = await _ready(app, actor, public_id, pressed)
    slip = await app.notifier.open_slip(certificate, actor.telegram_id)
    try:
        async with app.store.write(cause) as tx:
            certificate = await _arrived(tx, await _own(tx, actor, public_id, pressed), pressed)
            if certificate.password_at is not None:
                await schedule_message_deletion(tx, certificate.password_at)
            until = tx.now + PASSWORD_TTL
            await _shown(app, tx, certificate, actor, how="message")
            await tx.certificates.remember_message(certificate, password_message_id=slip.message_id)
            await schedule_message_deletion(tx, slip, due_at=until)
    except StaleAction:
        # Taken away meanwhile: the empty message goes too.
        await schedule_message_deletion_later(app, slip, timedelta(0))
        raise
    await app.notifier.fill_slip(_password(app, certificate, until), slip)


async def password_without_trace(
    app: AppContext, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> Password:
    """The password for a pop-up, which leaves nothing in the chat.

    Raises:
        Gone: not the actor's, not pressed on the file's message, or the password is no longer here.
        NotAllowed, Frozen: nothing was shown.
    """
    await _ready(app, actor, public_id, pressed)
    async with app.store.write(cause) as tx:
        certificate = await _arrived(tx, await _own(tx, actor, public_id, pressed), pressed)
        await _shown(app, tx, certificate, actor, how="pop-up")
        return _password(app, certificate, tx.now + PASSWORD_TTL)


async def hide_password(
    app: AppContext, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> None:
    """Remove the password's message now.

    Raises:
        Gone: not the actor's.
        NotAllowed, Frozen: nothing was hidden.
    """
    check(actor, Action.LOOK)
    async with app.store.write(cause) as tx:
        certificate = await _of(tx, public_id)
        if certificate.device.owner_id != actor.id or pressed.chat_id != actor.telegram_id:
            raise StaleAction
        await schedule_message_deletion(tx, pressed)


async def confirm_installed(
    app: AppContext, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> Works:
    """Its owner says that it works: file and password leave the chat, and what it renews is revoked only now.

    Raises:
        Gone: not the actor's, not pressed on the file's message, or not in use (any more).
        NotOpened: the password was never shown, so nobody can have opened the file.
        NotAllowed, Frozen: nothing changed.
    """
    check(actor, Action.HANDLE_FILE)
    async with app.store.write(cause) as tx:
        certificate = await _arrived(tx, await _own(tx, actor, public_id, pressed), pressed)
        if certificate.origin is Origin.MADE_HERE and certificate.password_shown_at is None:
            raise NotOpened
        certificate = await tx.certificates.record(
            certificate,
            tag=AuditTag.CERTIFICATE_WORKS,
            actor=actor_of(actor),
            works_at=tx.now,
            cleaned_at=tx.now,
            again_until=None,
        )
        await tx.jobs.drop(JobKind.EXPIRE, certificate.public_id)
        await schedule_chat_clean_up(tx, certificate)
        replaced = await tx.renewals.replaced_by(certificate)
        for old in replaced:
            await revoke_certificate(tx, actor, old, RevokeReason.REPLACED, {"quiet": True})
    app.vault.drop(certificate.public_id)
    return Works(certificate, replaced=bool(replaced))


async def _ready(app: AppContext, actor: Person, public_id: str, pressed: MessageRef) -> Certificate:
    check(actor, Action.HANDLE_FILE)
    async with app.store.read() as tx:
        certificate = await _own(tx, actor, public_id, pressed)
    if app.vault.look(certificate.public_id) is None:
        raise StaleAction
    return certificate


async def _own(tx: Transaction, actor: Person, public_id: str, pressed: MessageRef) -> Certificate:
    certificate = await _of(tx, public_id)
    sent_here = certificate.sent_at is not None and certificate.shown_at == pressed
    # When Telegram swallowed its answer, this very press shows that the file is there.
    perhaps_here = certificate.sent_at is None and certificate.delivery_unknown_at is not None
    in_use = certificate.state is State.ACTIVE and certificate.cleaned_at is None
    if certificate.device.owner_id != actor.id or not (sent_here or perhaps_here) or not in_use:
        raise StaleAction
    return certificate


async def _arrived(tx: Transaction, certificate: Certificate, pressed: MessageRef) -> Certificate:
    """Note an arrival that only this press has shown."""
    if certificate.sent_at is not None:
        return certificate
    return await tx.certificates.record(
        certificate,
        tag=AuditTag.CERTIFICATE_SENT,
        sent_at=tx.now,
        chat_id=pressed.chat_id,
        message_id=pressed.message_id,
    )


async def _of(tx: Transaction, public_id: str) -> Certificate:
    try:
        return await tx.certificates.of(public_id)
    except NotFound:
        raise StaleAction from None


async def _shown(app: AppContext, tx: Transaction, certificate: Certificate, actor: Person, *, how: str) -> None:
    """Note a showing; the first one sets the time at which the file leaves the chat."""
    first = certificate.password_shown_at is None
    await tx.certificates.record(
        certificate,
        tag=AuditTag.CERTIFICATE_PASSWORD_SHOWN,
        actor=actor_of(actor),
        detail={"how": how},
        password_shown_at=certificate.password_shown_at or tx.now,
    )
    if first and certificate.origin is Origin.MADE_HERE:
        await tx.jobs.drop(JobKind.EXPIRE, certificate.public_id)
        await tx.jobs.add(JobKind.EXPIRE, certificate.public_id, due_at=tx.now + app.policy.cleanup)


def _password(app: AppContext, certificate: Certificate, until: datetime) -> Password:
    entry = app.vault.look(certificate.public_id)
    if entry is None:
        raise StaleAction
    return Password(certificate.public_id, certificate.file_name, until, Secret(entry.passphrase))

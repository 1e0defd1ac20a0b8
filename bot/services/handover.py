"""From the file in the chat to a device that works: password, hide, works."""

from datetime import datetime, timedelta

from bot.errors import Gone, NotOpened, Unknown
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.certificates import Certificate, Origin, RevokeReason, State
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.people import Person
from bot.model.results import Password, Secret, Works
from bot.services.parts import PASSWORD_STAYS, Parts
from bot.services.removal import clear_chat, forget_later, forget_message
from bot.services.revoking import take_away
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction


async def show_password(
    parts: Parts, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> None:
    """Show the password in a message of its own, for 15 minutes.

    The message is sent empty, its deletion is written down, and only then is it filled: a crash in between
    leaves no password behind.

    Raises:
        Gone: not the actor's, not pressed on the file's message, or the password is no longer here.
        NotAllowed, Frozen, ChatTrouble: nothing was shown.
    """
    certificate = await _ready(parts, actor, public_id, pressed)
    slip = await parts.courier.open_slip(certificate, actor.telegram_id)
    try:
        async with parts.store.write(cause) as tx:
            certificate = await _arrived(tx, await _own(tx, actor, public_id, pressed), pressed)
            if certificate.password_at is not None:
                await forget_message(tx, certificate.password_at)
            until = tx.now + PASSWORD_STAYS
            await _shown(parts, tx, certificate, actor, how="message")
            await tx.certificates.place(certificate, password_message_id=slip.message_id)
            await forget_message(tx, slip, due_at=until)
    except Gone:
        # Taken away meanwhile: the empty message goes too.
        await forget_later(parts, slip, timedelta(0))
        raise
    await parts.courier.fill_slip(_password(parts, certificate, until), slip)


async def password_without_trace(
    parts: Parts, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> Password:
    """The password for a pop-up, which leaves nothing in the chat.

    Raises:
        Gone: not the actor's, not pressed on the file's message, or the password is no longer here.
        NotAllowed, Frozen: nothing was shown.
    """
    await _ready(parts, actor, public_id, pressed)
    async with parts.store.write(cause) as tx:
        certificate = await _arrived(tx, await _own(tx, actor, public_id, pressed), pressed)
        await _shown(parts, tx, certificate, actor, how="pop-up")
        return _password(parts, certificate, tx.now + PASSWORD_STAYS)


async def hide_password(
    parts: Parts, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> None:
    """Remove the password's message now.

    Raises:
        Gone: not the actor's.
        NotAllowed, Frozen: nothing was hidden.
    """
    check(actor, Action.LOOK)
    async with parts.store.write(cause) as tx:
        certificate = await _of(tx, public_id)
        if certificate.device.owner_id != actor.id or pressed.chat_id != actor.telegram_id:
            raise Gone
        await forget_message(tx, pressed)


async def works(parts: Parts, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None) -> Works:
    """Its owner says that it works: file and password leave the chat, and what it renews is revoked only now.

    Raises:
        Gone: not the actor's, not pressed on the file's message, or not in use (any more).
        NotOpened: the password was never shown, so nobody can have opened the file.
        NotAllowed, Frozen: nothing changed.
    """
    check(actor, Action.HANDLE_FILE)
    async with parts.store.write(cause) as tx:
        certificate = await _arrived(tx, await _own(tx, actor, public_id, pressed), pressed)
        if certificate.origin is Origin.MADE_HERE and certificate.password_shown_at is None:
            raise NotOpened
        certificate = await tx.certificates.note(
            certificate,
            tag=Tag.CERTIFICATE_WORKS,
            actor=actor_of(actor),
            works_at=tx.now,
            cleaned_at=tx.now,
            again_until=None,
        )
        await tx.chores.drop(ChoreKind.EXPIRE, certificate.public_id)
        await clear_chat(tx, certificate)
        replaced = await tx.renewals.replaced_by(certificate)
        for old in replaced:
            await take_away(tx, actor, old, RevokeReason.REPLACED, {"quiet": True})
    parts.vault.drop(certificate.public_id)
    return Works(certificate, replaced=bool(replaced))


async def _ready(parts: Parts, actor: Person, public_id: str, pressed: MessageRef) -> Certificate:
    check(actor, Action.HANDLE_FILE)
    async with parts.store.read() as tx:
        certificate = await _own(tx, actor, public_id, pressed)
    if parts.vault.look(certificate.public_id) is None:
        raise Gone
    return certificate


async def _own(tx: Transaction, actor: Person, public_id: str, pressed: MessageRef) -> Certificate:
    certificate = await _of(tx, public_id)
    sent_here = certificate.sent_at is not None and certificate.shown_at == pressed
    # When Telegram swallowed its answer, this very press shows that the file is there.
    perhaps_here = certificate.sent_at is None and certificate.delivery_unknown_at is not None
    in_use = certificate.state is State.ACTIVE and certificate.cleaned_at is None
    if certificate.device.owner_id != actor.id or not (sent_here or perhaps_here) or not in_use:
        raise Gone
    return certificate


async def _arrived(tx: Transaction, certificate: Certificate, pressed: MessageRef) -> Certificate:
    """Note an arrival that only this press has shown."""
    if certificate.sent_at is not None:
        return certificate
    return await tx.certificates.note(
        certificate,
        tag=Tag.CERTIFICATE_SENT,
        sent_at=tx.now,
        chat_id=pressed.chat_id,
        message_id=pressed.message_id,
    )


async def _of(tx: Transaction, public_id: str) -> Certificate:
    try:
        return await tx.certificates.of(public_id)
    except Unknown:
        raise Gone from None


async def _shown(parts: Parts, tx: Transaction, certificate: Certificate, actor: Person, *, how: str) -> None:
    """Note a showing; the first one sets the time at which the file leaves the chat."""
    first = certificate.password_shown_at is None
    await tx.certificates.note(
        certificate,
        tag=Tag.CERTIFICATE_PASSWORD_SHOWN,
        actor=actor_of(actor),
        detail={"how": how},
        password_shown_at=certificate.password_shown_at or tx.now,
    )
    if first and certificate.origin is Origin.MADE_HERE:
        await tx.chores.drop(ChoreKind.EXPIRE, certificate.public_id)
        await tx.chores.add(ChoreKind.EXPIRE, certificate.public_id, due_at=tx.now + parts.policy.cleanup)


def _password(parts: Parts, certificate: Certificate, until: datetime) -> Password:
    entry = parts.vault.look(certificate.public_id)
    if entry is None:
        raise Gone
    return Password(certificate.public_id, certificate.file_name, until, Secret(entry.passphrase))

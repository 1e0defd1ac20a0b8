"""Taking away and giving back. Every word here is earned: it says what is known, not what is hoped."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.certificates import revoke_for_members
from bot.chat.messages.certificates.never_opened import make_again
from bot.chat.messages.message import Button, Locale, Message, lines, named, paragraphs
from bot.model.certificates.certificates import Origin, State
from bot.model.notices import (
    FoundActive,
    Restored,
    RestoreRefused,
    Restoring,
    Revoked,
    RevokeStuck,
    Revoking,
    TakenByAnother,
    Tidied,
)
from bot.model.protection.rule_notices import BlockProgress, TurnedAway
from bot.model.protection.zone_lock import LockState
from bot.model.results import RevokeStarted

_LONGEST_EXPRESSION = 3000


def revoking(notice: Revoking, locale: Locale) -> Message:
    """Under way."""
    if locale.member:
        return revoke_for_members.revoking(notice, locale)
    name = notice.certificate.device.name
    if notice.retry_at is None:
        return Message(html=locale._("Revoking <b>{name}</b>…").format(name=name))
    return Message(
        html=locale._(
            "<b>{name}</b> is not revoked yet: Cloudflare does not answer. I keep trying, next at {at}."
        ).format(name=name, at=locale.clock(notice.retry_at))
        + _turned(notice.turned, locale, meanwhile=True)
    )


def revoked(notice: Revoked, locale: Locale) -> Message:
    """Revoked, as far as Cloudflare says; and whether that closes the door."""
    name = notice.certificate.device.name
    undo: tuple[tuple[Button, ...], ...] = ()
    if notice.undo_until is not None:
        undo = (
            (
                Button(
                    text=locale.label("Undo"), callback=CallbackData(CallbackAction.UNDO, notice.certificate.public_id)
                ),
            ),
        )
    said = (
        locale._("<b>{name}</b>: revoked at Cloudflare")
        if notice.confirmed
        else locale._("<b>{name}</b>: Cloudflare has the order to revoke and is carrying it out")
    ).format(name=name)
    return Message(
        html=paragraphs(
            revoke_for_members.revoked(notice, locale)
            if locale.member
            else said + _but(notice.lock, locale) + _turned(notice.turned, locale),
            None if locale.member else _expression(notice.lock, locale),
            None
            if notice.undo_until is None
            else locale._("A slip of the thumb? Undo works until {until}.").format(
                until=locale.clock(notice.undo_until)
            ),
        ),
        rows=undo,
    )


def about_the_door(
    lock: LockState | None, turned: tuple[TurnedAway | None, ...], count: int, locale: Locale
) -> Markup | None:
    """Whether revoking that many closes the door, as a sentence of its own; nothing to say where it plainly does."""
    rule = {part.how: part for part in turned if part is not None}
    said = [
        _turned(rule[how], locale)
        for how in (BlockProgress.WAITING, BlockProgress.NO_ROOM, BlockProgress.WRITTEN, BlockProgress.SEEN)
        if how in rule
    ]
    if lock is not None and lock.blind_to_revocation:
        return locale.many(
            "⚠️ Your rule does not look at revocation: <b>this device still gets in</b> at {hosts}. Please run <code>latchkey check</code> on the server.",
            "⚠️ Your rule does not look at revocation: <b>these devices still get in</b> at {hosts}. Please run <code>latchkey check</code> on the server.",
            count,
            hosts=named(lock.blind_to_revocation, locale),
        )
    return said[0] if said else None


def _but(lock: LockState | None, locale: Locale) -> Markup:
    if lock is None:
        return locale._(". Whether your rule heeds that I could not ask just now.")
    if lock.blind_to_revocation:
        return locale._(
            ", but your rule does not look at revocation: <b>this device still gets in</b> at {hosts}."
        ).format(hosts=named(lock.blind_to_revocation, locale))
    if lock.open_to_everyone:
        return locale._(". But no rule demands a certificate at {hosts}: anybody gets in there.").format(
            hosts=named(lock.open_to_everyone, locale)
        )
    if lock.opened_by_certificate:
        return locale._(", and your rule turns revoked certificates away at {hosts}.").format(
            hosts=named(lock.opened_by_certificate, locale)
        )
    return locale._(".")


def _turned(turned: TurnedAway | None, locale: Locale, *, meanwhile: bool = False) -> Markup:
    """What the rule does about it, beside Cloudflare's own revocation; ``meanwhile``, as long as that is missing."""
    if turned is None:
        return Markup("")
    words = {
        BlockProgress.SEEN: locale._(
            " Meanwhile the rule blocks it by its fingerprint: new rule seen at the edge from here, {n} s."
        )
        if meanwhile
        else locale._(" New rule seen at the edge from here, {n} s."),
        BlockProgress.WRITTEN: locale._(
            " The rule that blocks it by its fingerprint is written, but not seen at the edge from here yet."
        ),
        BlockProgress.UNDER_WAY: locale._(" The rule that blocks it by its fingerprint is being written."),
        BlockProgress.WAITING: locale._(
            " The rule that blocks it by its fingerprint is not written yet: Cloudflare does not take it. I keep trying."
        ),
        BlockProgress.NO_ROOM: locale._(" The rule has no room left for its fingerprint."),
    }
    return words[turned.how].format(n=turned.seconds)


def _expression(lock: LockState | None, locale: Locale) -> Markup | None:
    if lock is None or not lock.blind_to_revocation:
        return None
    if len(lock.recommended) > _LONGEST_EXPRESSION:
        return locale._("<code>latchkey check</code> on the server prints the expression for your block rule.")
    return lines(
        locale._("Paste this as the expression of your block rule (Cloudflare: Security, Security rules):"),
        Markup("<pre>{expression}</pre>").format(expression=lock.recommended),
    )


def revoke_stuck(notice: RevokeStuck, locale: Locale) -> Message:
    """Cloudflare refuses to revoke."""
    if locale.member:
        return revoke_for_members.stuck(notice, locale)
    name = notice.certificate.device.name
    if notice.right is not None:
        return Message(
            html=locale._(
                "<b>{name}</b> is <b>not revoked</b>: the Cloudflare token lacks the right “{right}”. Please add it, or revoke the certificate in Cloudflare's dashboard (SSL/TLS, Client Certificates). I keep trying."
            ).format(name=name, right=notice.right)
            + _turned(notice.turned, locale, meanwhile=True)
        )
    return Message(
        html=locale._(
            "<b>{name}</b> is <b>not revoked</b>: Cloudflare refuses. Please revoke it in Cloudflare's dashboard (SSL/TLS, Client Certificates). I keep trying."
        ).format(name=name)
        + _turned(notice.turned, locale, meanwhile=True)
    )


def started(result: RevokeStarted, locale: Locale) -> str:
    """The toast under a press."""
    name = result.certificate.device.name
    if result.already and result.certificate.state in {State.FAILED, State.EXPIRED}:
        nothing = locale.either(
            admin="{name} has no certificate that is valid: there is nothing to revoke.",
            member="{name} has no key that works: there is nothing to take away.",
        )
        return str(nothing).format(name=name)
    if result.certificate.state is State.FAILED:
        stopped = locale.either(
            admin="Stopped: the certificate for {name} will not be made.",
            member="Stopped: the key for {name} will not be made.",
        )
        return str(stopped).format(name=name)
    if result.already and result.certificate.state is State.REVOKING:
        return locale.label("{name} is still being revoked; I try again now.").format(name=name)
    if result.already:
        return locale.label("{name} is revoked already.").format(name=name)
    return locale.label("Revoking {name}…").format(name=name)


def started_message(result: RevokeStarted, locale: Locale) -> Message:
    """The same as a message, for the command."""
    return Message(html=Markup("{}").format(started(result, locale)))


def restoring(notice: Restoring, locale: Locale) -> Message:
    """The undo is under way."""
    name = notice.certificate.device.name
    if notice.retry_at is None:
        return Message(html=locale._("Taking <b>{name}</b> back…").format(name=name))
    return Message(
        html=locale._("Taking <b>{name}</b> back… Cloudflare is busy, next try at {at}.").format(
            name=name, at=locale.clock(notice.retry_at)
        )
    )


def restored(notice: Restored, locale: Locale) -> Message:
    """The undo worked."""
    certificate = notice.certificate
    opens = notice.lock.opened_by_certificate if notice.lock is not None else ()
    return Message(
        html=lines(
            locale._("<b>{name}</b> is valid again, says Cloudflare.").format(name=certificate.device.name),
            locale._("Opens: {hosts}").format(hosts=named(opens, locale)) if opens else None,
        ),
        rows=(
            (
                Button(
                    text=locale.label("Show the device"),
                    callback=CallbackData(CallbackAction.CARD, certificate.public_id),
                ),
            ),
        ),
    )


def restore_refused(notice: RestoreRefused, locale: Locale) -> Message:
    """Cloudflare does not take it back."""
    certificate = notice.certificate
    return Message(
        html=locale._("Cloudflare does not take <b>{name}</b> back. Make a new one instead.").format(
            name=certificate.device.name
        ),
        rows=(make_again(certificate, locale),),
    )


def tidied(notice: Tidied, locale: Locale) -> Message:
    """File and password are gone from the chat."""
    certificate = notice.certificate
    said = (
        locale._(
            "The time of <b>{file}</b> in this chat is up, so I am removing it. If it lies on <b>{name}</b> beside its key, all is well."
        )
        if certificate.origin is Origin.OWN_KEY
        else locale._(
            "The time of <b>{file}</b> in this chat is up, so I am removing it. If <b>{name}</b> has it installed, all is well; please delete the file from the device's Downloads too."
        )
    )
    return Message(
        html=said.format(file=certificate.file_name, name=certificate.device.name),
        rows=(
            (
                Button(
                    text=locale.label("Show the device"),
                    callback=CallbackData(CallbackAction.CARD, certificate.public_id),
                ),
            ),
        ),
        quiet=True,
    )


def taken_by_another(notice: TakenByAnother, locale: Locale) -> Message:
    """Somebody else took the reader's certificate away."""
    if locale.member:
        return revoke_for_members.by_another(notice, locale)
    name = notice.certificate.device.name
    if notice.by_name is None:
        said = locale._("Whoever has the server revoked your device <b>{name}</b>: it is revoked at Cloudflare")
        asked = locale._(" Ask them if that surprises you.")
    else:
        said = locale._("{who} revoked your device <b>{name}</b>: it is revoked at Cloudflare")
        asked = locale._(" Ask {who} if that surprises you.")
    who = notice.by_name or ""
    return Message(html=said.format(who=who, name=name) + _but(notice.lock, locale) + asked.format(who=who))


def found_active(notice: FoundActive, locale: Locale) -> Message:
    """Somebody gave a revoked certificate back at Cloudflare, for admins."""
    device = notice.certificate.device
    return Message(
        html=locale._(
            "The certificate of <b>{owner}/{name}</b> was active again at Cloudflare, and not by me. I revoked it once more. Please look who has access to your Cloudflare account."
        ).format(owner=device.owner_name, name=device.name)
    )

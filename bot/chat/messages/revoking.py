"""Taking away and giving back. Every word here is earned: it says what is known, not what is hoped."""

from markupsafe import Markup

from bot.chat.messages import taken_away
from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.messages.unopened import make_again
from bot.chat.press import Press, Verb
from bot.model.certificates import Origin, State
from bot.model.lock import LockState
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
from bot.model.results import RevokeStarted
from bot.model.rule_notices import Turned, TurnedAway

_LONGEST_EXPRESSION = 3000


def revoking(notice: Revoking, voice: Voice) -> Message:
    """Under way."""
    if voice.member:
        return taken_away.revoking(notice, voice)
    name = notice.certificate.device.name
    if notice.retry_at is None:
        return Message(html=voice._("Revoking <b>{name}</b>…").format(name=name))
    return Message(
        html=voice._(
            "<b>{name}</b> is not revoked yet: Cloudflare does not answer. I keep trying, next at {at}."
        ).format(name=name, at=voice.clock(notice.retry_at))
        + _turned(notice.turned, voice, meanwhile=True)
    )


def revoked(notice: Revoked, voice: Voice) -> Message:
    """Revoked, as far as Cloudflare says; and whether that closes the door."""
    name = notice.certificate.device.name
    undo: tuple[tuple[Button, ...], ...] = ()
    if notice.undo_until is not None:
        undo = ((Button(text=voice.label("Undo"), press=Press(Verb.UNDO, notice.certificate.public_id)),),)
    said = (
        voice._("<b>{name}</b>: revoked at Cloudflare")
        if notice.confirmed
        else voice._("<b>{name}</b>: Cloudflare has the order to revoke and is carrying it out")
    ).format(name=name)
    return Message(
        html=paragraphs(
            taken_away.revoked(notice, voice)
            if voice.member
            else said + _but(notice.lock, voice) + _turned(notice.turned, voice),
            None if voice.member else _expression(notice.lock, voice),
            None
            if notice.undo_until is None
            else voice._("A slip of the thumb? Undo works until {until}.").format(until=voice.clock(notice.undo_until)),
        ),
        rows=undo,
    )


def about_the_door(
    lock: LockState | None, turned: tuple[TurnedAway | None, ...], count: int, voice: Voice
) -> Markup | None:
    """Whether revoking that many closes the door, as a sentence of its own; nothing to say where it plainly does."""
    rule = {part.how: part for part in turned if part is not None}
    said = [
        _turned(rule[how], voice)
        for how in (Turned.WAITING, Turned.NO_ROOM, Turned.WRITTEN, Turned.SEEN)
        if how in rule
    ]
    if lock is not None and lock.blind_to_revocation:
        return voice.many(
            "⚠️ Your rule does not look at revocation: <b>this device still gets in</b> at {hosts}. Please run <code>latchkey check</code> on the server.",
            "⚠️ Your rule does not look at revocation: <b>these devices still get in</b> at {hosts}. Please run <code>latchkey check</code> on the server.",
            count,
            hosts=named(lock.blind_to_revocation, voice),
        )
    return said[0] if said else None


def _but(lock: LockState | None, voice: Voice) -> Markup:
    if lock is None:
        return voice._(". Whether your rule heeds that I could not ask just now.")
    if lock.blind_to_revocation:
        return voice._(
            ", but your rule does not look at revocation: <b>this device still gets in</b> at {hosts}."
        ).format(hosts=named(lock.blind_to_revocation, voice))
    if lock.open_to_everyone:
        return voice._(". But no rule demands a certificate at {hosts}: anybody gets in there.").format(
            hosts=named(lock.open_to_everyone, voice)
        )
    if lock.opened_by_certificate:
        return voice._(", and your rule turns revoked certificates away at {hosts}.").format(
            hosts=named(lock.opened_by_certificate, voice)
        )
    return voice._(".")


def _turned(turned: TurnedAway | None, voice: Voice, *, meanwhile: bool = False) -> Markup:
    """What the rule does about it, beside Cloudflare's own revocation; ``meanwhile``, as long as that is missing."""
    if turned is None:
        return Markup("")
    words = {
        Turned.SEEN: voice._(
            " Meanwhile the rule blocks it by its fingerprint: new rule seen at the edge from here, {n} s."
        )
        if meanwhile
        else voice._(" New rule seen at the edge from here, {n} s."),
        Turned.WRITTEN: voice._(
            " The rule that blocks it by its fingerprint is written, but not seen at the edge from here yet."
        ),
        Turned.UNDER_WAY: voice._(" The rule that blocks it by its fingerprint is being written."),
        Turned.WAITING: voice._(
            " The rule that blocks it by its fingerprint is not written yet: Cloudflare does not take it. I keep trying."
        ),
        Turned.NO_ROOM: voice._(" The rule has no room left for its fingerprint."),
    }
    return words[turned.how].format(n=turned.seconds)


def _expression(lock: LockState | None, voice: Voice) -> Markup | None:
    if lock is None or not lock.blind_to_revocation:
        return None
    if len(lock.recommended) > _LONGEST_EXPRESSION:
        return voice._("<code>latchkey check</code> on the server prints the expression for your block rule.")
    return lines(
        voice._("Paste this as the expression of your block rule (Cloudflare: Security, Security rules):"),
        Markup("<pre>{expression}</pre>").format(expression=lock.recommended),
    )


def revoke_stuck(notice: RevokeStuck, voice: Voice) -> Message:
    """Cloudflare refuses to revoke."""
    if voice.member:
        return taken_away.stuck(notice, voice)
    name = notice.certificate.device.name
    if notice.right is not None:
        return Message(
            html=voice._(
                "<b>{name}</b> is <b>not revoked</b>: the Cloudflare token lacks the right “{right}”. Please add it, or revoke the certificate in Cloudflare's dashboard (SSL/TLS, Client Certificates). I keep trying."
            ).format(name=name, right=notice.right)
            + _turned(notice.turned, voice, meanwhile=True)
        )
    return Message(
        html=voice._(
            "<b>{name}</b> is <b>not revoked</b>: Cloudflare refuses. Please revoke it in Cloudflare's dashboard (SSL/TLS, Client Certificates). I keep trying."
        ).format(name=name)
        + _turned(notice.turned, voice, meanwhile=True)
    )


def started(result: RevokeStarted, voice: Voice) -> str:
    """The toast under a press."""
    name = result.certificate.device.name
    if result.already and result.certificate.state in {State.FAILED, State.EXPIRED}:
        nothing = voice.either(
            admin="{name} has no certificate that is valid: there is nothing to revoke.",
            member="{name} has no key that works: there is nothing to take away.",
        )
        return str(nothing).format(name=name)
    if result.certificate.state is State.FAILED:
        stopped = voice.either(
            admin="Stopped: the certificate for {name} will not be made.",
            member="Stopped: the key for {name} will not be made.",
        )
        return str(stopped).format(name=name)
    if result.already and result.certificate.state is State.REVOKING:
        return voice.label("{name} is still being revoked; I try again now.").format(name=name)
    if result.already:
        return voice.label("{name} is revoked already.").format(name=name)
    return voice.label("Revoking {name}…").format(name=name)


def started_message(result: RevokeStarted, voice: Voice) -> Message:
    """The same as a message, for the command."""
    return Message(html=Markup("{}").format(started(result, voice)))


def restoring(notice: Restoring, voice: Voice) -> Message:
    """The undo is under way."""
    name = notice.certificate.device.name
    if notice.retry_at is None:
        return Message(html=voice._("Taking <b>{name}</b> back…").format(name=name))
    return Message(
        html=voice._("Taking <b>{name}</b> back… Cloudflare is busy, next try at {at}.").format(
            name=name, at=voice.clock(notice.retry_at)
        )
    )


def restored(notice: Restored, voice: Voice) -> Message:
    """The undo worked."""
    certificate = notice.certificate
    opens = notice.lock.opened_by_certificate if notice.lock is not None else ()
    return Message(
        html=lines(
            voice._("<b>{name}</b> is valid again, says Cloudflare.").format(name=certificate.device.name),
            voice._("Opens: {hosts}").format(hosts=named(opens, voice)) if opens else None,
        ),
        rows=((Button(text=voice.label("Show the device"), press=Press(Verb.CARD, certificate.public_id)),),),
    )


def restore_refused(notice: RestoreRefused, voice: Voice) -> Message:
    """Cloudflare does not take it back."""
    certificate = notice.certificate
    return Message(
        html=voice._("Cloudflare does not take <b>{name}</b> back. Make a new one instead.").format(
            name=certificate.device.name
        ),
        rows=(make_again(certificate, voice),),
    )


def tidied(notice: Tidied, voice: Voice) -> Message:
    """File and password are gone from the chat."""
    certificate = notice.certificate
    said = (
        voice._(
            "The time of <b>{file}</b> in this chat is up, so I am removing it. If it lies on <b>{name}</b> beside its key, all is well."
        )
        if certificate.origin is Origin.OWN_KEY
        else voice._(
            "The time of <b>{file}</b> in this chat is up, so I am removing it. If <b>{name}</b> has it installed, all is well; please delete the file from the device's Downloads too."
        )
    )
    return Message(
        html=said.format(file=certificate.file_name, name=certificate.device.name),
        rows=((Button(text=voice.label("Show the device"), press=Press(Verb.CARD, certificate.public_id)),),),
        quiet=True,
    )


def taken_by_another(notice: TakenByAnother, voice: Voice) -> Message:
    """Somebody else took the reader's certificate away."""
    if voice.member:
        return taken_away.by_another(notice, voice)
    name = notice.certificate.device.name
    if notice.by_name is None:
        said = voice._("Whoever has the server revoked your device <b>{name}</b>: it is revoked at Cloudflare")
        asked = voice._(" Ask them if that surprises you.")
    else:
        said = voice._("{who} revoked your device <b>{name}</b>: it is revoked at Cloudflare")
        asked = voice._(" Ask {who} if that surprises you.")
    who = notice.by_name or ""
    return Message(html=said.format(who=who, name=name) + _but(notice.lock, voice) + asked.format(who=who))


def found_active(notice: FoundActive, voice: Voice) -> Message:
    """Somebody gave a revoked certificate back at Cloudflare, for admins."""
    device = notice.certificate.device
    return Message(
        html=voice._(
            "The certificate of <b>{owner}/{name}</b> was active again at Cloudflare, and not by me. I revoked it once more. Please look who has access to your Cloudflare account."
        ).format(owner=device.owner_name, name=device.name)
    )

"""Certificates that end: the reminder, the renewal, and the weekly digest."""

from datetime import timedelta

from markupsafe import Markup

from bot.chat.messages import guides
from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import Certificate, Origin
from bot.model.renewal import Digest, RemindedLater, RenewalDue, RenewalStarted


def due(notice: RenewalDue, voice: Voice) -> Message:
    """It ends soon, or has ended: what to do, in one tap."""
    certificate = notice.certificate
    name = certificate.device.name
    return Message(
        html=paragraphs(_ended(certificate, voice) if notice.ended else _ends(certificate, voice), _how(notice, voice)),
        rows=(
            (
                Button(
                    text=voice.label("Renew, I have it here").format(name=name),
                    press=Press(Verb.RENEW, certificate.public_id),
                    look="primary",
                ),
            ),
            *((_remind_on(notice, days, voice),) for days in notice.days),
            (
                Button(
                    text=voice.label("I don't have it any more"),
                    press=Press(Verb.REVOKE, certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def _ends(certificate: Certificate, voice: Voice) -> Markup:
    text = voice.either(
        admin="The certificate of <b>{name}</b> ends {day}. From then on that device stays outside.",
        member="The key of <b>{name}</b> ends {day}. From then on that device stays outside.",
    )
    end = certificate.expires_at
    return text.format(name=certificate.device.name, day=voice.day(end) if end else "–")


def _ended(certificate: Certificate, voice: Voice) -> Markup:
    text = voice.either(
        admin="The certificate of <b>{name}</b> has ended, so that device stays outside now.",
        member="The key of <b>{name}</b> has ended, so that device stays outside now.",
    )
    return text.format(name=certificate.device.name)


def _how(notice: RenewalDue, voice: Voice) -> Markup:
    if notice.certificate.origin is Origin.OWN_KEY:
        return voice._("Are you at that computer? Tap <b>Renew</b>: I show you the line that makes a new key.")
    return voice._(
        "Is it in your hand? Tap <b>Renew</b>: you get a new file and its password, and nobody has to say yes again. It takes two minutes."
    )


def _remind_on(notice: RenewalDue, days: int, voice: Voice) -> Button:
    """It carries the day that it names: somebody may tap it days later."""
    moment = notice.now + timedelta(days=days)
    day = moment.astimezone(voice.time_zone).date()
    return Button(
        text=voice.label("Remind me on {day}").format(day=voice.short_day(moment)),
        press=Press(Verb.REMIND_ON, notice.certificate.public_id, day.isoformat()),
    )


def started(result: RenewalStarted, voice: Voice) -> Message:
    """In place of the reminder: what comes, and what becomes of the old one."""
    text = voice.either(
        admin="The new certificate for <b>{name}</b> comes below. The old one keeps working until you tap <b>It works</b> on the new one; then I revoke it.",
        member="The new key for <b>{name}</b> comes below. The old one keeps working until you tap <b>It works</b> on the new one; then I take it away.",
    )
    where = voice._(
        "Install it as the first one. Where an app asks which one to use, choose the one with the later date, and remove the old one afterwards."
    )
    guide = Button(text=voice.label("Guide"), press=Press(Verb.GUIDE, arg=guides.RENEWAL))
    return Message(html=paragraphs(text.format(name=result.old.device.name), where), rows=((guide,),))


def reminded_later(result: RemindedLater, voice: Voice) -> Message:
    """In place of the reminder."""
    return Message(
        html=voice._("I will remind you of <b>{name}</b> {at}.").format(
            name=result.certificate.device.name, at=voice.clock(result.at)
        ),
        rows=((Button(text=voice.label("Renew now"), press=Press(Verb.RENEW, result.certificate.public_id)),),),
    )


def digest(notice: Digest, voice: Voice) -> Message:
    """Once a week, for admins: what ends, whom I cannot reach, what is not proven, and the record's seal."""
    quiet = notice.locked and not (notice.expiring or notice.unreachable or notice.unproven)
    return Message(
        html=paragraphs(
            voice._("<b>The week at Latchkey</b>"),
            voice._("🟢 Nothing ends within 30 days, everybody is reachable, every host is proven.") if quiet else None,
            _expiring(notice, voice),
            voice.many(
                "I cannot write to: {names}. They blocked me, or never started me: please talk to them.",
                "I cannot write to: {names}. They blocked me, or never started me: please talk to them.",
                len(notice.unreachable),
                names=named(notice.unreachable, voice),
            )
            if notice.unreachable
            else None,
            None if notice.locked else voice._("My rule locks nothing yet: /protect locks a service."),
            voice.many(
                "Not proven: {hosts}. /prove tries it now.",
                "Not proven: {hosts}. /prove tries them now.",
                len(notice.unproven),
                hosts=named(notice.unproven, voice),
            )
            if notice.unproven
            else None,
            lines(
                voice._("Last proven {at}.").format(at=voice.clock(notice.proven_at)) if notice.proven_at else None,
                voice.many(
                    "The record: {n} entry, seal <code>{head}</code>. Keep this message: it shows later that none was taken out.",
                    "The record: {n} entries, seal <code>{head}</code>. Keep this message: it shows later that none was taken out.",
                    notice.events,
                    head=notice.head,
                ),
            ),
            voice._("/status shows the rest."),
        ),
        quiet=True,
    )


def _expiring(notice: Digest, voice: Voice) -> Markup | None:
    if not notice.expiring:
        return None
    told = [
        voice._("• {owner}/{name} – {day}").format(
            owner=one.device.owner_name, name=one.device.name, day=voice.day(one.expires_at)
        )
        for one in notice.expiring
        if one.expires_at is not None
    ]
    more = voice.many("… and {n} more.", "… and {n} more.", notice.more_expiring) if notice.more_expiring else None
    head = voice.many(
        "Ends within 30 days (I remind its owner):",
        "Ends within 30 days (I remind their owners):",
        len(notice.expiring) + notice.more_expiring,
    )
    return lines(head, *told, more)

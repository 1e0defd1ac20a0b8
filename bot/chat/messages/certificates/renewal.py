"""Certificates that end: the reminder, the renewal, and the weekly digest."""

from datetime import timedelta

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages import guides
from bot.chat.messages.message import Button, Locale, Message, lines, named, paragraphs
from bot.model.certificates.certificates import Certificate, Origin
from bot.model.certificates.renewal import Digest, RemindedLater, RenewalDue, RenewalStarted


def due(notice: RenewalDue, locale: Locale) -> Message:
    """It ends soon, or has ended: what to do, in one tap."""
    certificate = notice.certificate
    name = certificate.device.name
    return Message(
        html=paragraphs(
            _ended(certificate, locale) if notice.ended else _ends(certificate, locale), _how(notice, locale)
        ),
        rows=(
            (
                Button(
                    text=locale.label("Renew, I have it here").format(name=name),
                    callback=CallbackData(CallbackAction.RENEW, certificate.public_id),
                    look="primary",
                ),
            ),
            *((_remind_on(notice, days, locale),) for days in notice.days),
            (
                Button(
                    text=locale.label("I don't have it any more"),
                    callback=CallbackData(CallbackAction.REVOKE, certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def _ends(certificate: Certificate, locale: Locale) -> Markup:
    text = locale.either(
        admin="The certificate of <b>{name}</b> ends {day}. From then on that device stays outside.",
        member="The key of <b>{name}</b> ends {day}. From then on that device stays outside.",
    )
    end = certificate.expires_at
    return text.format(name=certificate.device.name, day=locale.day(end) if end else "–")


def _ended(certificate: Certificate, locale: Locale) -> Markup:
    text = locale.either(
        admin="The certificate of <b>{name}</b> has ended, so that device stays outside now.",
        member="The key of <b>{name}</b> has ended, so that device stays outside now.",
    )
    return text.format(name=certificate.device.name)


def _how(notice: RenewalDue, locale: Locale) -> Markup:
    if notice.certificate.origin is Origin.OWN_KEY:
        return locale._("Are you at that computer? Tap <b>Renew</b>: I show you the line that makes a new key.")
    return locale._(
        "Is it in your hand? Tap <b>Renew</b>: you get a new file and its password, and nobody has to say yes again. It takes two minutes."
    )


def _remind_on(notice: RenewalDue, days: int, locale: Locale) -> Button:
    """It carries the day that it names: somebody may tap it days later."""
    moment = notice.now + timedelta(days=days)
    day = moment.astimezone(locale.time_zone).date()
    return Button(
        text=locale.label("Remind me on {day}").format(day=locale.short_day(moment)),
        callback=CallbackData(CallbackAction.REMIND_ON, notice.certificate.public_id, day.isoformat()),
    )


def started(result: RenewalStarted, locale: Locale) -> Message:
    """In place of the reminder: what comes, and what becomes of the old one."""
    text = locale.either(
        admin="The new certificate for <b>{name}</b> comes below. The old one keeps working until you tap <b>It works</b> on the new one; then I revoke it.",
        member="The new key for <b>{name}</b> comes below. The old one keeps working until you tap <b>It works</b> on the new one; then I take it away.",
    )
    where = locale._(
        "Install it as the first one. Where an app asks which one to use, choose the one with the later date, and remove the old one afterwards."
    )
    guide = Button(text=locale.label("Guide"), callback=CallbackData(CallbackAction.GUIDE, arg=guides.RENEWAL))
    return Message(html=paragraphs(text.format(name=result.old.device.name), where), rows=((guide,),))


def reminded_later(result: RemindedLater, locale: Locale) -> Message:
    """In place of the reminder."""
    return Message(
        html=locale._("I will remind you of <b>{name}</b> {at}.").format(
            name=result.certificate.device.name, at=locale.clock(result.at)
        ),
        rows=(
            (
                Button(
                    text=locale.label("Renew now"),
                    callback=CallbackData(CallbackAction.RENEW, result.certificate.public_id),
                ),
            ),
        ),
    )


def digest(notice: Digest, locale: Locale) -> Message:
    """Once a week, for admins: what ends, whom I cannot reach, what is not proven, and the record's seal."""
    quiet = notice.locked and not (notice.expiring or notice.unreachable or notice.unproven)
    return Message(
        html=paragraphs(
            locale._("<b>The week at Latchkey</b>"),
            locale._("🟢 Nothing ends within 30 days, everybody is reachable, every host is proven.")
            if quiet
            else None,
            _expiring(notice, locale),
            locale.many(
                "I cannot write to: {names}. They blocked me, or never started me: please talk to them.",
                "I cannot write to: {names}. They blocked me, or never started me: please talk to them.",
                len(notice.unreachable),
                names=named(notice.unreachable, locale),
            )
            if notice.unreachable
            else None,
            None if notice.locked else locale._("My rule locks nothing yet: /protect locks a service."),
            locale.many(
                "Not proven: {hosts}. /prove tries it now.",
                "Not proven: {hosts}. /prove tries them now.",
                len(notice.unproven),
                hosts=named(notice.unproven, locale),
            )
            if notice.unproven
            else None,
            lines(
                locale._("Last proven {at}.").format(at=locale.clock(notice.proven_at)) if notice.proven_at else None,
                locale.many(
                    "The record: {n} entry, seal <code>{head}</code>. Keep this message: it shows later that none was taken out.",
                    "The record: {n} entries, seal <code>{head}</code>. Keep this message: it shows later that none was taken out.",
                    notice.events,
                    head=notice.head,
                ),
            ),
            locale._("/status shows the rest."),
        ),
        quiet=True,
    )


def _expiring(notice: Digest, locale: Locale) -> Markup | None:
    if not notice.expiring:
        return None
    told = [
        locale._("• {owner}/{name} – {day}").format(
            owner=one.device.owner_name, name=one.device.name, day=locale.day(one.expires_at)
        )
        for one in notice.expiring
        if one.expires_at is not None
    ]
    more = locale.many("… and {n} more.", "… and {n} more.", notice.more_expiring) if notice.more_expiring else None
    head = locale.many(
        "Ends within 30 days (I remind its owner):",
        "Ends within 30 days (I remind their owners):",
        len(notice.expiring) + notice.more_expiring,
    )
    return lines(head, *told, more)

"""Taking away, as members read of it: of keys, and of what they can do, not of Cloudflare and its rule."""

from markupsafe import Markup

from bot.chat.messages.message import Locale, Message
from bot.model.notices import Revoked, RevokeStuck, Revoking, TakenByAnother
from bot.model.protection.rule_notices import BlockProgress, TurnedAway
from bot.model.protection.zone_lock import LockState


def revoking(notice: Revoking, locale: Locale) -> Message:
    """Under way."""
    name = notice.certificate.device.name
    if notice.retry_at is None:
        return Message(html=locale._("Taking the key of <b>{name}</b> away…").format(name=name))
    return Message(
        html=locale._(
            "The key of <b>{name}</b> is not taken away yet: Cloudflare does not answer. I keep trying, next at {at}."
        ).format(name=name, at=locale.clock(notice.retry_at))
        + _meanwhile(notice.turned, locale)
    )


def revoked(notice: Revoked, locale: Locale) -> Markup:
    """The outcome, and whether an admin has to hear of it."""
    said = (
        locale._("The key of <b>{name}</b> is taken away.")
        if notice.confirmed
        else locale._("The key of <b>{name}</b> is being taken away: Cloudflare has the order.")
    )
    return said.format(name=notice.certificate.device.name) + _still_open(notice.lock, locale)


def stuck(notice: RevokeStuck, locale: Locale) -> Message:
    """Cloudflare refuses."""
    return Message(
        html=locale._(
            "The key of <b>{name}</b> is <b>not taken away</b>: Cloudflare refuses. I keep trying. Please tell an admin now."
        ).format(name=notice.certificate.device.name)
        + _meanwhile(notice.turned, locale)
    )


def by_another(notice: TakenByAnother, locale: Locale) -> Message:
    """Somebody else took the reader's key away."""
    said = (
        locale._(
            "Whoever has the server took the key of your device <b>{name}</b> away. Ask them if that surprises you."
        )
        if notice.by_name is None
        else locale._("{who} took the key of your device <b>{name}</b> away. Ask {who} if that surprises you.")
    )
    return Message(html=said.format(who=notice.by_name or "", name=notice.certificate.device.name))


def _still_open(lock: LockState | None, locale: Locale) -> Markup:
    if lock is None or not lock.blind_to_revocation:
        return Markup("")
    return locale._(" But <b>that device may still get in</b>: please tell an admin now.")


def _meanwhile(turned: TurnedAway | None, locale: Locale) -> Markup:
    if turned is None or turned.how is not BlockProgress.SEEN:
        return Markup("")
    return locale._(" Meanwhile the lock turns it away already.")

"""Taking away, as members read of it: of keys, and of what they can do, not of Cloudflare and its rule."""

from markupsafe import Markup

from bot.chat.messages.form import Message, Voice
from bot.model.lock import LockState
from bot.model.notices import Revoked, RevokeStuck, Revoking, TakenByAnother
from bot.model.rule_notices import Turned, TurnedAway


def revoking(notice: Revoking, voice: Voice) -> Message:
    """Under way."""
    name = notice.certificate.device.name
    if notice.retry_at is None:
        return Message(html=voice._("Taking the key of <b>{name}</b> away…").format(name=name))
    return Message(
        html=voice._(
            "The key of <b>{name}</b> is not taken away yet: Cloudflare does not answer. I keep trying, next at {at}."
        ).format(name=name, at=voice.clock(notice.retry_at))
        + _meanwhile(notice.turned, voice)
    )


def revoked(notice: Revoked, voice: Voice) -> Markup:
    """The outcome, and whether an admin has to hear of it."""
    said = (
        voice._("The key of <b>{name}</b> is taken away.")
        if notice.confirmed
        else voice._("The key of <b>{name}</b> is being taken away: Cloudflare has the order.")
    )
    return said.format(name=notice.certificate.device.name) + _still_open(notice.lock, voice)


def stuck(notice: RevokeStuck, voice: Voice) -> Message:
    """Cloudflare refuses."""
    return Message(
        html=voice._(
            "The key of <b>{name}</b> is <b>not taken away</b>: Cloudflare refuses. I keep trying. Please tell an admin now."
        ).format(name=notice.certificate.device.name)
        + _meanwhile(notice.turned, voice)
    )


def by_another(notice: TakenByAnother, voice: Voice) -> Message:
    """Somebody else took the reader's key away."""
    said = (
        voice._(
            "Whoever has the server took the key of your device <b>{name}</b> away. Ask them if that surprises you."
        )
        if notice.by_name is None
        else voice._("{who} took the key of your device <b>{name}</b> away. Ask {who} if that surprises you.")
    )
    return Message(html=said.format(who=notice.by_name or "", name=notice.certificate.device.name))


def _still_open(lock: LockState | None, voice: Voice) -> Markup:
    if lock is None or not lock.blind_to_revocation:
        return Markup("")
    return voice._(" But <b>that device may still get in</b>: please tell an admin now.")


def _meanwhile(turned: TurnedAway | None, voice: Voice) -> Markup:
    if turned is None or turned.how is not Turned.SEEN:
        return Markup("")
    return voice._(" Meanwhile the lock turns it away already.")

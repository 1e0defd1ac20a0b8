"""A phone is lost: what is done, who may lift it, and what its account did meanwhile."""

from markupsafe import Markup

from bot.chat.messages import loss_traces
from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.messages.revoking import about_the_door
from bot.chat.press import Press, Verb
from bot.model.certificates import Certificate, State
from bot.model.losses import (
    LastHeld,
    LossCard,
    LossChanged,
    LossReader,
    LossState,
    Reported,
)

_MOST_DEVICES = 10
_MOST_NAMED = 3
Rows = tuple[tuple[Button, ...], ...]


def reported(result: Reported, voice: Voice) -> str:
    """The toast under the tap."""
    if result.already:
        return voice.label("That is reported already; here is how it goes.")
    if result.loss.state is LossState.KEYS_ONLY:
        return voice.label("Blocking… {name} is an admin: the account itself is not frozen by your report.").format(
            name=result.owner.name
        )
    return voice.label("{name} is frozen; blocking…").format(name=result.owner.name)


def rest_taken_back(result: LossChanged, voice: Voice) -> str:
    """The toast under *Revoke these too*."""
    if not result.count:
        return voice.label("Nothing is ticked: nothing was changed.")
    return voice.label("Taken back: {n}").format(n=voice.number(result.count))


def lifted(result: LossChanged, voice: Voice) -> str:
    """The toast under *Telegram was not on it*."""
    return voice.label("{name} is no longer frozen. The keys stay blocked.").format(name=result.owner.name)


def stays(result: LossChanged, voice: Voice) -> str:
    """The toast under *Freeze stays*."""
    return voice.label("{name} stays frozen. /people lifts it later.").format(name=result.owner.name)


def disputed(voice: Voice) -> str:
    """The toast under *I have it*."""
    return voice.label("Noted. Both accounts stay frozen until an admin has looked.")


def card(notice: LossCard, voice: Voice) -> Message:
    """A report, as this reader sees it."""
    return Message(
        html=paragraphs(
            _head(notice, voice),
            _devices(notice, voice),
            about_the_door(notice.lock, notice.turned, len(notice.certificates), voice)
            if notice.certificates
            else None,
            _who_lifts(notice, voice),
            _in_telegram(notice, voice) if _is_taken_as_lost(notice) else None,
            loss_traces.traces(notice, voice),
            _when(notice, voice),
        ),
        rows=_decisions(notice, voice) + loss_traces.ticks(notice, voice) + _times(notice, voice),
    )


def _head(notice: LossCard, voice: Voice) -> Markup:
    if _keys_only(notice):
        return _keys_only_head(notice, voice)
    if not notice.frozen:
        text = voice._("The lost phone of <b>{owner}</b>, reported {at}:")
    elif notice.reader is LossReader.OWNER and notice.reported_by_reader:
        text = voice._(
            "🔴 <b>Your account here is frozen</b>, for whoever has that phone has your Telegram too: it can look and block, and gets nothing from me."
        )
    elif notice.reader is LossReader.OWNER:
        text = voice._(
            "🔴 <b>{reporter} reported your phone as lost.</b> So your account here is frozen: it can look and block, and gets nothing from me."
        )
    elif notice.reported_by_reader:
        text = voice._("🔴 Thank you. <b>{owner}</b>'s account here is frozen and gets nothing from me.")
    elif notice.loss.reported_by == notice.owner.id:
        text = voice._(
            "🔴 <b>{owner} has lost a phone.</b> The account is frozen: whoever has it gets nothing from me."
        )
    else:
        text = voice._(
            "🔴 <b>{reporter} reports that {owner} has lost a phone.</b> The account is frozen: whoever has it gets nothing from me."
        )
    at = voice.clock(notice.loss.reported_at)
    return text.format(owner=notice.owner.name, reporter=notice.reporter_name, at=at)


def _is_taken_as_lost(notice: LossCard) -> bool:
    return notice.loss.state is not LossState.LIFTED and not _keys_only(notice)


def _keys_only(notice: LossCard) -> bool:
    """Whether the account is as it was: it was reported by somebody who may not freeze it."""
    return notice.loss.state is LossState.KEYS_ONLY and not notice.frozen


def _keys_only_head(notice: LossCard, voice: Voice) -> Markup:
    if notice.reader is LossReader.OWNER:
        text = voice._(
            "🔴 <b>{reporter} reported your phone as lost.</b> What is listed here is blocked. You are an admin, so your account goes on as before."
        )
    elif notice.reported_by_reader:
        text = voice._(
            "🔴 Thank you: I block what is listed here. <b>{owner}</b> is an admin, so your report does not freeze the account itself."
        )
    else:
        text = voice._(
            "🔴 <b>{reporter} reports that {owner} has lost a phone.</b> What is listed here is blocked. {owner} is an admin, so the account is <b>not frozen</b>."
        )
    return text.format(owner=notice.owner.name, reporter=notice.reporter_name)


def _keys_only_next(notice: LossCard, voice: Voice) -> Markup:
    names = {"owner": notice.owner.name, "reporter": notice.reporter_name}
    if notice.reader is LossReader.OWNER:
        return voice._(
            "Is it lost? Then freeze your account with the button below: your Telegram was on that phone. Is it not? Make yourself a new key, and talk to {reporter}; /people can freeze their account."
        ).format(**names)
    if notice.reader is LossReader.ADMIN:
        return voice._(
            "Ask {owner} in person, not in Telegram. Is the phone lost? Then freeze the account with the button below. Is it not? /people can freeze {reporter}'s account instead."
        ).format(**names)
    helpers = Markup(", ").join(notice.helpers[:_MOST_NAMED])
    if not helpers:
        return voice._(
            "Please call {owner} now: only they themself, or whoever has the server, can freeze the account, with <code>latchkey freeze {id}</code>"
        ).format(id=notice.owner.telegram_id, **names)
    return voice._("Please call {owner} or {helpers} now: they can freeze the account with one tap.").format(
        helpers=helpers, **names
    )


def _devices(notice: LossCard, voice: Voice) -> Markup:
    more = len(notice.certificates) - _MOST_DEVICES
    return lines(
        *(_device(certificate, voice) for certificate in notice.certificates[:_MOST_DEVICES]),
        voice.many("and {n} more", "and {n} more", more) if more > 0 else None,
    )


def _device(certificate: Certificate, voice: Voice) -> Markup:
    state = {
        State.REVOKING: voice.either(admin="being revoked…", member="being blocked…"),
        State.REVOKED: voice.either(admin="revoked at Cloudflare", member="blocked"),
        State.FAILED: voice.either(admin="will not be made", member="its key will not be made"),
        State.EXPIRED: voice.either(admin="expired before", member="its key had run out before"),
    }.get(certificate.state, voice._("still open"))
    return Markup("• <b>{name}</b>: {state}").format(name=certificate.device.name, state=state)


def _who_lifts(notice: LossCard, voice: Voice) -> Markup:
    loss = notice.loss
    if _keys_only(notice):
        return _keys_only_next(notice, voice)
    decided = {"by": loss.decided_by_name or "?", "at": voice.clock(loss.decided_at) if loss.decided_at else ""}
    if not notice.frozen and loss.state is not LossState.LIFTED:
        return voice._("The freeze is lifted. What was blocked stays blocked.")
    if loss.state is LossState.LIFTED:
        return voice._("{by} lifted the freeze, {at}. What was blocked stays blocked.").format(**decided)
    helpers = Markup(", ").join(notice.helpers[:_MOST_NAMED])
    if not helpers:
        return voice._(
            "⚠️ No other admin is left who could lift the freeze: only whoever has the server can, with <code>latchkey unfreeze {id}</code>"
        ).format(id=notice.owner.telegram_id)
    if loss.state is LossState.STAYS:
        return voice._("{by} says, {at}: the freeze stays.").format(**decided)
    if notice.reader is LossReader.ADMIN:
        return voice._(
            "Was Telegram <b>not</b> on that phone? Ask {owner} in person, not in Telegram; then one tap ends the freeze. The keys stay blocked."
        ).format(owner=notice.owner.name)
    return voice._("The freeze can be lifted by {helpers}, or by whoever has the server.").format(helpers=helpers)


def _in_telegram(notice: LossCard, voice: Voice) -> Markup:
    if notice.reader is LossReader.OWNER:
        return voice._(
            "<b>Next, in Telegram</b> on a device you still have: <i>Settings › Devices</i>, tap the lost phone, <i>Terminate Session</i>."
        )
    return voice._(
        "Please tell {owner}: in Telegram on a device they still have, <i>Settings › Devices</i>, tap the lost phone, <i>Terminate Session</i>."
    ).format(owner=notice.owner.name)


def _when(notice: LossCard, voice: Voice) -> Markup | None:
    if notice.reader is LossReader.OWNER:
        return voice._("When did you last have it?") if notice.since is None and not _keys_only(notice) else None
    if notice.reader is LossReader.ADMIN:
        return voice._("When did {owner} last have it? The list begins there.").format(owner=notice.owner.name)
    return None


def _decisions(notice: LossCard, voice: Voice) -> Rows:
    if _keys_only(notice) and notice.reader is not LossReader.REPORTER:
        return ((_freeze_button(notice, voice),),)
    if notice.disputable:
        text = voice.label("I have it: freeze {name} too").format(name=notice.reporter_name)
        return ((Button(text=text, press=Press(Verb.DISPUTE, notice.loss.public_id), look="danger"),),)
    if notice.reader is not LossReader.ADMIN or notice.loss.state is not LossState.OPEN or not notice.frozen:
        return ()
    return (
        (
            Button(text=voice.label("Telegram was not on it"), press=Press(Verb.NOT_ON_IT, notice.loss.public_id)),
            Button(text=voice.label("Freeze stays"), press=Press(Verb.STAYS, notice.loss.public_id)),
        ),
    )


def _freeze_button(notice: LossCard, voice: Voice) -> Button:
    """A report of the same device by somebody whose report freezes: the owner, or an admin."""
    own = notice.reader is LossReader.OWNER
    if notice.loss.whole or not notice.certificates:
        press = Press(Verb.LOST_ALL, "" if own else notice.owner.public_id)
    else:
        press = Press(Verb.LOST, notice.certificates[0].public_id)
    text = (
        voice.label("It is lost: freeze my account")
        if own
        else voice.label("Freeze {name}'s account").format(name=notice.owner.name)
    )
    return Button(text=text, press=press, look="danger")


def _times(notice: LossCard, voice: Voice) -> Rows:
    if notice.reader is LossReader.REPORTER or (notice.reader is LossReader.OWNER and _keys_only(notice)):
        return ()
    labels = {
        LastHeld.JUST_NOW: voice.label("Just now"),
        LastHeld.AN_HOUR: voice.label("An hour ago"),
        LastHeld.THIS_MORNING: voice.label("This morning"),
        LastHeld.YESTERDAY: voice.label("Yesterday"),
        LastHeld.EARLIER: voice.label("Earlier"),
    }
    buttons = tuple(
        Button(text=label, press=Press(Verb.LAST_HELD, notice.loss.public_id, said.value))
        for said, label in labels.items()
    )
    return (buttons[:3], buttons[3:])

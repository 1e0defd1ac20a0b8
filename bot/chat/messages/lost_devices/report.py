"""A phone is lost: what is done, who may lift it, and what its account did meanwhile."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.certificates.revoke import about_the_door
from bot.chat.messages.lost_devices import activity
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.certificates.certificates import Certificate, State
from bot.model.lost_devices import LastSeen, LossCard, LossChanged, LossReader, LossState, Reported

_MAX_DEVICES = 10
_MAX_NAMED = 3
Rows = tuple[tuple[Button, ...], ...]


def reported(result: Reported, locale: Locale) -> str:
    """The toast under the tap."""
    if result.already:
        return locale.label("That is reported already; here is how it goes.")
    if result.loss.state is LossState.KEYS_ONLY:
        return locale.label("Blocking… {name} is an admin: the account itself is not frozen by your report.").format(
            name=result.owner.name
        )
    return locale.label("{name} is frozen; blocking…").format(name=result.owner.name)


def rest_taken_back(result: LossChanged, locale: Locale) -> str:
    """The toast under *Revoke these too*."""
    if not result.count:
        return locale.label("Nothing is ticked: nothing was changed.")
    return locale.label("Taken back: {n}").format(n=locale.number(result.count))


def lifted(result: LossChanged, locale: Locale) -> str:
    """The toast under *Telegram was not on it*."""
    return locale.label("{name} is no longer frozen. The keys stay blocked.").format(name=result.owner.name)


def stays(result: LossChanged, locale: Locale) -> str:
    """The toast under *Freeze stays*."""
    return locale.label("{name} stays frozen. /people lifts it later.").format(name=result.owner.name)


def disputed(locale: Locale) -> str:
    """The toast under *I have it*."""
    return locale.label("Noted. Both accounts stay frozen until an admin has looked.")


def card(notice: LossCard, locale: Locale) -> Message:
    """A report, as this reader sees it."""
    return Message(
        html=paragraphs(
            _head(notice, locale),
            _devices(notice, locale),
            about_the_door(notice.lock, notice.turned, len(notice.certificates), locale)
            if notice.certificates
            else None,
            _who_lifts(notice, locale),
            _in_telegram(notice, locale) if _is_taken_as_lost(notice) else None,
            activity.traces(notice, locale),
            _when(notice, locale),
        ),
        rows=_decisions(notice, locale) + activity.ticks(notice, locale) + _times(notice, locale),
    )


def _head(notice: LossCard, locale: Locale) -> Markup:
    if _keys_only(notice):
        return _keys_only_head(notice, locale)
    if not notice.frozen:
        text = locale._("The lost phone of <b>{owner}</b>, reported {at}:")
    elif notice.reader is LossReader.OWNER and notice.reported_by_reader:
        text = locale._(
            "🔴 <b>Your account here is frozen</b>, for whoever has that phone has your Telegram too: it can look and block, and gets nothing from me."
        )
    elif notice.reader is LossReader.OWNER:
        text = locale._(
            "🔴 <b>{reporter} reported your phone as lost.</b> So your account here is frozen: it can look and block, and gets nothing from me."
        )
    elif notice.reported_by_reader:
        text = locale._("🔴 Thank you. <b>{owner}</b>'s account here is frozen and gets nothing from me.")
    elif notice.loss.reported_by == notice.owner.id:
        text = locale._(
            "🔴 <b>{owner} has lost a phone.</b> The account is frozen: whoever has it gets nothing from me."
        )
    else:
        text = locale._(
            "🔴 <b>{reporter} reports that {owner} has lost a phone.</b> The account is frozen: whoever has it gets nothing from me."
        )
    at = locale.clock(notice.loss.reported_at)
    return text.format(owner=notice.owner.name, reporter=notice.reporter_name, at=at)


def _is_taken_as_lost(notice: LossCard) -> bool:
    return notice.loss.state is not LossState.LIFTED and not _keys_only(notice)


def _keys_only(notice: LossCard) -> bool:
    """Whether the account is as it was: it was reported by somebody who may not freeze it."""
    return notice.loss.state is LossState.KEYS_ONLY and not notice.frozen


def _keys_only_head(notice: LossCard, locale: Locale) -> Markup:
    if notice.reader is LossReader.OWNER:
        text = locale._(
            "🔴 <b>{reporter} reported your phone as lost.</b> What is listed here is blocked. You are an admin, so your account goes on as before."
        )
    elif notice.reported_by_reader:
        text = locale._(
            "🔴 Thank you: I block what is listed here. <b>{owner}</b> is an admin, so your report does not freeze the account itself."
        )
    else:
        text = locale._(
            "🔴 <b>{reporter} reports that {owner} has lost a phone.</b> What is listed here is blocked. {owner} is an admin, so the account is <b>not frozen</b>."
        )
    return text.format(owner=notice.owner.name, reporter=notice.reporter_name)


def _keys_only_next(notice: LossCard, locale: Locale) -> Markup:
    names = {"owner": notice.owner.name, "reporter": notice.reporter_name}
    if notice.reader is LossReader.OWNER:
        return locale._(
            "Is it lost? Then freeze your account with the button below: your Telegram was on that phone. Is it not? Make yourself a new key, and talk to {reporter}; /people can freeze their account."
        ).format(**names)
    if notice.reader is LossReader.ADMIN:
        return locale._(
            "Ask {owner} in person, not in Telegram. Is the phone lost? Then freeze the account with the button below. Is it not? /people can freeze {reporter}'s account instead."
        ).format(**names)
    helpers = Markup(", ").join(notice.helpers[:_MAX_NAMED])
    if not helpers:
        return locale._(
            "Please call {owner} now: only they themself, or whoever has the server, can freeze the account, with <code>latchkey freeze {id}</code>"
        ).format(id=notice.owner.telegram_id, **names)
    return locale._("Please call {owner} or {helpers} now: they can freeze the account with one tap.").format(
        helpers=helpers, **names
    )


def _devices(notice: LossCard, locale: Locale) -> Markup:
    more = len(notice.certificates) - _MAX_DEVICES
    return lines(
        *(_device(certificate, locale) for certificate in notice.certificates[:_MAX_DEVICES]),
        locale.many("and {n} more", "and {n} more", more) if more > 0 else None,
    )


def _device(certificate: Certificate, locale: Locale) -> Markup:
    state = {
        State.REVOKING: locale.either(admin="being revoked…", member="being blocked…"),
        State.REVOKED: locale.either(admin="revoked at Cloudflare", member="blocked"),
        State.FAILED: locale.either(admin="will not be made", member="its key will not be made"),
        State.EXPIRED: locale.either(admin="expired before", member="its key had run out before"),
    }.get(certificate.state, locale._("still open"))
    return Markup("• <b>{name}</b>: {state}").format(name=certificate.device.name, state=state)


def _who_lifts(notice: LossCard, locale: Locale) -> Markup:
    loss = notice.loss
    if _keys_only(notice):
        return _keys_only_next(notice, locale)
    decided = {"by": loss.decided_by_name or "?", "at": locale.clock(loss.decided_at) if loss.decided_at else ""}
    if not notice.frozen and loss.state is not LossState.LIFTED:
        return locale._("The freeze is lifted. What was blocked stays blocked.")
    if loss.state is LossState.LIFTED:
        return locale._("{by} lifted the freeze, {at}. What was blocked stays blocked.").format(**decided)
    helpers = Markup(", ").join(notice.helpers[:_MAX_NAMED])
    if not helpers:
        return locale._(
            "⚠️ No other admin is left who could lift the freeze: only whoever has the server can, with <code>latchkey unfreeze {id}</code>"
        ).format(id=notice.owner.telegram_id)
    if loss.state is LossState.STAYS:
        return locale._("{by} says, {at}: the freeze stays.").format(**decided)
    if notice.reader is LossReader.ADMIN:
        return locale._(
            "Was Telegram <b>not</b> on that phone? Ask {owner} in person, not in Telegram; then one tap ends the freeze. The keys stay blocked."
        ).format(owner=notice.owner.name)
    return locale._("The freeze can be lifted by {helpers}, or by whoever has the server.").format(helpers=helpers)


def _in_telegram(notice: LossCard, locale: Locale) -> Markup:
    if notice.reader is LossReader.OWNER:
        return locale._(
            "<b>Next, in Telegram</b> on a device you still have: <i>Settings › Devices</i>, tap the lost phone, <i>Terminate Session</i>."
        )
    return locale._(
        "Please tell {owner}: in Telegram on a device they still have, <i>Settings › Devices</i>, tap the lost phone, <i>Terminate Session</i>."
    ).format(owner=notice.owner.name)


def _when(notice: LossCard, locale: Locale) -> Markup | None:
    if notice.reader is LossReader.OWNER:
        return locale._("When did you last have it?") if notice.since is None and not _keys_only(notice) else None
    if notice.reader is LossReader.ADMIN:
        return locale._("When did {owner} last have it? The list begins there.").format(owner=notice.owner.name)
    return None


def _decisions(notice: LossCard, locale: Locale) -> Rows:
    if _keys_only(notice) and notice.reader is not LossReader.REPORTER:
        return ((_freeze_button(notice, locale),),)
    if notice.disputable:
        text = locale.label("I have it: freeze {name} too").format(name=notice.reporter_name)
        return (
            (Button(text=text, callback=CallbackData(CallbackAction.DISPUTE, notice.loss.public_id), look="danger"),),
        )
    if notice.reader is not LossReader.ADMIN or notice.loss.state is not LossState.OPEN or not notice.frozen:
        return ()
    return (
        (
            Button(
                text=locale.label("Telegram was not on it"),
                callback=CallbackData(CallbackAction.NOT_ON_IT, notice.loss.public_id),
            ),
            Button(
                text=locale.label("Freeze stays"), callback=CallbackData(CallbackAction.STAYS, notice.loss.public_id)
            ),
        ),
    )


def _freeze_button(notice: LossCard, locale: Locale) -> Button:
    """A report of the same device by somebody whose report freezes: the owner, or an admin."""
    own = notice.reader is LossReader.OWNER
    if notice.loss.whole or not notice.certificates:
        press = CallbackData(CallbackAction.LOST_ALL, "" if own else notice.owner.public_id)
    else:
        press = CallbackData(CallbackAction.LOST, notice.certificates[0].public_id)
    text = (
        locale.label("It is lost: freeze my account")
        if own
        else locale.label("Freeze {name}'s account").format(name=notice.owner.name)
    )
    return Button(text=text, callback=press, look="danger")


def _times(notice: LossCard, locale: Locale) -> Rows:
    if notice.reader is LossReader.REPORTER or (notice.reader is LossReader.OWNER and _keys_only(notice)):
        return ()
    labels = {
        LastSeen.JUST_NOW: locale.label("Just now"),
        LastSeen.AN_HOUR: locale.label("An hour ago"),
        LastSeen.THIS_MORNING: locale.label("This morning"),
        LastSeen.YESTERDAY: locale.label("Yesterday"),
        LastSeen.EARLIER: locale.label("Earlier"),
    }
    buttons = tuple(
        Button(text=label, callback=CallbackData(CallbackAction.LAST_HELD, notice.loss.public_id, said.value))
        for said, label in labels.items()
    )
    return (buttons[:3], buttons[3:])

"""What admins changed about somebody, as it is told to them and to the other admins."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message
from bot.model.household_notices import LooksLike
from bot.model.people.changes import PersonChange, PersonChanged

_MAX_HELPERS = 3


def changed(notice: PersonChanged, locale: Locale) -> Message:
    """What was changed about somebody: to them, or to the other admins."""
    texts = _TO_THEM if notice.own else _TO_ADMINS
    by = notice.by_name if notice.by_name is not None else locale.label("Latchkey")
    html = texts[notice.change](locale).format(
        name=notice.name,
        by=by,
        until=locale.day(notice.until) if notice.until is not None else "?",
        limit=notice.limit if notice.limit is not None else "?",
        helpers=Markup(", ").join(notice.helpers[:_MAX_HELPERS]) or locale._("whoever has the server"),
    )
    return Message(html=html)


_TO_THEM: dict[PersonChange, Callable[[Locale], Markup]] = {
    PersonChange.TRUSTED: lambda voice: voice._(
        "{by} trusts you with your own devices: <code>/newcert tablet</code> now makes a key at once, without asking."
    ),
    PersonChange.NOT_TRUSTED: lambda voice: voice._(
        "From now on I ask the admins before I make you a key. Your devices keep working."
    ),
    PersonChange.LIMIT: lambda voice: voice._(
        "{by} set how many devices you may have: {limit}. /devices shows those you have."
    ),
    PersonChange.LIMIT_AS_EVERYBODY: lambda voice: voice._(
        "{by} set how many devices you may have: as many as everybody here. /devices shows those you have."
    ),
    PersonChange.ENDS: lambda voice: voice._(
        "{by} set your time here until {until}. Until then nothing changes; ask {by} if you need longer."
    ),
    PersonChange.NO_END: lambda voice: voice._("Your time here has no end any more. Nothing else changes."),
    PersonChange.MADE_ADMIN: lambda voice: voice._(
        "{by} made you an admin: you decide with the others who gets in. /help shows what you can do."
    ),
    PersonChange.UNMADE_ADMIN: lambda voice: voice._(
        "You are a member now, no longer an admin. Your devices keep working; /help shows what you can do."
    ),
    PersonChange.FROZEN: lambda voice: voice._(
        "{by} froze your account: you can look, block your own devices and report a lost phone, nothing else. What was on its way to you is taken back. Please talk to {by}."
    ),
    PersonChange.UNFROZEN: lambda voice: voice._(
        "{by} lifted the freeze: your account is as before. What was taken back stays so; ask for a new key when you need one."
    ),
    PersonChange.ENDED: lambda voice: voice._(
        "Your time here is over, so your account is frozen: you can look and block your own devices, nothing else. If you need longer, ask {helpers}."
    ),
    PersonChange.BLOCKED: lambda voice: voice._(
        "{by} ended your access here. Your keys are being blocked, and I will not answer any more."
    ),
    PersonChange.REMOVED: lambda voice: voice._(
        "{by} ended your access here. Your keys are being blocked; you may delete them from your devices. If that surprises you, talk to {by}."
    ),
    PersonChange.TAKEN_BACK: lambda voice: voice._("{by} took you back. /start shows what you can do."),
    PersonChange.YES_WITHDRAWN: lambda voice: voice._(
        "{by} took the yes to your key back, to be safe: the phone it came from is lost. If you still need the key, please ask again: /newcert"
    ),
    PersonChange.MANY_REPORTS: lambda voice: voice._(
        "You reported several people's phones as lost within an hour. What you reported is blocked; to be safe, your own account is frozen too until an admin has looked. Please call {helpers}."
    ),
    PersonChange.DISPUTED: lambda voice: voice._(
        "{by} says that the phone you reported was never lost. So your account is frozen too until an admin has looked: you can look, block your own devices and report a lost phone. Please call {helpers}."
    ),
    PersonChange.END_PUT_OFF: lambda voice: voice._(
        "Your time here would be over, but you are the only admin who can act. So it goes on until {until}. Please make somebody else an admin: /people"
    ),
}
_TO_ADMINS: dict[PersonChange, Callable[[Locale], Markup]] = {
    PersonChange.TRUSTED: lambda voice: voice._("{by} trusts <b>{name}</b> with own devices."),
    PersonChange.NOT_TRUSTED: lambda voice: voice._("{by} no longer trusts <b>{name}</b> with own devices."),
    PersonChange.LIMIT: lambda voice: voice._("{by} set how many devices <b>{name}</b> may have: {limit}."),
    PersonChange.LIMIT_AS_EVERYBODY: lambda voice: voice._(
        "{by} set how many devices <b>{name}</b> may have: as many as everybody."
    ),
    PersonChange.ENDS: lambda voice: voice._("{by} set an end for <b>{name}</b>: {until}."),
    PersonChange.NO_END: lambda voice: voice._("{by} took the end date of <b>{name}</b> away."),
    PersonChange.MADE_ADMIN: lambda voice: voice._("{by} made <b>{name}</b> an admin."),
    PersonChange.UNMADE_ADMIN: lambda voice: voice._("{by} made <b>{name}</b> a member, no longer an admin."),
    PersonChange.FROZEN: lambda voice: voice._("{by} froze <b>{name}</b>. /people shows the card."),
    PersonChange.UNFROZEN: lambda voice: voice._("{by} lifted the freeze of <b>{name}</b>."),
    PersonChange.ENDED: lambda voice: voice._(
        "The time of <b>{name}</b> is over: the account is frozen, its certificates still work. /people removes them or gives more time."
    ),
    PersonChange.BLOCKED: lambda voice: voice._(
        "{by} blocked <b>{name}</b>; every certificate of theirs is revoked or being revoked."
    ),
    PersonChange.REMOVED: lambda voice: voice._(
        "{by} removed <b>{name}</b>; every certificate of theirs is revoked or being revoked."
    ),
    PersonChange.TAKEN_BACK: lambda voice: voice._("{by} took <b>{name}</b> back."),
    PersonChange.YES_WITHDRAWN: lambda voice: voice._(
        "{by} took a yes to <b>{name}</b> back: it came from a lost phone."
    ),
    PersonChange.MANY_REPORTS: lambda voice: voice._(
        "🔴 <b>{name}</b> reported several people's phones as lost within an hour. To be safe, that account is frozen too. Please ask them in person; /people shows the card and lifts the freeze."
    ),
    PersonChange.DISPUTED: lambda voice: voice._(
        "🔴 {by} says that the phone which <b>{name}</b> reported was never lost. Both accounts are frozen now: one of the two is in the wrong hands, or it was a mistake. Please ask both in person; /people lifts a freeze."
    ),
    PersonChange.END_PUT_OFF: lambda voice: voice._(
        "The time of <b>{name}</b> would be over, but nobody else is left who can act as an admin. So it goes on until {until}."
    ),
}


def looks_like(notice: LooksLike, locale: Locale) -> Message:
    """Somebody took a name that looks like somebody else's."""
    person = notice.person
    show = Button(
        text=locale.label("Show {name}").format(name=person.name),
        callback=CallbackData(CallbackAction.PERSON, person.public_id),
    )
    return Message(
        html=locale._(
            "⚠️ {who} now goes by the name <b>{name}</b> in Telegram. That looks like {known}, but it is <b>another account</b>. Please ask {who} about it."
        ).format(who=notice.before, name=person.name, known=notice.known),
        rows=((show,),),
    )

"""Asking and deciding: the asker's message, the admins' cards, and how each of them ends."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.notices import (
    NobodyDecided,
    PermissionLapsed,
    Reminded,
    RequestCard,
    RequestWaiting,
    SaidNo,
    SaidYes,
)
from bot.model.people import Role, Standing
from bot.model.requests import Request, RequestKind, RequestState
from bot.model.results import LineTaken, ReasonTaken, RequestDecided, RequestReminded, RequestWithdrawn

_MOST_ADMINS_NAMED = 3


def card(notice: RequestCard, voice: Voice) -> Message:
    """What admins see of a request, before and after the decision."""
    request = notice.request
    ended = _ended(request, voice)
    return Message(
        html=paragraphs(
            _head(request, voice),
            lines(
                _who(notice, voice),
                voice._("They say: “{line}”").format(line=request.line) if request.line else None,
                _came_by(request, voice),
                _resembles(notice, voice),
            ),
            lines(ended, _reason(request, voice)) if ended else _until(request, voice),
        ),
        rows=_after(notice, voice) if ended else _choices(request, voice),
    )


def _head(request: Request, voice: Voice) -> Markup:
    if request.kind is RequestKind.COME_IN:
        return voice._("<b>{name}</b> asks to come in.").format(name=request.person.name)
    return voice._("<b>{name}</b> asks for a certificate for <b>{device}</b>.").format(
        name=request.person.name, device=request.device_name or "?"
    )


def _who(notice: RequestCard, voice: Voice) -> Markup:
    person = notice.request.person
    if notice.request.kind is RequestKind.DEVICE:
        if not notice.held:
            return voice._("They have no device yet.")
        return voice._("Devices they have: {held}").format(held=notice.held)
    return lines(
        voice._("Telegram id <code>{id}</code>, language {language}").format(
            id=person.telegram_id, language=person.language
        ),
        voice._("First seen today.") if notice.first_seen else None,
    )


def _came_by(request: Request, voice: Voice) -> Markup | None:
    if request.came_by is None or request.invited_by is None:
        return None
    return voice._("Came by the link that {maker} made for “{label}”.").format(
        maker=request.invited_by, label=request.came_by
    )


def _resembles(notice: RequestCard, voice: Voice) -> Markup | None:
    if notice.resembles is None or notice.request.kind is RequestKind.DEVICE:
        return None
    return voice._("⚠️ The name looks like {known}, whom you know, but it is <b>another account</b>.").format(
        known=notice.resembles
    )


def _until(request: Request, voice: Voice) -> Markup:
    return voice._("Waits until {until}. To give a reason for a no, reply to this message first.").format(
        until=voice.clock(request.expires_at)
    )


def _choices(request: Request, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    coming = request.kind is RequestKind.COME_IN
    yes = voice.label("Let in") if coming else voice.label("Approve")
    no = Button(text=voice.label("Deny"), press=Press(Verb.DENY, request.public_id))
    block = Button(text=voice.label("Block"), press=Press(Verb.BLOCK, request.public_id), look="danger")
    return (
        (Button(text=yes, press=Press(Verb.LET_IN, request.public_id), look="success"),),
        (no, block) if coming else (no,),
    )


def _after(notice: RequestCard, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    request, person = notice.request, notice.request.person
    let_in = request.state in {RequestState.APPROVED, RequestState.USED, RequestState.LAPSED}
    may = person.role is Role.MEMBER and person.standing is Standing.OK and not person.trusted
    if request.kind is not RequestKind.COME_IN or not let_in or not may:
        return ()
    label = voice.label("Trust with own devices")
    return ((Button(text=label, press=Press(Verb.TRUST_ASKER, request.public_id)),),)


def _ended(request: Request, voice: Voice) -> Markup | None:
    words: Callable[[Voice], Markup] | None = _ENDS.get((request.kind, request.state)) or _ENDS_EITHER.get(
        request.state
    )
    if words is None:
        return None
    return words(voice).format(
        admin=request.decided_by_name or "?",
        name=request.person.name,
        device=request.device_name or "?",
        at=voice.clock(request.decided_at) if request.decided_at else "",
        until=voice.clock(request.permission_until) if request.permission_until else "",
    )


_ENDS: dict[tuple[RequestKind, RequestState], Callable[[Voice], Markup]] = {
    (RequestKind.COME_IN, RequestState.APPROVED): lambda v: v._("{admin} let {name} in, {at}."),
    (RequestKind.COME_IN, RequestState.USED): lambda v: v._("{admin} let {name} in, {at}."),
    (RequestKind.COME_IN, RequestState.LAPSED): lambda v: v._("{admin} let {name} in, {at}. No key was made."),
    (RequestKind.DEVICE, RequestState.APPROVED): lambda v: v._(
        "{admin} said yes, {at}. {name} can get it until {until}."
    ),
    (RequestKind.DEVICE, RequestState.USED): lambda v: v._("{admin} said yes, {at}. {name} has got it."),
    (RequestKind.DEVICE, RequestState.LAPSED): lambda v: v._("{admin} said yes, {at}, but it was not used in time."),
}
_ENDS_EITHER: dict[RequestState, Callable[[Voice], Markup]] = {
    RequestState.DENIED: lambda v: v._("{admin} said no, {at}."),
    RequestState.BLOCKED: lambda v: v._("{admin} blocked {name}, {at}."),
    RequestState.EXPIRED: lambda v: v._("Nobody decided in time."),
    RequestState.WITHDRAWN: lambda v: v._("Taken back."),
}


def _reason(request: Request, voice: Voice) -> Markup | None:
    if request.reason is None or request.state is not RequestState.DENIED:
        return None
    return voice._("Reason: “{reason}”").format(reason=request.reason)


def waiting(notice: RequestWaiting, voice: Voice) -> Message:
    """What the asker sees of the own request, before and after the decision."""
    request = notice.request
    ended = _ended(request, voice)
    if ended is not None:
        return Message(html=paragraphs(_asked_for(request, voice), ended))
    return Message(
        html=paragraphs(
            _asked_for(request, voice),
            voice._("I have asked {admins}. You hear from me here, by {until} at the latest.").format(
                admins=_admins(notice.admins, voice), until=voice.clock(request.expires_at)
            ),
            voice._("If you like, write me one line about who you are: they see it too.")
            if request.kind is RequestKind.COME_IN and request.line is None
            else None,
        ),
        rows=(_own_buttons(request, voice),),
    )


def _asked_for(request: Request, voice: Voice) -> Markup:
    if request.kind is RequestKind.COME_IN:
        return voice._("You ask to come in.")
    return voice._("You ask for a key for <b>{device}</b>.").format(device=request.device_name or "?")


def _own_buttons(request: Request, voice: Voice) -> tuple[Button, ...]:
    back = Button(text=voice.label("Take it back"), press=Press(Verb.WITHDRAW, request.public_id))
    if request.reminded_at is not None:
        return (back,)
    return Button(text=voice.label("Remind them"), press=Press(Verb.REMIND, request.public_id)), back


def _admins(names: tuple[str, ...], voice: Voice) -> Markup:
    if not names:
        return voice._("the admins")
    shown = Markup(", ").join(names[:_MOST_ADMINS_NAMED])
    more = len(names) - _MOST_ADMINS_NAMED
    return shown if more <= 0 else voice._("{admins} and {more} more").format(admins=shown, more=more)


def said_yes(notice: SaidYes, voice: Voice) -> Message:
    """An admin said yes to another device."""
    request = notice.request
    until = voice.clock(request.permission_until) if request.permission_until else ""
    return Message(
        html=voice._(
            "{admin} said yes to <b>{device}</b>. Tap when you hold it in your hand; that works until {until}."
        ).format(admin=request.decided_by_name or "?", device=request.device_name or "?", until=until),
        rows=((Button(text=voice.label("Get it now"), press=Press(Verb.RESUME, request.public_id), look="primary"),),),
    )


def said_no(notice: SaidNo, voice: Voice) -> Message:
    """An admin said no."""
    request = notice.request
    what = (
        voice._("{admin} said no: you cannot come in now.")
        if request.kind is RequestKind.COME_IN
        else voice._("{admin} said no to <b>{device}</b>.")
    )
    return Message(
        html=lines(
            what.format(admin=request.decided_by_name or "?", device=request.device_name or "?"),
            _reason(request, voice),
            voice._("Please talk to them if that surprises you."),
        )
    )


def nobody_decided(notice: NobodyDecided, voice: Voice) -> Message:
    """Time is up without a decision."""
    return Message(
        html=paragraphs(
            _asked_for(notice.request, voice),
            voice._("Nobody has answered in time. You can ask once more."),
        ),
        rows=(_again(notice.request, voice),),
    )


def permission_lapsed(notice: PermissionLapsed, voice: Voice) -> Message:
    """A permission was not used in time."""
    request = notice.request
    if request.device_name is None:
        return Message(
            html=voice._("The key you were allowed was not made in time. /newcert asks for one when you need it.")
        )
    return Message(
        html=voice._("The key for <b>{device}</b> was not made in time. You can ask once more.").format(
            device=request.device_name
        ),
        rows=(_again(request, voice),),
    )


def _again(request: Request, voice: Voice) -> tuple[Button, ...]:
    return (Button(text=voice.label("Ask again"), press=Press(Verb.ASK_AGAIN, request.public_id), look="primary"),)


def reminder(notice: Reminded, voice: Voice) -> Message:
    """The admins are reminded; the card follows."""
    return Message(
        html=voice._("{name} still waits for an answer; here is the card once more.").format(
            name=notice.request.person.name
        ),
        quiet=True,
    )


def reason_taken(result: ReasonTaken, voice: Voice) -> Message:
    """The admin's reply became the reason."""
    if result.sent:
        return Message(html=voice._("I told {name}.").format(name=result.request.person.name))
    return Message(html=voice._("Noted. Tap <b>Deny</b> and I pass it on; any other tap forgets it."))


def line_taken(result: LineTaken, voice: Voice) -> Message:
    """The asker's line is on the cards."""
    return Message(
        html=voice._("Thank you, they see “{line}” now. I write here.").format(line=result.request.line or "")
    )


def asked(voice: Voice) -> str:
    """The toast after asking."""
    return voice.label("I am asking…")


def withdrawn(result: RequestWithdrawn, voice: Voice) -> str:
    """The toast after taking back."""
    del result
    return voice.label("Taken back.")


def reminded(result: RequestReminded, voice: Voice) -> str:
    """The toast after a reminder."""
    del result
    return voice.label("I am reminding them.")


def decided(result: RequestDecided, voice: Voice) -> str:
    """The toast after a decision."""
    name = result.request.person.name
    match result.request.state:
        case RequestState.APPROVED:
            return voice.label("{name} hears it from me now.").format(name=name)
        case RequestState.BLOCKED:
            return voice.label("{name} is blocked: I hear nothing of them any more.").format(name=name)
        case _:
            return voice.label("I tell {name}. Reply to the card to add a reason.").format(name=name)


def trusted(result: RequestDecided, voice: Voice) -> str:
    """The toast after trusting somebody."""
    return voice.label("{name} may now add own devices, two a day; you hear of each.").format(
        name=result.request.person.name
    )

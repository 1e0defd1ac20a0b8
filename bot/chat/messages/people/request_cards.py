"""Deciding: the admins' cards, and how each of them ends."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.people.people import Role, Standing
from bot.model.people.request_notices import Reminded, RequestCard
from bot.model.people.requests import Request, RequestKind, RequestState
from bot.model.results import ReasonTaken, RequestDecided


def card(notice: RequestCard, locale: Locale) -> Message:
    """What admins see of a request, before and after the decision."""
    request = notice.request
    end = ended(request, locale)
    return Message(
        html=paragraphs(
            _head(request, locale),
            lines(
                _who(notice, locale),
                locale._("They say: “{line}”").format(line=request.line) if request.line else None,
                came_by(request, locale),
                resembles(notice.resembles, locale),
            ),
            lines(end, reason(request, locale)) if end else _until(request, locale),
        ),
        rows=_after(notice, locale) if end else _choices(request, locale),
    )


def _head(request: Request, locale: Locale) -> Markup:
    if request.kind is RequestKind.COME_IN:
        return locale._("<b>{name}</b> asks to come in.").format(name=request.person.name)
    return locale._("<b>{name}</b> asks for a certificate for <b>{device}</b>.").format(
        name=request.person.name, device=request.device_name or "?"
    )


def _who(notice: RequestCard, locale: Locale) -> Markup:
    person = notice.request.person
    if notice.request.kind is RequestKind.DEVICE:
        if not notice.held:
            return locale._("They have no device yet.")
        return locale._("Devices they have: {held}").format(held=notice.held)
    return lines(
        locale._("Telegram id <code>{id}</code>, language {language}").format(
            id=person.telegram_id, language=person.language
        ),
        locale._("First seen today.") if notice.first_seen else None,
    )


def came_by(request: Request, locale: Locale) -> Markup | None:
    """By whose link somebody came."""
    if request.came_by is None or request.invited_by is None:
        return None
    return locale._("Came by the link that {maker} made for “{label}”.").format(
        maker=request.invited_by, label=request.came_by
    )


def resembles(known: str | None, locale: Locale) -> Markup | None:
    """That a name could be mistaken for that of somebody known."""
    if known is None:
        return None
    return locale._("⚠️ The name looks like {known}, whom you know, but it is <b>another account</b>.").format(
        known=known
    )


def _until(request: Request, locale: Locale) -> Markup:
    return locale._("Waits until {until}. To give a reason for a no, reply to this message first.").format(
        until=locale.clock(request.expires_at)
    )


def _choices(request: Request, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    coming = request.kind is RequestKind.COME_IN
    yes = locale.label("Let in") if coming else locale.label("Approve")
    no = Button(text=locale.label("Deny"), callback=CallbackData(CallbackAction.DENY, request.public_id))
    return (
        (Button(text=yes, callback=CallbackData(CallbackAction.LET_IN, request.public_id), look="success"),),
        (no, _block(request, locale)) if coming else (no,),
    )


def _block(request: Request, locale: Locale) -> Button:
    return Button(
        text=locale.label("Block"), callback=CallbackData(CallbackAction.BLOCK, request.public_id), look="danger"
    )


def _after(notice: RequestCard, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    request, person = notice.request, notice.request.person
    if request.kind is not RequestKind.COME_IN:
        return ()
    if request.ended_undecided and person.is_guest:
        return ((_block(request, locale),),)
    let_in = request.state in {RequestState.APPROVED, RequestState.USED, RequestState.LAPSED}
    may = person.role is Role.MEMBER and person.standing is Standing.OK and not person.trusted
    if not let_in or not may:
        return ()
    label = locale.label("Trust with own devices")
    return ((Button(text=label, callback=CallbackData(CallbackAction.TRUST_ASKER, request.public_id)),),)


def ended(request: Request, locale: Locale) -> Markup | None:
    """How a request ended; ``None`` while it waits."""
    words: Callable[[Locale], Markup] | None = _ENDS.get((request.kind, request.state)) or _ENDS_EITHER.get(
        request.state
    )
    if words is None:
        return None
    return words(locale).format(
        admin=request.decided_by_name or "?",
        name=request.person.name,
        device=request.device_name or "?",
        at=locale.clock(request.decided_at) if request.decided_at else "",
        until=locale.clock(request.permission_until) if request.permission_until else "",
    )


_ENDS: dict[tuple[RequestKind, RequestState], Callable[[Locale], Markup]] = {
    (RequestKind.COME_IN, RequestState.APPROVED): lambda v: v._("{admin} let {name} in, {at}."),
    (RequestKind.COME_IN, RequestState.USED): lambda v: v._("{admin} let {name} in, {at}."),
    (RequestKind.COME_IN, RequestState.LAPSED): lambda v: v._("{admin} let {name} in, {at}. No key was made."),
    (RequestKind.DEVICE, RequestState.APPROVED): lambda v: v._(
        "{admin} said yes, {at}. {name} can get it until {until}."
    ),
    (RequestKind.DEVICE, RequestState.USED): lambda v: v._("{admin} said yes, {at}. {name} has got it."),
    (RequestKind.DEVICE, RequestState.LAPSED): lambda v: v._("{admin} said yes, {at}, but it was not used in time."),
}
_ENDS_EITHER: dict[RequestState, Callable[[Locale], Markup]] = {
    RequestState.DENIED: lambda v: v._("{admin} said no, {at}."),
    RequestState.BLOCKED: lambda v: v._("{admin} blocked {name}, {at}."),
    RequestState.EXPIRED: lambda v: v._("Nobody decided in time."),
    RequestState.WITHDRAWN: lambda v: v._("Taken back."),
}


def reason(request: Request, locale: Locale) -> Markup | None:
    """The reason of a no, where one was given."""
    if request.reason is None or request.state is not RequestState.DENIED:
        return None
    return locale._("Reason: “{reason}”").format(reason=request.reason)


def reminder(notice: Reminded, locale: Locale) -> Message:
    """The admins are reminded; the card follows."""
    return Message(
        html=locale._("{name} still waits for an answer; here is the card once more.").format(
            name=notice.request.person.name
        ),
        quiet=True,
    )


def reason_taken(result: ReasonTaken, locale: Locale) -> Message:
    """The admin's reply became the reason."""
    if result.sent:
        return Message(html=locale._("I told {name}.").format(name=result.request.person.name))
    return Message(html=locale._("Noted. Tap <b>Deny</b> and I pass it on; any other tap forgets it."))


def decided(result: RequestDecided, locale: Locale) -> str:
    """The toast after a decision."""
    name = result.request.person.name
    match result.request.state:
        case RequestState.APPROVED:
            return locale.label("{name} hears it from me now.").format(name=name)
        case RequestState.BLOCKED:
            return locale.label("{name} is blocked: I hear nothing of them any more.").format(name=name)
        case _:
            return locale.label("I tell {name}. A reply to the card is passed on as the reason.").format(name=name)


def trusted(result: RequestDecided, locale: Locale) -> str:
    """The toast after trusting somebody."""
    return locale.label("{name} may now add own devices, two a day; you hear of each.").format(
        name=result.request.person.name
    )

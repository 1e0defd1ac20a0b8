"""Asking: what somebody sees of the own request, and how it ends. In a relative's words."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.chat.messages.people.request_cards import reason
from bot.model.people.request_notices import NobodyDecided, PermissionLapsed, Reach, RequestWaiting, SaidNo, SaidYes
from bot.model.people.requests import Request, RequestKind, RequestState
from bot.model.results import LineTaken, RequestReminded, RequestWithdrawn

_MAX_ADMINS_NAMED = 3


def waiting(notice: RequestWaiting, locale: Locale) -> Message:
    """What the asker sees of the own request, before and after the decision."""
    request = notice.request
    end = _own_end(request, locale)
    if end is not None:
        return Message(html=lines(_asked_for(request, locale), end))
    return Message(
        html=paragraphs(
            _asked_for(request, locale),
            _reach(notice, locale),
            locale._("If you like, write me one line about who you are: they see it too.")
            if request.kind is RequestKind.COME_IN and request.line is None
            else None,
        ),
        rows=(_own_buttons(request, locale),),
    )


def _reach(notice: RequestWaiting, locale: Locale) -> Markup:
    """Whom it has reached. Who lives here is nothing for somebody who is not in yet."""
    request, until = notice.request, locale.clock(notice.request.expires_at)
    if notice.reach is Reach.NOBODY:
        return locale._(
            "⚠️ I could not reach anybody: nobody who decides can get messages from me just now. Please tell them in person that you are asking. Your request waits here until {until}, and is shown to them once they open our chat."
        ).format(until=until)
    if notice.reach is Reach.UNDER_WAY:
        return locale._(
            "I am passing that on; this message says so once somebody has it. Your request waits until {until}."
        ).format(until=until)
    return locale._("I have asked {admins}. You hear from me here, by {until} at the latest.").format(
        admins=_admins(() if request.kind is RequestKind.COME_IN else notice.admins, locale), until=until
    )


def _own_end(request: Request, locale: Locale) -> Markup | None:
    words: Callable[[Locale], Markup] | None = _ENDS.get((request.kind, request.state)) or _ENDS_EITHER.get(
        request.state
    )
    if words is None:
        return None
    return words(locale).format(
        admin=request.decided_by_name or "?", at=locale.clock(request.decided_at) if request.decided_at else ""
    )


_ENDS: dict[tuple[RequestKind, RequestState], Callable[[Locale], Markup]] = {
    (RequestKind.COME_IN, RequestState.APPROVED): lambda v: v._("{admin} let you in, {at}."),
    (RequestKind.COME_IN, RequestState.USED): lambda v: v._("{admin} let you in, {at}."),
    (RequestKind.COME_IN, RequestState.LAPSED): lambda v: v._("{admin} let you in, {at}."),
    (RequestKind.COME_IN, RequestState.DENIED): lambda v: v._("The answer was no."),
    (RequestKind.DEVICE, RequestState.APPROVED): lambda v: v._("{admin} said yes, {at}."),
    (RequestKind.DEVICE, RequestState.USED): lambda v: v._("{admin} said yes, {at}."),
    (RequestKind.DEVICE, RequestState.LAPSED): lambda v: v._("{admin} said yes, {at}, but it was not used in time."),
    (RequestKind.DEVICE, RequestState.DENIED): lambda v: v._("{admin} said no, {at}."),
}
_ENDS_EITHER: dict[RequestState, Callable[[Locale], Markup]] = {
    RequestState.BLOCKED: lambda v: v._("The answer was no."),
    RequestState.EXPIRED: lambda v: v._("Nobody answered in time."),
    RequestState.WITHDRAWN: lambda v: v._("Taken back."),
}


def _asked_for(request: Request, locale: Locale) -> Markup:
    if request.kind is RequestKind.COME_IN:
        return locale._("You ask to come in.")
    return locale._("You ask for a key for <b>{device}</b>.").format(device=request.device_name or "?")


def _own_buttons(request: Request, locale: Locale) -> tuple[Button, ...]:
    back = Button(text=locale.label("Take it back"), callback=CallbackData(CallbackAction.WITHDRAW, request.public_id))
    if request.reminded_at is not None:
        return (back,)
    return Button(
        text=locale.label("Remind them"), callback=CallbackData(CallbackAction.REMIND, request.public_id)
    ), back


def _admins(names: tuple[str, ...], locale: Locale) -> Markup:
    if not names:
        return locale._("the people of this home")
    shown = Markup(", ").join(names[:_MAX_ADMINS_NAMED])
    more = len(names) - _MAX_ADMINS_NAMED
    return shown if more <= 0 else locale.many("{admins} and {n} more", "{admins} and {n} more", more, admins=shown)


def said_yes(notice: SaidYes, locale: Locale) -> Message:
    """An admin said yes to another device."""
    request = notice.request
    until = locale.clock(request.permission_until) if request.permission_until else ""
    return Message(
        html=locale._(
            "{admin} said yes to <b>{device}</b>. Tap when you hold it in your hand; that works until {until}."
        ).format(admin=request.decided_by_name or "?", device=request.device_name or "?", until=until),
        rows=(
            (
                Button(
                    text=locale.label("Get it now"),
                    callback=CallbackData(CallbackAction.RESUME, request.public_id),
                    look="primary",
                ),
            ),
        ),
    )


def said_no(notice: SaidNo, locale: Locale) -> Message:
    """An admin said no."""
    request = notice.request
    if request.kind is RequestKind.COME_IN:
        return Message(
            html=lines(
                locale._("The answer is no: you cannot come in now."),
                reason(request, locale),
                locale._("If that surprises you, please talk to whoever runs this home."),
            )
        )
    return Message(
        html=lines(
            locale._("{admin} said no to <b>{device}</b>.").format(
                admin=request.decided_by_name or "?", device=request.device_name or "?"
            ),
            reason(request, locale),
            locale._("Please talk to them if that surprises you."),
        )
    )


def nobody_decided(notice: NobodyDecided, locale: Locale) -> Message:
    """Time is up without a decision."""
    return Message(
        html=paragraphs(
            _asked_for(notice.request, locale),
            locale._("Nobody has answered in time. You can ask once more."),
        ),
        rows=(_again(notice.request, locale),),
    )


def permission_lapsed(notice: PermissionLapsed, locale: Locale) -> Message:
    """A permission was not used in time."""
    request = notice.request
    if request.device_name is None:
        return Message(
            html=locale._("The key you were allowed was not made in time. /newcert asks for one when you need it.")
        )
    return Message(
        html=locale._("The key for <b>{device}</b> was not made in time. You can ask once more.").format(
            device=request.device_name
        ),
        rows=(_again(request, locale),),
    )


def _again(request: Request, locale: Locale) -> tuple[Button, ...]:
    return (
        Button(
            text=locale.label("Ask again"),
            callback=CallbackData(CallbackAction.ASK_AGAIN, request.public_id),
            look="primary",
        ),
    )


def line_taken(result: LineTaken, locale: Locale) -> Message:
    """The asker's line is on the cards."""
    return Message(
        html=locale._("Thank you, they see “{line}” now. I write here.").format(line=result.request.line or "")
    )


def asked(locale: Locale) -> str:
    """The toast after asking."""
    return locale.label("I am asking…")


def withdrawn(result: RequestWithdrawn, locale: Locale) -> str:
    """The toast after taking back."""
    del result
    return locale.label("Taken back.")


def reminded(result: RequestReminded, locale: Locale) -> str:
    """The toast after a reminder."""
    del result
    return locale.label("I am reminding them.")

"""Asking: what somebody sees of the own request, and how it ends. In a relative's words."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.messages.requests import reason
from bot.chat.press import Press, Verb
from bot.model.request_notices import (
    NobodyDecided,
    PermissionLapsed,
    Reach,
    RequestWaiting,
    SaidNo,
    SaidYes,
)
from bot.model.requests import Request, RequestKind, RequestState
from bot.model.results import LineTaken, RequestReminded, RequestWithdrawn

_MOST_ADMINS_NAMED = 3


def waiting(notice: RequestWaiting, voice: Voice) -> Message:
    """What the asker sees of the own request, before and after the decision."""
    request = notice.request
    end = _own_end(request, voice)
    if end is not None:
        return Message(html=lines(_asked_for(request, voice), end))
    return Message(
        html=paragraphs(
            _asked_for(request, voice),
            _reach(notice, voice),
            voice._("If you like, write me one line about who you are: they see it too.")
            if request.kind is RequestKind.COME_IN and request.line is None
            else None,
        ),
        rows=(_own_buttons(request, voice),),
    )


def _reach(notice: RequestWaiting, voice: Voice) -> Markup:
    """Whom it has reached. Who lives here is nothing for somebody who is not in yet."""
    request, until = notice.request, voice.clock(notice.request.expires_at)
    if notice.reach is Reach.NOBODY:
        return voice._(
            "⚠️ I could not reach anybody: nobody who decides can get messages from me just now. Please tell them in person that you are asking. Your request waits here until {until}, and is shown to them once they open our chat."
        ).format(until=until)
    if notice.reach is Reach.UNDER_WAY:
        return voice._(
            "I am passing that on; this message says so once somebody has it. Your request waits until {until}."
        ).format(until=until)
    return voice._("I have asked {admins}. You hear from me here, by {until} at the latest.").format(
        admins=_admins(() if request.kind is RequestKind.COME_IN else notice.admins, voice), until=until
    )


def _own_end(request: Request, voice: Voice) -> Markup | None:
    words: Callable[[Voice], Markup] | None = _ENDS.get((request.kind, request.state)) or _ENDS_EITHER.get(
        request.state
    )
    if words is None:
        return None
    return words(voice).format(
        admin=request.decided_by_name or "?", at=voice.clock(request.decided_at) if request.decided_at else ""
    )


_ENDS: dict[tuple[RequestKind, RequestState], Callable[[Voice], Markup]] = {
    (RequestKind.COME_IN, RequestState.APPROVED): lambda v: v._("{admin} let you in, {at}."),
    (RequestKind.COME_IN, RequestState.USED): lambda v: v._("{admin} let you in, {at}."),
    (RequestKind.COME_IN, RequestState.LAPSED): lambda v: v._("{admin} let you in, {at}."),
    (RequestKind.COME_IN, RequestState.DENIED): lambda v: v._("The answer was no."),
    (RequestKind.DEVICE, RequestState.APPROVED): lambda v: v._("{admin} said yes, {at}."),
    (RequestKind.DEVICE, RequestState.USED): lambda v: v._("{admin} said yes, {at}."),
    (RequestKind.DEVICE, RequestState.LAPSED): lambda v: v._("{admin} said yes, {at}, but it was not used in time."),
    (RequestKind.DEVICE, RequestState.DENIED): lambda v: v._("{admin} said no, {at}."),
}
_ENDS_EITHER: dict[RequestState, Callable[[Voice], Markup]] = {
    RequestState.BLOCKED: lambda v: v._("The answer was no."),
    RequestState.EXPIRED: lambda v: v._("Nobody answered in time."),
    RequestState.WITHDRAWN: lambda v: v._("Taken back."),
}


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
        return voice._("the people of this home")
    shown = Markup(", ").join(names[:_MOST_ADMINS_NAMED])
    more = len(names) - _MOST_ADMINS_NAMED
    return shown if more <= 0 else voice.many("{admins} and {n} more", "{admins} and {n} more", more, admins=shown)


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
    if request.kind is RequestKind.COME_IN:
        return Message(
            html=lines(
                voice._("The answer is no: you cannot come in now."),
                reason(request, voice),
                voice._("If that surprises you, please talk to whoever runs this home."),
            )
        )
    return Message(
        html=lines(
            voice._("{admin} said no to <b>{device}</b>.").format(
                admin=request.decided_by_name or "?", device=request.device_name or "?"
            ),
            reason(request, voice),
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

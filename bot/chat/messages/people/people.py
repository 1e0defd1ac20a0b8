"""Everybody on pages, and a card for each."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.chat.messages.people import request_cards
from bot.model.people.directory import EndAsked, Offboarding, OffboardingKind, PeoplePage, PersonCard, PersonLine
from bot.model.people.people import FreezeReason, Person, Role, Standing
from bot.model.people.requests import Request, RequestState

ON, OFF = "on", "off"
USUAL = "all"
NEVER, ASK = "none", "ask"
FROM_CARD = "card"
"""The argument of a decision that was tapped on somebody's card: the card shows next what came of it."""
_LIMITS = (1, 2, 3, 5, 10)
_MONTH, _QUARTER = 30, 91
_MAX_LISTED = 20
_MARK = {Standing.OK: "🟢", Standing.FROZEN: "❄️", Standing.BLOCKED: "⛔️", Standing.REMOVED: "⚪️"}
_GUEST = "🟡"

Rows = tuple[tuple[Button, ...], ...]


def page(result: PeoplePage, locale: Locale) -> Message:
    """One page of people, each a button to their card."""
    alone = locale._("⚠️ Only one admin can act: nobody can help when that phone is lost.") if result.alone else None
    invite = (
        (Button(text=locale.label("Invite a second"), callback=CallbackData(CallbackAction.INVITE), look="primary"),),
    )
    buttons = tuple(
        (
            Button(
                text=f"{_mark(one.person)} {one.person.name}",
                callback=CallbackData(CallbackAction.PERSON, one.person.public_id),
            ),
        )
        for one in result.people
    )
    return Message(
        html=paragraphs(
            locale._("People: {total}").format(total=locale.number(result.total)),
            alone,
            lines(*(_line(one, locale) for one in result.people)),
            locale._("Tap somebody to see or change what they may do."),
        ),
        rows=(invite if result.alone else ()) + buttons + _turning(result, locale),
    )


def _turning(result: PeoplePage, locale: Locale) -> Rows:
    row = []
    if result.page > 0:
        row.append(
            Button(text=locale.label("◀ Back"), callback=CallbackData(CallbackAction.PEOPLE, arg=str(result.page - 1)))
        )
    if result.page + 1 < result.pages:
        row.append(
            Button(text=locale.label("More ▶"), callback=CallbackData(CallbackAction.PEOPLE, arg=str(result.page + 1)))
        )
    return (tuple(row),) if row else ()


def _line(one: PersonLine, locale: Locale) -> Markup:
    person = one.person
    if person.is_guest:
        said = locale._("{mark} {name} – {role}").format(mark=_GUEST, name=person.name, role=_role(person, locale))
    else:
        said = locale._("{mark} {name} – {role}, devices: {held}").format(
            mark=_mark(person), name=person.name, role=_role(person, locale), held=one.held
        )
    if person.seen_at is not None:
        said += locale._(", seen {day}").format(day=locale.day(person.seen_at))
    if one.resembles is not None:
        said += Markup(" ") + locale._("⚠️ looks like {known}").format(known=one.resembles)
    return said


def _mark(person: Person) -> str:
    return _GUEST if person.is_guest else _MARK[person.standing]


def _role(person: Person, locale: Locale) -> Markup:
    if person.is_guest:
        return locale._("asked to come in")
    if person.standing is not Standing.OK:
        return {
            Standing.FROZEN: locale._("frozen"),
            Standing.BLOCKED: locale._("blocked"),
            Standing.REMOVED: locale._("removed"),
        }[person.standing]
    if person.role is Role.ADMIN:
        return locale._("admin")
    return locale._("member, trusted") if person.trusted else locale._("member")


def card(result: PersonCard, locale: Locale) -> Message:
    """Somebody: what is known, and what can be changed."""
    person = result.person
    reachable = person.reachable or person.standing in {Standing.BLOCKED, Standing.REMOVED}
    return Message(
        html=paragraphs(
            Markup("{mark} <b>{name}</b> – {role}").format(
                mark=_mark(person), name=person.name, role=_role(person, locale)
            ),
            request_cards.resembles(result.resembles, locale),
            lines(
                locale._("Devices: {held} of {limit}").format(held=result.held, limit=result.limit)
                if person.belongs
                else None,
                locale._("Last seen: {day}").format(day=locale.day(person.seen_at)) if person.seen_at else None,
                locale._("Until: {day}").format(day=locale.day(person.ends_at)) if person.ends_at else None,
                locale._("Telegram id: <code>{id}</code>").format(id=person.telegram_id),
            ),
            None if reachable else locale._("⚠️ I cannot write to them: they have not started me, or blocked me."),
            None if result.asked is None else _asked(result.asked, locale),
            _frozen(result, locale),
            _hint(result, locale),
        ),
        rows=_actions(result, locale),
    )


def _asked(request: Request, locale: Locale) -> Markup:
    return lines(
        locale._("Asked to come in: {at}").format(at=locale.clock(request.asked_at)),
        locale._("They say: “{line}”").format(line=request.line) if request.line else None,
        request_cards.came_by(request, locale),
        request_cards.ended(request, locale)
        or locale._("Waits until {until}.").format(until=locale.clock(request.expires_at)),
        request_cards.reason(request, locale),
    )


def _frozen(result: PersonCard, locale: Locale) -> Markup | None:
    person, by = result.person, result.frozen_by_name or "?"
    if person.standing is not Standing.FROZEN or person.freeze_reason is None:
        return None
    why = {
        FreezeReason.LOST: locale._("they reported a lost phone"),
        FreezeReason.REPORTED: locale._("{by} reported their phone as lost"),
        FreezeReason.MANY_REPORTS: locale._("they reported several people's phones as lost within an hour"),
        FreezeReason.DISPUTED: locale._("{by} says that the phone which they reported as lost was not lost"),
        FreezeReason.BY_ADMIN: locale._("{by} did it"),
        FreezeReason.ENDED: locale._("their time here is over"),
        FreezeReason.LEAVING: locale._("{by} began to let them go"),
        FreezeReason.SERVER: locale._("done on the server, and lifted only there"),
        FreezeReason.RESTORED: locale._("a backup was restored"),
    }[person.freeze_reason].format(by=by)
    if person.frozen_at is None:
        return locale._("Frozen: {why}.").format(why=why)
    return locale._("Frozen since {at}: {why}.").format(at=locale.clock(person.frozen_at), why=why)


def _hint(result: PersonCard, locale: Locale) -> Markup | None:
    if result.person.id == result.viewer.id:
        return locale._("That is you. What admins change about you, another admin does.")
    if result.person.permanent:
        return locale._("An admin by the settings: only whoever has the server changes that.")
    if not result.changeable:
        return locale._("Only an admin by the settings changes another admin.")
    return None


def _actions(result: PersonCard, locale: Locale) -> Rows:
    person = result.person
    back = (Button(text=locale.label("Everybody"), callback=CallbackData(CallbackAction.PEOPLE, arg="0")),)
    if person.standing in {Standing.BLOCKED, Standing.REMOVED}:
        return ((_button("Take back", CallbackAction.TAKE_BACK, person, locale, look="success"),), back)
    if person.is_guest:
        return (*_decisions(result, locale), back)
    rows: Rows = ()
    if result.liftable:
        rows += ((_button("Lift the freeze", CallbackAction.UNFREEZE, person, locale),),)
    if result.changeable:
        rows += _gifts(result, locale) if person.standing is Standing.OK else ()
        rows += _ends(person, locale)
    return (*rows, back)


def _decisions(result: PersonCard, locale: Locale) -> Rows:
    """What can be said to a guest."""
    block = _button("Block", CallbackAction.OUT, result.person, locale, OffboardingKind.BLOCK.value, look="danger")
    request = result.asked
    if request is None or request.state is not RequestState.OPEN:
        return ((block,),)
    yes = CallbackData(CallbackAction.LET_IN, request.public_id, FROM_CARD)
    no = CallbackData(CallbackAction.DENY, request.public_id, FROM_CARD)
    return (
        (Button(text=locale.label("Let in"), callback=yes, look="success"),),
        (Button(text=locale.label("Deny"), callback=no), block),
    )


def _gifts(result: PersonCard, locale: Locale) -> Rows:
    person = result.person
    rows: list[tuple[Button, ...]] = []
    if person.role is Role.MEMBER:
        text, arg = ("No more own devices", OFF) if person.trusted else ("Trust with own devices", ON)
        rows.append((_button(text, CallbackAction.TRUST, person, locale, arg),))
    numbers = [
        Button(text=locale.label("Limit {n}").format(n=n), callback=press)
        for n in _LIMITS
        if n != result.limit
        for press in (CallbackData(CallbackAction.LIMIT, person.public_id, str(n)),)
    ]
    rows += [tuple(numbers[:3]), tuple(numbers[3:])]
    if person.device_limit is not None:
        text = locale.label("Limit as everybody: {n}").format(n=result.usual)
        rows.append((Button(text=text, callback=CallbackData(CallbackAction.LIMIT, person.public_id, USUAL)),))
    rows.append(
        (
            _button("End in 1 month", CallbackAction.ENDS, person, locale, str(_MONTH)),
            _button("In 3 months", CallbackAction.ENDS, person, locale, str(_QUARTER)),
            _button("Another day", CallbackAction.ENDS, person, locale, ASK),
        )
    )
    if person.ends_at is not None:
        rows.append((_button("No end", CallbackAction.ENDS, person, locale, NEVER),))
    if result.admins_too:
        admin = person.role is Role.ADMIN
        text = "No admin any more" if admin else "Make admin"
        rows.append((_button(text, CallbackAction.MAKE_ADMIN, person, locale, OFF if admin else ON),))
    return tuple(row for row in rows if row)


def _ends(person: Person, locale: Locale) -> Rows:
    freeze = (_button("Freeze", CallbackAction.FREEZE, person, locale),) if person.standing is Standing.OK else ()
    out = (
        _button("Block", CallbackAction.OUT, person, locale, OffboardingKind.BLOCK.value, look="danger"),
        _button("Remove", CallbackAction.OUT, person, locale, OffboardingKind.REMOVE.value, look="danger"),
    )
    return (freeze, out) if freeze else (out,)


def _button(
    text: str, verb: CallbackAction, person: Person, locale: Locale, arg: str = "", *, look: str = "plain"
) -> Button:
    press = CallbackData(verb, person.public_id, arg)
    if look == "danger":
        return Button(text=locale.label(text), callback=press, look="danger")
    return Button(text=locale.label(text), callback=press, look="success" if look == "success" else "plain")


def end_asked(result: EndAsked, locale: Locale) -> Message:
    """Until which day?"""
    return Message(
        html=locale._(
            "Until which day may {name} stay? Please write it, such as <code>31 Aug</code>. At the end of that day I freeze the account."
        ).format(name=result.person.name),
        rows=((Button(text=locale.label("Never mind"), callback=CallbackData(CallbackAction.CANCEL)),),),
    )


def leaving(result: Offboarding, locale: Locale) -> Message:
    """Frozen, and about to leave: the list, and the second tap."""
    person = result.person
    blocks = result.how is OffboardingKind.BLOCK
    more = len(result.certificates) - _MAX_LISTED
    listed = lines(
        *(Markup("• {name}").format(name=c.device.name) for c in result.certificates[:_MAX_LISTED]),
        locale.many("and {n} more", "and {n} more", more) if more > 0 else None,
    )
    text = locale.label("Revoke all and block") if blocks else locale.label("Revoke all and remove")
    return Message(
        html=paragraphs(
            locale.many(
                "<b>{name}</b> is frozen now. This certificate still opens the door:",
                "<b>{name}</b> is frozen now. These certificates still open the door:",
                len(result.certificates),
                name=person.name,
            ),
            listed,
            locale.many(
                "The next tap revokes it, and {name} is out. There is no Undo.",
                "The next tap revokes them all, and {name} is out. There is no Undo.",
                len(result.certificates),
                name=person.name,
            ),
        ),
        rows=(
            (
                Button(
                    text=text,
                    callback=CallbackData(CallbackAction.OUT_SURE, person.public_id, result.how.value),
                    look="danger",
                ),
            ),
            (
                Button(
                    text=locale.label("Leave it at frozen"),
                    callback=CallbackData(CallbackAction.PERSON, person.public_id),
                ),
            ),
        ),
    )

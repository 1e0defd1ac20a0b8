"""Everybody on pages, and a card for each."""

from markupsafe import Markup

from bot.chat.messages import requests
from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.people import FreezeReason, Person, Role, Standing
from bot.model.requests import Request, RequestState
from bot.model.roster import Departure, EndAsked, Leaving, PeoplePage, PersonCard, PersonLine

ON, OFF = "on", "off"
USUAL = "all"
NEVER, ASK = "none", "ask"
FROM_CARD = "card"
"""The argument of a decision that was tapped on somebody's card: the card shows next what came of it."""
_LIMITS = (1, 2, 3, 5, 10)
_MONTH, _QUARTER = 30, 91
_MOST_LISTED = 20
_MARK = {Standing.OK: "🟢", Standing.FROZEN: "❄️", Standing.BLOCKED: "⛔️", Standing.REMOVED: "⚪️"}
_GUEST = "🟡"

Rows = tuple[tuple[Button, ...], ...]


def page(result: PeoplePage, voice: Voice) -> Message:
    """One page of people, each a button to their card."""
    alone = voice._("⚠️ Only one admin can act: nobody can help when that phone is lost.") if result.alone else None
    invite = ((Button(text=voice.label("Invite a second"), press=Press(Verb.INVITE), look="primary"),),)
    buttons = tuple(
        (Button(text=f"{_mark(one.person)} {one.person.name}", press=Press(Verb.PERSON, one.person.public_id)),)
        for one in result.people
    )
    return Message(
        html=paragraphs(
            voice._("People: {total}").format(total=voice.number(result.total)),
            alone,
            lines(*(_line(one, voice) for one in result.people)),
            voice._("Tap somebody to see or change what they may do."),
        ),
        rows=(invite if result.alone else ()) + buttons + _turning(result, voice),
    )


def _turning(result: PeoplePage, voice: Voice) -> Rows:
    row = []
    if result.page > 0:
        row.append(Button(text=voice.label("◀ Back"), press=Press(Verb.PEOPLE, arg=str(result.page - 1))))
    if result.page + 1 < result.pages:
        row.append(Button(text=voice.label("More ▶"), press=Press(Verb.PEOPLE, arg=str(result.page + 1))))
    return (tuple(row),) if row else ()


def _line(one: PersonLine, voice: Voice) -> Markup:
    person = one.person
    if person.is_guest:
        said = voice._("{mark} {name} – {role}").format(mark=_GUEST, name=person.name, role=_role(person, voice))
    else:
        said = voice._("{mark} {name} – {role}, devices: {held}").format(
            mark=_mark(person), name=person.name, role=_role(person, voice), held=one.held
        )
    if person.seen_at is not None:
        said += voice._(", seen {day}").format(day=voice.day(person.seen_at))
    if one.resembles is not None:
        said += Markup(" ") + voice._("⚠️ looks like {known}").format(known=one.resembles)
    return said


def _mark(person: Person) -> str:
    return _GUEST if person.is_guest else _MARK[person.standing]


def _role(person: Person, voice: Voice) -> Markup:
    if person.is_guest:
        return voice._("asked to come in")
    if person.standing is not Standing.OK:
        return {
            Standing.FROZEN: voice._("frozen"),
            Standing.BLOCKED: voice._("blocked"),
            Standing.REMOVED: voice._("removed"),
        }[person.standing]
    if person.role is Role.ADMIN:
        return voice._("admin")
    return voice._("member, trusted") if person.trusted else voice._("member")


def card(result: PersonCard, voice: Voice) -> Message:
    """Somebody: what is known, and what can be changed."""
    person = result.person
    reachable = person.reachable or person.standing in {Standing.BLOCKED, Standing.REMOVED}
    return Message(
        html=paragraphs(
            Markup("{mark} <b>{name}</b> – {role}").format(
                mark=_mark(person), name=person.name, role=_role(person, voice)
            ),
            requests.resembles(result.resembles, voice),
            lines(
                voice._("Devices: {held} of {limit}").format(held=result.held, limit=result.limit)
                if person.belongs
                else None,
                voice._("Last seen: {day}").format(day=voice.day(person.seen_at)) if person.seen_at else None,
                voice._("Until: {day}").format(day=voice.day(person.ends_at)) if person.ends_at else None,
                voice._("Telegram id: <code>{id}</code>").format(id=person.telegram_id),
            ),
            None if reachable else voice._("⚠️ I cannot write to them: they have not started me, or blocked me."),
            None if result.asked is None else _asked(result.asked, voice),
            _frozen(result, voice),
            _hint(result, voice),
        ),
        rows=_actions(result, voice),
    )


def _asked(request: Request, voice: Voice) -> Markup:
    return lines(
        voice._("Asked to come in: {at}").format(at=voice.clock(request.asked_at)),
        voice._("They say: “{line}”").format(line=request.line) if request.line else None,
        requests.came_by(request, voice),
        requests.ended(request, voice) or voice._("Waits until {until}.").format(until=voice.clock(request.expires_at)),
        requests.reason(request, voice),
    )


def _frozen(result: PersonCard, voice: Voice) -> Markup | None:
    person, by = result.person, result.frozen_by_name or "?"
    if person.standing is not Standing.FROZEN or person.freeze_reason is None:
        return None
    why = {
        FreezeReason.LOST: voice._("they reported a lost phone"),
        FreezeReason.REPORTED: voice._("{by} reported their phone as lost"),
        FreezeReason.MANY_REPORTS: voice._("they reported several people's phones as lost within an hour"),
        FreezeReason.DISPUTED: voice._("{by} says that the phone which they reported as lost was not lost"),
        FreezeReason.BY_ADMIN: voice._("{by} did it"),
        FreezeReason.ENDED: voice._("their time here is over"),
        FreezeReason.LEAVING: voice._("{by} began to let them go"),
        FreezeReason.SERVER: voice._("done on the server, and lifted only there"),
        FreezeReason.RESTORED: voice._("a backup was restored"),
    }[person.freeze_reason].format(by=by)
    if person.frozen_at is None:
        return voice._("Frozen: {why}.").format(why=why)
    return voice._("Frozen since {at}: {why}.").format(at=voice.clock(person.frozen_at), why=why)


def _hint(result: PersonCard, voice: Voice) -> Markup | None:
    if result.person.id == result.viewer.id:
        return voice._("That is you. What admins change about you, another admin does.")
    if result.person.permanent:
        return voice._("An admin by the settings: only whoever has the server changes that.")
    if not result.changeable:
        return voice._("Only an admin by the settings changes another admin.")
    return None


def _actions(result: PersonCard, voice: Voice) -> Rows:
    person = result.person
    back = (Button(text=voice.label("Everybody"), press=Press(Verb.PEOPLE, arg="0")),)
    if person.standing in {Standing.BLOCKED, Standing.REMOVED}:
        return ((_button("Take back", Verb.TAKE_BACK, person, voice, look="success"),), back)
    if person.is_guest:
        return (*_decisions(result, voice), back)
    rows: Rows = ()
    if result.liftable:
        rows += ((_button("Lift the freeze", Verb.UNFREEZE, person, voice),),)
    if result.changeable:
        rows += _gifts(result, voice) if person.standing is Standing.OK else ()
        rows += _ends(person, voice)
    return (*rows, back)


def _decisions(result: PersonCard, voice: Voice) -> Rows:
    """What can be said to a guest."""
    block = _button("Block", Verb.OUT, result.person, voice, Departure.BLOCK.value, look="danger")
    request = result.asked
    if request is None or request.state is not RequestState.OPEN:
        return ((block,),)
    yes = Press(Verb.LET_IN, request.public_id, FROM_CARD)
    no = Press(Verb.DENY, request.public_id, FROM_CARD)
    return (
        (Button(text=voice.label("Let in"), press=yes, look="success"),),
        (Button(text=voice.label("Deny"), press=no), block),
    )


def _gifts(result: PersonCard, voice: Voice) -> Rows:
    person = result.person
    rows: list[tuple[Button, ...]] = []
    if person.role is Role.MEMBER:
        text, arg = ("No more own devices", OFF) if person.trusted else ("Trust with own devices", ON)
        rows.append((_button(text, Verb.TRUST, person, voice, arg),))
    numbers = [
        Button(text=voice.label("Limit {n}").format(n=n), press=press)
        for n in _LIMITS
        if n != result.limit
        for press in (Press(Verb.LIMIT, person.public_id, str(n)),)
    ]
    rows += [tuple(numbers[:3]), tuple(numbers[3:])]
    if person.device_limit is not None:
        text = voice.label("Limit as everybody: {n}").format(n=result.usual)
        rows.append((Button(text=text, press=Press(Verb.LIMIT, person.public_id, USUAL)),))
    rows.append(
        (
            _button("End in 1 month", Verb.ENDS, person, voice, str(_MONTH)),
            _button("In 3 months", Verb.ENDS, person, voice, str(_QUARTER)),
            _button("Another day", Verb.ENDS, person, voice, ASK),
        )
    )
    if person.ends_at is not None:
        rows.append((_button("No end", Verb.ENDS, person, voice, NEVER),))
    if result.admins_too:
        admin = person.role is Role.ADMIN
        text = "No admin any more" if admin else "Make admin"
        rows.append((_button(text, Verb.MAKE_ADMIN, person, voice, OFF if admin else ON),))
    return tuple(row for row in rows if row)


def _ends(person: Person, voice: Voice) -> Rows:
    freeze = (_button("Freeze", Verb.FREEZE, person, voice),) if person.standing is Standing.OK else ()
    out = (
        _button("Block", Verb.OUT, person, voice, Departure.BLOCK.value, look="danger"),
        _button("Remove", Verb.OUT, person, voice, Departure.REMOVE.value, look="danger"),
    )
    return (freeze, out) if freeze else (out,)


def _button(text: str, verb: Verb, person: Person, voice: Voice, arg: str = "", *, look: str = "plain") -> Button:
    press = Press(verb, person.public_id, arg)
    if look == "danger":
        return Button(text=voice.label(text), press=press, look="danger")
    return Button(text=voice.label(text), press=press, look="success" if look == "success" else "plain")


def end_asked(result: EndAsked, voice: Voice) -> Message:
    """Until which day?"""
    return Message(
        html=voice._(
            "Until which day may {name} stay? Please write it, such as <code>31 Aug</code>. At the end of that day I freeze the account."
        ).format(name=result.person.name),
        rows=((Button(text=voice.label("Never mind"), press=Press(Verb.CANCEL)),),),
    )


def leaving(result: Leaving, voice: Voice) -> Message:
    """Frozen, and about to leave: the list, and the second tap."""
    person = result.person
    blocks = result.how is Departure.BLOCK
    more = len(result.certificates) - _MOST_LISTED
    listed = lines(
        *(Markup("• {name}").format(name=c.device.name) for c in result.certificates[:_MOST_LISTED]),
        voice.many("and {n} more", "and {n} more", more) if more > 0 else None,
    )
    text = voice.label("Revoke all and block") if blocks else voice.label("Revoke all and remove")
    return Message(
        html=paragraphs(
            voice.many(
                "<b>{name}</b> is frozen now. This certificate still opens the door:",
                "<b>{name}</b> is frozen now. These certificates still open the door:",
                len(result.certificates),
                name=person.name,
            ),
            listed,
            voice.many(
                "The next tap revokes it, and {name} is out. There is no Undo.",
                "The next tap revokes them all, and {name} is out. There is no Undo.",
                len(result.certificates),
                name=person.name,
            ),
        ),
        rows=(
            (Button(text=text, press=Press(Verb.OUT_SURE, person.public_id, result.how.value), look="danger"),),
            (Button(text=voice.label("Leave it at frozen"), press=Press(Verb.PERSON, person.public_id)),),
        ),
    )

"""What stands behind /newcert: what is asked for when something is missing or cannot be taken."""

from datetime import date, datetime, timedelta

from markupsafe import Markup

from bot import errors
from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.certificates import own_keys
from bot.chat.messages.message import Button, Locale, Message, paragraphs
from bot.model.certificates.order_input import DeviceOrder, NameAsked, ValidityAsked
from bot.model.dates import Term
from bot.model.results import Asked, Ordered, RequestAsked
from bot.services.certificates.request_or_order import THE_NAME

_DAY = timedelta(days=1)


def said(result: Ordered | Asked | RequestAsked | NameAsked | ValidityAsked, locale: Locale) -> Message | None:
    """What is said to an order; ``None`` where the worker says it."""
    match result:
        case RequestAsked():
            return own_keys.request_asked(result, locale)
        case NameAsked():
            return name_asked(result, locale)
        case ValidityAsked():
            return validity_asked(result, locale)
        case Ordered() | Asked():
            return None


def name_asked(asked: NameAsked, locale: Locale) -> Message:
    """The question for a name, or for another one."""
    if isinstance(asked.refused, errors.NameTaken):
        taken = name_taken(asked.refused, locale)
        return Message(
            html=paragraphs(taken.html, _waits(asked.until, locale)), rows=((*taken.rows[0], _cancel(locale)),)
        )
    if asked.refused is not None:
        return Message(
            html=paragraphs(bad_name(asked.refused, locale).html, _waits(asked.until, locale)),
            rows=((_cancel(locale),),),
        )
    return Message(
        html=locale._(
            "What shall the device be called? Send me a short name, such as <code>pixel8</code>. I wait until {until}."
        ).format(until=locale.clock(asked.until)),
        rows=((_cancel(locale),),),
    )


def validity_asked(asked: ValidityAsked, locale: Locale) -> Message:
    """The question how long a certificate lasts."""
    chosen = tuple(
        Button(text=_label(one, locale), callback=CallbackData(CallbackAction.VALIDITY, asked.id, _argument(one)))
        for one in asked.choices
    )
    name = Button(
        text=locale.label("Part of the name"), callback=CallbackData(CallbackAction.VALIDITY, asked.id, THE_NAME)
    )
    rest = (name, _cancel(locale)) if asked.whole else (_cancel(locale),)
    return Message(
        html=paragraphs(_why_not(asked.unclear, locale), _waits(asked.until, locale)),
        rows=(chosen, rest) if chosen else (rest,),
    )


def understood(chosen: DeviceOrder, locale: Locale) -> Message:
    """What a tap has decided, in place of the question."""
    if chosen.days is None:
        return Message(html=locale._("All right, that is its name: <b>{name}</b>.").format(name=chosen.name))
    return Message(
        html=locale.many("All right: valid for {n} day.", "All right: valid for {n} days.", chosen.days),
    )


def bad_name(error: errors.LatchkeyError, locale: Locale) -> Message:
    """Why a device cannot be called that, and what would do."""
    what = vars(error)["what"]
    strange = locale._(
        "A name needs a letter, a digit or an emoji, and none of what phones cannot show. Please type it, such as <code>pixel8</code>."
    )
    if what:
        strange = locale._("I cannot take “{what}” in a name. Please leave it out, such as <code>pixel8</code>.")
    why = {
        "empty": locale._("A device needs a name, such as <code>pixel8</code>."),
        "long": locale._("That name is too long: {what} characters at most, such as <code>pixel8</code>."),
        "slash": locale._("A name cannot have “/” in it. How about <code>{what}</code>?"),
        "characters": strange,
        "time-inside": locale._(
            "“{what}” has a time in it. Please send the name first and how long behind it, such as <code>guest 90 days</code>."
        ),
        "time": locale._(
            "Please send only the name, such as <code>pixel8</code>: how long the key lasts is decided already."
        ),
    }
    return Message(html=why[vars(error)["why"]].format(what=what))


def name_taken(error: errors.LatchkeyError, locale: Locale) -> Message:
    """The device has a certificate already."""
    name, public_id = vars(error)["name"], vars(error)["public_id"]
    if vars(error)["going"]:
        return Message(
            html=locale._("<b>{name}</b> is just being revoked. Please try again in a minute.").format(name=name)
        )
    return Message(
        html=locale.either(
            admin="<b>{name}</b> has a certificate already. Choose another name, or revoke that one first.",
            member="<b>{name}</b> has a key already. Choose another name; or tap <b>Show</b>, then <b>Revoke</b>, and ask again.",
        ).format(name=name),
        rows=(
            (
                Button(
                    text=locale.label("Show {name}").format(name=name),
                    callback=CallbackData(CallbackAction.CARD, public_id),
                ),
            ),
        ),
    )


def unclear_time(error: errors.LatchkeyError, locale: Locale) -> Message:
    """A time that can be read in several ways, or in none, where no buttons answer."""
    return Message(html=_why_not(error, locale))


def bad_validity(error: errors.LatchkeyError, locale: Locale) -> Message:
    """It lasts too long, or not at all."""
    return Message(
        html=locale._(
            "That validity does not fit: 1 to {most_days} days, such as <code>90 days</code> or <code>2 years</code>."
        ).format(most_days=locale.number(vars(error)["most_days"]))
    )


def _why_not(error: errors.LatchkeyError, locale: Locale) -> Markup:
    if isinstance(error, errors.InvalidValidity):
        return bad_validity(error, locale).html
    why, what, choices = vars(error)["why"], vars(error)["what"], vars(error)["choices"]
    if why == "several" and len(choices) == 1:
        return locale._(
            "Is “{what}” the last day, {day}, or part of the name? Write the day with its year, such as <code>{example}</code>."
        ).format(what=what, day=_label(choices[0], locale), example=_example(choices[0]))
    words = {
        "several": locale._("“{what}” can be {one} or {other}. Please write it out, such as <code>{example}</code>."),
        "unreadable": locale._(
            "I do not understand “{what}” as a time. Please write it like <code>90 days</code>, <code>3 months</code> or <code>2027-08-31</code>."
        ),
        "inside": locale._(
            "“{what}” has a time in it. Please send the name first and how long behind it, such as <code>guest 90 days</code>."
        ),
        "days": locale._("Whole days count here, so “{what}” does not fit. Please write it like <code>2 days</code>."),
        "past": locale._("“{what}” is no day to come. Please write a later one, such as <code>2027-08-31</code>."),
        "twice": locale._("“{what}”: those are two times. Which one? Please write it like <code>90 days</code>."),
    }
    one, other = (*(_label(each, locale) for each in choices), "", "")[:2]
    example = _example(choices[-1]) if choices else ""
    return words[why].format(what=what, one=one, other=other, example=example)


def _label(term: Term, locale: Locale) -> str:
    """A time as plain text."""
    if not isinstance(term, timedelta):
        return locale.date(term)
    if term % _DAY:
        minutes = term // timedelta(minutes=1)
        return str(locale.many("{n} minute", "{n} minutes", minutes))
    return str(locale.many("{n} day", "{n} days", term // _DAY))


def _argument(term: Term) -> str:
    """A time as a button carries it, and as it is read again."""
    return term.isoformat() if isinstance(term, date) else f"{term // _DAY}d"


def _example(term: Term) -> str:
    """A time as anybody could write it."""
    return term.isoformat() if isinstance(term, date) else f"{term // _DAY} d"


def _waits(until: datetime, locale: Locale) -> Markup:
    return locale._("I wait until {until}.").format(until=locale.clock(until))


def _cancel(locale: Locale) -> Button:
    return Button(text=locale.label("Cancel"), callback=CallbackData(CallbackAction.CANCEL))

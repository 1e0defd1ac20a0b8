"""/language. Each language is written as it calls itself."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.languages import LANGUAGES, time_words
from bot.chat.messages.message import Button, Locale, Message, paragraphs
from bot.model.results import TimeZoneNow


def language_choice(locale: Locale) -> Message:
    """Which one?"""
    buttons = [
        Button(text=name, callback=CallbackData(CallbackAction.LANGUAGE, arg=code)) for code, name in LANGUAGES.items()
    ]
    return Message(
        html=locale._("Which language shall I speak to you?"),
        rows=tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)),
    )


def language_chosen(locale: Locale) -> Message:
    """Said in the one that was chosen."""
    return Message(html=locale._("From now on I speak English to you. /help shows what I can do."))


def time_zone_now(result: TimeZoneNow, locale: Locale) -> Message:
    """Which zone it is, what time it is there, and how to change it."""
    there = replace(locale, time_zone=ZoneInfo(result.name))
    local = locale.now.astimezone(there.time_zone)
    text = (
        locale._("Your times are those of {zone}: it is {time} there.")
        if result.own
        else locale._("Your times are those of this home, {zone}: it is {time} there.")
    )
    return Message(
        html=paragraphs(
            text.format(zone=result.name, time=time_words(locale.language, local)),
            locale._("To change that, write the nearest big city, such as <code>/timezone Lisbon</code>."),
        )
    )

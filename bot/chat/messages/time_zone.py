"""/timezone."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.chat.languages import time_words
from bot.chat.messages.form import Message, Voice, paragraphs
from bot.model.results import TimeZoneNow


def now(result: TimeZoneNow, voice: Voice) -> Message:
    """Which zone it is, what time it is there, and how to change it."""
    there = replace(voice, time_zone=ZoneInfo(result.name))
    local = voice.now.astimezone(there.time_zone)
    text = (
        voice._("Your times are those of {zone}: it is {time} there.")
        if result.own
        else voice._("Your times are those of this home, {zone}: it is {time} there.")
    )
    return Message(
        html=paragraphs(
            text.format(zone=result.name, time=time_words(voice.language, local)),
            voice._("To change that, write the nearest big city, such as <code>/timezone Lisbon</code>."),
        )
    )

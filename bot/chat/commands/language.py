"""/language."""

from dataclasses import replace

from bot.chat.languages import LANGUAGES
from bot.chat.messages import language as words
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.services import languages


async def language(turn: Turn) -> None:
    """Show the languages to choose from."""
    await turn.say(words.choice(turn.voice))


async def choose(turn: Turn) -> None:
    """Speak that one from now on."""
    if turn.press.arg not in LANGUAGES:
        raise Gone
    result = await languages.choose(turn.parts, turn.actor, turn.press.arg, turn.cause)
    await turn.change(words.chosen(replace(turn.voice, language=result.code)))

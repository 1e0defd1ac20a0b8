"""/language. Each language is written as it calls itself."""

from bot.chat.languages import LANGUAGES
from bot.chat.messages.form import Button, Message, Voice
from bot.chat.press import Press, Verb


def choice(voice: Voice) -> Message:
    """Which one?"""
    buttons = [Button(text=name, press=Press(Verb.LANGUAGE, arg=code)) for code, name in LANGUAGES.items()]
    return Message(
        html=voice._("Which language shall I speak to you?"),
        rows=tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)),
    )


def chosen(voice: Voice) -> Message:
    """Said in the one that was chosen."""
    return Message(html=voice._("From now on I speak English to you. /help shows what I can do."))

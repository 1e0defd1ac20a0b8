"""What admins are told about people's chats and about the bot itself."""

from dataclasses import dataclass

from bot.model.people.people import Person


@dataclass(frozen=True)
class CannotReach:
    """Somebody blocked the bot (told to the other admins, once a day)."""

    name: str


@dataclass(frozen=True)
class LooksLike:
    """Somebody of the household took a name in Telegram that looks like ``known``'s (told to the other admins, once a
    day). ``before`` is what they were called.
    """

    person: Person
    before: str
    known: str


@dataclass(frozen=True)
class PoisonUpdate:
    """An update could not be handled twice and was set aside (told to admins)."""

    update_id: int
    error_id: str


@dataclass(frozen=True)
class TwoPollers:
    """Another program fetches this bot's messages (told to admins, once): a second bot, or a stolen token."""


@dataclass(frozen=True)
class WebhookSet:
    """A webhook at ``host`` gets this bot's messages (told to admins, once): set by an old program of theirs, or by
    whoever stole the token. ``?`` where Telegram does not tell.
    """

    host: str


HouseholdNotice = CannotReach | LooksLike | PoisonUpdate | TwoPollers | WebhookSet

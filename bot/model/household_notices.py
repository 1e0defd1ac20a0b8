"""What admins are told about people's chats and about the bot itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CannotReach:
    """Somebody blocked the bot (told to the other admins, once)."""

    name: str


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


HouseholdNotice = CannotReach | PoisonUpdate | TwoPollers | WebhookSet

"""The household as admins see it: everybody on pages, and a card for each."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.certificates.certificates import Certificate
from bot.model.people.people import Person
from bot.model.people.requests import Request


@dataclass(frozen=True)
class PersonLine:
    """Somebody, and how many devices they hold. ``resembles``: whom they could be mistaken for by name."""

    person: Person
    held: int
    resembles: str | None = None


@dataclass(frozen=True)
class PeoplePage:
    """One page of people. ``alone``: there is one admin only, so nobody can help when that phone is lost."""

    people: tuple[PersonLine, ...]
    page: int
    pages: int
    total: int
    alone: bool


@dataclass(frozen=True, kw_only=True)
class PersonCard:
    """Somebody, as an admin sees them. ``limit``: how many devices they may have; ``usual``: what everybody may.

    ``changeable``: the viewer may change things about them; ``liftable``: also lift their freeze; ``admins_too``:
    also make or unmake them an admin.

    ``asked``: what a guest asked for last, where the household still knows it. ``resembles``: see ``PersonLine``.
    """

    person: Person
    viewer: Person
    held: int
    limit: int
    usual: int
    frozen_by_name: str | None
    changeable: bool
    liftable: bool
    admins_too: bool
    asked: Request | None = None
    resembles: str | None = None


class OffboardingKind(StrEnum):
    """How somebody leaves: ``remove`` is a friendly end, ``block`` makes the bot deaf. Both can be taken back."""

    BLOCK = "block"
    REMOVE = "remove"


@dataclass(frozen=True)
class Offboarding:
    """Somebody is frozen and about to leave; ``certificates`` are revoked at the next tap."""

    person: Person
    how: OffboardingKind
    certificates: tuple[Certificate, ...]


@dataclass(frozen=True)
class EndAsked:
    """The bot waits for the day on which somebody's time here ends."""

    person: Person

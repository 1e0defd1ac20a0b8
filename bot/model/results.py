"""What services answer to whoever tapped: small, frozen, without rows or foreign types."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.audit import ReadableEvent
from bot.model.certificates.certificates import Certificate
from bot.model.openings.paths import OpenPath
from bot.model.people.links import Link
from bot.model.people.people import Person
from bot.model.people.requests import Request
from bot.model.public_id import PublicId


@dataclass(frozen=True)
class Ordered:
    """A certificate was ordered; the worker tells the rest."""

    certificate: Certificate


@dataclass(frozen=True)
class Asked:
    """A request was made; the worker tells the rest."""

    request: Request


@dataclass(frozen=True)
class LineTaken:
    """Who the asker says they are now stands on the admins' cards."""

    request: Request


@dataclass(frozen=True)
class RequestDecided:
    """An admin decided."""

    request: Request


@dataclass(frozen=True)
class ReasonTaken:
    """An admin's words for the asker; ``sent`` when the no was said already, else they wait for *Deny*."""

    request: Request
    sent: bool


@dataclass(frozen=True)
class RequestReminded:
    """The admins are reminded."""

    request: Request


@dataclass(frozen=True)
class RequestWithdrawn:
    """The asker took the request back."""

    request: Request


@dataclass(frozen=True)
class Invitation:
    """A link for somebody, told this once. ``repr`` hides it: whoever has it may ask to come in."""

    link: Link
    url: "Secret"


@dataclass(frozen=True)
class RecordPage:
    """One page of the record, newest first; ``about`` one person, or everybody."""

    events: tuple[ReadableEvent, ...]
    page: int
    pages: int
    total: int
    about: Person | None


@dataclass(frozen=True)
class RecordPeople:
    """One page of the people about whom the record can be asked."""

    people: tuple[Person, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class RecordFile:
    """The record as JSON lines. ``left_out`` is how many of the oldest events had no room."""

    content: bytes
    events: int
    left_out: int


@dataclass(frozen=True)
class RecordVerified:
    """How many events there are, and the first that does not fit the one before it (none when all do)."""

    events: int
    broken: tuple[ReadableEvent, ...]


@dataclass(frozen=True)
class ClaimLink:
    """A link to claim the bot by. ``repr`` hides the token: whoever has it is asked about in the terminal."""

    link: Link
    token: "Secret"


@dataclass(frozen=True)
class ClaimOpened:
    """Somebody opened such a link; the terminal asks about them."""

    link: Link


@dataclass(frozen=True)
class InviteAsked:
    """The bot waits, until ``until``, for a contact or a name."""

    until: datetime


@dataclass(frozen=True)
class Invited:
    """Somebody was picked from the contacts and needs no further yes. ``known``: they belonged here before.

    ``resembles``: whom they could be mistaken for by name.
    """

    person: Person
    known: bool
    resembles: str | None = None


@dataclass(frozen=True)
class HelpAsked:
    """The admins see that somebody needs a hand."""

    certificate: Certificate


@dataclass(frozen=True)
class HelpSent:
    """The owner of the device is being helped."""

    certificate: Certificate


@dataclass(frozen=True)
class RequestAsked:
    """The bot waits until ``until`` for the CSR of a key that is made elsewhere."""

    certificate: Certificate
    until: datetime


@dataclass(frozen=True)
class Password:
    """A passphrase for its owner's eyes, until ``until``. ``repr`` never shows it."""

    public_id: PublicId
    file_name: str
    until: datetime
    passphrase: "Secret"


class Secret(str):
    """A string whose ``repr`` hides it, so that no log or traceback shows it by accident."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True)
class Works:
    """Its owner says the certificate works; file and password are on their way out of the chat.

    ``replaced``: the one it renews is being revoked.
    """

    certificate: Certificate
    replaced: bool = False


@dataclass(frozen=True)
class RevokeStarted:
    """The revoke is written down and under way."""

    certificate: Certificate
    already: bool


@dataclass(frozen=True)
class RestoreStarted:
    """The undo is written down and under way."""

    certificate: Certificate


@dataclass(frozen=True)
class HostsChanging:
    """These hosts are on their way into the rule, or out of it; the worker tells the rest."""

    hosts: tuple[str, ...]


@dataclass(frozen=True)
class OpenPaths:
    """Every path that is open, on its way, or on its way out; oldest first."""

    paths: tuple[OpenPath, ...]


@dataclass(frozen=True)
class PutBackStarted:
    """The rule is being written as it should be."""


@dataclass(frozen=True)
class StatusOrdered:
    """Everything is being looked at, or something put right first; the worker shows what comes of it."""


@dataclass(frozen=True)
class ProofStarted:
    """The lock is being tried; the worker shows what comes of it."""


@dataclass(frozen=True)
class DevicePage:
    """One page of devices, newest first, each with its newest certificate. ``used`` and ``quota`` are certificate slots
    of the zone, when known. ``older``: what else these devices have in use, such as while one is being renewed.
    """

    certificates: tuple[Certificate, ...]
    page: int
    pages: int
    total: int
    used: int | None
    quota: int
    of_everybody: bool
    older: tuple[Certificate, ...] = ()


@dataclass(frozen=True)
class DeviceCard:
    """One certificate, for its owner or an admin."""

    certificate: Certificate
    viewer: Person
    undo_until: datetime | None
    renewable: bool = False
    in_use: Certificate | None = None
    """Another one of the same device that is in use."""


@dataclass(frozen=True)
class LanguageNow:
    """In which language somebody is spoken to, as an IETF tag."""

    code: str


@dataclass(frozen=True)
class TimeZoneNow:
    """In which time zone somebody's times are told; ``own``: their choice, not the household's."""

    name: str
    own: bool

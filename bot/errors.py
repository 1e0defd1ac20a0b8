"""The one tree of errors.

::

    LatchkeyError
    ├── Refused                  what was asked cannot be done as asked; nothing changed
    │   ├── BadInput             one thing in the text was wrong
    │   │   ├── BadName          a device name we cannot take
    │   │   ├── BadValidity      a duration we cannot read or that is out of bounds
    │   │   ├── BadDate          a day we cannot read, or one that is past
    │   │   ├── BadPath          an address that cannot be opened
    │   │   ├── BadRequestFile   a certificate signing request we do not sign
    │   │   └── PrivateKeySent   a file with a private key in it
    │   ├── NotAllowed           the person may not do this
    │   ├── Frozen               the account is frozen; it may look, revoke and report
    │   ├── Unknown              there is no such thing here
    │   │   ├── NotLockedDown    there is no lockdown to be ended or made harder
    │   │   ├── NothingHandMade  no rule made by hand that could be taken over
    │   │   ├── NotLocked        a host that is not locked by us
    │   │   ├── UnknownDevice    no device of that name (knows the nearest names)
    │   │   └── Gone             the button's subject is gone, or its moment has passed
    │   ├── NameTaken            the device already has a certificate
    │   ├── NotOpened            said to work, but its password was never shown
    │   ├── KeyKnown             that public key was used before
    │   ├── LimitReached         the person has as many devices as allowed
    │   ├── NeedsTap             that needs an admin's yes, and cannot be asked for
    │   ├── AlreadyAsked         the person has an open request already
    │   ├── AskedLately          an admin said no a short while ago
    │   ├── TooManyWaiting       so many requests wait that no more are taken
    │   ├── OwnRequest           nobody decides on what they asked for themselves
    │   ├── Decided              somebody else has decided already
    │   ├── NotToYourself        an admin's change that only another admin may make
    │   ├── OnlyOnServer         what only whoever has the server may change
    │   ├── ZoneFull             the zone has no free certificate slot
    │   ├── TooLate              asked while the bot was away: please ask again
    │   ├── BadHost              a host that cannot be protected
    │   ├── ExpressionTooLong    hosts and open paths do not fit into the rule
    │   ├── NotProtected         a host that needs no certificate, so nothing is to be opened there
    │   ├── LockedDown           no certificate is made while everything is locked down
    │   ├── NoPathsNow           no path is opened as things are: lockdown, or unlocked on purpose
    │   ├── PathKnown            that path is open, or about to be
    │   ├── NoRoomForPath        the rule takes no further path of that length
    │   └── PathForLong          a path is open for as long as one may be
    ├── EdgeTrouble              Cloudflare did not do it
    │   ├── Unclear              nobody knows whether it was done
    │   ├── RefusedByEdge        Cloudflare said no to this very request
    │   ├── Busy                 Cloudflare has no time now; it was not done
    │   ├── MissingRight         the token lacks a right
    │   ├── RuleQuotaFull        the zone takes no further custom rule
    │   ├── HostsNotTaken        Cloudflare does not ask for a certificate at a host, although it was told to
    │   └── EdgeConflict         somebody changes the same thing at the same time
    ├── ChatTrouble              Telegram did not do it
    │   ├── Unreachable          the person blocked the bot, or never started it
    │   ├── DeliveryUnknown      nobody knows whether the message arrived
    │   ├── CannotShow           Telegram refuses this very message
    │   └── ChatBusy             Telegram has no time now; it was not done
    ├── RetryAt                  inside the worker: not now, but then
    └── CannotStart              one line for whoever starts the program
        ├── SettingWrong         a setting is missing or wrong
        ├── DatabaseWrong        the database cannot be used
        └── AlreadyRunning       another bot holds this database

Each class says whether trying the same again helps (``again_helps``). The sentence a person reads
for each stands in ``bot.chat.messages.refusals``; no error carries prose from a library.
"""

from datetime import datetime
from typing import Any, ClassVar


class LatchkeyError(Exception):
    """Root of the tree."""

    again_helps: ClassVar[bool] = False


class Refused(LatchkeyError):
    """What was asked cannot be done as asked; nothing changed."""


class BadInput(Refused):
    """One thing in the text was wrong."""


class BadName(BadInput):
    """A device name we cannot take.

    ``why`` is one of ``empty``, ``long``, ``characters``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BadValidity(BadInput):
    """A duration we cannot read, or out of bounds. ``most_days`` is the upper bound."""

    def __init__(self, most_days: int) -> None:
        super().__init__(most_days)
        self.most_days = most_days


class BadDate(BadInput):
    """A day we cannot read, one that is past, or one too far ahead."""


class BadRequestFile(BadInput):
    """A certificate signing request we do not sign.

    ``why`` is one of ``size``, ``format``, ``signature``, ``subject``, ``extensions``, ``key``, ``unasked``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PrivateKeySent(BadInput):
    """A file with a private key in it: not read further."""


class BadPath(BadInput):
    """An address, or something behind it, that cannot be opened.

    ``why``: missing, scheme, user, port, fragment, root, encoded, dots, slashes, wildcard, characters, long, word,
    twice, duration, network or networks; ``what`` is the piece meant, or the bound.
    """

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.what = what


class NotAllowed(Refused):
    """The person may not do this."""


class Frozen(Refused):
    """The account is frozen; it may look, revoke and report."""


class Unknown(Refused):
    """There is no such thing here, or not for this person."""


class NothingHandMade(Unknown):
    """There is no rule made by hand that could be taken over."""


class NotLocked(Unknown):
    """These hosts are not locked by us."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__(hosts)
        self.hosts = hosts


class UnknownDevice(Unknown):
    """No device of that name. ``nearest`` pairs the closest names with their public ids."""

    def __init__(self, name: str, nearest: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.nearest = nearest


class Gone(Unknown):
    """The button's subject is gone, or its moment has passed."""


class NameTaken(Refused):
    """The device already has a certificate in use or on its way; ``going``: it is just being revoked."""

    def __init__(self, name: str, public_id: str, *, going: bool = False) -> None:
        super().__init__(name)
        self.name = name
        self.public_id = public_id
        self.going = going


class NotOpened(Refused):
    """Said to work although its password was never shown: nobody can have opened the file."""


class KeyKnown(Refused):
    """That public key was used before."""


class LimitReached(Refused):
    """The person has as many devices as allowed."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class NeedsTap(Refused):
    """That needs an admin's yes, and cannot be asked for."""


class AlreadyAsked(Refused):
    """The person has an open request already; ``until`` is when it ends by itself."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class AskedLately(Refused):
    """An admin said no a short while ago; from ``until`` on the person may ask again."""

    again_helps = True

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class TooManyWaiting(Refused):
    """So many requests wait for a decision that no more are taken."""

    again_helps = True


class OwnRequest(Refused):
    """Nobody decides on what they asked for themselves."""


class Decided(Refused):
    """The request is no longer open. ``how`` is the state it came to, ``by`` who decided, if anybody did."""

    def __init__(self, how: str, by: str | None) -> None:
        super().__init__(how)
        self.how = how
        self.by = by


class NotToYourself(Refused):
    """Nobody changes these things about themself: another admin does."""


class OnlyOnServer(Refused):
    """The settings, or whoever has the server, decided that: nobody changes it in the chat."""


class ZoneFull(Refused):
    """The zone has no free certificate slot."""

    def __init__(self, used: int, quota: int) -> None:
        super().__init__(used, quota)
        self.used = used
        self.quota = quota


class TooLate(Refused):
    """Asked while the bot was away, too long ago to give anything for it now."""

    again_helps = True


class BadHost(Refused):
    """A host that cannot be protected. ``why``: form, elsewhere, apex, wildcard, deep or unproxied."""

    def __init__(self, host: str, why: str, zone: str) -> None:
        super().__init__(host, why, zone)
        self.host = host
        self.why = why
        self.zone = zone


class ExpressionTooLong(Refused):
    """Hosts and open paths do not fit into the rule: ``used`` of ``most`` characters."""

    def __init__(self, used: int, most: int) -> None:
        super().__init__(used, most)
        self.used = used
        self.most = most


class NotProtected(Refused):
    """The host needs no certificate, so there is nothing to open."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host


class LockedDown(Refused):
    """No certificate is made while everything is locked down."""


class NotLockedDown(Unknown):
    """There is no lockdown to be ended or made harder."""


class NoPathsNow(Refused):
    """No path is opened as things are. ``why``: lockdown or unlocked."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PathKnown(Refused):
    """That path is open, or about to be."""

    def __init__(self, public_id: str, shown: str) -> None:
        super().__init__(public_id)
        self.public_id = public_id
        self.shown = shown


class NoRoomForPath(Refused):
    """The rule takes no further path of that length: ``are_open`` are in it, ``fit`` of that length would fit alone."""

    def __init__(self, are_open: int, fit: int) -> None:
        super().__init__(are_open, fit)
        self.are_open = are_open
        self.fit = fit


class PathForLong(Refused):
    """A path is open for as long as one may be; ``until`` is when it closes."""

    def __init__(self, until: datetime, hours: int) -> None:
        super().__init__(until)
        self.until = until
        self.hours = hours


class EdgeTrouble(LatchkeyError):
    """Cloudflare did not do it."""


class Unclear(EdgeTrouble):
    """Nobody knows whether it was done: a time-out, a lost connection, a 5xx."""

    again_helps = True


class RefusedByEdge(EdgeTrouble):
    """Cloudflare said no to this very request. ``codes`` are its error codes."""

    def __init__(self, status: int, codes: tuple[int, ...] = ()) -> None:
        super().__init__(status, codes)
        self.status = status
        self.codes = codes


class Busy(EdgeTrouble):
    """It was not done; ``retry_after`` seconds from now it may be."""

    again_helps = True

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class MissingRight(EdgeTrouble):
    """The token is not accepted, or lacks the right ``right`` (Cloudflare's own wording)."""

    def __init__(self, right: str) -> None:
        super().__init__(right)
        self.right = right


class RuleQuotaFull(EdgeTrouble):
    """The zone takes no further custom rule; it has ``rules`` of others."""

    def __init__(self, rules: int) -> None:
        super().__init__(rules)
        self.rules = rules


class HostsNotTaken(EdgeTrouble):
    """Cloudflare accepted the list of hosts and left these out of it."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__(hosts)
        self.hosts = hosts


class EdgeConflict(EdgeTrouble):
    """Somebody changes the same thing at the same time, or it did not come out as asked; perhaps not done."""

    again_helps = True


class ChatTrouble(LatchkeyError):
    """Telegram did not do it."""


class Unreachable(ChatTrouble):
    """The person blocked the bot, deleted the account, or never started the bot."""


class DeliveryUnknown(ChatTrouble):
    """Nobody knows whether the message arrived: the answer was lost."""

    again_helps = True


class CannotShow(ChatTrouble):
    """Telegram refuses this very message: the message is gone, too old, or badly formed."""


class ChatBusy(ChatTrouble):
    """It was not done; ``retry_after`` seconds from now it may be."""

    again_helps = True

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class CannotStart(LatchkeyError):
    """One line for whoever starts the program."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


class SettingWrong(CannotStart):
    """A setting is missing or wrong."""


class DatabaseWrong(CannotStart):
    """The database cannot be used."""


class AlreadyRunning(CannotStart):
    """Another bot holds this database."""


class RetryAt(LatchkeyError):
    """Raised inside the worker: try this chore again at ``at``, with ``payload`` when that changed."""

    again_helps = True

    def __init__(self, at: datetime, payload: dict[str, Any] | None = None) -> None:
        super().__init__(at)
        self.at = at
        self.payload = payload

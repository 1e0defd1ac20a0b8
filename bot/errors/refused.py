"""Refusals: what was asked cannot be done as asked; nothing changed."""

from datetime import date, datetime, timedelta

from bot.errors.base import LatchkeyError


class Refused(LatchkeyError):
    """What was asked cannot be done as asked; nothing changed."""


class InvalidInput(Refused):
    """One thing in the text was wrong."""


class InvalidName(InvalidInput):
    """A device name we cannot take.

    ``why`` is one of ``empty``, ``long``, ``slash``, ``characters``, ``time`` and ``time-inside``. ``what`` is how many
    characters there may be (``long``), a name to take instead (``slash``), what cannot be taken (``characters``) or the
    name as it was written (``time-inside``).
    """

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.what = what


class InvalidValidity(InvalidInput):
    """A duration we cannot read, or out of bounds. ``most_days`` is the upper bound."""

    def __init__(self, most_days: int) -> None:
        super().__init__(most_days)
        self.most_days = most_days


class UnclearTime(InvalidInput):
    """A time that has to be asked about. ``what`` is what was written, ``choices`` what may be meant by it.

    ``why``: ``several`` (one of the choices), ``unreadable`` (like a time, and none), ``inside`` (of a name), ``days``
    (whole days count there), ``past`` or ``twice``.
    """

    def __init__(self, why: str, what: str, choices: tuple[date | timedelta, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.what = what
        self.choices = choices


class InvalidDate(InvalidInput):
    """A day we cannot read, one that is past, or one too far ahead."""


class InvalidTimeZone(InvalidInput):
    """A place whose time zone we do not find; ``like`` are the names of some that are like it."""

    def __init__(self, like: tuple[str, ...]) -> None:
        super().__init__()
        self.like = like


class InvalidRequestFile(InvalidInput):
    """A certificate signing request we do not sign.

    ``why`` is one of ``size``, ``format``, ``certificate`` (one instead), ``several``, ``signature``, ``subject`` (not
    readable), ``mark`` (of another device), ``key``, ``curve`` (its parameters spelt out), ``pss``, ``unasked``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PrivateKeySent(InvalidInput):
    """A private key came with it: not read further. ``why``: ``key``, or ``store`` for a file that holds one."""

    def __init__(self, why: str = "key") -> None:
        super().__init__(why)
        self.why = why


class InvalidPath(InvalidInput):
    """An address, or something behind it, that cannot be opened.

    ``why``: missing, scheme, user, port, fragment, root, encoded, dots, slashes, wildcard, characters, long, word,
    twice, time-or-reason, duration, asn, network, inside-network or networks; ``what`` is the piece meant, or the
    bound (of a duration in hours).
    """

    def __init__(self, why: str, what: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.what = what


class NotAllowed(Refused):
    """The person may not do this."""


class Frozen(Refused):
    """The account is frozen; it may look, revoke and report."""


class NotFound(Refused):
    """There is no such thing here, or not for this person."""


class NotLocked(NotFound):
    """These hosts are not locked by us."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__(hosts)
        self.hosts = hosts


class UnknownDevice(NotFound):
    """No device of that name. ``nearest`` pairs the closest names with their public ids."""

    def __init__(self, name: str, nearest: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.nearest = nearest


class NothingHandMade(NotFound):
    """There is no rule made by hand that could be taken over."""


class StaleAction(NotFound):
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


class NeedsApproval(Refused):
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


class AlreadyDecided(Refused):
    """The request is no longer open. ``how`` is the state it came to, ``by`` who decided, if anybody did."""

    def __init__(self, how: str, by: str | None) -> None:
        super().__init__(how)
        self.how = how
        self.by = by


class OwnAccount(Refused):
    """Nobody changes these things about themself: another admin does."""


class OperatorOnly(Refused):
    """The settings, or whoever has the server, decided that: nobody changes it in the chat."""


class LastAdmin(Refused):
    """Nobody in good standing would be left who could help. ``name`` and ``telegram_id`` are the last admin's."""

    def __init__(self, name: str, telegram_id: int) -> None:
        super().__init__(name, telegram_id)
        self.name = name
        self.telegram_id = str(telegram_id)


class ZoneFull(Refused):
    """The zone has no free certificate slot."""

    def __init__(self, used: int, quota: int) -> None:
        super().__init__(used, quota)
        self.used = used
        self.quota = quota


class StaleRequest(Refused):
    """Asked while the bot was away, too long ago to give anything for it now."""

    again_helps = True


class InvalidHost(Refused):
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


class NotLockedDown(NotFound):
    """There is no lockdown to be ended or made harder."""


class NoPathsNow(Refused):
    """No path is opened as things are. ``why``: lockdown or unlocked."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AlreadyOpen(Refused):
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


class MaxDurationReached(Refused):
    """A path is open for as long as one may be; ``until`` is when it closes."""

    def __init__(self, until: datetime, hours: int) -> None:
        super().__init__(until)
        self.until = until
        self.hours = hours

"""The one tree of errors.

::

    LatchkeyError
    ├── Refused                  what was asked cannot be done as asked; nothing changed
    │   ├── InvalidInput         one thing in the text was wrong
    │   │   ├── InvalidName      a device name we cannot take
    │   │   ├── InvalidValidity  a duration we cannot read or that is out of bounds
    │   │   ├── UnclearTime      a time that has to be asked about
    │   │   ├── InvalidDate      a day we cannot read, or one that is past
    │   │   ├── InvalidTimeZone  a place whose time zone we do not find
    │   │   ├── InvalidPath      an address that cannot be opened
    │   │   ├── InvalidRequestFile  a certificate signing request we do not sign
    │   │   └── PrivateKeySent   a file with a private key in it
    │   ├── NotAllowed           the person may not do this
    │   ├── Frozen               the account is frozen; it may look, revoke and report
    │   ├── NotFound             there is no such thing here
    │   │   ├── NotLockedDown    there is no lockdown to be ended or made harder
    │   │   ├── NotLocked        a host that is not locked by us
    │   │   ├── UnknownDevice    no device of that name (knows the nearest names)
    │   │   ├── NothingHandMade  no rule made by hand that could be taken over
    │   │   └── StaleAction      the button's subject is gone, or its moment has passed
    │   ├── NameTaken            the device already has a certificate
    │   ├── NotOpened            said to work, but its password was never shown
    │   ├── KeyKnown             that public key was used before
    │   ├── LimitReached         the person has as many devices as allowed
    │   ├── NeedsApproval        that needs an admin's yes, and cannot be asked for
    │   ├── AlreadyAsked         the person has an open request already
    │   ├── AskedLately          an admin said no a short while ago
    │   ├── TooManyWaiting       so many requests wait that no more are taken
    │   ├── OwnRequest           nobody decides on what they asked for themselves
    │   ├── AlreadyDecided       somebody else has decided already
    │   ├── OwnAccount           an admin's change that only another admin may make
    │   ├── OperatorOnly         what only whoever has the server may change
    │   ├── LastAdmin            it would leave nobody in good standing who could help
    │   ├── ZoneFull             the zone has no free certificate slot
    │   ├── StaleRequest         asked while the bot was away: please ask again
    │   ├── InvalidHost          a host that cannot be protected
    │   ├── ExpressionTooLong    hosts and open paths do not fit into the rule
    │   ├── NotProtected         a host that needs no certificate, so nothing is to be opened there
    │   ├── LockedDown           no certificate is made while everything is locked down
    │   ├── NoPathsNow           no path is opened as things are: lockdown, or unlocked on purpose
    │   ├── AlreadyOpen          that path is open, or about to be
    │   ├── NoRoomForPath        the rule takes no further path of that length
    │   └── MaxDurationReached   a path is open for as long as one may be
    ├── EdgeTrouble              Cloudflare did not do it
    │   ├── Unclear              nobody knows whether it was done
    │   ├── RefusedByEdge        Cloudflare said no to this very request
    │   │   └── CertificateQuotaFull  the zone has as many live certificates as it may have
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
    ├── StoreTrouble             the database did not do it; nothing of it was written
    │   ├── StoreUnavailable     the disk is full, another program holds it, or the like: it may pass
    │   └── StoreDamaged         its file is damaged
    ├── RetryAt                  inside the worker: not now, but then
    └── CannotStart              one line for whoever starts the program
        ├── InvalidSetting       a setting is missing or wrong
        ├── InvalidDatabase      the database cannot be used
        ├── InvalidBackup        a backup cannot be made or read
        └── AlreadyRunning       another bot holds this database

Each class says whether trying the same again helps (``again_helps``). The sentence a person reads
for each stands in ``bot.chat.messages.refusals``; no error carries prose from a library.
"""

from bot.errors.base import LatchkeyError
from bot.errors.refused import (
    AlreadyAsked,
    AlreadyDecided,
    AlreadyOpen,
    AskedLately,
    ExpressionTooLong,
    Frozen,
    InvalidDate,
    InvalidHost,
    InvalidInput,
    InvalidName,
    InvalidPath,
    InvalidRequestFile,
    InvalidTimeZone,
    InvalidValidity,
    KeyKnown,
    LastAdmin,
    LimitReached,
    LockedDown,
    MaxDurationReached,
    NameTaken,
    NeedsApproval,
    NoPathsNow,
    NoRoomForPath,
    NotAllowed,
    NotFound,
    NothingHandMade,
    NotLocked,
    NotLockedDown,
    NotOpened,
    NotProtected,
    OperatorOnly,
    OwnAccount,
    OwnRequest,
    PrivateKeySent,
    Refused,
    StaleAction,
    StaleRequest,
    TooManyWaiting,
    UnclearTime,
    UnknownDevice,
    ZoneFull,
)
from bot.errors.trouble import (
    AlreadyRunning,
    Busy,
    CannotShow,
    CannotStart,
    CertificateQuotaFull,
    ChatBusy,
    ChatTrouble,
    DeliveryUnknown,
    EdgeConflict,
    EdgeTrouble,
    HostsNotTaken,
    InvalidBackup,
    InvalidDatabase,
    InvalidSetting,
    MissingRight,
    RefusedByEdge,
    RetryAt,
    RuleQuotaFull,
    StoreDamaged,
    StoreTrouble,
    StoreUnavailable,
    Unclear,
    Unreachable,
)

__all__ = [
    "AlreadyAsked",
    "AlreadyDecided",
    "AlreadyOpen",
    "AlreadyRunning",
    "AskedLately",
    "Busy",
    "CannotShow",
    "CannotStart",
    "CertificateQuotaFull",
    "ChatBusy",
    "ChatTrouble",
    "DeliveryUnknown",
    "EdgeConflict",
    "EdgeTrouble",
    "ExpressionTooLong",
    "Frozen",
    "HostsNotTaken",
    "InvalidBackup",
    "InvalidDatabase",
    "InvalidDate",
    "InvalidHost",
    "InvalidInput",
    "InvalidName",
    "InvalidPath",
    "InvalidRequestFile",
    "InvalidSetting",
    "InvalidTimeZone",
    "InvalidValidity",
    "KeyKnown",
    "LastAdmin",
    "LatchkeyError",
    "LimitReached",
    "LockedDown",
    "MaxDurationReached",
    "MissingRight",
    "NameTaken",
    "NeedsApproval",
    "NoPathsNow",
    "NoRoomForPath",
    "NotAllowed",
    "NotFound",
    "NotLocked",
    "NotLockedDown",
    "NotOpened",
    "NotProtected",
    "NothingHandMade",
    "OperatorOnly",
    "OwnAccount",
    "OwnRequest",
    "PrivateKeySent",
    "Refused",
    "RefusedByEdge",
    "RetryAt",
    "RuleQuotaFull",
    "StaleAction",
    "StaleRequest",
    "StoreDamaged",
    "StoreTrouble",
    "StoreUnavailable",
    "TooManyWaiting",
    "Unclear",
    "UnclearTime",
    "UnknownDevice",
    "Unreachable",
    "ZoneFull",
]

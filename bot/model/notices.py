"""What services want told to somebody who did not just tap. Stored as chores, so: never a secret.

A notice is rendered by ``bot.chat.messages`` at the moment it is sent.
"""

from dataclasses import dataclass, field
from datetime import datetime

from bot.model.backups import BackupRestored
from bot.model.certificates.certificates import Certificate
from bot.model.certificates.own_keys import RequestSays
from bot.model.certificates.renewal import Digest, RenewalDue
from bot.model.certificates.symptoms import Symptom
from bot.model.host_notices import HostNotice
from bot.model.household_notices import HouseholdNotice
from bot.model.lost_devices import LossCard
from bot.model.openings.notices import PathNotice
from bot.model.people.changes import PersonChanged
from bot.model.people.people import ServerChange
from bot.model.people.request_notices import RequestNotice
from bot.model.proofs.proofs import ProofRed, ProofReport
from bot.model.protection.rule_notices import RuleNotice, TurnedAway
from bot.model.protection.zone_lock import LockState
from bot.model.status.blocked_requests import BlockedRequests
from bot.model.status.status import Adopted, BeingMended, NotAdopted, StatusReport, UnknownCertificates


@dataclass(frozen=True)
class Making:
    """The certificate is being made; ``retry_at`` when Cloudflare has no time before then. ``name``: of the request,
    where it is another than was asked for.
    """

    certificate: Certificate
    retry_at: datetime | None = None
    name: str = ""


@dataclass(frozen=True)
class Ready:
    """The file is here. ``lock`` is ``None`` when Cloudflare could not be asked."""

    certificate: Certificate
    lock: LockState | None


@dataclass(frozen=True)
class ReadyOwnKey:
    """The certificate for a key made elsewhere is here; ``says``: what its request had beside what was asked for, and
    as ``name`` what Cloudflare has put in.
    """

    certificate: Certificate
    lock: LockState | None
    says: RequestSays = field(default_factory=RequestSays)


@dataclass(frozen=True)
class NotMade:
    """The certificate could not be made. ``why`` names the error's class; slots for a full zone."""

    certificate: Certificate
    why: str
    used: int = 0
    quota: int = 0


@dataclass(frozen=True)
class Revoking:
    """Cloudflare is being told; ``retry_at`` when it has no time before then."""

    certificate: Certificate
    retry_at: datetime | None = None
    turned: TurnedAway | None = None


@dataclass(frozen=True)
class Revoked:
    """Revoked. ``confirmed`` once Cloudflare says so itself; ``undo_until`` while the person may undo."""

    certificate: Certificate
    confirmed: bool
    lock: LockState | None
    undo_until: datetime | None
    turned: TurnedAway | None = None


@dataclass(frozen=True)
class RevokeStuck:
    """Cloudflare refuses to revoke; ``right`` is the missing right when that is why."""

    certificate: Certificate
    right: str | None
    turned: TurnedAway | None = None


@dataclass(frozen=True)
class Restoring:
    """Cloudflare is being asked to take the certificate back."""

    certificate: Certificate
    retry_at: datetime | None = None


@dataclass(frozen=True)
class Restored:
    """The certificate works again."""

    certificate: Certificate
    lock: LockState | None


@dataclass(frozen=True)
class RestoreRefused:
    """Cloudflare does not take it back."""

    certificate: Certificate


@dataclass(frozen=True)
class Forgotten:
    """The bot was restarted and forgot the password on purpose; the unopened file was taken back. ``renews``: the one
    it was to replace is still in use.
    """

    certificate: Certificate
    renews: bool = False


@dataclass(frozen=True)
class NeverOpened:
    """The file's time was up and its password was never looked at: taken back. ``renews``: the one it was to replace
    is still in use.
    """

    certificate: Certificate
    renews: bool = False


@dataclass(frozen=True)
class Tidied:
    """File and password were removed from the chat because their time was up."""

    certificate: Certificate


@dataclass(frozen=True)
class PerhapsArrived:
    """Telegram did not say whether the file arrived."""

    certificate: Certificate


@dataclass(frozen=True)
class TakenByAnother:
    """Somebody else revoked the reader's certificate, and Cloudflare has confirmed it.

    ``by_name`` is ``None`` for whoever has the server.
    """

    certificate: Certificate
    by_name: str | None
    lock: LockState | None


@dataclass(frozen=True)
class FoundActive:
    """A revoked certificate was active again at Cloudflare without our doing; it was revoked once more."""

    certificate: Certificate


@dataclass(frozen=True)
class IssuedWithoutTap:
    """A certificate was made without an admin's yes: told to the other admins. ``name``: what it calls itself, where
    that is not what we asked for.
    """

    certificate: Certificate
    name: str = ""


@dataclass(frozen=True)
class HelpWanted:
    """Somebody's new key does not work, and they ask for a hand: told to the other admins."""

    certificate: Certificate
    symptom: Symptom


@dataclass(frozen=True)
class StepsAgain:
    """An admin sends the reader the steps for their device once more."""

    certificate: Certificate


@dataclass(frozen=True)
class DoneOnServer:
    """Whoever has the server changed something about a person; ``own`` when that is the reader."""

    what: ServerChange
    name: str
    own: bool


CertificateNotice = (
    Making
    | Ready
    | ReadyOwnKey
    | NotMade
    | Revoking
    | Revoked
    | RevokeStuck
    | Restoring
    | Restored
    | RestoreRefused
    | Forgotten
    | NeverOpened
    | Tidied
    | PerhapsArrived
    | TakenByAnother
    | FoundActive
    | IssuedWithoutTap
    | HelpWanted
    | RenewalDue
    | StepsAgain
)

Notice = (
    CertificateNotice
    | RequestNotice
    | RuleNotice
    | HostNotice
    | PathNotice
    | DoneOnServer
    | PersonChanged
    | LossCard
    | HouseholdNotice
    | ProofReport
    | ProofRed
    | BackupRestored
    | StatusReport
    | BeingMended
    | UnknownCertificates
    | Adopted
    | NotAdopted
    | Digest
    | BlockedRequests
)  # fmt: skip

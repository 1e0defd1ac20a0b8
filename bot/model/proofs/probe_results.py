"""What looks at a protected host from outside tell."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What one request met. ``passed`` is any answer of the service, a refusal of its own too."""

    BLOCKED = "blocked"
    PASSED = "passed"
    CHALLENGED = "challenged"
    UNCLEAR = "unclear"


class Cause(StrEnum):
    """What a verdict rests on."""

    BLOCK_PAGE = "block-page"
    FORBIDDEN = "forbidden"
    """403 without a sign of who said it: such as a block page of the household's own making."""

    SERVICE = "service"
    CHALLENGE = "challenge"
    SERVER_ERROR = "server-error"
    TOO_MANY = "too-many"
    TIME_OUT = "time-out"
    NAME_UNKNOWN = "name-unknown"
    NO_CONNECTION = "no-connection"
    TLS = "tls"
    CUT_OFF = "cut-off"
    NO_CERTIFICATE = "no-certificate"
    """There was none to look with, or this system cannot hold one in memory."""

    BLOCKED_EITHER_WAY = "blocked-either-way"
    JUST_REVOKED = "just-revoked"
    """It was revoked a moment ago: the edge may not know yet."""

    WOULD_SET_OFF = "would-set-off"
    """Not tried: a request by that method does what the path is for."""

    OTHER_SOURCES = "other-sources"
    """Blocked from here, and open for other addresses only."""


@dataclass(frozen=True)
class ProbeResult:
    """What one request met; ``status`` is the answer's, ``None`` where there was none."""

    verdict: Verdict
    status: int | None
    why: Cause


NOTHING_TO_LOOK_WITH = ProbeResult(Verdict.UNCLEAR, None, Cause.NO_CERTIFICATE)


@dataclass(frozen=True)
class HostProbe:
    """Three looks at one host: without a certificate, with the live probe's, with the revoked probe's."""

    host: str
    without: ProbeResult
    live: ProbeResult
    revoked: ProbeResult

    @property
    def is_locked(self) -> bool:
        """Whether the lock is proven: nobody gets in without a certificate *and* somebody does with one."""
        return self.without.verdict is Verdict.BLOCKED and self.live.verdict is Verdict.PASSED

    @property
    def is_open(self) -> bool:
        """Whether somebody gets in who must not."""
        return Verdict.PASSED in {self.without.verdict, self.revoked.verdict}

    @property
    def verdict_without(self) -> ProbeResult:
        """The look without a certificate, in the light of the others: where everybody is blocked it tells nothing of
        the lock.
        """
        return self._weighed(self.without)

    @property
    def verdict_revoked(self) -> ProbeResult:
        """The look with the revoked certificate, in the light of the others."""
        return self._weighed(self.revoked)

    def _weighed(self, look: ProbeResult) -> ProbeResult:
        if look.verdict is Verdict.BLOCKED and self.live.verdict is Verdict.BLOCKED:
            return ProbeResult(Verdict.UNCLEAR, look.status, Cause.BLOCKED_EITHER_WAY)
        return look


class RuleVisibility(StrEnum):
    """Whether the edge was seen to have a version of the rule."""

    SEEN = "seen"
    NOT_YET = "not-yet"
    UNCLEAR = "unclear"

"""What the block rule shall say, and the tree that says it.

Evaluation at Cloudflare is told by the fields reference: a revoked certificate is still *verified*, so the rule asks
for both. Nothing here prints: text from people enters the tree as literals alone.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.model.protection.expression import (
    All,
    Any,
    Call,
    Compare,
    Constant,
    Expression,
    Member,
    Network,
    Not,
    Within,
)
from bot.model.protection.expression_fields import (
    LOWERED_FINGERPRINT,
    LOWERED_HOST,
    METHOD,
    NOW,
    PATH,
    QUERY,
    RAW_PATH,
    REVOKED,
    SOURCE,
    VERIFIED,
)
from bot.model.protection.path_spellings import spellings

BEACON_PATH = "/.well-known/latchkey/"
"""Below it nobody has anything: a request there is blocked as soon as the version with that nonce is in force."""


_SOME_METHODS = re.compile(r"[A-Z]+(?: [A-Z]+)+")


class PathCheck(StrEnum):
    """By what an open path is told from all others."""

    BOTH = "both"
    """As the rules see it and as it was sent. ``/x/../hook`` is seen as ``/hook`` and reaches the service as
    ``/x/../hook``; and a URL rewrite, which runs before, changes what the rules see."""

    RAW = "raw"
    """As it was sent, alone: where many paths leave no room for both. What was sent normalised is seen so too, unless
    a rewrite of the zone's own makes something else of it."""

    NORMALISED = "normalised"
    """As the rules see it, alone: every detour to the path is let through, and reaches the service as it was sent."""

    @property
    def or_less(self) -> tuple["PathCheck", ...]:
        """This way and those that ask for less, the most thorough first."""
        ways = tuple(PathCheck)
        return ways[ways.index(self) :]


@dataclass(frozen=True, kw_only=True)
class PathException:
    """One exact path that needs no certificate until ``closes_at`` (UNIX seconds).

    ``query``, ``method`` (one, or some with a blank between) and ``networks`` narrow it where they are given; ``sent``
    is a further spelling in which it may be sent.
    """

    host: str
    path: str
    closes_at: int
    sent: str | None = None
    query: str | None = None
    method: str | None = None
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DesiredRule:
    """What the rule shall say. ``beacon`` is the nonce of this version.

    ``everything``: block whoever comes, with a certificate or without. ``enabled``: no for "unlocked on purpose".
    ``fingerprints`` are SHA-256, lower-case hex, in the order in which they may have the room there is.
    ``paths_by``: the most thorough way of telling an open path that the zone takes, or that there is room for.
    """

    hosts: tuple[str, ...]
    beacon: str
    exceptions: tuple[PathException, ...] = ()
    fingerprints: tuple[str, ...] = ()
    everything: bool = False
    enabled: bool = True
    paths_by: PathCheck = PathCheck.BOTH

    def with_fingerprints(self, fingerprints: Sequence[str]) -> "DesiredRule":
        """The same rule with these fingerprints."""
        return dataclasses.replace(self, fingerprints=tuple(fingerprints))

    def with_exceptions(self, exceptions: Sequence[PathException]) -> "DesiredRule":
        """The same rule with these open paths."""
        return dataclasses.replace(self, exceptions=tuple(exceptions))

    def telling_paths_by(self, check: PathCheck) -> "DesiredRule":
        """The same rule with its open paths told by that."""
        return dataclasses.replace(self, paths_by=check)


def expression_of(wanted: DesiredRule) -> Expression:
    """The rule's expression.

    Raises:
        ValueError: there is no host; a rule for nothing cannot be said.
    """
    if not wanted.hosts:
        raise ValueError("a rule needs a host")
    if wanted.everything:
        return hosts_part(wanted)
    parts = [hosts_part(wanted), _turned_away(wanted)]
    if wanted.exceptions:
        parts.append(exceptions_part(wanted))
    return All(tuple(parts))


def hosts_part(wanted: DesiredRule) -> Expression:
    """Whether the request is for one of the hosts.

    Whether ``http.host`` carries a port or a trailing dot is not documented, nor whether it is in lower case.
    """
    return _any_of([Call("starts_with", (LOWERED_HOST, Constant(host))) for host in wanted.hosts])


def exceptions_part(wanted: DesiredRule) -> Expression:
    """That the request is none of the open paths."""
    return Not(_any_of([_exception(one, wanted.paths_by) for one in wanted.exceptions]))


def _turned_away(wanted: DesiredRule) -> Expression:
    reasons: list[Expression] = [Not(VERIFIED), REVOKED]
    if wanted.fingerprints:
        # An empty set would be valid and hold nothing.
        reasons.append(Member(LOWERED_FINGERPRINT, wanted.fingerprints))
    reasons.append(Compare("eq", PATH, Constant(BEACON_PATH + wanted.beacon)))
    return Any(tuple(reasons))


def _exception(one: PathException, check: PathCheck) -> Expression:
    parts: list[Expression] = [Compare("eq", LOWERED_HOST, Constant(one.host))]
    if check is not PathCheck.RAW:
        parts.append(Compare("eq", PATH, Constant(one.path)))
    if check is not PathCheck.NORMALISED:
        parts.append(_sent_as(one))
    if one.query is not None:
        parts.append(Compare("eq", QUERY, Constant(one.query)))
    if one.method is not None:
        parts.append(_method_part(one.method))
    if one.networks:
        parts.append(Within(SOURCE, one.networks))
    parts.append(Compare("lt", NOW, Constant(one.closes_at)))
    return All(tuple(parts))


def _method_part(method: str) -> Expression:
    if _SOME_METHODS.fullmatch(method):
        return Member(METHOD, tuple(method.split()))
    return Compare("eq", METHOD, Constant(method))


def _sent_as(one: PathException) -> Expression:
    spelled = spellings(one.path, one.sent)
    return Compare("eq", RAW_PATH, Constant(one.path)) if len(spelled) == 1 else Member(RAW_PATH, spelled)


def _any_of(parts: list[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Any(tuple(parts))

"""What the block rule shall say, and the tree that says it.

Evaluation at Cloudflare is told by the fields reference: a revoked certificate is still *verified*, so the rule asks
for both. Nothing here prints: text from people enters the tree as literals alone.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.expression import All, Any, Call, Compare, Constant, Expression, Member, Network, Not, Within
from bot.model.fields import FINGERPRINT, LOWERED_HOST, METHOD, NOW, PATH, QUERY, REVOKED, SOURCE, VERIFIED

BEACON_PATH = "/.well-known/latchkey/"
"""Below it nobody has anything: a request there is blocked as soon as the version with that nonce is in force."""


_SOME_METHODS = re.compile(r"[A-Z]+(?: [A-Z]+)+")


@dataclass(frozen=True, kw_only=True)
class PathException:
    """One exact path that needs no certificate until ``closes_at`` (UNIX seconds).

    ``query``, ``method`` (one, or some with a blank between) and ``networks`` narrow it where they are given.
    """

    host: str
    path: str
    closes_at: int
    query: str | None = None
    method: str | None = None
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WantedRule:
    """What the rule shall say. ``beacon`` is the nonce of this version.

    ``everything``: block whoever comes, with a certificate or without. ``enabled``: no for "unlocked on purpose".
    ``fingerprints`` are SHA-256, lower-case hex, in the order in which they may have the room there is.
    """

    hosts: tuple[str, ...]
    beacon: str
    exceptions: tuple[PathException, ...] = ()
    fingerprints: tuple[str, ...] = ()
    everything: bool = False
    enabled: bool = True

    def with_fingerprints(self, fingerprints: Sequence[str]) -> "WantedRule":
        """The same rule with these fingerprints."""
        return dataclasses.replace(self, fingerprints=tuple(fingerprints))

    def with_exceptions(self, exceptions: Sequence[PathException]) -> "WantedRule":
        """The same rule with these open paths."""
        return dataclasses.replace(self, exceptions=tuple(exceptions))


def expression_of(wanted: WantedRule) -> Expression:
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


def hosts_part(wanted: WantedRule) -> Expression:
    """Whether the request is for one of the hosts.

    Whether ``http.host`` carries a port or a trailing dot is not documented, nor whether it is in lower case.
    """
    return _any_of([Call("starts_with", (LOWERED_HOST, Constant(host))) for host in wanted.hosts])


def exceptions_part(wanted: WantedRule) -> Expression:
    """That the request is none of the open paths."""
    return Not(_any_of([_exception(one) for one in wanted.exceptions]))


def _turned_away(wanted: WantedRule) -> Expression:
    reasons: list[Expression] = [Not(VERIFIED), REVOKED]
    if wanted.fingerprints:
        # An empty set would be valid and hold nothing.
        reasons.append(Member(FINGERPRINT, wanted.fingerprints))
    reasons.append(Compare("eq", PATH, Constant(BEACON_PATH + wanted.beacon)))
    return Any(tuple(reasons))


def _exception(one: PathException) -> Expression:
    parts: list[Expression] = [
        Compare("eq", LOWERED_HOST, Constant(one.host)),
        Compare("eq", PATH, Constant(one.path)),
    ]
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


def _any_of(parts: list[Expression]) -> Expression:
    return parts[0] if len(parts) == 1 else Any(tuple(parts))

"""What Cloudflare decides before our rule is asked: who is let past it, and which paths are rewritten.

An IP Access rule with *Allow* ends the evaluation before custom rules, and a URL rewrite changes the path that they see
(Cloudflare's WAF documentation, "Security features interoperability" and "IP Access rules").
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.model.protection.expression import Expression, Value, truth


class Reach(StrEnum):
    """Where an IP Access rule holds: in this zone, in all of the account, or in all zones of its user."""

    ZONE = "zone"
    ACCOUNT = "account"
    USER = "user"


@dataclass(frozen=True, kw_only=True)
class AllowRule:
    """An IP Access rule with *Allow*: whoever it names needs no certificate.

    ``target`` is the kind of ``value`` in the API's words: ``ip``, ``ip6``, ``ip_range``, ``asn``, ``country``, or one
    that is not known yet. ``notes`` are whatever somebody wrote beside it.
    """

    rule_id: str
    target: str
    value: str
    notes: str
    reach: Reach

    @property
    def key(self) -> tuple[str, str, str]:
        """By which two lists tell the same rule: one target has one rule in one scope."""
        return (self.reach, self.target, self.value)


@dataclass(frozen=True, kw_only=True)
class Rewrite:
    """A URL rewrite that is on. ``name`` is its description, or its id."""

    rule_id: str
    name: str
    expression: Expression

    def may_touch(self, host: str) -> bool:
        """Whether it may rewrite a request for ``host``: whatever else the client chooses counts as unknown."""
        request: dict[str, Value] = {"http.host": host, "ssl": True}
        return truth(self.expression, request) is not False


@dataclass(frozen=True, kw_only=True)
class EarlierRules:
    """What is known of it. ``missing_rights`` are optional rights of the token without which part of it is not told.

    ``untold``: Cloudflare does not tell part of it now. ``cut``: there are more Allow rules than were read.
    """

    allows: tuple[AllowRule, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    missing_rights: tuple[str, ...] = ()
    untold: bool = False
    cut: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is unknown."""
        return not (self.missing_rights or self.untold or self.cut)

    def touching(self, hosts: Collection[str]) -> tuple[Rewrite, ...]:
        """The rewrites that may change what our rule sees at one of these hosts."""
        return tuple(one for one in self.rewrites if any(one.may_touch(host) for host in hosts))


NOTHING_EARLIER = EarlierRules()


def without_doubles(rules: Collection[AllowRule]) -> tuple[AllowRule, ...]:
    """Each rule once. Whether a zone's list shows the account's and the user's rules too is not documented, so the same
    one may be told by two lists.
    """
    ids: set[str] = set()
    keys: set[tuple[str, str, str]] = set()
    kept = []
    for one in rules:
        if one.rule_id not in ids and one.key not in keys:
            kept.append(one)
        ids.add(one.rule_id)
        keys.add(one.key)
    return tuple(kept)

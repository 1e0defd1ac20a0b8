"""Locks made by hand: what is understood of them, what of it ours would say, and what has to be named."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HandMadePath:
    """A path that needs no certificate on ``host``; ``query``, ``method`` and ``networks`` narrow it where given."""

    host: str
    path: str
    method: str | None = None
    query: str | None = None
    networks: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandMadeRule:
    """One of the rules: what it is found by, its text when it was looked at, and what its maker called it."""

    rule_id: str
    text: str
    description: str = ""


@dataclass(frozen=True)
class KeptLock:
    """A lock that stays on beside ours, for it locks ``hosts`` too, which we cannot."""

    rule: HandMadeRule
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class Shut:
    """What gets in without a certificate now and not behind our lock: addresses, and rules that cannot be told in
    addresses.
    """

    addresses: tuple[str, ...] = ()
    rules: tuple[HandMadeRule, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.addresses or self.rules)


NOTHING_SHUT = Shut()


@dataclass(frozen=True, kw_only=True)
class HandMade:
    """What was understood. Without ``hosts`` there is nothing to take over.

    ``rules`` are switched off by a take-over. ``heeds_revocation``: no revoked certificate gets in that ours turns
    away; ``heeds_maker``: nor one that Cloudflare has not made. ``ordered`` is open in ours already, by an order of its
    own, and shut by theirs until they are switched off. ``unread`` are rules about certificates that cannot be
    carried over and stay as they are.
    """

    rules: tuple[HandMadeRule, ...] = ()
    hosts: tuple[str, ...] = ()
    paths: tuple[HandMadePath, ...] = ()
    heeds_revocation: bool = True
    heeds_maker: bool = True
    ordered: tuple[HandMadePath, ...] = ()
    shut: Shut = NOTHING_SHUT
    kept: tuple[KeptLock, ...] = ()
    unread: tuple[HandMadeRule, ...] = ()

"""What the zone's own rules say about the lock: per host, does the edge ask, demand, heed revocation?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.protection.expression import Expression, Value, truth


class Answer(StrEnum):
    """Yes, no, or not to be told from the rule's text alone."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True)
class ZoneRule:
    """One custom rule in its place. ``expression`` is a tree (unread parts are ``Opaque``).

    ``action`` is ``skip`` only for a rule that skips the custom rules after it.
    """

    action: str
    enabled: bool
    expression: Expression


@dataclass(frozen=True)
class HostLock:
    """One associated host: whether a rule demands a certificate there, and heeds revocation."""

    name: str
    demands: Answer
    heeds_revocation: Answer


@dataclass(frozen=True)
class LockState:
    """The lock as the zone describes it.

    ``hosts`` are the associated ones; ``recommended`` is a rule's expression for them that demands a
    certificate and heeds revocation, ready to paste (empty without hosts).
    """

    hosts: tuple[HostLock, ...]
    recommended: str

    @property
    def opened_by_certificate(self) -> tuple[str, ...]:
        """Hosts that a certificate opens: associated, and a rule demands one."""
        return tuple(host.name for host in self.hosts if host.demands is Answer.YES)

    @property
    def open_to_everyone(self) -> tuple[str, ...]:
        """Associated hosts for which no rule demands a certificate."""
        return tuple(host.name for host in self.hosts if host.demands is Answer.NO)

    @property
    def blind_to_revocation(self) -> tuple[str, ...]:
        """Locked hosts that a revoked certificate still opens, as far as the rules tell."""
        return tuple(
            host.name for host in self.hosts if host.demands is Answer.YES and host.heeds_revocation is not Answer.YES
        )


def judge(host: str, rules: Sequence[ZoneRule], now: datetime) -> HostLock:
    """Play two requests for ``https://host/`` against the rules in order: without, and with a revoked certificate.

    What a client may choose freely (address, user agent, …) counts as unknown, so a rule that depends on it
    is no proof either way. A revoked certificate still counts as verified (Cloudflare's field reference).
    """
    request: dict[str, Value] = {
        "http.host": host,
        "http.request.uri.path": "/",
        "http.request.uri": "/",
        "http.request.uri.query": "",
        "raw.http.request.uri.path": "/",
        "raw.http.request.uri": "/",
        "raw.http.request.uri.query": "",
        "http.request.full_uri": f"https://{host}/",
        "http.request.method": "GET",
        "http.request.timestamp.sec": int(now.timestamp()),
        "ssl": True,
    }
    without: dict[str, Value] = {
        "cf.tls_client_auth.cert_presented": False,
        "cf.tls_client_auth.cert_verified": False,
        "cf.tls_client_auth.cert_revoked": False,
        "cf.tls_client_auth.cert_fingerprint_sha256": "",
        "cf.tls_client_auth.cert_serial": "",
    }
    revoked: dict[str, Value] = {
        "cf.tls_client_auth.cert_presented": True,
        "cf.tls_client_auth.cert_verified": True,
        "cf.tls_client_auth.cert_revoked": True,
    }
    return HostLock(
        name=host,
        demands=_blocked(rules, request | without),
        heeds_revocation=_blocked(rules, request | revoked),
    )


def _blocked(rules: Sequence[ZoneRule], request: dict[str, Value]) -> Answer:
    perhaps = {"block": False, "skip": False}
    for rule in rules:
        if not rule.enabled or rule.action not in perhaps:
            continue
        applies = truth(rule.expression, request)
        if applies is None:
            perhaps[rule.action] = True
        elif applies and rule.action == "block":
            # What may have been blocked before is blocked either way; only a skip could have let it past.
            return Answer.UNSURE if perhaps["skip"] else Answer.YES
        elif applies:
            break
    return Answer.UNSURE if perhaps["block"] else Answer.NO

"""The zone as the edge knows it: read from the file that the API's stand-in publishes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509

from sandbox.clock import SandboxClock


@dataclass(frozen=True, slots=True)
class Rule:
    """One custom rule; ``skips_rest`` when its parameters skip the rest of the ruleset."""

    id: str
    action: str
    expression: str
    enabled: bool
    skips_rest: bool


@dataclass(frozen=True, slots=True)
class AccessRule:
    """One IP Access rule; ``mode`` and ``target`` in the API's words."""

    id: str
    mode: str
    target: str
    value: str


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One URL rewrite that is on."""

    expression: str
    path: str


@dataclass(frozen=True, slots=True)
class ListedCertificate:
    """What the zone knows of a client certificate it issued."""

    status: str
    pending_until: datetime | None

    def is_revoked(self, now: datetime) -> bool:
        """Whether it counts as revoked; a pending change counts from its moment on."""
        changed = self.pending_until is not None and self.pending_until <= now
        if self.status == "pending_revocation":
            return changed
        if self.status == "pending_reactivation":
            return not changed
        return self.status == "revoked"


@dataclass(frozen=True)
class ZoneState:
    """One version of the zone. ``services``: at which other names, wildcards among them, the service of which host
    answers.
    """

    name: str
    hosts: frozenset[str]
    rules: tuple[Rule, ...]
    certificates: dict[str, ListedCertificate]
    authority: x509.Certificate | None
    http3: bool
    access_rules: tuple[AccessRule, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()
    services: Mapping[str, str] = field(default_factory=dict)

    def service_of(self, host: str) -> str:
        """The host whose service answers at ``host``."""
        return self.services.get(host) or self.services.get(f"*.{host.partition('.')[2]}") or host

    def covers(self, host: str) -> bool:
        """Whether ``host`` (lower case, no port) is the zone or below it."""
        return bool(self.name) and (host == self.name or host.endswith(f".{self.name}"))

    def revokes(self, fingerprint: str, now: datetime) -> bool:
        """Whether the zone has revoked the certificate with that SHA-256 fingerprint."""
        listed = self.certificates.get(fingerprint)
        return listed is not None and listed.is_revoked(now)


NOTHING = ZoneState("", frozenset(), (), {}, None, http3=False)
"""Before a zone is published: every handshake is refused."""


class ZoneFile:
    """The published file, looked at each time the state is asked for.

    A change is in force ``propagation_seconds`` (on the sandbox's clock) after it was published. That moment is
    the file's own ``published_at`` where it has one, else the first look that finds the change. What was there
    at the first look of all is in force at once.
    """

    def __init__(self, file: Path, clock: SandboxClock) -> None:
        self.propagation_seconds = 0.0
        self._file = file
        self._clock = clock
        self._text = ""
        self._in_force: ZoneState | None = None
        self._coming: list[tuple[datetime, ZoneState]] = []

    def state(self) -> ZoneState:
        """The version in force now. Raises ``ValueError`` for a file that is no zone."""
        now = self._clock.now()
        text = self._file.read_text(encoding="utf-8") if self._file.exists() else ""
        # The whole text is compared: two writes can share a time stamp and an inode.
        if text and text != self._text:
            self._text = text
            self._take(json.loads(text), now)
        wait = timedelta(seconds=self.propagation_seconds)
        while self._coming and self._coming[0][0] + wait <= now:
            self._in_force = self._coming.pop(0)[1]
        return self._in_force or NOTHING

    def _take(self, published: dict[str, Any], now: datetime) -> None:
        state = _read(published)
        if self._in_force is None:
            self._in_force = state
            return
        moment = published.get("published_at")
        self._coming.append((datetime.fromisoformat(moment) if moment else now, state))


def _read(published: dict[str, Any]) -> ZoneState:
    ca = published["ca"]
    return ZoneState(
        name=published["zone"]["name"].lower(),
        hosts=frozenset(host.lower() for host in published["hosts"]),
        rules=tuple(_rule(rule) for rule in published["rules"]),
        certificates={record["fingerprint_sha256"]: _listed(record) for record in published["certificates"]},
        authority=x509.load_pem_x509_certificate(ca.encode()) if ca else None,
        http3=published["http3"] == "on",
        access_rules=tuple(AccessRule(**rule) for rule in published.get("access_rules", ())),
        rewrites=tuple(Rewrite(**rule) for rule in published.get("rewrites", ())),
        services=published.get("services", {}),
    )


def _rule(rule: dict[str, Any]) -> Rule:
    parameters = rule.get("action_parameters") or {}
    return Rule(
        id=rule["id"],
        action=rule["action"],
        expression=rule["expression"],
        enabled=rule.get("enabled", True),
        skips_rest=rule["action"] == "skip" and parameters.get("ruleset") == "current",
    )


def _listed(record: dict[str, Any]) -> ListedCertificate:
    until = record.get("pending_until")
    return ListedCertificate(record["status"], datetime.fromisoformat(until) if until else None)

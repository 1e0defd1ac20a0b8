"""The zone behind the stand-in: its state, its file, and what it publishes for the edge."""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any, Literal

from sandbox.clock import SandboxClock
from sandbox.cloudflare.access_rules import AccessRules
from sandbox.cloudflare.authority import CertificateAuthority
from sandbox.cloudflare.certificates import LIVE, ClientCertificate, SerialFormat, from_stored
from sandbox.cloudflare.rewrites import Rewrites
from sandbox.cloudflare.rulesets import CustomRules

Preset = Literal["documented", "dashboard", "empty"]
PRESET_LABELS = ("ha", "photos")

# Zone settings documentation: 0-RTT is off by default; the default of HTTP/3 is not documented.
_SETTINGS = {"http3": "on", "0rtt": "off", "http2": "on", "tls_1_3": "on"}


def identifier(text: str) -> str:
    """32 hex digits, the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Zone:
    """One zone: certificates, associated hosts, custom rules, settings.

    ``save`` writes ``cloudflare.json`` (what a restart needs) and ``zone.json`` (what the edge needs), each
    replaced whole; it belongs after every change.
    """

    def __init__(self, clock: SandboxClock, directory: Path, name: str, plan: str) -> None:
        self.clock = clock
        self.name = name
        self.plan = plan
        self.id = identifier(f"zone {name}")
        self.account_id = identifier(f"account {name}")
        self.serial_format: SerialFormat = "decimal"
        directory.mkdir(parents=True, exist_ok=True)
        self.authority = CertificateAuthority(directory, self.account_id, clock.now())
        self.certificates: list[ClientCertificate] = []
        # Hosts by the CA they are associated with; "" is Cloudflare's managed one.
        self.hosts: dict[str, list[str]] = {"": []}
        self.custom = CustomRules(clock.now, lambda: self.plan)
        self.access_rules = AccessRules()
        self.rewrites = Rewrites()
        # Which host's service answers at other names: the second's, by the first; wildcards among the first.
        self.services: dict[str, str] = {}
        self.settings = dict(_SETTINGS)
        self._state_file = directory / "cloudflare.json"
        self._published_file = directory / "zone.json"

    def open(self, preset: Preset) -> None:
        """Be as the file says, or as ``preset`` says where there is no file yet."""
        if self._state_file.exists():
            self._restore(json.loads(self._state_file.read_text(encoding="utf-8")))
        elif preset != "empty":
            self._set_up(preset)
        self.save()

    def save(self) -> None:
        """Keep the state and publish it for the edge."""
        _write(self._state_file, self._stored())
        _write(self._published_file, self._published())

    @property
    def live(self) -> int:
        """How many certificates hold a slot of the quota: those that are not revoked or about to be."""
        return sum(record.status in LIVE for record in self.certificates)

    def _set_up(self, preset: Preset) -> None:
        hosts = [f"{label}.{self.name}" for label in PRESET_LABELS]
        self.hosts[""] = hosts
        listed = " ".join(f'"{host}"' for host in hosts)
        unverified = "not cf.tls_client_auth.cert_verified"
        if preset == "documented":
            expression = f"(http.host in {{{listed}}} and ({unverified} or cf.tls_client_auth.cert_revoked))"
        else:
            expression = f"({unverified} and http.host in {{{listed}}})"
        rule = {"action": "block", "expression": expression, "description": "mTLS required", "enabled": True}
        self.custom.put({"rules": [rule]})

    def _stored(self) -> dict[str, Any]:
        return {
            "certificates": [record.as_stored() for record in self.certificates],
            "hosts": self.hosts,
            "ruleset": self.custom.ruleset,
            "settings": self.settings,
            "access_rules": self.access_rules.rules,
            "rewrites": self.rewrites.ruleset,
            "services": self.services,
        }

    def _restore(self, stored: dict[str, Any]) -> None:
        self.certificates = [from_stored(record, self.clock) for record in stored["certificates"]]
        self.hosts = stored["hosts"]
        self.custom.ruleset = stored["ruleset"]
        self.settings = stored["settings"]
        self.access_rules.rules = stored.get("access_rules", [])
        self.rewrites.ruleset = stored.get("rewrites")
        self.services = stored.get("services", {})

    def _published(self) -> dict[str, Any]:
        names = ("id", "ref", "action", "expression", "enabled", "action_parameters")
        return {
            "zone": {"id": self.id, "name": self.name},
            "hosts": self.hosts[""],
            "rules": [{name: rule[name] for name in names if name in rule} for rule in self.custom.rules],
            "certificates": [record.as_published(self.serial_format) for record in self.certificates],
            "ca": self.authority.pem,
            "http3": self.settings["http3"],
            "access_rules": self.access_rules.published(),
            "rewrites": self.rewrites.published(),
            "services": self.services,
        }


def _write(file: Path, content: dict[str, Any]) -> None:
    fresh = file.with_name(f"{file.name}.{uuid.uuid4().hex}.new")
    fresh.write_text(json.dumps(content, indent=1), encoding="utf-8")
    fresh.replace(file)

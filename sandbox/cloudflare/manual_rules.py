"""What somebody may do in the dashboard that is decided before custom rules, or leads to a service by another name."""

from typing import Any

from sandbox.clock import SandboxClock
from sandbox.cloudflare.zone import Zone, identifier


class EarlierByHand:
    """A part of the desk: IP Access rules, URL rewrites, names."""

    zone: Zone
    clock: SandboxClock
    dns_records: list[dict[str, Any]]

    def allow_by_hand(self, target: str, value: str, *, account: bool = False, **more: str) -> str:
        """Add an IP Access rule in the dashboard (``mode`` and ``notes`` among ``more``); answers its id."""
        scope_id = self.zone.account_id if account else self.zone.id
        rules = self.zone.access_rules
        rule = rules.add(target, value, now=self.clock.now(), account=account, scope_id=scope_id, **more)
        self.zone.save()
        return str(rule["id"])

    def disallow_by_hand(self, value: str) -> None:
        """Delete the IP Access rules for a value in the dashboard."""
        self.zone.access_rules.remove(value)
        self.zone.save()

    def rewrite_by_hand(self, expression: str, path: str, description: str = "") -> None:
        """Add a URL rewrite in the dashboard."""
        self.zone.rewrites.add(expression, path, now=self.clock.now(), description=description)
        self.zone.save()

    def add_name(self, name: str, *, like: str) -> None:
        """Add a DNS record in the dashboard: the proxied ``name``, a wildcard perhaps, leads to the service of ``like``
        and points where that does.
        """
        record = next((one for one in self.dns_records if one["name"] == like), self.dns_records[0])
        self.dns_records.append({**record, "id": identifier(f"record {name}"), "name": name})
        self.zone.services[name] = like
        self.zone.save()

"""What the edge turned away, kept for the API's stand-in to tell: one JSON object a line."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

_FILE = "firewall-events.jsonl"
_KEPT = 500


class FirewallEvents:
    """The latest events of a sandbox in its directory."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / _FILE
        self._count = 0

    def add(self, *, at: datetime, rule_id: str, action: str, host: str, path: str, agent: str, ray: str) -> None:
        """Keep one."""
        event = {
            "datetime": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "action": action,
            "source": "firewallCustom",
            "ruleId": rule_id,
            "rayName": ray.partition("-")[0],
            "clientIP": "127.0.0.1",
            "clientCountryName": "T1",
            "clientRequestHTTPHost": host,
            "clientRequestPath": path,
            "userAgent": agent,
        }
        self._count += 1
        if self._count > _KEPT:
            kept = self._file.read_text(encoding="utf-8").splitlines(keepends=True)[-_KEPT // 2 :]
            self._file.write_text("".join(kept), encoding="utf-8")
            self._count = len(kept)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")

    def all(self) -> list[dict[str, Any]]:
        """All that are kept, oldest first."""
        if not self._file.exists():
            return []
        return [json.loads(line) for line in self._file.read_text(encoding="utf-8").splitlines()]

"""Open paths: exact paths on a protected host that need no certificate for a while."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network

from bot.model.rule import PathException


@dataclass(frozen=True, kw_only=True)
class OpenPath:
    """One open path. ``lasting``: ``closes_at`` is moved on daily; ``networks`` are texts as ``ip_network`` reads."""

    id: int
    public_id: str
    host: str
    path: str
    query: str | None
    method: str | None
    networks: tuple[str, ...]
    reason: str | None
    lasting: bool
    opened_by: int
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None

    @property
    def as_exception(self) -> PathException:
        """What the rule says of it."""
        return PathException(
            host=self.host,
            path=self.path,
            query=self.query,
            method=self.method,
            networks=tuple(ip_network(text) for text in self.networks),
            closes_at=int(self.closes_at.timestamp()),
        )

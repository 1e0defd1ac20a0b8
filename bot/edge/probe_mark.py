"""The mark by which the bot knows its own requests again, when Cloudflare tells who was turned away.

It stands in the user agent, so whoever runs the service behind can read it: it holds for one host and some minutes.
"""

import hmac
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.clock import Clock

_HOLDS = timedelta(minutes=10)
_MARK = re.compile(r"; (\d{1,12})\.([0-9a-f]{16})\)$")


@dataclass(frozen=True)
class ProbeMark:
    """Marks requests with a key that the bot's token leads to (HKDF, RFC 5869): any process of it knows them."""

    secret: str = field(repr=False)
    clock: Clock

    def user_agent(self, said: str, host: str) -> str:
        """``said``, which ends with a bracket, with the mark for a request to ``host`` now."""
        second = int(self.clock.now().timestamp())
        return f"{said.removesuffix(')')}; {second}.{self._mac(host, second)})"

    def is_ours(self, user_agent: str, host: str, at: datetime) -> bool:
        """Whether the bot sent a request with that user agent to that host at that moment."""
        found = _MARK.search(user_agent)
        if found is None or not hmac.compare_digest(found[2], self._mac(host, int(found[1]))):
            return False
        return abs(at - datetime.fromtimestamp(int(found[1]), UTC)) <= _HOLDS

    def _mac(self, host: str, second: int) -> str:
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"latchkey probes").derive(
            self.secret.encode()
        )
        plain = host.lower().partition(":")[0].rstrip(".")
        return hmac.digest(key, f"{plain} {second}".encode(), "sha256").hex()[:16]

"""Our own budget of calls, kept below Cloudflare's.

Over 1,200 calls in five minutes Cloudflare refuses every call of the account for the next five (API rate
limits, developers.cloudflare.com/fundamentals/api/reference/limits), also the one that would revoke a lost phone.
"""

from collections import deque
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import Busy

_WINDOW = timedelta(minutes=5)
_ALL = 1100
_KEPT_FOR_TAKING_AWAY = 200


class CallBudget:
    """Counts calls in a sliding window of five minutes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[datetime] = deque()

    def take(self, *, takes_away: bool) -> None:
        """Count one call.

        Raises:
            Busy: the budget is used up; the last 200 are for calls that take access away.
        """
        now = self._clock.now()
        if self._calls and self._calls[-1] > now:
            # A clock that was set back leaves calls in the future: they count as just made.
            self._calls = deque(min(call, now) for call in self._calls)
        while self._calls and self._calls[0] <= now - _WINDOW:
            self._calls.popleft()
        if len(self._calls) >= (_ALL if takes_away else _ALL - _KEPT_FOR_TAKING_AWAY):
            raise Busy((self._calls[0] + _WINDOW - now).total_seconds())
        self._calls.append(now)

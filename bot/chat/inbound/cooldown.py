"""What was done lately, so that it is not done again too soon. In memory, and never more than some thousand keys."""

from collections import OrderedDict
from datetime import datetime, timedelta

_MOST = 1000


class Cooldown:
    """When something was last done for a key."""

    def __init__(self) -> None:
        self._done: OrderedDict[int, datetime] = OrderedDict()

    def may(self, key: int, now: datetime, pause: timedelta) -> bool:
        """Whether ``pause`` has passed since the last time; if so, this is the last time from now on."""
        last = self._done.get(key)
        if last is not None and timedelta(0) <= now - last < pause:
            return False
        self._done.pop(key, None)
        self._done[key] = now
        while len(self._done) > _MOST:
            self._done.popitem(last=False)
        return True

"""Who is heard how often. What is over the limit is dropped before anything is stored or opened for it.

Whoever belongs here has a measure of their own, and what takes away is never limited for them. Strangers share one
measure, and so do those who asked to come in: a flood of accounts cannot use up more than that.
"""

from collections import OrderedDict
from datetime import datetime, timedelta
from enum import Enum

from bot.model.people.people import Role, Standing

MEMBER_RATE = (30, 0.5)
"""Turns of one person at once, and how many a second come back."""

ONE_ACCOUNT = (10, 1 / 6)
"""The same for one account of those who do not belong here."""

ALL_GUESTS = (50, 5.0)
ALL_STRANGERS = (50, 5.0)
STRANGERS_RATE = (10, 1.0)

_ACCOUNTS_REMEMBERED = 2000

STANDINGS_TTL = timedelta(seconds=1)
"""How old what is known of people may be here: the gate looks again."""

Measure = tuple[int, float]
Standings = dict[int, tuple[Role, Standing]]


class RateDecision(Enum):
    """What becomes of one update. ``SLOW`` is said once, then there is silence until it calms."""

    HEARD = "heard"
    SLOW = "slow"
    DROPPED = "dropped"


class TokenBucket:
    """So many at once, and so many a second after that."""

    def __init__(self, measure: Measure) -> None:
        self._size, self._a_second = measure
        self._level = float(self._size)
        self._at: datetime | None = None
        self._quiet = False

    def take(self, now: datetime) -> bool:
        """Take one, if there is one."""
        self._fill(now)
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def take_or_rest(self, now: datetime) -> RateDecision:
        """Take one; once there was none, none is given until half of all are back."""
        self._fill(now)
        if self._quiet and self._level >= self._size / 2:
            self._quiet = False
        if self._quiet:
            return RateDecision.DROPPED
        if self.take(now):
            return RateDecision.HEARD
        self._quiet = True
        return RateDecision.SLOW

    def _fill(self, now: datetime) -> None:
        # A clock that was set back fills nothing and takes nothing away.
        passed = max(0.0, (now - self._at).total_seconds()) if self._at else 0.0
        self._level = min(float(self._size), self._level + passed * self._a_second)
        self._at = now


class RateLimiter:
    """Decides for each update whether it is heard. Remembers in memory only, and never more than some thousand
    accounts.
    """

    def __init__(self) -> None:
        self._standings: Standings = {}
        self._read_at: datetime | None = None
        self._people: dict[int, TokenBucket] = {}
        self._accounts: OrderedDict[int, TokenBucket] = OrderedDict()
        self._guests = TokenBucket(ALL_GUESTS)
        self._strangers = TokenBucket(ALL_STRANGERS)
        self._shut_out = TokenBucket(STRANGERS_RATE)
        self._arriving: dict[int, RateDecision] = {}

    def knows_of_late(self, now: datetime) -> bool:
        """Whether ``learn`` was called a moment ago."""
        return self._read_at is not None and timedelta(0) <= now - self._read_at < STANDINGS_TTL

    def update_standings(self, standings: Standings, now: datetime) -> None:
        """Take in what the record knows of everybody."""
        self._standings, self._read_at = standings, now

    def belongs(self, telegram_id: int | None) -> bool:
        """Whether an account is an admin's or a member's, whatever the standing."""
        role, _ = self._standings.get(telegram_id or 0, (Role.NONE, Standing.OK))
        return role in {Role.ADMIN, Role.MEMBER}

    def decide_once(self, update_id: int, telegram_id: int | None, now: datetime, *, takes_away: bool) -> RateDecision:
        """The same as ``judge``, until ``arrived`` is called: what cannot be stored is given to us again and again, and
        nobody is too fast because of that.
        """
        if update_id not in self._arriving:
            self._arriving[update_id] = self.decide(telegram_id, now, takes_away=takes_away)
        return self._arriving[update_id]

    def arrived(self) -> None:
        """All that was judged is stored, or left out for good."""
        self._arriving.clear()

    def decide(self, telegram_id: int | None, now: datetime, *, takes_away: bool) -> RateDecision:
        """What becomes of an update. The blocked and removed meet silence; all that hearing a few of theirs does is
        to end the waiting of a button they press.
        """
        if telegram_id is None or telegram_id not in self._standings:
            return self._outside(self._strangers, telegram_id or 0, now)
        if self._standings[telegram_id][1] in {Standing.BLOCKED, Standing.REMOVED}:
            return self._outside(self._shut_out, telegram_id, now)
        if not self.belongs(telegram_id):
            return self._outside(self._guests, telegram_id, now)
        if takes_away:
            return RateDecision.HEARD
        return self._people.setdefault(telegram_id, TokenBucket(MEMBER_RATE)).take_or_rest(now)

    def _outside(self, shared: TokenBucket, telegram_id: int, now: datetime) -> RateDecision:
        own = self._accounts.pop(telegram_id, None) or TokenBucket(ONE_ACCOUNT)
        self._accounts[telegram_id] = own
        while len(self._accounts) > _ACCOUNTS_REMEMBERED:
            self._accounts.popitem(last=False)
        return RateDecision.HEARD if own.take(now) and shared.take(now) else RateDecision.DROPPED

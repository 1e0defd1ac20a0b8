"""What messages show now, so that none is turned into itself: Telegram refuses that, and the call was for nothing."""

import hashlib
import hmac
import json
import secrets
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.chat.messages.message import Message
from bot.clock import Clock
from bot.model.message_ref import MessageRef

MOST = 2000
LASTS = timedelta(minutes=10)
"""Afterwards a message is drawn again, the same or not: its reader may have deleted it meanwhile, and only Telegram
knows.
"""


class Shown:
    """What was drawn last in each of the newest messages, as a fingerprint under a key that is drawn at each start and
    written nowhere: a message may hold a password.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[MessageRef, tuple[bytes, datetime]] = OrderedDict()
        self._being_drawn: dict[MessageRef, int] = {}
        self._mixed: set[MessageRef] = set()

    def is_shown(self, message: Message, at: MessageRef) -> bool:
        """Whether that message shows exactly this already, and nobody is just drawing something else there."""
        known = self._known.get(at)
        if known is None or at in self._being_drawn:
            return False
        age = self._clock.now() - known[1]
        return timedelta(0) <= age < LASTS and hmac.compare_digest(known[0], self._fingerprint(message))

    def remember(self, message: Message, at: MessageRef) -> None:
        """It shows this now."""
        self._known.pop(at, None)
        self._known[at] = (self._fingerprint(message), self._clock.now())
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def forget(self, at: MessageRef) -> None:
        """It shows something else now, or is gone."""
        self._known.pop(at, None)

    @contextmanager
    def drawing(self, message: Message, at: MessageRef) -> Iterator[None]:
        """Around the call that turns ``at`` into ``message``. Remembered when that went well, and when no other call
        for the same message was under way meanwhile: of two, nobody knows which one Telegram did last.
        """
        self.forget(at)
        if at in self._being_drawn:
            self._mixed.add(at)
        self._being_drawn[at] = self._being_drawn.get(at, 0) + 1
        went_well = False
        try:
            yield
            went_well = True
        finally:
            self._drawn(message, at, went_well=went_well)

    def _drawn(self, message: Message, at: MessageRef, *, went_well: bool) -> None:
        self._being_drawn[at] -= 1
        is_last = not self._being_drawn[at]
        if went_well and is_last and at not in self._mixed:
            self.remember(message, at)
        if is_last:
            del self._being_drawn[at]
            self._mixed.discard(at)

    def _fingerprint(self, message: Message) -> bytes:
        buttons = [[(b.text, repr(b.callback), b.copy, b.url, b.look) for b in row] for row in message.rows if row]
        shown = json.dumps([str(message.html), buttons])
        return hashlib.blake2b(shown.encode(), key=self._key, digest_size=16).digest()

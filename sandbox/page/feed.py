"""What the page is told: a picture of the sandbox in sections, sent again section by section as it changes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.page.handsets import Handset
from sandbox.page.loglines import LogLines
from sandbox.page.manual_changes import Hand
from sandbox.page.record import Record, read_record
from sandbox.page.rulebook import rulebook
from sandbox.page.tour import Tour
from sandbox.page.trouble import Power, Switches
from sandbox.telegram import Phone, ShownMessage
from sandbox.telegram.keyboards import ReplyKey
from sandbox.world import World

_LOOK_EVERY_SECONDS = 0.1
_READ_RECORD_EVERY = 3
_MOST_WAITING = 2000

Handsets = Callable[[str], Handset]


class Feed:
    """Looks at the world ten times a second and tells subscribers what is different.

    A subscriber first gets every section. Pop-ups, toasts and typing are moments: told once, to who listens.
    """

    def __init__(
        self,
        world: World,
        handsets: Handsets,
        *,
        switches: Switches,
        hand: Hand,
        power: Power,
        tour: Tour,
        log: LogLines,
        database: Path,
    ) -> None:
        self._world = world
        self._handsets = handsets
        self._switches, self._hand, self._power = switches, hand, power
        self._tour, self._log = tour, log
        self._database = database
        self._record = Record()
        self._told: dict[str, str] = {}
        self._subscribers: set[asyncio.Queue[str | None]] = set()
        self._events_seen = 0
        self._calls_seen = 0

    async def run(self) -> None:
        """Look until cancelled."""
        looks = 0
        while True:
            if looks % _READ_RECORD_EVERY == 0:
                self._record = await asyncio.to_thread(read_record, self._database)
                self._tour.recorded(self._record.events)
            looks += 1
            self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_SECONDS):
                    await self._world.telegram.account.more_events.wait()

    def look(self) -> None:
        """Tell what is different since the last look."""
        moments = self._moments()
        for name, content in self._sections().items():
            text = json.dumps({"section": name, "content": content}, default=_plain, separators=(",", ":"))
            if self._told.get(name) != text:
                self._told[name] = text
                self._tell(text)
        for moment in moments:
            self._tell(json.dumps({"moment": moment}))

    def close(self) -> None:
        """Let every subscriber go."""
        for queue in self._subscribers:
            queue.put_nowait(None)

    @asynccontextmanager
    async def subscribed(self) -> AsyncIterator[asyncio.Queue[str | None]]:
        """A queue of what to send, as JSON; ``None`` ends it."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        for text in self._told.values():
            queue.put_nowait(text)
        self._subscribers.add(queue)
        try:
            yield queue
        finally:
            self._subscribers.discard(queue)

    def _tell(self, text: str) -> None:
        for queue in list(self._subscribers):
            if queue.qsize() < _MOST_WAITING:
                queue.put_nowait(text)
            else:
                queue.put_nowait(None)
                self._subscribers.discard(queue)

    def _moments(self) -> list[dict[str, Any]]:
        fresh = self._world.telegram.shown_events(self._events_seen)
        self._events_seen += len(fresh)
        self._tour.saw(event for _, event in fresh)
        shown = [
            {"kind": event.kind, "phone": user_id, "text": event.text}
            for user_id, event in fresh
            if event.kind in {"popup", "toast"}
        ]
        calls = self._world.telegram.calls[self._calls_seen :]
        self._calls_seen += len(calls)
        for call in calls:
            if call.status != 200 or "chat_id" not in call.sent:
                continue
            if call.label == "sendChatAction":
                shown.append({"kind": "typing", "phone": int(call.sent["chat_id"]), "text": call.sent["action"]})
        return shown

    def _sections(self) -> dict[str, Any]:
        phones = {name: self._phone(name, phone) for name, phone in self._world.people.items()}
        zone = self._zone()
        self._tour_sees(zone["rules"])
        return {
            "world": self._state(),
            "phones": [{key: each[key] for key in ("id", "name", "role", "lost")} for each in phones.values()],
            **{f"phone:{each['id']}": each for each in phones.values()},
            "zone": zone,
            "audit": self._record.events,
            "log": {"written": self._log.written, "lines": self._log.lines},
            "tour": self._tour.facts,
        }

    def _state(self) -> dict[str, Any]:
        ahead = self._world.clock.now() - datetime.now(UTC)
        return {
            "bot": self._power.state,
            "aheadSeconds": round(ahead.total_seconds()),
            "trouble": self._switches.on,
            "byHand": self._hand.possible,
        }

    def _phone(self, name: str, phone: Phone) -> dict[str, Any]:
        handset = self._handsets(name)
        return {
            "id": phone.user_id,
            "name": name,
            "role": self._role(name, phone),
            "lost": handset.lost,
            "blocked": phone.blocked,
            "menu": phone.menu,
            "contacts": [
                {"id": each.user_id, "name": each.name} for each in self._world.people.values() if each is not phone
            ],
            "keyboard": [[_key(key) for key in row] for row in phone.keyboard.rows] if phone.keyboard else [],
            "installed": [each.as_json() for each in handset.installed],
            "messages": [_message(message) for message in phone.chat],
        }

    def _role(self, name: str, phone: Phone) -> str:
        role = self._record.roles.get(phone.user_id, "none")
        if role == "none" and "admin" in self._world.roles[name]:
            return "admin"
        return "stranger" if role == "none" else role

    def _zone(self) -> dict[str, Any]:
        state = self._world.cloudflare.state()
        return {
            **{key: state[key] for key in ("zone", "hosts", "slots", "certificates", "settings")},
            "rules": rulebook(self._world.cloudflare.rules),
            "names": self._names(),
        }

    def _names(self) -> list[str]:
        """This home's addresses: the zone's proxied names but for the apex, and whatever asks for a certificate."""
        cloudflare = self._world.cloudflare
        proxied = {record["name"] for record in cloudflare.dns_records if record["proxied"]}
        return sorted((proxied - {cloudflare.zone.name}) | set(cloudflare.hosts))

    def _tour_sees(self, rules: list[dict[str, Any]]) -> None:
        """Tell the tour what no phone and no record shows."""
        if self._power.state == "off":
            self._tour.bot_is_off()
        if ours := next((rule["says"] for rule in rules if rule["ours"]), None):
            names = self._world.people
            on_phones = {each.fingerprint for name in names for each in self._handsets(name).installed}
            self._tour.ruled(frozenset(ours["fingerprints"]), frozenset(on_phones))


_TOLD_OF_A_MESSAGE = (
    *("message_id", "from_bot", "text", "entities", "rows", "document", "date", "edited", "quiet", "reply_to"),
)


def _message(message: ShownMessage) -> dict[str, Any]:
    whole = asdict(message)
    return {name: whole[name] for name in _TOLD_OF_A_MESSAGE}


def _key(key: ReplyKey) -> dict[str, Any]:
    return {"text": key.text, "picks": key.most, "style": key.style}


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)

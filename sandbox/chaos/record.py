"""What stands in the bot's database, read beside the bot as somebody with the server's disk could."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Row = dict[str, Any]


class Record:
    """The tables as they are now: rows as plain values."""

    def __init__(self, database: Path) -> None:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            connection.execute("BEGIN")
            self.people = self._all(connection, "SELECT * FROM person")
            self.certificates = self._all(
                connection,
                "SELECT certificate.*, device.owner_id, device.name AS device_name FROM certificate"
                " LEFT JOIN device ON device.id = certificate.device_id",
            )
            self.requests = self._all(connection, "SELECT * FROM request")
            self.paths = self._all(connection, "SELECT * FROM open_path")
            self.hosts = self._all(connection, "SELECT * FROM protected_host")
            self.chores = self._all(connection, "SELECT * FROM chore")
            self.take_overs = self._all(connection, "SELECT * FROM take_over")
            self.zones = self._all(connection, "SELECT * FROM zone")
            self.losses = self._all(connection, "SELECT * FROM loss")
            self.events = self._all(connection, "SELECT tag, actor, subject, detail, at FROM audit_event ORDER BY id")
            self.waiting = self._all(connection, "SELECT update_id FROM inbox WHERE handled_at IS NULL")
        finally:
            connection.close()

    @property
    def zone(self) -> Row:
        """The zone's row; empty values before there is one."""
        return self.zones[0] if self.zones else {"rule_text": None, "everything_at": None, "lockdown_at": None}

    def person(self, row: int) -> Row:
        """Somebody by row."""
        return next(person for person in self.people if person["id"] == row)

    def account(self, telegram_id: int) -> Row | None:
        """Somebody by account, when the bot has met them."""
        return next((person for person in self.people if person["telegram_id"] == telegram_id), None)

    def tags(self, subject: str) -> list[str]:
        """The events about one subject, oldest first."""
        return [event["tag"] for event in self.events if event["subject"] == subject]

    def places(self) -> set[tuple[int, int]]:
        """Chat and number of each message that some row knows."""
        found: set[tuple[int, int]] = set()
        for table in (self.certificates, self.hosts, self.take_overs, self.chores, self.requests, self.paths):
            for row in table:
                found |= _places(row)
        for row in (*self.losses, *self.zones):
            found |= _places(row)
        return found

    @staticmethod
    def _all(connection: sqlite3.Connection, query: str) -> list[Row]:
        return [dict(row) for row in connection.execute(query)]


def moment(text: str | None) -> datetime | None:
    """A stored time."""
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _places(row: Row) -> set[tuple[int, int]]:
    found = {
        (row[chat], row[message])
        for chat, message in (
            ("chat_id", "message_id"),
            ("chat_id", "password_message_id"),
            ("outcome_chat_id", "outcome_message_id"),
        )
        if row.get(chat) is not None and row.get(message) is not None
    }
    for name in ("messages", "payload", "lockdown_told"):
        if row.get(name):
            found |= _inside(json.loads(row[name]))
    return found


def _inside(value: Any) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    if isinstance(value, dict):
        if "chat_id" in value and "message_id" in value:
            found.add((value["chat_id"], value["message_id"]))
        for each in value.values():
            found |= _inside(each)
    elif isinstance(value, list):
        if len(value) == 2 and all(isinstance(each, int) for each in value):
            found.add((value[0], value[1]))
        for each in value:
            found |= _inside(each)
    return found

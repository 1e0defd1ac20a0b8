"""What may never be, seen from outside: on phones, at the edge, on the disk, in the log."""

import json
from datetime import datetime
from pathlib import Path

from bot.model.audit import AuditTag
from bot.model.certificates.certificates import State
from sandbox.chaos.dashboard import OURS
from sandbox.chaos.keys import PASSWORD, Key, Keys
from sandbox.chaos.record import Record, Row, moment
from sandbox.edge.client import visit
from sandbox.world import World

UNFINISHED = ("Making", "Revoking", "Taking", "The password for", "Opening", "Putting it back", "🔎 I am")
_MOST_VISITS = 12
_BLOCKED = 403
_OK = 200


def chats(world: World, record: Record, in_vault: frozenset[str], *, orphans: int, late: bool) -> list[str]:
    """Each word has its last word, no password stays, and no file that cannot be opened.

    ``orphans``: how many messages were delivered without the bot hearing of it: nobody can change those.
    """
    wrong, unlearnt, places = [], 0, record.places()
    for who, phone in world.people.items():
        if phone.blocked:
            continue
        for message in phone.chat:
            known = (phone.user_id, message.message_id) in places
            file = bool(message.document and message.document.file_name.endswith(".p12"))
            unfinished = message.from_bot and (message.text.startswith(UNFINISHED) or file)
            if message.from_bot and late and PASSWORD.search(message.text):
                wrong.append(f"a password stays in {who}'s chat")
            elif file and known and not late and not _opens(record, phone.user_id, message.message_id, in_vault):
                facts = _facts(record, phone.user_id, message.message_id)
                wrong.append(f"{who} keeps {message.text.splitlines()[0]!r}, which nobody can open: {facts}")
            elif unfinished and known and (late or not file):
                wrong.append(f"{who} is left with {message.text.splitlines()[0]!r} ({message.message_id})")
            elif unfinished and not known:
                unlearnt += 1
    if unlearnt > orphans:
        wrong.append(f"{unlearnt} messages are unfinished and unknown, at most {orphans} can be")
    return wrong


def _opens(record: Record, chat_id: int, message_id: int, in_vault: frozenset[str]) -> bool:
    """Whether the password was seen or can be; an order that was begun anew has its row's message with the next."""
    return any(
        row["password_shown_at"] or row["public_id"] in in_vault or row["origin"] != "made-here"
        for row in record.certificates
        if (row["chat_id"], row["message_id"]) == (chat_id, message_id)
    )


def _facts(record: Record, chat_id: int, message_id: int) -> str:
    """What the record says of a message, for whoever has to find out."""
    names = ("public_id", "state", "created_at", "sent_at", "delivery_unknown_at", "cleaned_at", "revoke_reason")
    rows = [row for row in record.certificates if (row["chat_id"], row["message_id"]) == (chat_id, message_id)]
    subject = f"{chat_id}:{message_id}"
    chores = [(one["kind"], one["due_at"], one["attempts"]) for one in record.chores if one["subject"] == subject]
    return f"{[{name: row[name] for name in names} for row in rows]}, chores {chores}"


_SAID_ELSEWHERE = {"stopped", "given-up", "restarted", "busy", "ec-refused"}
"""Whoever stopped an order knows; one that was begun anew has its word with the new row."""


def words(world: World, record: Record, keys: Keys) -> list[str]:
    """Whoever ordered a certificate was told how it went."""
    wrong = []
    for row in record.certificates:
        owner = record.person(row["owner_id"]) if row["owner_id"] else None
        why = _why_failed(record, row["public_id"])
        if owner is None or row["origin"] == "adopted" or not owner["reachable"] or why in _SAID_ELSEWHERE:
            continue
        if row["state"] == State.ISSUING:
            # It waits for its request file; that it never came is told a day later.
            continue
        who = next((name for name, phone in world.people.items() if phone.user_id == owner["telegram_id"]), None)
        if who is None or world.people[who].blocked:
            continue
        told = [text for text in keys.said[who] if row["device_name"] in text and not text.startswith(UNFINISHED)]
        if not told:
            wrong.append(f"{who} never heard what became of {row['device_name']} ({row['state']} {why})")
    return wrong


def _why_failed(record: Record, public_id: str) -> str:
    details = [
        json.loads(event["detail"])
        for event in record.events
        if event["subject"] == public_id and event["tag"] == AuditTag.CERTIFICATE_FAILED
    ]
    return str(details[-1].get("why", "")) if details else ""


def in_force(world: World, record: Record) -> bool:
    """Whether our rule stands at Cloudflare as it was written last."""
    text = record.zone["rule_text"]
    ours = [rule for rule in world.cloudflare.rules if rule.get("ref") == OURS]
    return bool(text) and len(ours) == 1 and ours[0]["enabled"] and ours[0]["expression"] == text


async def edge(world: World, record: Record, keys: Keys, opened: dict[tuple[str, str], None]) -> list[str]:
    """Visits: without a key, with taken keys, with good keys, and at paths whose time is up."""
    hosts = [
        row["host"]
        for row in record.hosts
        if row["state"] == "protected" and not row["unlocked_at"] and row["host"] in world.cloudflare.hosts
    ]
    if not hosts or not in_force(world, record):
        return []
    wrong = [
        f"{host} lets in whoever has no certificate"
        for host in hosts
        if await _status(world, f"https://{host}/") != _BLOCKED
    ]
    rows = {row["public_id"]: row for row in record.certificates}
    for key in list(keys.keys.values())[-_MOST_VISITS:]:
        wrong += await _with_key(world, record, rows[key.public_id], key, hosts[0])
    still = {(row["host"], row["path"]) for row in record.paths if _may_be_open(row, world.clock.now())}
    for host, path in [each for each in opened if each not in still][-_MOST_VISITS:]:
        if host in hosts and await _status(world, f"https://{host}{path}") != _BLOCKED:
            wrong.append(f"{host}{path} is open, and should not be")
    return wrong


def _may_be_open(row: Row, now: datetime) -> bool:
    closes = moment(row["closes_at"])
    return row["state"] in {"opening", "open"} and closes is not None and closes > now


async def _with_key(world: World, record: Record, row: Row, key: Key, host: str) -> list[str]:
    status = await _status(world, f"https://{host}/", key)
    if row["state"] == State.REVOKED and status != _BLOCKED:
        return [f"{row['common_name']} is revoked, and {host} lets it in ({status})"]
    # Where the clock was set back, it may have been made in what is the future now.
    begins = moment(row["issued_at"])
    begun = begins is not None and begins <= world.clock.now()
    if row["state"] == State.ACTIVE and status == _BLOCKED and begun and not record.zone["everything_at"]:
        return [f"{row['common_name']} is active, and {host} turns it away"]
    return []


async def _status(world: World, url: str, key: Key | None = None) -> int:
    p12 = (key.p12, key.password) if key else None
    return (await visit(world.edge, url, p12=p12)).status


def disk(world: World, keys: Keys, log: Path) -> list[str]:
    """No secret in any file of the bot's, nor in its log."""
    secrets = {"a private key": {"PRIVATE KEY"}, "the bot's token": {world.telegram.token.split(":")[1]}}
    secrets["Cloudflare's token"] = {world.cloudflare.token}
    secrets["a password"] = set().union(*keys.passwords.values())
    wrong = []
    for file in (*(world.directory / "bot").rglob("*"), log):
        if not file.is_file():
            continue
        content = file.read_bytes()
        wrong += [
            f"{name} is in {file.name}"
            for name, texts in secrets.items()
            if any(text.encode() in content for text in texts)
        ]
    return wrong


def log_lines(log: Path) -> list[str]:
    """What broke unexpectedly, with its traceback."""
    wrong = []
    for line in log.read_text(encoding="utf-8").splitlines():
        told = json.loads(line) if line.startswith("{") else {"event": line, "exception": line}
        if "exception" in told:
            wrong.append(f"in the log: {told['event']}\n{told['exception']}")
    return wrong


def answers(world: World, lives: list[int]) -> list[str]:
    """No press is answered again once Telegram took the answer, but by a bot that died in between.

    ``lives``: how many calls there had been at each of the bot's ends.
    """
    done: dict[str, int] = {}
    wrong = []
    ends = [*lives, len(world.telegram.calls)]
    for number, call in enumerate(world.telegram.calls):
        if call.label == "answerCallbackQuery":
            query, life = str(call.sent.get("callback_query_id")), sum(end <= number for end in ends)
            if done.get(query) == life:
                wrong.append(f"press {query} was answered twice")
            if call.status == _OK:
                done[query] = life
    return wrong

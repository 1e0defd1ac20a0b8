"""Tables of the edge, beside those of ``bot.store.tables``: hosts, open paths, orders that wait."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table

from bot.store.tables import UtcDateTime, metadata

open_path = Table(
    "open_path",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("host", String(253), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("sent", String(1024)),
    Column("query", String(1024)),
    Column("method", String(48)),
    Column("networks", JSON, nullable=False),
    Column("reason", String(300)),
    Column("lasting", Boolean, nullable=False),
    Column("opened_by", ForeignKey("person.id"), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("state", String(16), nullable=False, index=True, server_default="open"),
    Column("asked_until", UtcDateTime),
    Column("written_until", UtcDateTime),
    Column("moved_by", ForeignKey("person.id")),
    Column("closed_by", ForeignKey("person.id")),
    Column("end", String(16)),
    Column("tried_verdict", String(16)),
    Column("tried_status", Integer),
    Column("kept_at", UtcDateTime),
    Column("messages", JSON, nullable=False, server_default="[]"),
)


protected_host = Table(
    "protected_host",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("host", String(253), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("asked_by", ForeignKey("person.id")),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("protected_at", UtcDateTime),
    Column("seen_at", UtcDateTime),
    Column("unlocked_at", UtcDateTime),
    Column("stays_associated", Boolean),
    Column("messages", JSON, nullable=False, server_default="[]"),
)

take_over = Table(
    "take_over",
    metadata,
    Column("public_id", String(8), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("hosts", JSON, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("paths", JSON, nullable=False),
    Column("asked_by", ForeignKey("person.id"), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
)

second_tap = Table(
    "second_tap",
    metadata,
    Column("public_id", String(8), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("what", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

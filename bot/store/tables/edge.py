"""Tables of the edge, beside those of ``bot.store.tables.core``: hosts, open paths, orders that wait."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from bot.store.tables.core import UtcDateTime, metadata

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


proof = Table(
    "proof",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("subject", String(253), nullable=False),
    Column("label", String(300), nullable=False),
    Column("mode", String(16), nullable=False),
    Column("colour", String(8), nullable=False),
    Column("tried", JSON, nullable=False),
    Column("proven_at", UtcDateTime, nullable=False),
    UniqueConstraint("kind", "subject"),
)

proof_run = Table(
    "proof_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("zone", String(253), nullable=False, unique=True),
    Column("proven_at", UtcDateTime),
    Column("proven_daily_at", UtcDateTime),
)


reminder = Table(
    "reminder",
    metadata,
    Column("certificate_id", ForeignKey("certificate.id"), primary_key=True, autoincrement=False),
    Column("stage", Integer),
    Column("not_before", UtcDateTime),
)

digest = Table(
    "digest",
    metadata,
    Column("zone", String(253), primary_key=True),
    Column("sent_at", UtcDateTime, nullable=False),
)


kept_block = Table(
    "kept_block",
    metadata,
    Column("fingerprint_sha256", String(64), primary_key=True),
    Column("cloudflare_id", String(64)),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
)

"""The tables of what was looked at: proofs, and certificates that nobody here knows."""

from sqlalchemy import JSON, Column, Integer, String, Table, UniqueConstraint

from bot.store.tables import UtcDateTime, metadata

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

unknown_certificate = Table(
    "unknown_certificate",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("cloudflare_id", String(64), nullable=False, unique=True),
    Column("common_name", String(64), nullable=False),
    Column("serial", String(64), nullable=False),
    Column("fingerprint_sha256", String(64), nullable=False),
    Column("public_key_sha256", String(64), nullable=False),
    Column("key_type", String(16), nullable=False),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

"""The tables of what was tried of the lock."""

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

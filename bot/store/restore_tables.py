"""The table of what a restored backup did not know."""

from sqlalchemy import Column, String, Table

from bot.store.tables import UtcDateTime, metadata

kept_block = Table(
    "kept_block",
    metadata,
    Column("fingerprint_sha256", String(64), primary_key=True),
    Column("cloudflare_id", String(64)),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
)

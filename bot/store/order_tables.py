"""Tables of orders about the whole zone, beside those of ``bot.store.tables``."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table

from bot.store.tables import UtcDateTime, metadata

second_tap = Table(
    "second_tap",
    metadata,
    Column("public_id", String(8), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("what", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

"""The tables of renewals and of the weekly digest."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table

from bot.store.tables import UtcDateTime, metadata

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

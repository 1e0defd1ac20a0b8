"""The tables. Times are UTC; no column ever holds a private key, a passphrase, a token or a file id."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite has no time zones: what is stored is UTC without its label."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: they would be stored as if they were UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a naive time was about to be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the label back."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("telegram_id", BigInteger, nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("standing", String(16), nullable=False),
    Column("trusted", Boolean, nullable=False),
    Column("reachable", Boolean, nullable=False),
    Column("permanent", Boolean, nullable=False),
    Column("language", String(16), nullable=False),
    Column("time_zone", String(64)),
    Column("chosen_language", String(16)),
    Column("device_limit", Integer),
    Column("ends_at", UtcDateTime),
    Column("made_admin_by", ForeignKey("person.id")),
    Column("server_admin", Boolean, nullable=False, server_default=false()),
    Column("freeze_reason", String(16)),
    Column("frozen_at", UtcDateTime),
    Column("frozen_by", ForeignKey("person.id")),
    Column("met_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("owner_id", ForeignKey("person.id"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("name_key", String(128), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("owner_id", "name_key"),
)

certificate = Table(
    "certificate",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("device_id", ForeignKey("device.id"), index=True),
    Column("state", String(16), nullable=False, index=True),
    Column("purpose", String(16), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("replaces_id", ForeignKey("certificate.id")),
    Column("key_type", String(16), nullable=False),
    Column("asked_days", Integer, nullable=False),
    Column("common_name", String(64), nullable=False),
    Column("public_key_sha256", String(64), unique=True),
    Column("cloudflare_id", String(64), index=True),
    Column("serial", String(64)),
    Column("fingerprint_sha256", String(64), unique=True),
    Column("issued_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("failed_at", UtcDateTime),
    Column("chat_id", BigInteger),
    Column("message_id", BigInteger),
    Column("password_message_id", BigInteger),
    Column("sent_at", UtcDateTime),
    Column("password_shown_at", UtcDateTime),
    Column("works_at", UtcDateTime),
    Column("cleaned_at", UtcDateTime),
    Column("lost_at", UtcDateTime),
    Column("delivery_unknown_at", UtcDateTime),
    Column("revoke_reason", String(32)),
    Column("revoke_asked_at", UtcDateTime),
    Column("revoked_by", ForeignKey("person.id")),
    Column("confirmed_revoked_at", UtcDateTime),
    Column("never_restore", Boolean, nullable=False),
    Column("again_until", UtcDateTime),
    Column("blocked_at", UtcDateTime),
    Column("block_seen_at", UtcDateTime),
    Column("outcome_chat_id", BigInteger),
    Column("outcome_message_id", BigInteger),
    CheckConstraint("(purpose = 'probe') = (device_id IS NULL)", name="ck_certificate_probe_has_no_device"),
)

request = Table(
    "request",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("device_id", ForeignKey("device.id")),
    Column("certificate_id", ForeignKey("certificate.id")),
    Column("device_name", String(64)),
    Column("device_kind", String(16)),
    Column("via", String(16)),
    Column("days", Integer),
    Column("link_id", ForeignKey("link.id")),
    Column("replaces_id", ForeignKey("certificate.id")),
    Column("line", String(300)),
    Column("messages", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("reminded_at", UtcDateTime),
    Column("decided_by", ForeignKey("person.id")),
    Column("decided_at", UtcDateTime),
    Column("reason", String(300)),
    Column("permission_until", UtcDateTime),
)

link = Table(
    "link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("label", String(64)),
    Column("made_by", ForeignKey("person.id")),
    Column("made_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("opened_by", BigInteger),
    Column("opened_by_name", String(200)),
    Column("opened_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)

loss = Table(
    "loss",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("public_id", String(8), nullable=False, unique=True),
    Column("owner_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("reported_by", ForeignKey("person.id"), nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    Column("whole", Boolean, nullable=False),
    Column("certificates", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    Column("decided_by", ForeignKey("person.id")),
    Column("decided_at", UtcDateTime),
    Column("answers", JSON, nullable=False),
    Column("messages", JSON, nullable=False),
    Column("version", Integer, nullable=False),
)

chore = Table(
    "chore",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("takes_away", Boolean, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_chore_due", "takes_away", "due_at"),
    # A chore that is struck off while at work must not lend its number to a new one.
    sqlite_autoincrement=True,
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("telegram_id", BigInteger),
    Column("body", LargeBinary),
    Column("received_at", UtcDateTime, nullable=False),
    Column("handled_at", UtcDateTime, index=True),
    Column("attempts", Integer, nullable=False),
)

prompt = Table(
    "prompt",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

command_menu = Table(
    "command_menu",
    metadata,
    Column("subject", String(32), primary_key=True),
    Column("shown", String(64), nullable=False),
)

audit_event = Table(
    "audit_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("tag", String(64), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("detail", JSON, nullable=False),
    Column("previous_hash", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)

zone = Table(
    "zone",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(253), nullable=False, unique=True),
    Column("cloudflare_id", String(64)),
    Column("account_id", String(64)),
    Column("needs_rsa", Boolean, nullable=False),
    Column("used_slots", Integer),
    Column("quota", Integer, nullable=False, server_default="100"),
    Column("counted_at", UtcDateTime),
    Column("unlocked_at", UtcDateTime),
    Column("lockdown_at", UtcDateTime),
    Column("everything_at", UtcDateTime),
    Column("lockdown_told", JSON),
    Column("rule_text", String(4096)),
    Column("rule_beacon", String(16)),
    Column("rule_enabled", Boolean),
    Column("rule_written_at", UtcDateTime),
    Column("rule_seen_at", UtcDateTime),
    Column("rule_told", JSON),
    Column("rule_form", String(16)),
    Column("rule_paths_by", String(16)),
    Column("raw_refused_at", UtcDateTime),
    Column("rule_changes", JSON),
    Column("earlier_told", JSON),
)

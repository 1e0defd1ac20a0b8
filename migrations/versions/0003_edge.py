"""The edge: protected hosts, what is remembered of our rule, certificates turned away by their fingerprint"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_CERTIFICATE = (
    ("blocked_at", sa.DateTime),
    ("block_seen_at", sa.DateTime),
    ("outcome_chat_id", sa.BigInteger),
    ("outcome_message_id", sa.BigInteger),
)
_ZONE = (
    ("lockdown_at", sa.DateTime()),
    ("everything_at", sa.DateTime()),
    ("rule_text", sa.String(length=4096)),
    ("rule_beacon", sa.String(length=16)),
    ("rule_enabled", sa.Boolean()),
    ("rule_written_at", sa.DateTime()),
    ("rule_seen_at", sa.DateTime()),
    ("rule_told", sa.JSON()),
)


def upgrade() -> None:
    op.create_table(
        "protected_host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("protected_at", sa.DateTime(), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_protected_host_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protected_host")),
        sa.UniqueConstraint("host", name=op.f("uq_protected_host_host")),
    )
    for name, kind in _CERTIFICATE:
        op.add_column("certificate", sa.Column(name, kind(), nullable=True))
    for name, column_type in _ZONE:
        op.add_column("zone", sa.Column(name, column_type, nullable=True))
    op.add_column("open_path", sa.Column("query", sa.String(length=1024), nullable=True))


def downgrade() -> None:
    op.drop_column("open_path", "query")
    for name, _ in reversed(_ZONE):
        op.drop_column("zone", name)
    for name, _ in reversed(_CERTIFICATE):
        op.drop_column("certificate", name)
    op.drop_table("protected_host")

"""Revocations that stood in the rule when a backup was restored"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_block",
        sa.Column("fingerprint_sha256", sa.String(length=64), nullable=False),
        sa.Column("cloudflare_id", sa.String(length=64), nullable=True),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("fingerprint_sha256", name=op.f("pk_kept_block")),
    )


def downgrade() -> None:
    op.drop_table("kept_block")

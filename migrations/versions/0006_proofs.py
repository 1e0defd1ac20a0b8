"""Proofs of the lock, and certificates at Cloudflare that nobody here knows"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=253), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.Column("proven_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_proof_kind")),
    )
    op.create_table(
        "proof_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=253), nullable=False),
        sa.Column("proven_at", sa.DateTime(), nullable=True),
        sa.Column("proven_daily_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_run")),
        sa.UniqueConstraint("zone", name=op.f("uq_proof_run_zone")),
    )
    op.create_table(
        "unknown_certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=8), nullable=False),
        sa.Column("cloudflare_id", sa.String(length=64), nullable=False),
        sa.Column("common_name", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("fingerprint_sha256", sa.String(length=64), nullable=False),
        sa.Column("public_key_sha256", sa.String(length=64), nullable=False),
        sa.Column("key_type", sa.String(length=16), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_certificate")),
        sa.UniqueConstraint("cloudflare_id", name=op.f("uq_unknown_certificate_cloudflare_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unknown_certificate_public_id")),
    )


def downgrade() -> None:
    op.drop_table("unknown_certificate")
    op.drop_table("proof_run")
    op.drop_table("proof")

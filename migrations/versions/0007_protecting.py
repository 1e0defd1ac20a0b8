"""Orders about hosts and the zone: second taps, hosts seen locked or unlocked on purpose, who is told of a lockdown"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_tap",
        sa.Column("public_id", sa.String(length=8), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_second_tap_person_id")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_second_tap")),
    )
    op.create_table(
        "take_over",
        sa.Column("public_id", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("hosts", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("paths", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_take_over_asked_by")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_take_over")),
    )
    op.add_column("protected_host", sa.Column("stays_associated", sa.Boolean(), nullable=True))
    for name in ("seen_at", "unlocked_at"):
        op.add_column("protected_host", sa.Column(name, sa.DateTime(), nullable=True))
    op.add_column("zone", sa.Column("lockdown_told", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("zone", "lockdown_told")
    for name in ("unlocked_at", "seen_at", "stays_associated"):
        op.drop_column("protected_host", name)
    op.drop_table("take_over")
    op.drop_table("second_tap")

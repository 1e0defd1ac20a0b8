"""Protecting from the chat: what waits for a second tap, and whether the edge was seen to lock a host"""

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
    op.add_column("protected_host", sa.Column("seen_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("protected_host", "seen_at")
    op.drop_table("second_tap")

"""Which command menu each chat shows, so that only what differs is set again"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "command_menu",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("shown", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_command_menu")),
    )


def downgrade() -> None:
    op.drop_table("command_menu")

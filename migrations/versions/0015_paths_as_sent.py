"""Paths as they are sent, how the rule was printed, and what keeps being changed"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OF_THE_ZONE = ("rule_form", "rule_paths_by", "raw_refused_at", "rule_changes")


def upgrade() -> None:
    op.add_column("open_path", sa.Column("sent", sa.String(length=1024), nullable=True))
    op.add_column("zone", sa.Column("rule_form", sa.String(length=16), nullable=True))
    op.add_column("zone", sa.Column("rule_paths_by", sa.String(length=16), nullable=True))
    op.add_column("zone", sa.Column("raw_refused_at", sa.DateTime(), nullable=True))
    op.add_column("zone", sa.Column("rule_changes", sa.JSON(), nullable=True))


def downgrade() -> None:
    for name in reversed(_OF_THE_ZONE):
        op.drop_column("zone", name)
    op.drop_column("open_path", "sent")

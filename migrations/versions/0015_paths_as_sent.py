"""Paths as they are sent, how the rule was printed, and what keeps being changed"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0011"
branch_labels = None
depends_on = None

_OF_THE_ZONE = {
    "rule_form": sa.String(length=16),
    "rule_paths_by": sa.String(length=16),
    "raw_refused_at": sa.DateTime(),
    "rule_changes": sa.JSON(),
}


def upgrade() -> None:
    op.add_column("open_path", sa.Column("sent", sa.String(length=1024), nullable=True))
    for name, kind in _OF_THE_ZONE.items():
        op.add_column("zone", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name in reversed(_OF_THE_ZONE):
        op.drop_column("zone", name)
    op.drop_column("open_path", "sent")

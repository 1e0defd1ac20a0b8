"""How many certificates a zone may have depends on its plan"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("zone", sa.Column("quota", sa.Integer(), nullable=False, server_default="100"))


def downgrade() -> None:
    op.drop_column("zone", "quota")

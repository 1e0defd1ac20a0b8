"""What admins have been told of that runs before our rule"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("zone", sa.Column("earlier_told", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("zone", "earlier_told")

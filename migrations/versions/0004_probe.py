"""The bot's own certificates: a certificate without a device is a probe, and only that"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHECK = "ck_certificate_probe_has_no_device"


def upgrade() -> None:
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.alter_column("device_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(_CHECK, "(purpose = 'probe') = (device_id IS NULL)")


def downgrade() -> None:
    op.execute("DELETE FROM certificate WHERE device_id IS NULL")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_constraint(_CHECK, type_="check")
        batch_op.alter_column("device_id", existing_type=sa.Integer(), nullable=False)

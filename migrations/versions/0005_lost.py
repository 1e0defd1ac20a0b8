"""Reports of lost devices"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "loss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=8), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("certificates", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("messages", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_loss_owner_id")),
        sa.ForeignKeyConstraint(["reported_by"], ["person.id"], name=op.f("fk_loss_reported_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_loss_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loss")),
        sa.UniqueConstraint("public_id", name=op.f("uq_loss_public_id")),
    )
    op.create_index(op.f("ix_loss_owner_id"), "loss", ["owner_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_loss_owner_id"), table_name="loss")
    op.drop_table("loss")

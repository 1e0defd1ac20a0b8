"""Open paths: how far each is, what ended it, what a try met, and which messages show it"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = (
    sa.Column("state", sa.String(length=16), nullable=False, server_default="open"),
    sa.Column("asked_until", sa.DateTime(), nullable=True),
    sa.Column("written_until", sa.DateTime(), nullable=True),
    sa.Column("moved_by", sa.Integer(), nullable=True),
    sa.Column("closed_by", sa.Integer(), nullable=True),
    sa.Column("end", sa.String(length=16), nullable=True),
    sa.Column("tried_verdict", sa.String(length=16), nullable=True),
    sa.Column("tried_status", sa.Integer(), nullable=True),
    sa.Column("kept_at", sa.DateTime(), nullable=True),
    sa.Column("messages", sa.JSON(), nullable=False, server_default="[]"),
)


def upgrade() -> None:
    with op.batch_alter_table("open_path", schema=None) as batch_op:
        for column in _COLUMNS:
            batch_op.add_column(column)
        for name in ("moved_by", "closed_by"):
            batch_op.create_foreign_key(op.f(f"fk_open_path_{name}"), "person", [name], ["id"])
        batch_op.create_index(op.f("ix_open_path_state"), ["state"])


def downgrade() -> None:
    with op.batch_alter_table("open_path", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_open_path_state"))
        for name in ("moved_by", "closed_by"):
            batch_op.drop_constraint(op.f(f"fk_open_path_{name}"), type_="foreignkey")
        for column in reversed(_COLUMNS):
            batch_op.drop_column(column.name)

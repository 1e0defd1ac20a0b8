"""People: who froze an account and why, requests for devices, links"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("opened_by_name", sa.String(length=200), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_link_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("public_id", name=op.f("uq_link_public_id")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_link_token_sha256")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("server_admin", sa.Boolean(), server_default=sa.text("0"), nullable=False))
        batch_op.add_column(sa.Column("freeze_reason", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("frozen_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("frozen_by", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_person_frozen_by"), "person", ["frozen_by"], ["id"])

    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("device_name", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("device_kind", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("via", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("link_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("permission_until", sa.DateTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_request_link_id"), "link", ["link_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_request_replaces_id"), "certificate", ["replaces_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_request_replaces_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_request_link_id"), type_="foreignkey")
        for column in ("permission_until", "replaces_id", "link_id", "days", "via", "device_kind", "device_name"):
            batch_op.drop_column(column)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_person_frozen_by"), type_="foreignkey")
        for column in ("frozen_by", "frozen_at", "freeze_reason", "server_admin"):
            batch_op.drop_column(column)

    op.drop_table("link")

"""A host may be spoken of in several messages: an order given on the server is told to every admin"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_PLACE = ("chat_id", "message_id")


def upgrade() -> None:
    op.add_column("protected_host", sa.Column("messages", sa.JSON(), nullable=False, server_default="[]"))
    op.execute(
        "UPDATE protected_host SET messages = json_array(json_array(chat_id, message_id)) WHERE message_id IS NOT NULL"
    )
    for name in _PLACE:
        op.drop_column("protected_host", name)


def downgrade() -> None:
    for name in _PLACE:
        op.add_column("protected_host", sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE protected_host SET chat_id = json_extract(messages, '$[0][0]'),"
        " message_id = json_extract(messages, '$[0][1]')"
    )
    op.drop_column("protected_host", "messages")

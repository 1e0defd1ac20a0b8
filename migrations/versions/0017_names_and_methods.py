"""All apostrophes in a device's name are the same; an opening may be for several methods"""

import unicodedata
from collections.abc import Callable, Iterator

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u00b4`\u2032\uff07", "'"))
_device = sa.table("device", sa.column("id"), sa.column("owner_id"), sa.column("name"), sa.column("name_key"))


def upgrade() -> None:
    _rewrite(_key)
    with op.batch_alter_table("open_path") as table:
        table.alter_column("method", existing_type=sa.String(16), type_=sa.String(48), existing_nullable=True)


def downgrade() -> None:
    with op.batch_alter_table("open_path") as table:
        table.alter_column("method", existing_type=sa.String(48), type_=sa.String(16), existing_nullable=True)
    _rewrite(_key_before)


def _rewrite(key_of: Callable[[str], str]) -> None:
    """Compare names anew. Where two of one person become the same, the older is found by it: no name has a slash."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_device).order_by(_device.c.id)).all()
    taken: set[tuple[int, str]] = set()
    changed = []
    for row in rows:
        key = next(one for one in _numbered(key_of(row.name)) if (row.owner_id, one) not in taken)
        taken.add((row.owner_id, key))
        if key != row.name_key:
            changed.append((row.id, key))
    # First out of each other's way: the pair of owner and key is unique at every moment.
    for number, _ in changed:
        connection.execute(sa.update(_device).where(_device.c.id == number).values(name_key=f"/{number}"))
    for number, key in changed:
        connection.execute(sa.update(_device).where(_device.c.id == number).values(name_key=key))


def _numbered(key: str) -> Iterator[str]:
    yield key
    number = 2
    while True:
        yield f"{key}/{number}"
        number += 1


def _key(name: str) -> str:
    drawn = name.translate(_APOSTROPHES).replace("\ufe0f", "").replace("\ufe0e", "")
    return " ".join(_folded(drawn).translate(_APOSTROPHES).split())


def _key_before(name: str) -> str:
    return " ".join(_folded(name).split())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())

"""All tables in one ``metadata``, whichever module describes them: for migrations, which must know every one."""

from bot.store import edge_tables, proof_tables, renewal_tables, restore_tables  # noqa: F401 -- they join metadata
from bot.store.tables import metadata

__all__ = ["metadata"]

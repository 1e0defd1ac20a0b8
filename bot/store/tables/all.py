"""All tables in one ``metadata``, whichever module describes them: for migrations, which must know every one."""

from bot.store.tables import edge  # noqa: F401 -- they join metadata
from bot.store.tables.core import metadata

__all__ = ["metadata"]

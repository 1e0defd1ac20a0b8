"""From a stored notice to the notice as things are now: the chore keeps ids, the reader looks at the rows.

A reader answers ``None`` when what was to be told has been overtaken. Each family has its own table.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.notices import Notice
from bot.services.noticing import (
    backups,
    certificates,
    hosts,
    household,
    losses,
    paths,
    people,
    proofs,
    requests,
    rules,
    server,
)
from bot.services.parts import Parts

Payload = dict[str, Any]
Reader = Callable[[Parts, int, Payload], Awaitable[Notice | None]]

READERS: dict[str, Reader] = {
    **backups.READERS,
    **certificates.READERS,
    **hosts.READERS,
    **household.READERS,
    **losses.READERS,
    **paths.READERS,
    **people.READERS,
    **proofs.READERS,
    **requests.READERS,
    **rules.READERS,
    **server.READERS,
}


async def read_notice(parts: Parts, to: int, payload: Payload) -> Notice | None:
    """The notice that ``payload`` stands for, for the account ``to``."""
    return await READERS[payload["notice"]](parts, to, payload)

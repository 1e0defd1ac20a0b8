"""Asking Cloudflare who knocked."""

from dataclasses import replace

from bot.errors import EdgeTrouble, MissingRight
from bot.model.chores import Chore
from bot.model.hosts import HostState
from bot.model.knocks import Knocks, OpenThere
from bot.services.chores.telling import tell
from bot.services.parts import Parts
from bot.services.revoking import payload_message


async def list_blocked(parts: Parts, chore: Chore) -> None:
    """Ask, and show."""
    await tell(parts, await _asked(parts), chore.payload["to"], payload_message(chore.payload))


async def _asked(parts: Parts) -> Knocks:
    async with parts.store.read() as tx:
        hosts = {one.host for one in await tx.hosts.all() if one.state is HostState.PROTECTED}
        paths = {(one.host, one.path): OpenThere(one.id, one.reason) for one in await tx.paths.not_ended()}
    try:
        hosts = hosts or {*await parts.edge.associated_hosts()}
        found = await parts.edge.blocked_requests(hosts)
    except EdgeTrouble as trouble:
        right = trouble.right if isinstance(trouble, MissingRight) else ""
        return Knocks((), not_told=type(trouble).__name__, right=right)
    known = (replace(one, open_there=paths.get((one.host, one.path))) for one in found.requests)
    return replace(found, requests=tuple(known))

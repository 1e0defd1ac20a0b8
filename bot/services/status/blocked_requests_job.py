"""Asking Cloudflare who knocked."""

from dataclasses import replace

from bot.errors import EdgeTrouble, MissingRight
from bot.model.jobs import Job
from bot.model.protection.hosts import HostState
from bot.model.status.blocked_requests import BlockedRequests, OpenThere
from bot.services.context import AppContext
from bot.services.notifications.message_payload import payload_message
from bot.services.notifications.show import tell


async def list_blocked(app: AppContext, job: Job) -> None:
    """Ask, and show."""
    await tell(app, await _asked(app), job.payload["to"], payload_message(job.payload))


async def _asked(app: AppContext) -> BlockedRequests:
    async with app.store.read() as tx:
        hosts = {one.host for one in await tx.hosts.all() if one.state is HostState.PROTECTED}
        paths = {(one.host, one.path): OpenThere(one.id, one.reason) for one in await tx.paths.not_ended()}
    try:
        hosts = hosts or {*await app.edge.associated_hosts()}
        found = await app.edge.blocked_requests(hosts)
    except EdgeTrouble as trouble:
        right = trouble.right if isinstance(trouble, MissingRight) else ""
        return BlockedRequests((), not_told=type(trouble).__name__, right=right)
    known = (replace(one, open_there=paths.get((one.host, one.path))) for one in found.requests)
    return replace(found, requests=tuple(known))

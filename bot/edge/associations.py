"""The hosts at which Cloudflare asks for a certificate: one list that is replaced whole.

There is no call that adds or removes one (client certificates, hostname associations), so a change is read, merge,
write, read back. Whoever changes it holds the writer's lock.
"""

from collections.abc import Set as AbstractSet

from bot.edge.json_guards import require_list, require_object
from bot.edge.rulesets import Call
from bot.errors import EdgeConflict, HostsNotTaken

SSL_RIGHT = "Zone: SSL and Certificates: Edit"
_PATH = "certificate_authorities/hostname_associations"
_ROUNDS = 3


class Associations:
    """The list of the managed CA."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def hosts(self) -> tuple[str, ...]:
        """The hosts, in lower case and in order."""
        envelope = await self._call("GET", _PATH, SSL_RIGHT)
        names = require_list(require_object(envelope.get("result")).get("hostnames"))
        return tuple(sorted(str(name).lower() for name in names))

    async def change(self, add: AbstractSet[str], remove: AbstractSet[str]) -> tuple[str, ...]:
        """Have the list hold ``add`` and not ``remove``; the hosts of others stay. Answers the list after it.

        Raises:
            HostsNotTaken: Cloudflare took the list, but not these hosts.
            EdgeConflict: somebody changes the list at the same time.
            Unclear, Busy, MissingRight, RefusedByEdge: as for every call.
        """
        found = frozenset(await self.hosts())
        for _ in range(_ROUNDS):
            wanted = (found | add) - remove
            if wanted == found:
                return tuple(sorted(found))
            # Always with the key: what an empty body does is not documented.
            await self._call("PUT", _PATH, SSL_RIGHT, body={"hostnames": sorted(wanted)})
            found = frozenset(await self.hosts())
            if found == wanted:
                return tuple(sorted(found))
            if wanted - found and wanted - found <= add and not found - wanted:
                raise HostsNotTaken(tuple(sorted(wanted - found)))
        raise EdgeConflict

"""The port through which the use cases send a request to a host, from outside, as any device would."""

from collections.abc import Mapping
from typing import Protocol

from bot.model.proofs.identity import Identity
from bot.model.proofs.page_similarity import Page
from bot.model.proofs.probe_results import NOTHING_TO_LOOK_WITH, ProbeResult, RuleVisibility


class Prober(Protocol):
    """Looks at hosts through the edge."""

    async def look(
        self,
        url: str,
        *,
        identity: Identity | None = None,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> ProbeResult:
        """Send one request. ``headers`` may replace ``Host``. Whatever the network does becomes a verdict."""
        ...

    async def page(self, url: str, *, identity: Identity | None = None) -> tuple[ProbeResult, Page | None]:
        """The same, by GET, with the beginning of the page; ``None`` where no service has answered."""
        ...

    async def sees_beacon(
        self, host: str, beacon: str, identity: Identity, *, everything: bool = False
    ) -> RuleVisibility:
        """Whether the version of the rule that blocks the path ``beacon`` is in force at ``host``."""
        ...


class NoProber:
    """Where there is no way to the edge: nothing is seen, and nothing is claimed."""

    async def look(
        self,
        url: str,  # noqa: ARG002
        *,
        identity: Identity | None = None,  # noqa: ARG002
        method: str = "GET",  # noqa: ARG002
        headers: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> ProbeResult:
        """See ``Prober.look``."""
        return NOTHING_TO_LOOK_WITH

    async def page(
        self,
        url: str,  # noqa: ARG002
        *,
        identity: Identity | None = None,  # noqa: ARG002
    ) -> tuple[ProbeResult, Page | None]:
        """See ``Prober.page``."""
        return NOTHING_TO_LOOK_WITH, None

    async def sees_beacon(
        self,
        host: str,  # noqa: ARG002
        beacon: str,  # noqa: ARG002
        identity: Identity,  # noqa: ARG002
        *,
        everything: bool = False,  # noqa: ARG002
    ) -> RuleVisibility:
        """See ``Prober.sees_beacon``."""
        return RuleVisibility.UNCLEAR

"""Asking other names of the zone without a certificate, and comparing what answers with the protected services."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping

from bot.errors import EdgeTrouble
from bot.model.proofs.identity import Identity
from bot.model.proofs.other_names import NOBODY_ASKED, NamesAsked, is_wildcard, name_below, names_to_ask
from bot.model.proofs.page_similarity import Likeness, Page, likeness
from bot.model.proofs.probe_results import ProbeResult, Verdict
from bot.model.proofs.proofs import Attempt, AttemptKind
from bot.model.protection.hosts import NOTHING_TOLD
from bot.model.public_id import new_public_id
from bot.services.context import AppContext

_TOGETHER = 4
_MAX_HOPS = 2
"""Redirects that are followed where both lead on alike: ``/`` to ``/login`` is common, and tells nothing yet."""


async def ask(
    app: AppContext, pages: Mapping[str, Page], identity: Identity | None, known: Collection[str]
) -> tuple[NamesAsked, Mapping[str, tuple[Attempt, ...]]]:
    """Ask the names that are not among ``known``, the hosts that are proven by themselves. ``pages`` is what each
    protected host answered to a certificate, ``identity``.

    Answers whom was asked, and by protected host the names that lead to the same service without a certificate.
    """
    if not pages:
        return NOBODY_ASKED, {}
    try:
        names = await app.edge.names()
    except EdgeTrouble:
        names = NOTHING_TOLD
    if names.proxied is None:
        return NamesAsked(not_told=True), {}
    wanted = names_to_ask(names, known, app.policy.zone)
    comparing = _Comparing(app, pages, identity)
    found: dict[str, list[Attempt]] = defaultdict(list)
    unclear = []
    for name, (look, host, likely) in zip(wanted.names, await comparing.all(wanted.names), strict=True):
        if likely is Likeness.SAME:
            found[host].append(Attempt(AttemptKind.OTHER_NAME, look, name))
        elif likely is Likeness.CANNOT_TELL:
            unclear.append(name)
    asked = NamesAsked(
        asked=tuple(name for name in wanted.names if name not in unclear),
        unclear=tuple(unclear),
        left=wanted.left,
        not_covered=wanted.not_covered,
        cut=names.cut,
    )
    return asked, {host: tuple(tried) for host, tried in found.items()}


class _Comparing:
    """Looks at names side by side; each page is fetched once."""

    def __init__(self, app: AppContext, pages: Mapping[str, Page], identity: Identity | None) -> None:
        self._prober = app.prober
        self._pages = pages
        self._identity = identity
        self._places = asyncio.Semaphore(_TOGETHER)
        self._onwards: dict[str, Page | None] = {}

    async def all(self, names: Collection[str]) -> list[tuple[ProbeResult, str, Likeness]]:
        """By name: what was met there, the protected host that it was found to be like, and how like."""
        return await asyncio.gather(*map(self._one, names))

    async def _one(self, name: str) -> tuple[ProbeResult, str, Likeness]:
        # Another name below a wildcard each time: one that somebody made a record for would tell of that record alone.
        asked = name_below(name, f"latchkey-{new_public_id()}") if is_wildcard(name) else name
        async with self._places:
            look, page = await self._prober.page(f"https://{asked}/")
            if page is None:
                closed = look.verdict is Verdict.BLOCKED
                return look, "", Likeness.OTHER if closed else Likeness.CANNOT_TELL
            found = [(await self._compared(mine, page), host) for host, mine in sorted(self._pages.items())]
        for likely in (Likeness.SAME, Likeness.CANNOT_TELL):
            for which, host in found:
                if which is likely:
                    return look, host, likely
        return look, "", Likeness.OTHER

    async def _compared(self, mine: Page, theirs: Page) -> Likeness:
        for _ in range(_MAX_HOPS):
            if not mine.goes_on_like(theirs):
                break
            further, beyond = await self._next(mine, self._identity), await self._next(theirs, None)
            if further is None or beyond is None:
                return Likeness.CANNOT_TELL
            mine, theirs = further, beyond
        return likeness(mine, theirs)

    async def _next(self, page: Page, identity: Identity | None) -> Page | None:
        url = f"https://{page.host}{page.onwards}"
        if url not in self._onwards:
            self._onwards[url] = (await self._prober.page(url, identity=identity))[1]
        return self._onwards[url]

"""Proving the lock: knocking at it as anybody could, and weighing what comes of it. Needs no chat."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.errors import EdgeTrouble
from bot.model.openings.paths import OpenPath
from bot.model.proofs.other_names import NamesAsked
from bot.model.proofs.page_similarity import Page
from bot.model.proofs.probe_results import NOTHING_TO_LOOK_WITH, Cause, HostProbe, ProbeResult, Verdict
from bot.model.proofs.proofs import Attempt, AttemptKind, LockMode, Proof, ProofReport, neighbour
from bot.model.protection.hosts import HostState
from bot.model.protection.ports import HTTPS_PORTS
from bot.services.context import AppContext
from bot.services.proofs import other_names, probe_certificates, results
from bot.services.proofs.probe_certificates import ProbePair
from bot.services.protection import earlier_rules
from bot.services.protection.proof_schedule import mode_of

_TOGETHER = 4
"""Hosts looked at side by side: a household's line is not to be flooded."""

_REACHES_THE_EDGE = timedelta(minutes=5)
"""How long a revoke at Cloudflare may take to reach the edge before it counts against the lock."""

_HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})

OnStep = Callable[[ProofReport], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class ProofScope:
    """What is to be proven: these hosts and paths, or all of them (``None``); ``daily``: in the unusual ways too.

    ``show`` and ``tries``: see ``proof_news.keep``.
    """

    hosts: Collection[str] | None = None
    paths: Collection[str] | None = None
    daily: bool = False
    show: bool = False
    tries: int = 0

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.hosts is None and self.paths is None

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to be proven."""
        return self.hosts is not None and self.paths is not None and not self.hosts and not self.paths


ALL, DAILY = ProofScope(), ProofScope(daily=True)


@dataclass(frozen=True, kw_only=True)
class _Targets:
    hosts: tuple[str, ...]
    paths: tuple[OpenPath, ...]
    taken: frozenset[tuple[str, str]]
    """Host and path of everything that is open, to be proven now or not."""

    modes: dict[str, LockMode]
    """Of our own hosts; all others shall be locked."""

    known: frozenset[str]
    """All hosts that are proven by themselves, now or at another time."""

    ours: bool
    no_list: bool


@dataclass(frozen=True, kw_only=True)
class _Knocked:
    """A proof, and what a host answers to a certificate; ``None`` where no service has."""

    proof: Proof
    page: Page | None = None


async def has_targets(app: AppContext, scope: ProofScope = ALL) -> bool:
    """Whether there is anything to knock at."""
    targets = await _targets(app, scope)
    return bool(targets.hosts or targets.paths)


async def prove(
    app: AppContext, scope: ProofScope = ALL, on_step: OnStep | None = None, *, reader: int | None = None
) -> ProofReport:
    """Prove it now and keep what came of it; admins are told of what is open and was not known to be, besides the
    account ``reader``, who reads the report.

    ``on_step`` is called after each host. Where there is no certificate to look with, those parts are unclear. Other
    names of the zone are asked once the hosts are known, and what runs before our rule is looked at meanwhile.
    """
    targets = await _targets(app, scope)
    if not targets.hosts and not targets.paths:
        await _keep(app, scope, targets, [], reader)
        return _report([], targets)
    looking_with = await probe_certificates.pair(app.store, app.vault) if targets.hosts else ProbePair(None, None, None)
    places = asyncio.Semaphore(_TOGETHER)
    done: list[_Knocked] = []

    async def one(work: Awaitable[_Knocked]) -> None:
        async with places:
            done.append(await work)
            if on_step is not None and len(done) < total:
                await on_step(_report([each.proof for each in done], targets, waiting=total - len(done)))

    works = [_host(app, host, looking_with, targets, daily=scope.daily) for host in targets.hosts]
    works += [_path(app, path, targets) for path in targets.paths]
    total = len(works)
    async with asyncio.TaskGroup() as group:
        earlier = group.create_task(earlier_rules.look(app, reader=reader))
        for work in works:
            group.create_task(one(work))
    names, proofs = await _with_other_names(app, done, looking_with, targets)
    await _keep(app, scope, targets, proofs, reader)
    return replace(_report(proofs, targets), earlier=earlier.result(), names=names)


def _report(done: Sequence[Proof], targets: _Targets, waiting: int = 0) -> ProofReport:
    proofs = tuple(sorted(done, key=lambda one: (one.kind, one.label)))
    return ProofReport(proofs=proofs, waiting=waiting, no_list=targets.no_list, ours=targets.ours)


async def _with_other_names(
    app: AppContext, done: Sequence[_Knocked], pair: ProbePair, targets: _Targets
) -> tuple[NamesAsked, list[Proof]]:
    """Who else was asked, and the proofs with what came of it."""
    pages = {one.proof.subject: one.page for one in done if one.page is not None}
    names, found = await other_names.ask(app, pages, pair.live, targets.known)
    more = [found.get(one.proof.subject, ()) if one.proof.kind == "host" else () for one in done]
    return names, [replace(one.proof, tried=(*one.proof.tried, *ways)) for one, ways in zip(done, more, strict=True)]


async def _keep(
    app: AppContext, scope: ProofScope, targets: _Targets, done: Sequence[Proof], reader: int | None
) -> None:
    async with app.store.write() as tx:
        await results.store_proof(tx, done, reader=reader, show=scope.show, tries=scope.tries)
        if scope.is_all and not targets.no_list:
            await tx.proofs.forget_all_but(targets.hosts, [path.public_id for path in targets.paths])
            if done:
                await tx.proofs.proven_all(app.policy.zone, daily=scope.daily)


async def _targets(app: AppContext, scope: ProofScope) -> _Targets:
    """Our protected hosts; as long as there are none, those at which Cloudflare asks for a certificate."""
    async with app.store.read() as tx:
        rows, facts = await tx.hosts.all(), await tx.rules.of_zone(app.policy.zone)
        paths = () if facts.lockdown_at is not None else await tx.paths.open_now()
    hosts = tuple(row.host for row in rows if row.state is HostState.PROTECTED)
    no_list = False
    if not rows:
        try:
            hosts = await app.edge.associated_hosts()
        except EdgeTrouble:
            no_list = True
    return _Targets(
        hosts=tuple(host for host in hosts if scope.hosts is None or host in scope.hosts),
        paths=tuple(
            path for path in paths if path.host in hosts and (scope.paths is None or path.public_id in scope.paths)
        ),
        taken=frozenset((path.host, path.path) for path in paths),
        modes={row.host: mode_of(row, facts) for row in rows},
        known=frozenset({row.host for row in rows if row.state is not HostState.LEAVING} or hosts),
        ours=bool(rows),
        no_list=no_list,
    )


async def prove_path(app: AppContext, path: OpenPath) -> Proof:
    """Knock at one open path and beside it, and keep nothing of that."""
    return (await _path(app, path, await _targets(app, ProofScope(hosts=(), paths=())))).proof


async def _host(app: AppContext, host: str, pair: ProbePair, targets: _Targets, *, daily: bool) -> _Knocked:
    mode = targets.modes.get(host, LockMode.LOCKED)
    url = f"https://{host}/"
    without, (live, page), (revoked, _) = await asyncio.gather(
        app.prober.look(url),
        app.prober.page(url, identity=pair.live) if pair.live else _nothing(),
        app.prober.page(url, identity=pair.revoked) if pair.revoked else _nothing(),
    )
    just_revoked = pair.revoked_at is not None and app.clock.now() - pair.revoked_at < _REACHES_THE_EDGE
    if revoked.verdict is Verdict.PASSED and without.verdict is not Verdict.PASSED and just_revoked:
        revoked = ProbeResult(Verdict.UNCLEAR, revoked.status, Cause.JUST_REVOKED)
    looks = HostProbe(host, without, live, revoked)
    tried = [
        Attempt(AttemptKind.WITHOUT, looks.verdict_without if mode is not LockMode.SHUT else without),
        Attempt(AttemptKind.LIVE, live),
        Attempt(AttemptKind.REVOKED, looks.verdict_revoked if mode is not LockMode.SHUT else revoked),
    ]
    if daily:
        tried += await _unusual(app, host)
    proof = Proof(kind="host", subject=host, label=host, mode=mode, tried=tuple(tried), at=app.clock.now())
    return _Knocked(proof=proof, page=page if mode is LockMode.LOCKED else None)


async def _unusual(app: AppContext, host: str) -> list[Attempt]:
    """Other spellings of the name, and the other ports: a rule may look at one and forget the others."""
    label, _, rest = host.partition(".")
    spelled = (
        (AttemptKind.CAPITALS, f"{label.upper()}.{rest}", ""),
        (AttemptKind.DOT, f"{host}.", ""),
        *((AttemptKind.PORT, f"{host}:{port}", str(port)) for port in HTTPS_PORTS),
    )
    looks = await asyncio.gather(
        *(
            app.prober.look(f"https://{host}{f':{port}' if port else ''}/", headers={"Host": name})
            for _, name, port in spelled
        )
    )
    return [Attempt(trial, look, port) for (trial, _, port), look in zip(spelled, looks, strict=True)]


async def _path(app: AppContext, path: OpenPath, targets: _Targets) -> _Knocked:
    """The path itself, by a method that sets nothing off; and one like it, which must be closed."""
    query = f"?{path.query}" if path.query else ""
    beside = neighbour(path.path)
    while (path.host, beside) in targets.taken:
        beside += "x"
    method = path.try_method
    itself, other = await asyncio.gather(
        app.prober.look(f"https://{path.host}{path.path}{query}", method=method)
        if method in _HARMLESS
        else _not_tried(),
        app.prober.look(f"https://{path.host}{beside}{query}", method=method),
    )
    if itself.verdict is Verdict.BLOCKED and path.networks:
        itself = ProbeResult(Verdict.BLOCKED, itself.status, Cause.OTHER_SOURCES)
    proof = Proof(
        kind="path",
        subject=path.public_id,
        label=path.shown,
        mode=targets.modes.get(path.host, LockMode.LOCKED),
        tried=(Attempt(AttemptKind.PATH, itself), Attempt(AttemptKind.NEIGHBOUR, other)),
        at=app.clock.now(),
    )
    return _Knocked(proof=proof)


async def _nothing() -> tuple[ProbeResult, None]:
    return NOTHING_TO_LOOK_WITH, None


async def _not_tried() -> ProbeResult:
    return ProbeResult(Verdict.UNCLEAR, None, Cause.WOULD_SET_OFF)

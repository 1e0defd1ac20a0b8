"""Requests to a protected host as anybody could send them: the proof that the lock locks.

Each look is a connection of its own, by TCP, with the server's certificate verified; redirects are not followed.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.edge.probe_mark import ProbeMark
from bot.model.proofs.identity import Identity
from bot.model.proofs.page_similarity import Page
from bot.model.proofs.probe_results import NOTHING_TO_LOOK_WITH, Cause, ProbeResult, RuleVisibility, Verdict

USER_AGENT = "Latchkey (checks the lock of this host)"

_SECONDS = 10.0
_FORBIDDEN = 403
_TOO_MANY = 429
_SERVER_ERROR = 500
_PAGE_BYTES = 32 * 1024
_BLOCK_PAGE = (b"you have been blocked", b"error code: 1020", b"cf-error-details")
"""What stands in the page, or the line, that Cloudflare sends for the action ``block``; all in small letters."""

_NOBODY = "an0ther1"


@dataclass(frozen=True)
class Route:
    """How the edge is reached: as its names resolve, trusting the public CAs.

    ``address`` (host, port) is called instead of whatever a name and its port lead to; ``roots`` is a PEM file that is
    trusted instead.
    """

    address: tuple[str, int] | None = None
    roots: Path | None = None


class Prober:
    """Looks at hosts through the edge. ``mark``: its requests can be known again."""

    def __init__(self, route: Route | None = None, mark: ProbeMark | None = None) -> None:
        self._route = route or Route()
        self._mark = mark

    async def look(
        self,
        url: str,
        *,
        identity: Identity | None = None,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
    ) -> ProbeResult:
        """Send one request. ``headers`` may replace ``Host``. Whatever the network does becomes a verdict."""
        return (await self._seen(url, identity, method, headers or {}, read=False))[0]

    async def page(self, url: str, *, identity: Identity | None = None) -> tuple[ProbeResult, Page | None]:
        """The same, by GET, with the beginning of the page; ``None`` where no service has answered."""
        look, page = await self._seen(url, identity, "GET", {}, read=True)
        return look, page if look.verdict is Verdict.PASSED else None

    async def sees_beacon(
        self, host: str, beacon: str, identity: Identity, *, everything: bool = False
    ) -> RuleVisibility:
        """Whether the version of the rule that blocks the path ``beacon`` is in force at ``host``.

        It is when that path is blocked and one like it is not, even if the service behind is down or somebody else's
        rule asks for proof of being human there; under ``everything`` (nobody gets in) both are.
        """
        there = await self.look(f"https://{host}{beacon}", identity=identity)
        if there.verdict is not Verdict.BLOCKED:
            return RuleVisibility.NOT_YET if there.verdict is Verdict.PASSED else RuleVisibility.UNCLEAR
        if everything:
            return RuleVisibility.SEEN
        folder = beacon.rpartition("/")[0]
        elsewhere = await self.look(f"https://{host}{folder}/{_NOBODY}", identity=identity)
        let_through = elsewhere.verdict in {Verdict.PASSED, Verdict.CHALLENGED} or elsewhere.why is Cause.SERVER_ERROR
        return RuleVisibility.SEEN if let_through else RuleVisibility.UNCLEAR

    async def _seen(
        self, url: str, identity: Identity | None, method: str, headers: Mapping[str, str], *, read: bool
    ) -> tuple[ProbeResult, Page | None]:
        try:
            context = await asyncio.to_thread(_context, self._route.roots, identity)
        except NotImplementedError:
            return NOTHING_TO_LOOK_WITH, None
        try:
            async with asyncio.timeout(_SECONDS):
                return await self._answer(url, context, method, headers, read=read)
        except (TimeoutError, httpx.TimeoutException):
            return ProbeResult(Verdict.UNCLEAR, None, Cause.TIME_OUT), None
        except (httpx.TransportError, OSError) as trouble:
            return ProbeResult(Verdict.UNCLEAR, None, _why(trouble)), None

    async def _answer(
        self, url: str, context: ssl.SSLContext, method: str, headers: Mapping[str, str], *, read: bool
    ) -> tuple[ProbeResult, Page]:
        target = httpx.URL(url)
        host = target.host
        extensions: dict[str, str] = {}
        agent = USER_AGENT if self._mark is None else self._mark.user_agent(USER_AGENT, target.host)
        named = {"User-Agent": agent, "Host": target.netloc.decode("ascii"), **headers}
        if self._route.address is not None:
            extensions["sni_hostname"] = host
            target = target.copy_with(host=self._route.address[0], port=self._route.address[1])
        async with (
            httpx.AsyncClient(verify=context, timeout=_SECONDS, follow_redirects=False) as client,
            client.stream(method, target, headers=named, extensions=extensions) as response,
        ):
            body = await _body(response) if read or response.status_code == _FORBIDDEN else b""
            return _judged(response, body), _page(response, host, body)


def _page(response: httpx.Response, host: str, body: bytes) -> Page:
    return Page(
        host=host,
        status=response.status_code,
        location=response.headers.get("location", ""),
        realm=response.headers.get("www-authenticate", ""),
        body=body.decode("utf-8", "replace"),
    )


async def _body(response: httpx.Response) -> bytes:
    """The beginning of the body: a service may send for ever."""
    page = b""
    async for piece in response.aiter_bytes():
        page += piece
        if len(page) >= _PAGE_BYTES:
            break
    return page


def _judged(response: httpx.Response, page: bytes) -> ProbeResult:
    status = response.status_code
    if "cf-mitigated" in response.headers:
        return ProbeResult(Verdict.CHALLENGED, status, Cause.CHALLENGE)
    if status >= _SERVER_ERROR:
        return ProbeResult(Verdict.UNCLEAR, status, Cause.SERVER_ERROR)
    if status == _TOO_MANY:
        return ProbeResult(Verdict.UNCLEAR, status, Cause.TOO_MANY)
    if status != _FORBIDDEN:
        return ProbeResult(Verdict.PASSED, status, Cause.SERVICE)
    if any(sign in page.lower() for sign in _BLOCK_PAGE):
        return ProbeResult(Verdict.BLOCKED, status, Cause.BLOCK_PAGE)
    # Only what went on towards the service carries what the cache made of it.
    if "cf-cache-status" in response.headers:
        return ProbeResult(Verdict.PASSED, status, Cause.SERVICE)
    return ProbeResult(Verdict.BLOCKED, status, Cause.FORBIDDEN)


def _context(roots: Path | None, identity: Identity | None) -> ssl.SSLContext:
    """What to trust and what to show. Raises ``NotImplementedError`` where no certificate can be held in memory."""
    context = httpx.create_ssl_context() if roots is None else ssl.create_default_context(cafile=roots)
    if identity is not None:
        _load(context, identity)
    return context


def _load(context: ssl.SSLContext, identity: Identity) -> None:
    """Python's ssl reads certificates from files only: this one has a name in /proc and no place on a disk."""
    if not hasattr(os, "memfd_create"):
        raise NotImplementedError
    with os.fdopen(os.memfd_create("probe", os.MFD_CLOEXEC), "wb") as file:
        file.write(f"{identity.key}\n{identity.certificate}\n".encode("ascii"))
        file.flush()
        context.load_cert_chain(f"/proc/self/fd/{file.fileno()}")


def _why(trouble: BaseException) -> Cause:
    """What a failed request failed at: the library tells it by what its error came from."""
    causes = [trouble]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return Cause.TLS
    if any(isinstance(one, socket.gaierror) for one in causes):
        return Cause.NAME_UNKNOWN
    connected = not isinstance(trouble, httpx.ConnectError | httpx.ProxyError)
    return Cause.CUT_OFF if connected and isinstance(trouble, httpx.TransportError) else Cause.NO_CONNECTION

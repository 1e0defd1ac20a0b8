"""The edge itself."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from dataclasses import fields as fields_of
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

from aiohttp import web
from cryptography.hazmat.primitives import hashes

from sandbox.clock import SandboxClock
from sandbox.edge import earlier, pages, services
from sandbox.edge.authority import ServerAuthority
from sandbox.edge.events import FirewallEvents
from sandbox.edge.fields import Habits, Place, request_fields, target, with_path
from sandbox.edge.tls import Handshake, TlsTerminator
from sandbox.edge.zone import ZoneFile, ZoneState
from sandbox.faults import Fault
from sandbox.rules import Expression, ExpressionError, evaluate, parse
from sandbox.rules.evaluation import FieldValue
from sandbox.standin import Standin

_CHALLENGES = frozenset({"managed_challenge", "js_challenge", "challenge"})
_HABITS = frozenset(field.name for field in fields_of(Habits))
_SHOWN_HANDSHAKES = 100
# One loopback address is somewhere: a network and a country of the ranges for documentation.
_PLACES: dict[str, Place] = {"127.0.0.3": (64496, "NL")}
_LARGEST_BODY = 64 * 2**20
_RAY = web.RequestKey("ray", str)


class EdgeStandin(Standin):
    """Cloudflare's edge for the zone published in ``directory/zone.json``.

    It listens with TLS and stands for port 443: a ``Host`` with its own port counts as one without. Clients
    trust ``directory/edge-ca.pem``. A name outside the zone gets no handshake; a ``Host`` outside the zone on
    a connection to a name inside gets 403.

    Options: ``propagation_seconds``, how long a change of the zone takes to arrive, and ``habits``. Cloudflare
    documents neither; as they stand at first, changes arrive at once and ``http.host`` is what the client sent, with
    case, port and trailing dot.

    ``places``: in which network and country some addresses are, all others being nowhere. ``redirects``: to which
    path the services of some hosts send one on from ``/``.
    """

    name: ClassVar[str] = "edge"

    def __init__(self, clock: SandboxClock, directory: Path) -> None:
        super().__init__(clock)
        self.directory = directory
        self.habits = Habits()
        self.places: dict[str, Place] = dict(_PLACES)
        self.redirects: dict[str, str] = {}
        self._zone = ZoneFile(directory / "zone.json", clock)
        self._events = FirewallEvents(directory)
        self._server: asyncio.Server | None = None
        self._terminator: TlsTerminator | None = None

    @property
    def propagation_seconds(self) -> float:
        """How long a change of the zone takes to arrive, on the sandbox's clock."""
        return self._zone.propagation_seconds

    @propagation_seconds.setter
    def propagation_seconds(self, seconds: float) -> None:
        self._zone.propagation_seconds = seconds

    @property
    def url(self) -> str:
        """Where it listens; names are below the zone (see ``url_for``)."""
        return f"https://127.0.0.1:{self.port}"

    def url_for(self, host: str, path: str = "/") -> str:
        """The URL of a host behind this edge, for who can resolve it to loopback."""
        return f"https://{host}:{self.port}{path}"

    @property
    def handshakes(self) -> Sequence[Handshake]:
        """The latest handshakes that came to an end, oldest first."""
        return self._terminator.finished if self._terminator else ()

    async def start(self, *, port: int = 0, control_port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one."""
        app = web.Application(middlewares=[self._with_faults], client_max_size=_LARGEST_BODY)
        app.on_response_prepare.append(self._finish)
        self.routes(app)
        control = web.Application()
        self._common_control(control)
        self.control_routes(control)
        self.port = await self._listen_tls(app, port)
        self.control_port = await self._listen(control, control_port)

    async def stop(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        await super().stop()
        if self._terminator is not None:
            self._terminator.abort()

    def routes(self, app: web.Application) -> None:
        """Everything goes one way: the rules, then the service."""
        app.router.add_route("*", "/{path:.*}", self._serve)

    def control_routes(self, app: web.Application) -> None:
        """``GET|POST /_control/options {"propagation_seconds": 30, "host_lowercased": true}``: see ``Habits``."""

        async def options(request: web.Request) -> web.Response:
            if request.method == "POST":
                wanted = await request.json()
                self.propagation_seconds = float(wanted.get("propagation_seconds", self.propagation_seconds))
                for name in _HABITS & wanted.keys():
                    setattr(self.habits, name, bool(wanted[name]))
            return web.json_response(self._options())

        app.router.add_route("*", "/_control/options", options)

    def label(self, request: web.Request) -> str:
        """Method, host in lower case without port, and path: ``GET ha.example.com/api``."""
        return f"{request.method} {_plain(request.headers.get('Host', ''))}{target(request)[0]}"

    async def sent(self, request: web.Request) -> dict[str, Any]:
        """The query and what the handshake brought."""
        handshake = _handshake(request)
        certificate = handshake.certificate
        return {
            "host": request.headers.get("Host", ""),
            "query": target(request)[1],
            "server_name": handshake.server_name,
            "certificate_asked": handshake.certificate_asked,
            "fingerprint_sha256": certificate.fingerprint(hashes.SHA256()).hex() if certificate else "",
        }

    def trouble(self, fault: Fault) -> web.StreamResponse:
        """The status on order, as an answer of the edge (200 with a body alone)."""
        response = pages.failed(fault.status or 200, fault.body)
        if fault.retry_after is not None:
            response.headers["retry-after"] = str(fault.retry_after)
        return response

    def state(self) -> dict[str, Any]:
        """What it knows of the zone, its options and the latest handshakes."""
        zone = self._zone.state()
        return {
            "zone": zone.name,
            "hosts": sorted(zone.hosts),
            "rules": [rule.expression for rule in zone.rules if rule.enabled],
            "options": self._options(),
            "handshakes": [
                {
                    "server_name": handshake.server_name,
                    "certificate_asked": handshake.certificate_asked,
                    "certificate_presented": handshake.certificate is not None,
                }
                for handshake in list(self.handshakes)[-_SHOWN_HANDSHAKES:]
            ],
        }

    def _options(self) -> dict[str, Any]:
        return {"propagation_seconds": self.propagation_seconds, **asdict(self.habits)}

    async def _listen_tls(self, app: web.Application, port: int) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await runner.setup()
        self._runners.append(runner)
        if runner.server is None:
            raise RuntimeError("the runner has no server")
        self._terminator = TlsTerminator(ServerAuthority(self.directory), self._zone.state, runner.server)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._terminator, "127.0.0.1", port, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    async def _finish(self, request: web.Request, response: web.StreamResponse) -> None:
        """What every answer through the edge carries, whoever gave it."""
        response.headers["date"] = format_datetime(self.clock.now(), usegmt=True)
        response.headers["cf-ray"] = _ray(request)
        if self._zone.state().http3:
            response.headers["alt-svc"] = 'h3=":443"; ma=86400'

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        now, zone, ray = self.clock.now(), self._zone.state(), _ray(request)
        host = request.headers.get("Host", "").removesuffix(f":{self.port}")
        if not host:
            return pages.bad_request()
        if not zone.covers(_plain(host)):
            return pages.elsewhere(host, ray)
        fields = request_fields(
            request,
            host=host,
            handshake=_handshake(request),
            zone=zone,
            ray=ray,
            now=now,
            habits=self.habits,
            places=self.places,
        )
        try:
            path = earlier.rewritten_path(zone.rewrites, fields)
            rule = _deciding(zone, fields if path is None else with_path(fields, path))
        except ExpressionError as wrong:
            return pages.not_evaluated(f"the sandbox cannot evaluate a rule: {wrong}")
        if rule is None:
            onwards = self.redirects.get(_plain(host))
            service, path = zone.service_of(_plain(host)), path or target(request)[0]
            return await services.answer(request, service, path, onwards=onwards)
        rule_id, action = rule
        self._events.add(
            at=now,
            rule_id=rule_id,
            action=action,
            host=_plain(host),
            path=target(request)[0],
            agent=request.headers.get("User-Agent", ""),
            ray=ray,
        )
        return pages.blocked(host, ray) if action == "block" else pages.challenged(host, ray)


@lru_cache(maxsize=256)
def _parsed(expression: str) -> Expression:
    return parse(expression)


def _deciding(zone: ZoneState, fields: Mapping[str, FieldValue]) -> tuple[str, str] | None:
    """Id and action of what ends the matter: an IP Access rule, or the first custom rule that matches. None when the
    request goes on to the service.

    Other actions (``log``, a skip of other products) change nothing here.
    """
    access = earlier.deciding(zone.access_rules, fields)
    if access is not None:
        return None if access.mode == earlier.ALLOW else (access.id, access.mode)
    for rule in zone.rules:
        if not rule.enabled or not evaluate(_parsed(rule.expression), fields):
            continue
        if rule.skips_rest:
            return None
        if rule.action == "block" or rule.action in _CHALLENGES:
            return rule.id, rule.action
    return None


def _plain(host: str) -> str:
    """A ``Host`` in lower case, without port and trailing dot."""
    return host.lower().partition(":")[0].removesuffix(".")


def _handshake(request: web.Request) -> Handshake:
    found = request.get_extra_info("handshake")
    if not isinstance(found, Handshake):
        raise ConnectionResetError("the client has gone")
    return found


def _ray(request: web.Request) -> str:
    ray: str = request.setdefault(_RAY, f"{secrets.token_hex(8)}-TST")
    return ray

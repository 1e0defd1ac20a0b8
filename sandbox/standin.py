"""What all stand-ins share: a server on loopback, faults, a list of calls, a control port."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, ClassVar

from aiohttp import web

from sandbox.clock import SandboxClock
from sandbox.faults import Call, Fault

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Standin:
    """A server on 127.0.0.1 with trouble on order.

    A subclass fills ``routes`` and says how it labels a call, how an error looks in its protocol and what
    its state is. ``control`` has a port of its own: ``GET /_control/calls``, ``GET /_control/state``,
    ``GET|POST|DELETE /_control/faults``, ``POST /_control/release``,
    ``GET|POST /_control/clock {"plus": seconds}``.
    """

    name: ClassVar[str]

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.faults: list[Fault] = []
        self.calls: list[Call] = []
        self.port = 0
        self.control_port = 0
        self._runners: list[web.AppRunner] = []

    def routes(self, app: web.Application) -> None:
        """Add the stand-in's own routes."""
        raise NotImplementedError

    def control_routes(self, app: web.Application) -> None:
        """Add control routes beyond the common ones."""

    def label(self, request: web.Request) -> str:
        """The name by which faults and tests know this call."""
        return f"{request.method} {request.path}"

    async def sent(self, request: web.Request) -> dict[str, Any]:
        """What the caller sent, for the list of calls."""
        return dict(request.query)

    def trouble(self, fault: Fault) -> web.StreamResponse:
        """The fault's answer, in this protocol."""
        raise NotImplementedError

    def state(self) -> dict[str, Any]:
        """All that a spectator may see, as JSON."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Where the stand-in answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def control_url(self) -> str:
        """Where it is controlled."""
        return f"http://127.0.0.1:{self.control_port}/_control"

    def fault(self, **fields: Any) -> Fault:
        """Order trouble; see ``Fault``."""
        ordered = Fault(**fields)
        self.faults.append(ordered)
        return ordered

    async def start(self, *, port: int = 0, control_port: int = 0) -> None:
        """Listen on loopback; port 0 takes a free one."""
        app = web.Application(middlewares=[self._with_faults], client_max_size=64 * 2**20)
        self.routes(app)
        control = web.Application(client_max_size=64 * 2**20)
        self._common_control(control)
        self.control_routes(control)
        self.port = await self._listen(app, port)
        self.control_port = await self._listen(control, control_port)

    def release(self) -> None:
        """Let go of every call that is held."""
        for fault in self.faults:
            fault.released.set()

    async def stop(self) -> None:
        """Stop listening and let go of what is held."""
        self.release()
        while self._runners:
            await self._runners.pop().cleanup()

    async def _listen(self, app: web.Application, port: int) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2, handler_cancellation=True)
        await runner.setup()
        self._runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        return int(runner.addresses[0][1])

    @web.middleware
    async def _with_faults(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        label = self.label(request)
        sent = await self.sent(request)
        before = self._struck(label, before=True)
        if before:
            await before.linger()
            if before.answers:
                return self._answer(request, before, label, sent)
        response = await handler(request)
        after = self._struck(label, before=False)
        if after:
            await after.linger()
            if after.answers:
                return self._answer(request, after, label, sent)
            if after.cut:
                response = _cut(response)
        self.calls.append(Call(label, sent, response.status))
        return response

    def _struck(self, label: str, *, before: bool) -> Fault | None:
        for fault in self.faults:
            if (fault.when != "after") is before and fault.strikes(label):
                return fault
        return None

    def _answer(self, request: web.Request, fault: Fault, label: str, sent: dict[str, Any]) -> web.StreamResponse:
        self.calls.append(Call(label, sent, None if fault.drop else fault.status))
        if fault.drop:
            if request.transport is not None:
                request.transport.abort()
            raise asyncio.CancelledError
        return self.trouble(fault)

    def _common_control(self, app: web.Application) -> None:
        async def calls(_: web.Request) -> web.Response:
            return web.json_response([call.as_json() for call in self.calls])

        async def state(_: web.Request) -> web.Response:
            return web.json_response(self.state())

        async def faults(_: web.Request) -> web.Response:
            return web.json_response([fault.as_json() for fault in self.faults])

        async def order(request: web.Request) -> web.Response:
            return web.json_response(self.fault(**await request.json()).as_json())

        async def clear(_: web.Request) -> web.Response:
            self.release()
            self.faults.clear()
            return web.json_response([])

        async def release(_: web.Request) -> web.Response:
            self.release()
            return web.json_response({})

        async def clock(request: web.Request) -> web.Response:
            if request.method == "POST":
                self.clock.plus(timedelta(seconds=(await request.json())["plus"]))
            return web.json_response({"now": self.clock.now().isoformat()})

        app.router.add_get("/_control/calls", calls)
        app.router.add_get("/_control/state", state)
        app.router.add_get("/_control/faults", faults)
        app.router.add_post("/_control/faults", order)
        app.router.add_delete("/_control/faults", clear)
        app.router.add_post("/_control/release", release)
        app.router.add_route("*", "/_control/clock", clock)


def _cut(response: web.StreamResponse) -> web.StreamResponse:
    """The first half of an answer, as if it were all."""
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    half = response.body[: len(response.body) // 2]
    return web.Response(body=half, status=response.status, content_type=response.content_type)

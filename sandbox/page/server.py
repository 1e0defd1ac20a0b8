"""The page's server: static files, one stream of what happens, and what a hand does on a phone."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import quote

from aiohttp import web

from sandbox.bot import SandboxBot
from sandbox.page.feed import Feed
from sandbox.page.handsets import CannotInstallError, Handset, open_address
from sandbox.page.loglines import LogLines
from sandbox.page.manual_changes import Hand
from sandbox.page.tour import LOOKED, Tour
from sandbox.page.trouble import Power, Switches
from sandbox.telegram import Phone
from sandbox.telegram.files import MAX_UPLOAD_BYTES
from sandbox.world import Person, World

STATIC: Final = Path(__file__).parent / "static"

_BEAT_SECONDS = 15.0
_LONGEST_NAME = 64
_CLOCK_STEPS: Final = {
    "minutes": timedelta(minutes=5),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "year": timedelta(days=365),
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """The page for a started world whose bot runs in this process; used as ``async with Page(world, log)``.

    It answers on 127.0.0.1 only, and only to itself: other sites' requests and other names for this machine
    are refused.
    """

    def __init__(self, world: World, log: LogLines, *, port: int = 0) -> None:
        if not isinstance(world.bot, SandboxBot):
            raise TypeError("the page reads the record of a bot in this process")
        self.world = world
        self.port = port
        self.power = Power(world)
        self._handsets: dict[str, Handset] = {}
        self._switches, self._hand, self._tour = Switches(world), Hand(world.cloudflare), Tour()
        self._feed = Feed(
            world,
            self.handset,
            switches=self._switches,
            hand=self._hand,
            power=self.power,
            tour=self._tour,
            log=log,
            database=world.bot.settings.database,
        )

    @property
    def url(self) -> str:
        """The address to open."""
        return f"http://127.0.0.1:{self.port}/"

    def handset(self, name: str) -> Handset:
        """What somebody's phone holds besides its chat."""
        return self._handsets.setdefault(name, Handset())

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._only_here, _explained], client_max_size=MAX_UPLOAD_BYTES + 2**20)
        self._add_routes(app)
        app.on_shutdown.append(self._shut_down)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = int(self._runner.addresses[0][1])
        self._looking = asyncio.create_task(self._feed.run(), name="look at the sandbox")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._looking
        await self._runner.cleanup()
        self._switches.end()
        await self.power.settle()

    async def run(self) -> None:
        """Return never; raises what ended the looking."""
        await self._looking

    def _add_routes(self, app: web.Application) -> None:
        app.router.add_get("/", _index)
        app.router.add_static("/static/", STATIC)
        app.router.add_get("/api/feed", self._stream)
        app.router.add_get("/api/phones/{id}/files/{message}", self._file)
        for path, act in (
            ("phones", self._join),
            ("phones/{id}/send", self._send),
            ("phones/{id}/tap", self._tap),
            ("phones/{id}/key", self._key),
            ("phones/{id}/share", self._share),
            ("phones/{id}/install", self._install),
            ("phones/{id}/visit", self._visit),
            ("phones/{id}/lose", self._lose),
            ("trouble", self._trouble),
            ("hand", self._by_hand),
            ("bot", self._bot),
            ("clock", self._clock),
            ("tour", self._toured),
        ):
            app.router.add_post(f"/api/{path}", self._acting(act))
        app.router.add_post("/api/phones/{id}/document", self._document)

    @web.middleware
    async def _only_here(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        ours = {f"127.0.0.1:{self.port}", f"localhost:{self.port}"}
        origin = request.headers.get("Origin", "") if request.method == "POST" else ""
        if request.host not in ours or (origin and origin.removeprefix("http://") not in ours):
            return web.Response(status=403, text="This page answers to itself alone.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(
                {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
            )
        return response

    def _acting(self, act: Callable[[web.Request, dict[str, Any]], Awaitable[dict[str, Any]]]) -> Handler:
        """A route that takes JSON, does something, shows it at once and answers JSON."""

        async def acting(request: web.Request) -> web.Response:
            if request.content_type != "application/json":
                raise ValueError("this takes JSON")
            answer = await act(request, await request.json())
            self._feed.look()
            return web.json_response(answer)

        return acting

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        async with self._feed.subscribed() as queue:
            while True:
                try:
                    async with asyncio.timeout(_BEAT_SECONDS):
                        told = await queue.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if told is None:
                    return response
                await response.write(f"data: {told}\n\n".encode())

    async def _file(self, request: web.Request) -> web.Response:
        _, phone = self._phone(request)
        number = int(request.match_info["message"])
        document = next((m.document for m in phone.chat if m.message_id == number and m.document), None)
        if document is None:
            raise LookupError("there is no such file")
        name = quote(document.file_name)
        return web.Response(
            body=phone.file(number),
            content_type="application/octet-stream",
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    async def _join(self, _: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        name = str(asked["name"]).strip()
        if not name or len(name) > _LONGEST_NAME or name in self.world.people:
            return {"refused": f"A name is new here and has 1 to {_LONGEST_NAME} characters."}
        return {"id": self.world.join(Person(name)).user_id}

    async def _send(self, request: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        _, phone = self._phone(request)
        answered = asked.get("answers")
        return {"message": phone.send(str(asked["text"]), reply_to=int(answered) if answered else None)}

    async def _document(self, request: web.Request) -> web.Response:
        _, phone = self._phone(request)
        form = await request.post()
        file = form["file"]
        if not isinstance(file, web.FileField):
            raise TypeError("that is no file")
        message = phone.send_document(file.filename, file.file.read(), str(form.get("caption", "")) or None)
        self._feed.look()
        return web.json_response({"message": message})

    async def _tap(self, request: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        _, phone = self._phone(request)
        message, row, column = int(asked["message"]), int(asked["row"]), int(asked["column"])
        shown = next((m for m in phone.chat if m.message_id == message), None)
        button = shown.rows[row][column] if shown and row < len(shown.rows) else None
        if button is None or button.kind != "callback" or button.text != asked["text"]:
            return {"refused": "That button has gone."}
        phone.press(message, button.value)
        return {}

    async def _key(self, request: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        _, phone = self._phone(request)
        return {"message": phone.use_key(str(asked["text"]))}

    async def _share(self, request: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        _, phone = self._phone(request)
        contacts = {each.user_id: each.contact for each in self.world.people.values() if each is not phone}
        return {"message": phone.share_users(str(asked["text"]), [contacts[int(number)] for number in asked["users"]])}

    async def _install(self, request: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        name, phone = self._phone(request)
        try:
            file = phone.file(int(asked["message"]))
        except LookupError:
            return {"refused": "The file has gone from this chat."}
        try:
            installed = await asyncio.to_thread(self.handset(name).install, file, str(asked["password"]))
        except CannotInstallError as refused:
            return {"refused": str(refused)}
        self._tour.installed()
        return installed.as_json()

    async def _visit(self, request: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        name, _ = self._phone(request)
        try:
            certificate = self.handset(name).chosen(str(asked["key"]))
            came = await open_address(self.world.edge, str(asked["url"]), certificate)
        except ValueError as wrong:
            return {"refused": f"{wrong}"}
        self._tour.visited(str(asked["url"]), came.get("status"), certificate.key if certificate else "")
        return came

    async def _lose(self, request: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        name, _ = self._phone(request)
        self.handset(name).lost = bool(asked["lost"])
        return {}

    async def _trouble(self, _: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        if "end" in asked:
            self._switches.end()
        else:
            self._switches.turn(str(asked["kind"]), on=bool(asked["on"]))
        return {}

    async def _by_hand(self, _: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        self._hand.do(str(asked["kind"]))
        return {}

    async def _bot(self, _: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["on"]:
            self.power.start()
        else:
            await self.power.kill()
        return {}

    async def _clock(self, _: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        self.world.clock.plus(_CLOCK_STEPS[str(asked["plus"])])
        return {}

    async def _toured(self, _: web.Request, asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("fact") == LOOKED:
            self._tour.looked()
        return {}

    def _phone(self, request: web.Request) -> tuple[str, Phone]:
        number = int(request.match_info["id"])
        for name, phone in self.world.people.items():
            if phone.user_id == number:
                return name, phone
        raise LookupError("there is no such phone")

    async def _shut_down(self, _: web.Application) -> None:
        self._feed.close()


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


@web.middleware
async def _explained(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say what was wrong with a request that the page itself would not make."""
    try:
        return await handler(request)
    except (LookupError, ValueError, TypeError, RuntimeError) as wrong:
        return web.json_response({"error": str(wrong) or type(wrong).__name__}, status=400)

"""What is measured, in a process of its own: the bot with a meter of its event loop, or a floor.

``python -m sandbox.bench.child bot|echo|fetch DIRECTORY`` runs until SIGTERM, then prints what its meters say as one
line of JSON; ``floor`` prints at once and ends.
"""

import asyncio
import gc
import json
import logging
import signal
import statistics
import sys
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.bench.cpu_usage import Spent

_TICK = 0.002
_FLOOR_RUNS = 20


class Meter:
    """How long the event loop was kept from running something that was due.

    SIGUSR1 begins a new measurement and SIGUSR2 ends it: what comes between counts.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.stalls = 0
        self._on = False

    def begin(self) -> None:
        """From now on it counts."""
        self.longest, self.stalls, self._on = 0.0, 0, True

    def end(self) -> None:
        """From now on it does not."""
        self._on = False

    async def run(self) -> None:
        """Look all the time."""
        while True:
            due = time.perf_counter() + _TICK
            await asyncio.sleep(_TICK)
            late = time.perf_counter() - due
            if self._on:
                self.longest = max(self.longest, late)
                self.stalls += late > 0.05


async def bot(directory: Path) -> None:
    """The bot as it is, with a meter beside it."""
    from bot.app import App  # noqa: PLC0415 -- the floors import less
    from bot.clock import SystemClock  # noqa: PLC0415
    from sandbox.addresses import addresses  # noqa: PLC0415
    from sandbox.bench.cpu_usage import Spent  # noqa: PLC0415
    from sandbox.bot import route_for, settings_for  # noqa: PLC0415

    logging.basicConfig(level=logging.ERROR)
    gc.freeze()  # as ``latchkey run`` does
    admins = addresses(directory)["admins"]
    settings = settings_for(directory, admins).model_copy(update={"device_limit": 100})
    app, spent = App(settings, SystemClock(), route=route_for(directory)), Spent()
    await app.start()
    await _until_told(spent)
    await app.stop()


async def fetch(directory: Path) -> None:
    """As ``echo``, for commands to revoke alone: the rest is fetched and left."""
    await echo(directory, only="/revoke")


async def echo(directory: Path, only: str = "") -> None:
    """A bare bot on the same library that answers each message that begins with ``only`` with its text."""
    from telegram import Bot  # noqa: PLC0415
    from telegram.request import HTTPXRequest  # noqa: PLC0415

    from sandbox.addresses import addresses  # noqa: PLC0415

    published = addresses(directory)["telegram"]
    request, polling = HTTPXRequest(connection_pool_size=64), HTTPXRequest(connection_pool_size=2)
    base = f"{published['url']}/bot"
    async with Bot(published["token"], base_url=base, request=request, get_updates_request=polling) as echoing:

        async def poll() -> None:
            offset = 0
            running: set[asyncio.Task[object]] = set()
            while True:
                for update in await echoing.get_updates(offset=offset, timeout=5):
                    offset = update.update_id + 1
                    message = update.message
                    if message is not None and message.text and message.text.startswith(only):
                        task = asyncio.create_task(echoing.send_message(message.chat.id, message.text))
                        running.add(task)
                        task.add_done_callback(running.discard)

        polling_task = asyncio.create_task(poll())
        await _until_told()
        polling_task.cancel()


async def floor(directory: Path) -> None:
    """The steps of one certificate, bare: key, CSR, signing, packing, and the calls that must be made."""
    import httpx  # noqa: PLC0415
    from cloudflare import AsyncCloudflare  # noqa: PLC0415
    from telegram import Bot, InputMediaDocument  # noqa: PLC0415

    from bot.model.certificates.certificates import KeyType  # noqa: PLC0415
    from bot.pki.keys import make_key  # noqa: PLC0415
    from bot.pki.pkcs12 import pack  # noqa: PLC0415
    from bot.pki.requests import SubjectName, make_request  # noqa: PLC0415
    from sandbox.addresses import addresses  # noqa: PLC0415

    published = addresses(directory)
    cloudflare = AsyncCloudflare(
        api_token=published["cloudflare"]["token"], base_url=published["cloudflare"]["api"], max_retries=0
    )
    zone = await cloudflare.get("/zones", cast_to=httpx.Response)
    path = f"/zones/{zone.json()['result'][0]['id']}/client_certificates"
    took = []
    base = f"{published['telegram']['url']}/bot"
    async with Bot(published["telegram"]["token"], base_url=base) as telegram:
        chat = published["admins"][0]
        for number in range(_FLOOR_RUNS):
            begun = time.perf_counter()
            message = await telegram.send_message(chat, "Making…")
            key = make_key(KeyType.P256)
            csr = make_request(key, SubjectName(f"floor{number}", "Anna", "floor"))
            body = {"csr": csr, "validity_days": 730}
            answer = await cloudflare.post(path, cast_to=httpx.Response, body=body)
            data = pack(key, answer.json()["result"]["certificate"], f"floor{number}", "a-b-c-d-e-f", "compat")
            media = InputMediaDocument(data, filename=f"floor{number}.p12")
            await telegram.edit_message_media(media, chat_id=chat, message_id=message.message_id)
            took.append(time.perf_counter() - begun)
    await cloudflare.close()
    print(json.dumps({"seconds": statistics.median(took)}))


async def _until_told(spent: "Spent | None" = None) -> None:
    meter, told, loop = Meter(), asyncio.Event(), asyncio.get_running_loop()

    def begin() -> None:
        meter.begin()
        if spent is not None:
            spent.begin()

    loop.add_signal_handler(signal.SIGTERM, told.set)
    loop.add_signal_handler(signal.SIGUSR1, begin)
    loop.add_signal_handler(signal.SIGUSR2, meter.end)
    watching = asyncio.create_task(meter.run())
    await told.wait()
    watching.cancel()
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    said = {"stall": meter.longest, "stalls": meter.stalls, "rss_mb": peak, "spent": spent.told() if spent else {}}
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    asyncio.run({"bot": bot, "echo": echo, "fetch": fetch, "floor": floor}[sys.argv[1]](Path(sys.argv[2])))

"""The demonstration: a sandbox with the real bot in it, seen through a page with phones."""

import asyncio
import os
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path
from typing import Final

from sandbox.bot import SandboxBot
from sandbox.page import Page
from sandbox.page.loglines import LogLines
from sandbox.world import Person, World

PEOPLE: Final = (Person("Anna", frozenset({"admin"})), Person("Kim"))


async def demo(*, open_browser: bool = True, port: int = 0) -> None:
    """Run the demonstration until SIGINT or SIGTERM, then leave nothing behind.

    Prints the page's address, on 127.0.0.1, and opens it when ``open_browser`` and there is a display.
    ``port`` 0 takes a free one.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    with tempfile.TemporaryDirectory(prefix="latchkey-demo-") as directory:
        world = World(Path(directory), bot=SandboxBot, people=PEOPLE)
        with LogLines((world.telegram.token, world.cloudflare.token)) as log:
            async with world, Page(world, log, port=port) as page:
                _tell(page.url)
                if open_browser and _has_display():
                    await asyncio.to_thread(webbrowser.open, page.url)
                await _until(ended, page)


async def _until(ended: asyncio.Event, page: Page) -> None:
    """Wait for the end; what breaks the page comes out here."""
    waiting = asyncio.create_task(ended.wait())
    running = asyncio.create_task(page.run())
    try:
        await asyncio.wait([waiting, running], return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        waiting.cancel()
        running.cancel()
        await asyncio.gather(waiting, running, return_exceptions=True)


def _has_display() -> bool:
    return sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _tell(url: str) -> None:
    print(
        f"\n  Latchkey, to try: {url}\n\n"
        "  1. Open that address. Two phones, one bot, one home behind Cloudflare: all of it only on this machine.\n"
        "  2. On Anna’s phone send /newcert pixel8, or follow the tour beside the phones.\n"
        "  3. Ctrl-C ends it; nothing stays behind.\n",
        flush=True,
    )

"""A proxy whose every tunnel leads to the sandbox's edge: a process of its own resolves no name of the zone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator

_READ = 65536


@contextlib.asynccontextmanager
async def tunnel_to(port: int) -> AsyncIterator[int]:
    """The port of a proxy that takes ``CONNECT`` for any host and connects to ``port`` of this machine."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with _closing(writer):
            await reader.readuntil(b"\r\n\r\n")
            there_reader, there = await asyncio.open_connection("127.0.0.1", port)
            with _closing(there):
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await asyncio.gather(_pass_on(reader, there), _pass_on(there_reader, writer))

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


@contextlib.contextmanager
def _closing(writer: asyncio.StreamWriter) -> Iterator[None]:
    """Whichever end goes away, both do."""
    try:
        yield
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.transport.abort()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_READ):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()

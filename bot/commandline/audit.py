"""``latchkey audit``: the record in the terminal."""

import asyncio
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.chat.languages import ENGLISH, plural
from bot.chat.messages.audit.pages import sentence
from bot.chat.messages.message import Locale
from bot.clock import SystemClock
from bot.commandline.common import opened_store, read_settings
from bot.errors import CannotStart
from bot.model.audit import ReadableEvent
from bot.model.results import RecordFile, RecordVerified
from bot.services import audit as services_audit
from bot.settings import Settings

_SHOWN = 30
_STANDARD_OUTPUT = Path("-")


def audit(
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Check that no event was changed or taken out.")] = False,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all events as JSON lines; - for the terminal.")
    ] = None,
) -> None:
    """Show the newest events; or check the record, or write all of it to a file."""
    settings = read_settings()
    if json is not None:
        _write(json, asyncio.run(_export(settings)))
    elif not verify:
        for event in asyncio.run(_last(settings)):
            typer.echo(_line(event, settings))
    if verify:
        _say(asyncio.run(_verified(settings)), settings)


def _say(found: RecordVerified, settings: Settings) -> None:
    if found.broken:
        event = found.broken[0].event
        typer.echo(
            f"BROKEN at event {event.id} of {found.events}: it does not fit the one before it. {event.tag}: "
            f"{_line(found.broken[0], settings)}"
        )
        raise typer.Exit(1)
    typer.echo(f"{_counted(found.events)}, each fits the one before it.")


def _counted(events: int) -> str:
    return plural(ENGLISH, "{n} event", "{n} events", events).format(n=events)


def _line(readable: ReadableEvent, settings: Settings) -> str:
    zone = ZoneInfo(settings.timezone)
    voice = Locale("en", zone, SystemClock().now())
    return f"{_moment(readable.event.at, zone)}  {sentence(readable, voice).striptags()}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _write(file: Path, record: RecordFile) -> None:
    if file == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(record.content)
        return
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as written:
            written.write(record.content)
    except OSError as error:
        raise CannotStart(f"{file} cannot be written: {error.strerror}.") from None
    typer.echo(f"{_counted(record.events)} written to {file}.")


async def _export(settings: Settings) -> RecordFile:
    async with opened_store(settings) as store:
        return await services_audit.export(store)


async def _last(settings: Settings) -> tuple[ReadableEvent, ...]:
    async with opened_store(settings) as store:
        return await services_audit.last(store, _SHOWN)


async def _verified(settings: Settings) -> RecordVerified:
    async with opened_store(settings) as store:
        return await services_audit.verify(store)

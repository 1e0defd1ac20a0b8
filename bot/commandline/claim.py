"""``latchkey claim``: a link to open in the chat, and a yes or no here."""

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

import typer

from bot.chat.outbound.connection import connect, our_errors
from bot.clock import SystemClock
from bot.commandline.common import opened_store, read_settings
from bot.errors import CannotStart, ChatTrouble
from bot.heartbeat import Heartbeat
from bot.model.certificates.names import shown_name
from bot.model.people.links import Link
from bot.services.operator import claim as operator_claim
from bot.settings import Settings

_LOOK_SECONDS = 0.5


def claim() -> None:
    """Become an admin: print a link, wait until somebody opens it, ask here whether it was you."""
    settings = read_settings()
    username = asyncio.run(_username(settings))
    try:
        link = asyncio.run(_make_and_wait(settings, username))
    except KeyboardInterrupt:
        typer.echo("\nNothing changed: that link is worthless now.")
        raise typer.Exit(1) from None
    if link.opened_by is None:
        typer.echo("Nobody opened the link in time. Nothing changed; run latchkey claim again for a new one.")
        raise typer.Exit(1)
    name = shown_name(link.opened_by_name or "")
    typer.echo(f"\nOpened by {name}, Telegram id {link.opened_by}.")
    known = asyncio.run(_mistaken_for(settings, link))
    if known is not None:
        typer.echo(f"Careful: the name looks like {known}, who is known here, but it is another account.")
    if not _said_yes():
        asyncio.run(_refuse(settings, link))
        typer.echo("Nothing changed: nobody became an admin. Run latchkey claim again for a new link.")
        raise typer.Exit(1)
    asyncio.run(_grant(settings, link))
    typer.echo(f"{name} is an admin now; the bot says so in the chat.")


async def _username(settings: Settings) -> str:
    bot = connect(settings.telegram_token.get_secret_value(), settings.telegram_api)
    try:
        with our_errors():
            await bot.initialize()
        return bot.username
    except ChatTrouble:
        raise CannotStart(
            "Telegram does not answer as it should: check this machine's way to the internet, then try again."
        ) from None
    finally:
        await bot.shutdown()


async def _make_and_wait(settings: Settings, username: str) -> Link:
    """The link once it was opened or its time was up; whatever ends the waiting otherwise makes it worthless."""
    clock = SystemClock()
    async with opened_store(settings) as store:
        made = await operator_claim.new_claim(store)
        typer.echo(f"Open this link on your phone before {_clock_time(made.link.expires_at, settings)}:\n")
        typer.echo(f"  https://t.me/{username}?start={made.token}\n")
        if not Heartbeat(settings.database, clock).is_alive():
            typer.echo("The bot does not run, and the link needs it: please start it now (latchkey run). I wait.\n")
        link = made.link
        try:
            while link.opened_by is None and clock.now() < link.expires_at:
                await clock.wait(_LOOK_SECONDS)
                link = await operator_claim.claim_as_it_is(store, link.public_id)
        finally:
            if link.opened_by is None:
                link = await operator_claim.give_up(store, link.public_id)
        return link


def _clock_time(moment: datetime, settings: Settings) -> str:
    return f"{moment.astimezone(ZoneInfo(settings.timezone)):%H:%M}"


def _said_yes() -> bool:
    try:
        return typer.confirm("Shall this account be an admin?", default=False)
    except typer.Abort:
        typer.echo()
        return False


async def _mistaken_for(settings: Settings, link: Link) -> str | None:
    async with opened_store(settings) as store:
        return await operator_claim.mistaken_for(store, link)


async def _grant(settings: Settings, link: Link) -> None:
    async with opened_store(settings) as store:
        await operator_claim.grant(store, link.public_id)


async def _refuse(settings: Settings, link: Link) -> None:
    async with opened_store(settings) as store:
        await operator_claim.refuse(store, link.public_id)

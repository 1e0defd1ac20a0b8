"""``latchkey admin add|remove``, ``freeze``, ``unfreeze``: the last word about people."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from bot.commandline.common import opened_store, read_settings
from bot.errors import NotFound, StaleAction
from bot.model.certificates.names import shown_name
from bot.model.people.people import Person
from bot.services.operator import people
from bot.settings import Settings
from bot.store.engine.database import Store

Id = Annotated[int, typer.Argument(metavar="ID", help="A Telegram id, as /whoami shows it.", min=1)]

_Change = Callable[[Store, int], Awaitable[Person]]

admin = typer.Typer(no_args_is_help=True, help="Make somebody an admin, or a member again.")


@admin.command()
def add(telegram_id: Id) -> None:
    """Make an account an admin for good; nobody can change that in the chat."""
    settings = read_settings()
    known = _do(settings, people.make_admin, telegram_id, gone="{id} is an admin already.")
    later = "" if known.reachable else " The bot has not met this account yet: it is an admin from its first word."
    typer.echo(f"{_named(known)} is an admin now.{later}")


@admin.command()
def remove(telegram_id: Id) -> None:
    """Make an admin a member."""
    settings = read_settings()
    if telegram_id in settings.admins:
        typer.echo(f"{telegram_id} stands in LATCHKEY_ADMINS: take it out there and start the bot again.", err=True)
        raise typer.Exit(1)
    known = _do(settings, people.unmake_admin, telegram_id, gone="{id} is no admin.")
    left = asyncio.run(_count(settings))
    typer.echo(f"{_named(known)} is a member now." + ("" if left else " Nobody is an admin: run latchkey claim."))


def freeze(telegram_id: Id) -> None:
    """Let somebody look and revoke, and nothing else."""
    known = _do(read_settings(), people.freeze, telegram_id, gone="{id} is frozen already, or not let in.")
    typer.echo(f"{_named(known)} is frozen. Undo: latchkey unfreeze {telegram_id}")


def unfreeze(telegram_id: Id) -> None:
    """Lift a freeze, whoever made it."""
    known = _do(read_settings(), people.unfreeze, telegram_id, gone="{id} is not frozen.")
    typer.echo(f"{_named(known)} is no longer frozen.")


def _do(
    settings: Settings, change: Callable[[Store, int], Awaitable[Person]], telegram_id: int, *, gone: str
) -> Person:
    """Carry out a change; ends the program with one line and 1 when there is nothing to change."""

    async def carried_out() -> Person:
        async with opened_store(settings) as store:
            return await change(store, telegram_id)

    try:
        return asyncio.run(carried_out())
    except StaleAction:
        line = gone.format(id=telegram_id)
    except NotFound:
        line = f"The bot does not know {telegram_id}. /whoami in the chat shows an id."
    typer.echo(line, err=True)
    raise typer.Exit(1)


async def _count(settings: Settings) -> int:
    async with opened_store(settings) as store, store.read() as tx:
        return len(await tx.people.admins())


def _named(known: Person) -> str:
    name = shown_name(known.name)
    return name if name == str(known.telegram_id) else f"{name} ({known.telegram_id})"

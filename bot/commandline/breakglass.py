"""``latchkey lock``, ``unlock``, ``lockdown``, ``close-path``: the lock without Telegram."""

from typing import Annotated, NoReturn

import typer

from bot.commandline.run_orders import ordered
from bot.errors import NotFound, NotLocked, NotLockedDown
from bot.model.openings.paths import OpenPath
from bot.services.context import AppContext
from bot.services.operator import lock_and_certificates

Hosts = Annotated[list[str] | None, typer.Argument(metavar="HOST…", help="Hosts, as /protect was told.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]

_LATER = "It stays ordered: a running bot goes on with it, and so does running this once more."


def lock(hosts: Hosts = None, *, all_: All = False) -> None:
    """Lock hosts again that were unlocked on purpose."""
    _set_lock(hosts, all_=all_, locked=True)


def unlock(hosts: Hosts = None, *, all_: All = False) -> None:
    """Let everybody in at these hosts, until latchkey lock."""
    _set_lock(hosts, all_=all_, locked=False)


def lockdown(
    what: Annotated[str, typer.Argument(metavar="[off]", help="off ends it.")] = "on",
    *,
    everything: Annotated[
        bool, typer.Option("--everything", help="Turn everybody away, with a certificate too.")
    ] = False,
) -> None:
    """Close all open paths and make no certificate; off ends that, and paths stay closed."""
    if what not in {"on", "off"} or (what == "off" and everything):
        refuse("It is latchkey lockdown, latchkey lockdown --everything or latchkey lockdown off.")
    on = what == "on"

    async def told(app: AppContext, _: None) -> bool:
        words = "The lockdown is over; paths stay closed" if not on else "Lockdown: no path is open, nobody gets a key"
        if everything:
            words = "Lockdown: nobody gets in, with a certificate or without; nobody gets a key"
        return await _told_of_rule(app, words)

    try:
        done = ordered(lambda parts: lock_and_certificates.set_lockdown(parts, on=on, everything=everything), told)
    except NotLockedDown:
        refuse("There is no lockdown.")
    end(done=done)


def close_path(
    public_id: Annotated[str | None, typer.Argument(metavar="ID", help="As latchkey status shows it.")] = None,
    *,
    all_: All = False,
) -> None:
    """Close an open path, or all of them."""
    if (public_id is None) is not all_:
        refuse("Which path? latchkey status lists them; --all closes all of them.")

    async def told(app: AppContext, paths: tuple[OpenPath, ...]) -> bool:
        names = ", ".join(path.shown for path in paths)
        return await _told_of_rule(app, f"Closed: {names}" if names else "No path is open")

    try:
        done = ordered(lambda parts: lock_and_certificates.close_paths(parts, public_id), told)
    except NotFound:
        refuse(f"There is no open path {public_id}: latchkey status lists them.")
    end(done=done)


def refuse(line: str) -> NoReturn:
    """Say in one line why nothing was done, and end with 1."""
    typer.echo(line, err=True)
    raise typer.Exit(1)


def end(*, done: bool) -> NoReturn:
    """End with 0, or with 1 where it is not done yet."""
    raise typer.Exit(0 if done else 1)


def later(words: str) -> bool:
    """Say that it is not done yet."""
    typer.echo(f"Not done yet: {words}. {_LATER}", err=True)
    return False


def _set_lock(hosts: list[str] | None, *, all_: bool, locked: bool) -> None:
    if bool(hosts) is all_:
        refuse("Which host? Name some, or say --all.")

    async def told(app: AppContext, names: tuple[str, ...]) -> bool:
        how = "locked: a certificate is needed there" if locked else "unlocked on purpose: everybody gets in there"
        return await _told_of_rule(app, f"{', '.join(names)}: {how}")

    try:
        done = ordered(lambda parts: lock_and_certificates.set_lock(parts, hosts or [], locked=locked), told)
    except NotLocked as error:
        names = ", ".join(error.hosts)
        refuse(f"Not protected: {names}. Nothing changed." if names else "No host is protected: /protect comes first.")
    end(done=done)


async def _told_of_rule(app: AppContext, words: str) -> bool:
    if not await lock_and_certificates.rule_is_written(app):
        return later(words)
    typer.echo(f"Done, and written at Cloudflare. {words}.")
    return True

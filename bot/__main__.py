"""The command line: ``latchkey``, or ``python -m bot``."""

import asyncio
import gc
import signal
import sys
from typing import Annotated

import structlog
import typer

from bot.app import App
from bot.clock import SystemClock
from bot.commandline import backup, breakglass, certificates, people
from bot.commandline.audit import audit
from bot.commandline.claim import claim
from bot.commandline.common import read_settings
from bot.commandline.prove import prove
from bot.commandline.setup import setup
from bot.commandline.status import status
from bot.diagnostics import checkup
from bot.errors import CannotStart, StoreTrouble
from bot.health import line
from bot.heartbeat import Heartbeat
from bot.settings import Settings
from bot.store.engine.database import prepare
from bot.store.engine.instance_lock import InstanceLock
from bot.store.engine.schema import migrate

cli = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Hand out, renew and revoke Cloudflare client certificates from a Telegram chat.",
)
_log = structlog.get_logger()
_STOP_SECONDS = 20.0


@cli.command()
def run() -> None:
    """Run the bot until it is told to stop."""
    settings = read_settings()
    # What was imported stays for good. A full collection would go through it all, and everybody would wait some
    # 50 ms; what it would free is not worth a word.
    gc.freeze()
    asyncio.run(_run(settings))


@cli.command(name="migrate")
def migrate_() -> None:
    """Bring the database up to date, and stop."""
    settings = read_settings()
    prepare(settings.database)
    single = InstanceLock(settings.database)
    single.take()
    migrate(settings.database)
    single.release()
    typer.echo(f"{settings.database} is up to date.")


@cli.command()
def check(
    *,
    end_webhook: Annotated[
        bool, typer.Option("--end-webhook", help="End a webhook that gets the bot's messages in Latchkey's place.")
    ] = False,
) -> None:
    """Check settings, database, tokens and rights, one line each; exit 1 when something is wrong."""
    sound = asyncio.run(checkup(read_settings(), SystemClock(), typer.echo, end_webhook=end_webhook))
    raise typer.Exit(0 if sound else 1)


cli.command()(setup)
cli.command()(claim)
cli.add_typer(people.admin, name="admin")
cli.command()(people.freeze)
cli.command()(people.unfreeze)
cli.command()(audit)
cli.command()(breakglass.lock)
cli.command()(breakglass.unlock)
cli.command()(breakglass.lockdown)
cli.command(name="close-path")(breakglass.close_path)
cli.command()(certificates.revoke)
cli.command()(certificates.restore)
cli.command()(status)
cli.command()(prove)
cli.command()(backup.backup)
cli.command(name="restore-backup")(backup.restore_backup)


@cli.command()
def health(*, quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing.")] = False) -> None:
    """Tell whether the running bot hears from Telegram; exit 1 when it does not."""
    heartbeat = Heartbeat(read_settings().database, SystemClock())
    if not quiet:
        typer.echo(line(heartbeat))
    raise typer.Exit(0 if heartbeat.is_alive() else 1)


def main() -> None:
    """Run a command; what cannot start says so in one line and exits 2."""
    try:
        cli()
    except (CannotStart, StoreTrouble) as error:
        typer.echo(f"latchkey: {error.line}", err=True)
        sys.exit(2)


async def _run(settings: Settings) -> None:
    app = App(settings, SystemClock())
    stopping = asyncio.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(which, stopping.set)
    starting = asyncio.create_task(_until_ended(app))
    stopped = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait([starting, stopped], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
        _log.info("stopping")
    finally:
        for task in (starting, stopped):
            task.cancel()
        await asyncio.gather(starting, stopped, return_exceptions=True)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await app.park()
                await app.stop()
        except TimeoutError:
            _log.warning("not stopped in order: what was under way goes on at the next start")


async def _until_ended(app: App) -> None:
    await app.start()
    await app.run()


if __name__ == "__main__":
    main()

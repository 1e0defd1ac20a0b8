"""``latchkey backup`` and ``restore-backup``: everything in one file, and back.

``latchkey restore`` gives a certificate back; hence the longer name.
"""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import Clock, SystemClock
from bot.commandline.common import read_settings
from bot.errors import InvalidBackup
from bot.model.certificates.names import shown_name
from bot.model.people.people import Person
from bot.services.backups import restore
from bot.services.backups.restore import Prepared
from bot.settings import Settings
from bot.store.backups import files
from bot.store.backups.encryption import is_sealed, seal, unseal
from bot.store.backups.files import Backup
from bot.store.backups.previous_database import read_replaced
from bot.store.engine.database import Store, check, prepare
from bot.store.engine.instance_lock import InstanceLock
from bot.store.engine.schema import migrate

Passphrase = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="Read the passphrase from this file.")
]
_SHORTEST = 12


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    *,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Ask for a passphrase and encrypt with it.")] = False,
    passphrase_file: Passphrase = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
) -> None:
    """Write everything the bot knows into one file, beside the running bot or without it."""
    settings = read_settings()
    passphrase = _new_passphrase(passphrase_file) if encrypt or passphrase_file is not None else None
    data = files.take(settings.database, SystemClock().now())
    if passphrase is not None:
        data = seal(data, passphrase)
    files.write_file(file, data, overwrite=overwrite)
    how = "Encrypted." if passphrase is not None else "Not encrypted: keep it where nobody else reads."
    typer.echo(f"{file} holds everything the bot knows, without its two tokens. {how}")


def restore_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What latchkey backup wrote.")],
    *,
    passphrase_file: Passphrase = None,
) -> None:
    """Put a backup in place of the database; the bot must be stopped.

    What waited then is void, accounts outside LATCHKEY_ADMINS are frozen until an admin has looked, and the next start
    compares everything with Cloudflare before it writes anything there.
    """
    settings = read_settings()
    data = _read(file)
    if is_sealed(data):
        data = unseal(data, _passphrase(passphrase_file))
    for line in put_back(settings, SystemClock(), files.unpack(data)):
        typer.echo(line)


def put_back(settings: Settings, clock: Clock, held: Backup) -> list[str]:
    """Put a backup in place of the database; answers what is to be said about it.

    Raises:
        AlreadyRunning: a bot runs on the database.
        DatabaseWrong, BackupWrong: nothing was changed.
    """
    prepare(settings.database)
    single = InstanceLock(settings.database)
    single.take()
    try:
        with files.staged(held, settings.database) as fresh:
            migrate(fresh)
            prepared = asyncio.run(_prepare(settings, clock, fresh, held))
            kept = files.put_in_place(fresh, settings.database, clock.now())
    finally:
        single.release()
    return _told(settings, held, prepared, kept)


async def _prepare(settings: Settings, clock: Clock, fresh: Path, held: Backup) -> Prepared:
    replaced = await asyncio.to_thread(read_replaced, settings.database)
    store = Store(fresh, clock, settings.telegram_token.get_secret_value())
    try:
        await check(store)
        async with store.write() as tx:
            return await restore.prepare(tx, settings.zone, settings.admins, held.made_at, replaced)
    finally:
        await store.close()


def _told(settings: Settings, held: Backup, prepared: Prepared, kept: Path | None) -> list[str]:
    lines = [f"Restored the backup of {held.made_at:%Y-%m-%d %H:%M} UTC. Start the bot: it compares with Cloudflare."]
    if prepared.broken_from is not None:
        lines.append(f"Its audit trail does not fit together from event {prepared.broken_from} on.")
    if prepared.frozen:
        lines.append(f"Frozen until an admin has looked: {', '.join(map(_named, prepared.frozen))}.")
    if not any(admin.is_admin for admin in prepared.admins) and not settings.admins:
        lines.append("No admin can act now. Whom you trust: latchkey unfreeze ID.")
        lines += [f"  {_named(admin)}" for admin in prepared.admins]
    if kept is not None:
        lines.append(f"The database of before is kept as {kept}: delete it once all is well.")
    return lines


def _named(person: Person) -> str:
    return f"{shown_name(person.name)} ({person.telegram_id})"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidBackup(f"{file} cannot be read: {error.strerror}.") from None


def _new_passphrase(file: Path | None) -> str:
    passphrase = _from_file(file) if file is not None else _asked(confirm=True)
    if len(passphrase) < _SHORTEST:
        raise InvalidBackup(f"A passphrase needs at least {_SHORTEST} characters: some words in a row will do.")
    return passphrase


def _passphrase(file: Path | None) -> str:
    return _from_file(file) if file is not None else _asked(confirm=False)


def _asked(*, confirm: bool) -> str:
    if not sys.stdin.isatty():
        raise InvalidBackup("There is nobody to ask for a passphrase: use --passphrase-file.")
    return str(typer.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=confirm))


def _from_file(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise InvalidBackup(f"The passphrase file {file} cannot be read.") from None

"""``latchkey setup``: asks for what must be set, tries it, keeps it in ``.env``; again at any time."""

import asyncio
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import typer

from bot import log
from bot.commandline import setup_words as words
from bot.commandline.claim import claim
from bot.commandline.common import opened_store, read_settings
from bot.commandline.env_file import change_env_file
from bot.commandline.setup_checks import ZoneTrial, bot_of, end_webhook, try_zone, zones_of
from bot.edge.zones import SeenZone
from bot.errors import ChatTrouble, EdgeTrouble, InvalidSetting, MissingRight
from bot.settings import FILE_SUFFIX, PREFIX, Settings, Unfinished, load_unfinished

_ENV_FILE = Path(".env")
_TELEGRAM, _CLOUDFLARE, _ZONE = "telegram_token", "cloudflare_token", "zone"
_BOT_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,}")
_CLOUDFLARE_TOKEN = re.compile(r"[A-Za-z0-9_-]{30,}")
_GLOBAL_KEY = re.compile(r"cfk_.+|[0-9a-f]{37}")


@dataclass
class _Kept:
    """What is set by now. ``repr`` shows no value."""

    settings: Unfinished
    values: dict[str, str] = field(repr=False)

    def keep(self, name: str, value: str) -> None:
        """Write one down, unless that is what it is already."""
        if self.values.get(name) != value:
            change_env_file(_ENV_FILE, {PREFIX + name.upper(): value})
        self.values[name] = value


def setup() -> None:
    """Ask for the two tokens and the zone, try them, and write them into .env."""
    log.set_up("console")
    unfinished = load_unfinished((_TELEGRAM, _CLOUDFLARE, _ZONE), env_file=_ENV_FILE)
    kept = _Kept(unfinished, dict(unfinished.given))
    try:
        typer.echo(words.WELCOME)
        _ask_telegram(kept)
        _ask_cloudflare_and_zone(kept)
        if _ENV_FILE.is_file():
            # However it was made: what is in it is nobody else's business.
            change_env_file(_ENV_FILE, {})
        typer.echo(words.DONE)
        _tell_of_the_environment()
        _ask_claim()
    except typer.Abort:
        typer.echo(words.STOPPED, err=True)
        raise typer.Exit(1) from None


def _ask_telegram(kept: _Kept) -> None:
    typer.echo(words.TELEGRAM)
    present, hint = kept.values.get(_TELEGRAM, ""), words.KEEPS
    while True:
        token = _asked_secret(words.ASK_TELEGRAM, present, hint)
        wrong = _what_is_wrong_with_bot(token, kept)
        if not wrong:
            kept.keep(_TELEGRAM, token)
            return
        typer.echo(f"   {wrong}")
        present, hint = token, words.AGAIN


def _what_is_wrong_with_bot(token: str, kept: _Kept) -> str:
    """Says the bot's name where nothing is wrong. A webhook is in the way: it is ended here, or it stays in the way."""
    if not _BOT_TOKEN.fullmatch(token):
        return words.BOT_LOOKS_WRONG
    log.set_up("console", (token,))
    try:
        bot = asyncio.run(bot_of(token, kept.settings.telegram_api))
        if bot.webhook_host:
            typer.echo(words.webhook_found(bot.username, bot.webhook_host))
            if not typer.confirm(words.ASK_WEBHOOK, default=False):
                return words.WEBHOOK_STAYS
            asyncio.run(end_webhook(token, kept.settings.telegram_api))
        typer.echo(words.bot_found(bot.username))
    except InvalidSetting:
        return words.BOT_REFUSED
    except ChatTrouble:
        return words.TELEGRAM_SILENT
    return ""


def _ask_cloudflare_and_zone(kept: _Kept) -> None:
    """Until a token is there that may do in the zone what it must."""
    typer.echo(words.CLOUDFLARE)
    present, hint = kept.values.get(_CLOUDFLARE, ""), words.KEEPS
    while True:
        token = _asked_secret(words.ASK_CLOUDFLARE, present, hint)
        try:
            zones = _zones(token, kept)
            zone = _asked_zone(zones, kept)
            trial = asyncio.run(try_zone(token, kept.settings.cloudflare_api, zone.name))
            _check_rights(zone, trial)
        except _Wrong as wrong:
            typer.echo(f"   {wrong}")
        except EdgeTrouble:
            typer.echo(f"   {words.CLOUDFLARE_SILENT}")
        else:
            kept.keep(_CLOUDFLARE, token)
            kept.keep(_ZONE, zone.name)
            typer.echo(words.zone_found(zone, trial.used, trial.quota))
            if not zone.is_active:
                typer.echo(words.zone_sleeps(zone.name))
            for line in words.earlier(trial.earlier):
                typer.echo(line)
            return
        present, hint = token, words.AGAIN


class _Wrong(Exception):
    """What was answered does not do; the text says why."""


def _zones(token: str, kept: _Kept) -> tuple[SeenZone, ...]:
    if _GLOBAL_KEY.fullmatch(token):
        raise _Wrong(words.GLOBAL_KEY)
    if not _CLOUDFLARE_TOKEN.fullmatch(token):
        raise _Wrong(words.CLOUDFLARE_LOOKS_WRONG)
    log.set_up("console", (token, kept.values[_TELEGRAM]))
    try:
        zones = asyncio.run(zones_of(token, kept.settings.cloudflare_api))
    except MissingRight:
        raise _Wrong(words.CLOUDFLARE_REFUSED) from None
    if not zones:
        raise _Wrong(words.SEES_NO_ZONE)
    if len(zones) > 1:
        typer.echo(words.sees_more(zones))
    return zones


def _asked_zone(zones: tuple[SeenZone, ...], kept: _Kept) -> SeenZone:
    typer.echo(words.ZONE)
    by_name = {zone.name: zone for zone in zones}
    present = kept.values.get(_ZONE, "")
    default = present if present in by_name else zones[0].name if len(zones) == 1 else None
    while True:
        name = str(typer.prompt(words.ASK_ZONE, default=default)).strip().rstrip(".").lower()
        if name in by_name:
            return by_name[name]
        typer.echo(f"   {words.zone_not_seen(name, zones)}")


def _check_rights(zone: SeenZone, trial: ZoneTrial) -> None:
    if trial.missing:
        raise _Wrong(words.rights_missing(zone.name, trial.missing))


def _asked_secret(question: str, present: str, hint: str) -> str:
    """An answer that is not shown, nor is what is there already."""
    asked = f"{question} ({hint})" if present else question
    # What comes through a pipe has nobody watching, and the library would look for a terminal of its own.
    hidden = sys.stdin.isatty()
    answer = typer.prompt(asked, default="" if present else None, hide_input=hidden, show_default=False)
    return str(answer).strip() or present


def _tell_of_the_environment() -> None:
    names = [PREFIX + name.upper() for name in (_TELEGRAM, _CLOUDFLARE, _ZONE)]
    elsewhere = [one for name in names for one in (name, name + FILE_SUFFIX) if os.environ.get(one)]
    if elsewhere:
        typer.echo(words.set_elsewhere(elsewhere))


def _ask_claim() -> None:
    settings = read_settings()
    admins = len(settings.admins) or asyncio.run(_count_admins(settings))
    if admins:
        typer.echo(words.HAS_ADMIN)
    elif typer.confirm(words.ASK_CLAIM, default=True):
        claim()
    else:
        typer.echo(words.CLAIM_LATER)


async def _count_admins(settings: Settings) -> int:
    async with opened_store(settings) as store, store.read() as tx:
        return len(await tx.people.admins())

"""``latchkey prove``: whether the lock locks, tried from here."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from markupsafe import Markup

from bot.chat.messages.message import Locale
from bot.chat.messages.proofs import verdicts
from bot.chat.messages.protection import earlier_rules
from bot.clock import SystemClock
from bot.commandline.common import bring_up_to_date, read_settings
from bot.commandline.run_orders import opened_parts
from bot.errors import AlreadyRunning
from bot.model.proofs.proofs import Colour, ProofReport
from bot.services.operator import prove as operator_prove
from bot.settings import Settings
from bot.store.engine.instance_lock import InstanceLock

_GREEN, _RED, _YELLOW, _NOTHING = 0, 1, 3, 4
_PATIENCE_SECONDS = 1.0
"""Another command may hold the lock for a moment, to bring the database up to date."""


def prove(
    *,
    wait: Annotated[int, typer.Option("--wait", metavar="SECONDS", min=1, help="How long it may take.")] = 90,
) -> None:
    """Knock at every locked host and every open path, and say what came of it.

    Without a certificate, with a valid one of its own, and with a revoked one. Beside a running bot the bot does it;
    without one, two certificates are made for it and revoked afterwards.

    Exit codes: 0 all is green. 1 somebody gets in who must not. 2 it cannot start. 3 not sure (yellow). 4 nothing was
    tried: no host is locked, Cloudflare does not tell, or it took too long.
    """
    settings = read_settings()
    bring_up_to_date(settings)
    single = InstanceLock(settings.database)
    try:
        single.take(patience_seconds=_PATIENCE_SECONDS)
    except AlreadyRunning:
        report = asyncio.run(_by_the_bot(settings, timedelta(seconds=wait)))
        if report is None:
            typer.echo(
                f"Nothing was tried: the running bot did not get to it within {wait} s. Try again, or stop the bot and "
                "run this once more: then it is done here.",
                err=True,
            )
            raise typer.Exit(_NOTHING) from None
    else:
        # Held meanwhile: a bot that starts now would take the certificates of this process for lost ones.
        try:
            report = asyncio.run(_here(settings, timedelta(seconds=wait)))
        finally:
            single.release()
    raise typer.Exit(_told(report, settings))


async def _by_the_bot(settings: Settings, within: timedelta) -> ProofReport | None:
    typer.echo("The bot runs: it knocks. This takes some seconds.")
    async with opened_parts(settings) as parts:
        proofs = await operator_prove.by_the_bot(parts, within)
        return None if proofs is None else ProofReport(proofs=proofs, earlier=await parts.edge.earlier_rules())


async def _here(settings: Settings, within: timedelta) -> ProofReport:
    typer.echo("No bot runs: I make two certificates, knock, and revoke them. This takes some seconds.")
    async with opened_parts(settings) as parts:
        return await operator_prove.here(parts, within)


def _told(report: ProofReport, settings: Settings) -> int:
    """Say what came of it; answers the exit code."""
    if not report.proofs:
        typer.echo("Nothing was tried: no host is locked, or Cloudflare does not tell which.", err=True)
        return _NOTHING
    voice = Locale("en", ZoneInfo(settings.timezone), SystemClock().now())
    red, yellow, green = (report.of_colour(colour) for colour in reversed(Colour))
    for words in (*(verdicts.one(each, voice) for each in (*red, *yellow)), verdicts.green(green, voice)):
        _print(words)
    for words in _earlier(report, voice):
        _print(words)
    if not report.holds_at_the_hosts:
        typer.echo(
            "Not locked. latchkey lock --all writes the rule again; latchkey lockdown --everything shuts everything."
        )
        return _RED
    if report.colour is Colour.RED:
        typer.echo("The hosts themselves are locked, and there is a way past the lock. Close it, then try again.")
        return _RED
    if yellow:
        typer.echo("Not sure. Try again in some minutes; latchkey status may know why.")
        return _YELLOW
    typer.echo("Locked.")
    return _GREEN


def _earlier(report: ProofReport, locale: Locale) -> Iterator[Markup | None]:
    if report.earlier.allows:
        yield earlier_rules.passing(report.earlier.allows, locale)
    if report.rewrites:
        yield earlier_rules.rewriting(report.rewrites, locale)
    yield earlier_rules.unread(report.earlier, locale)
    yield earlier_rules.not_seen(report.earlier, locale)


def _print(words: Markup | None) -> None:
    for line in str(words or "").splitlines():
        typer.echo(Markup(line).striptags())  # noqa: S704 -- a line of markup is markup

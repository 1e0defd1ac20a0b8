"""``latchkey status``: the lock in plain text, as the rows and Cloudflare tell it now."""

import asyncio
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import typer

from bot.chat.languages import ENGLISH, plural
from bot.chat.messages.protection import earlier_rules
from bot.clock import SystemClock
from bot.commandline.common import read_settings
from bot.commandline.run_orders import opened_parts
from bot.heartbeat import Heartbeat
from bot.model.protection.hosts import HostState
from bot.model.protection.rule_state import Drift
from bot.model.status.lock_report import HostReport, LockReport
from bot.services.status import lock_report
from bot.settings import Settings

_HOST = {
    HostState.ASSOCIATING: "on its way into the rule",
    HostState.PROTECTED: "locked",
    HostState.LEAVING: "on its way out of the rule",
}
_RULE = {
    Drift.MISSING: "the rule is not there: everybody gets in",
    Drift.DISABLED: "the rule is switched off: everybody gets in",
    Drift.ENABLED: "the rule is on, although all is unlocked on purpose",
    Drift.EDITED: "the rule was edited by somebody else",
    Drift.NOT_FIRST: "the rule is not the first one",
    Drift.SKIPPED: "a rule above it skips it",
    Drift.NOT_ASSOCIATED: "Cloudflare does not ask for a certificate everywhere",
}


def status() -> None:
    """Say how the lock stands; exit 1 when something is not as it should be."""
    settings = read_settings()
    report = asyncio.run(_report(settings))
    bot = "runs" if Heartbeat(settings.database, SystemClock()).is_alive() else "does not run, or does not hear"
    typer.echo(f"bot: {bot}")
    for line in _lines(report, ZoneInfo(settings.timezone)):
        typer.echo(line)
    raise typer.Exit(0 if report.is_sound else 1)


async def _report(settings: Settings) -> LockReport:
    async with opened_parts(settings) as parts:
        return await lock_report.read(parts)


def _lines(report: LockReport, zone: ZoneInfo) -> Iterator[str]:
    yield f"zone: {report.zone}"
    if report.trouble:
        yield f"Cloudflare: not told now ({report.trouble}); what follows is from the record alone"
    for host in report.hosts:
        yield f"host: {host.host}: {_host(host)}"
    yield from _rule(report)
    yield from _earlier(report)
    if report.unlocked:
        yield "unlocked on purpose: everybody gets in everywhere (latchkey lock --all ends that)"
    if report.everything:
        yield "lockdown: nobody gets in, with a certificate or without (latchkey lockdown off ends that)"
    elif report.lockdown:
        yield "lockdown: no paths, no new certificates (latchkey lockdown off ends that)"
    for path in report.paths:
        yield f"open path: {path.public_id} {path.shown} until {path.closes_at.astimezone(zone):%Y-%m-%d %H:%M}"
    yield f"certificates: {report.used if report.used is not None else '?'} of {report.quota} slots used"
    if report.waiting:
        one, other = "under way: {n} order not carried out yet", "under way: {n} orders not carried out yet"
        yield plural(ENGLISH, one, other, report.waiting).format(n=report.waiting)


def _rule(report: LockReport) -> Iterator[str]:
    if not report.hosts:
        yield "host: none is protected"
    elif report.differences:
        yield from (f"rule: {_RULE[one]}" for one in sorted(report.differences))
    elif not report.trouble:
        yield "rule: present, first, as written" + ("" if report.seen else "; not seen at the edge yet")


def _earlier(report: LockReport) -> Iterator[str]:
    """What runs before the rule."""
    earlier = report.earlier
    for one in earlier.allows:
        who = earlier_rules.plainly(one)
        yield f"past the rule: {who}, by an IP Access rule with Allow (delete it: Security, Security rules)"
    for rewrite in report.rewrites:
        yield f"URL rewrite before the rule: {rewrite.name}"
    if earlier.cut:
        yield "past the rule: there are more IP Access rules than were read; look for Allow among them"
    if earlier.untold and not report.trouble:
        yield "past the rule: Cloudflare does not tell now"
    if earlier.missing_rights:
        yield f"past the rule: not fully seen; the token lacks {', '.join(earlier.missing_rights)} (optional)"


def _host(host: HostReport) -> str:
    how = "unlocked on purpose" if host.unlocked else _HOST[host.state]
    if host.associated is None:
        return how
    return how + ("" if host.associated else "; Cloudflare does not ask for a certificate there")

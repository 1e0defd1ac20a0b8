"""``latchkey check``: is everything in place? One line a thing, in words that say what to do."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat.languages import ENGLISH, plural
from bot.chat.messages.protection import earlier_rules
from bot.chat.outbound.connection import connect, our_errors
from bot.clock import Clock
from bot.edge.client import CloudflareClient
from bot.edge.zone import CloudflareZone
from bot.errors import ChatTrouble, EdgeTrouble, InvalidDatabase, InvalidSetting, LatchkeyError, MissingRight
from bot.model.protection.earlier_rules import EarlierRules, Rewrite
from bot.model.protection.zone_lock import LockState
from bot.settings import Settings
from bot.store.engine.database import Store, prepare
from bot.store.engine.database import check as check_store
from bot.store.engine.schema import migrate

Say = Callable[[str], None]


class _Wrong(Exception):
    """One thing is wrong; the text says what to do."""


class _Unknown(Exception):
    """One thing cannot be told, and nothing is wrong for that; the text says what would tell it."""


async def checkup(settings: Settings, clock: Clock, say: Say, *, end_webhook: bool = False) -> bool:
    """Check everything, say a line for each, and answer whether all of it is in order.

    ``end_webhook``: end a webhook that gets the bot's messages. Nothing else is changed.
    """
    client = CloudflareClient(settings.cloudflare_token.get_secret_value(), settings.cloudflare_api, clock)
    zone = CloudflareZone(client, settings.zone, clock)
    checks: tuple[tuple[str, Callable[[], Awaitable[str]]], ...] = (
        ("settings", lambda: _settings(settings)),
        ("database", lambda: _database(settings, clock)),
        ("telegram", lambda: _telegram(settings, end_webhook=end_webhook)),
        ("zone", lambda: _zone(settings, zone)),
        ("certificates", lambda: _certificates(zone)),
        ("rules", lambda: _lock(zone)),
        ("past the rule", lambda: _earlier(zone)),
    )
    sound = True
    try:
        for name, check in checks:
            try:
                say(f"ok     {name}: {await check()}")
            except _Wrong as wrong:
                sound = False
                say(f"WRONG  {name}: {wrong}")
            except _Unknown as unknown:
                say(f"note   {name}: {unknown}")
    finally:
        await client.close()
    return sound


async def _settings(settings: Settings) -> str:
    admins = len(settings.admins)
    return plural(ENGLISH, "read; {n} admin in LATCHKEY_ADMINS", "read; {n} admins in LATCHKEY_ADMINS", admins).format(
        n=admins
    )


async def _database(settings: Settings, clock: Clock) -> str:
    try:
        await asyncio.to_thread(prepare, settings.database)
        await asyncio.to_thread(migrate, settings.database)
        store = Store(settings.database, clock, settings.telegram_token.get_secret_value())
        try:
            await check_store(store)
            async with store.read() as tx:
                broken = await tx.audit.first_broken()
                admins = len(await tx.people.admins())
        finally:
            await store.close()
    except InvalidDatabase as wrong:
        raise _Wrong(wrong.line) from None
    if broken is not None:
        raise _Wrong(f"the audit trail does not fit together from event {broken.id} on: somebody changed the file.")
    if not admins and not settings.admins:
        raise _Wrong("nobody is an admin, so nobody can use the bot: run latchkey claim.")
    return f"{settings.database}, up to date, audit trail whole"


async def _telegram(settings: Settings, *, end_webhook: bool) -> str:
    bot = connect(settings.telegram_token.get_secret_value(), settings.telegram_api)
    try:
        with our_errors():
            await bot.initialize()
            host = await bot.webhook_host()
            if host and end_webhook:
                await bot.delete_webhook()
                return f"the token is @{bot.username}; the webhook at {host} is ended"
        if host:
            raise _Wrong(
                f"a webhook at {host} gets the messages of @{bot.username}, so Latchkey hears nothing. If nothing of "
                f"yours needs it, end it: latchkey check --end-webhook. If none of you set it, somebody has the "
                f"token: get a new one from BotFather (/revoke)."
            )
        return f"the token is @{bot.username}"
    except InvalidSetting as wrong:
        raise _Wrong(wrong.line) from None
    except ChatTrouble:
        raise _Wrong(
            "Telegram does not answer as it should: check this machine's way to the internet, then try again."
        ) from None
    finally:
        await bot.shutdown()


async def _zone(settings: Settings, zone: CloudflareZone) -> str:
    try:
        zone_id = await zone.zone_id()
    except MissingRight as missing:
        raise _Wrong(f"the token does not see {settings.zone}: give it “{missing.right}” for this zone.") from None
    except LatchkeyError as trouble:
        raise _Wrong(_cloudflare_words(trouble)) from None
    return f"{settings.zone} found ({zone_id})"


async def _certificates(zone: CloudflareZone) -> str:
    try:
        listed = await zone.live_certificates()
        await zone.check_may_write()
        quota = await zone.certificate_quota()
    except EdgeTrouble as trouble:
        raise _Wrong(_cloudflare_words(trouble)) from None
    used = len(listed)
    if used >= quota:
        raise _Wrong(f"all {quota} certificates of the zone are in use: revoke those nobody needs.")
    return f"{used} of {quota} in use"


async def _lock(zone: CloudflareZone) -> str:
    try:
        lock = await zone.lock_state()
    except EdgeTrouble as trouble:
        raise _Wrong(_cloudflare_words(trouble)) from None
    return _lock_words(lock)


def _lock_words(lock: LockState) -> str:
    if not lock.hosts:
        raise _Wrong("no host asks for a certificate: associate one (SSL/TLS, Client Certificates, Hosts: Edit).")
    if lock.open_to_everyone:
        raise _Wrong(
            f"no rule demands a certificate at {', '.join(lock.open_to_everyone)}: anybody gets in. "
            f"Add a block rule with the expression: {lock.recommended}"
        )
    if lock.blind_to_revocation:
        raise _Wrong(
            f"the rule does not look at revocation: revoked devices still get in at "
            f"{', '.join(lock.blind_to_revocation)}. Use this expression: {lock.recommended}"
        )
    if len(lock.opened_by_certificate) < len(lock.hosts):
        raise _Wrong(
            f"from the rules alone it cannot be told whether all hosts are locked. Safe is: {lock.recommended}"
        )
    return f"a certificate is demanded, and revocation heeded, at {', '.join(lock.opened_by_certificate)}"


async def _earlier(zone: CloudflareZone) -> str:
    earlier = await zone.earlier_rules()
    if earlier.allows:
        listed = "; ".join(map(earlier_rules.plainly, earlier.allows))
        raise _Wrong(
            f"IP Access rules with Allow let somebody in without a certificate: {listed}. "
            "Delete them (Security, Security rules)."
        )
    if earlier.cut:
        raise _Wrong("there are more IP Access rules than were read: look for Allow among them (Security rules).")
    if earlier.untold:
        raise _Wrong("Cloudflare does not tell its IP Access rules: try again in some minutes.")
    notes = []
    if rewrites := await _rewrites(zone, earlier):
        notes.append(
            f"URL rewrites change addresses before the rule sees them, so open paths there may stay closed: "
            f"{', '.join(one.name for one in rewrites)}."
        )
    if earlier.missing_rights:
        lacking = ", ".join(f"“{right}”" for right in earlier.missing_rights)
        notes.append(f"not fully seen: the token lacks {lacking} (optional; My Profile, API Tokens).")
    if notes:
        raise _Unknown(" ".join(notes))
    return "no IP Access rule lets anybody past the rule, and no URL rewrite runs before it"


async def _rewrites(zone: CloudflareZone, earlier: EarlierRules) -> tuple[Rewrite, ...]:
    try:
        return earlier.touching(await zone.associated_hosts())
    except EdgeTrouble:
        return earlier.rewrites


def _cloudflare_words(trouble: LatchkeyError) -> str:
    if isinstance(trouble, MissingRight):
        return f"the Cloudflare token lacks “{trouble.right}”: add it under My Profile, API Tokens."
    return "Cloudflare does not answer as it should: try again in some minutes."

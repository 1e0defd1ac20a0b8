"""Trying tokens with real calls, before they are kept."""

from dataclasses import dataclass

from bot.chat.outbound.connection import connect, our_errors
from bot.clock import SystemClock
from bot.edge.client import CloudflareClient
from bot.edge.zone import CloudflareZone
from bot.edge.zones import SeenZone, check_token_is_known, zones_seen
from bot.errors import MissingRight
from bot.model.certificates.at_cloudflare import QUOTA
from bot.model.protection.earlier_rules import NOTHING_EARLIER, EarlierRules


@dataclass(frozen=True)
class ZoneTrial:
    """``missing`` are the rights the token lacks there; ``used`` of ``quota`` certificates are in use, 0 where nobody
    may tell; ``earlier`` is what runs before the lock's rule, as far as optional rights tell.
    """

    missing: tuple[str, ...]
    used: int
    quota: int
    earlier: EarlierRules = NOTHING_EARLIER


@dataclass(frozen=True)
class SeenBot:
    """A bot's name, and the host of the webhook that gets its messages, empty when none is set."""

    username: str
    webhook_host: str


async def bot_of(token: str, api: str) -> SeenBot:
    """The bot with that token.

    Raises:
        SettingWrong: Telegram does not accept it.
        ChatTrouble: Telegram does not answer.
    """
    bot = connect(token, api)
    try:
        with our_errors():
            await bot.initialize()
            return SeenBot(bot.username, await bot.webhook_host())
    finally:
        await bot.shutdown()


async def end_webhook(token: str, api: str) -> None:
    """Have Telegram keep the bot's messages for whoever fetches them; what waits is not thrown away.

    Raises:
        ChatTrouble: Telegram does not answer.
    """
    bot = connect(token, api)
    try:
        with our_errors():
            await bot.initialize()
            await bot.delete_webhook()
    finally:
        await bot.shutdown()


async def zones_of(token: str, api: str) -> tuple[SeenZone, ...]:
    """The zones that a Cloudflare token sees; none when it is good and may not list them.

    Raises:
        MissingRight: Cloudflare does not know the token.
        EdgeTrouble: Cloudflare does not answer as it should.
    """
    client = CloudflareClient(token, api, SystemClock())
    try:
        try:
            return await zones_seen(client)
        except MissingRight:
            await check_token_is_known(client)
            return ()
    finally:
        await client.close()


async def try_zone(token: str, api: str, name: str) -> ZoneTrial:
    """Find out what the token may do in a zone. Nothing is changed there.

    Raises:
        EdgeTrouble: Cloudflare does not answer as it should.
    """
    clock = SystemClock()
    client = CloudflareClient(token, api, clock)
    zone = CloudflareZone(client, name, clock)
    missing: list[str] = []
    used, quota = 0, QUOTA
    try:
        try:
            used = len(await zone.live_certificates())
            quota = await zone.certificate_quota()
            await zone.check_may_write()
        except MissingRight as lacks:
            missing.append(lacks.right)
        try:
            await zone.check_may_change_rules()
        except MissingRight as lacks:
            missing.append(lacks.right)
        earlier = await zone.earlier_rules()
    finally:
        await client.close()
    return ZoneTrial(tuple(dict.fromkeys(missing)), used, quota, earlier)

"""Builds all parts, starts and stops them: the only place that knows all of them."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.chat.inbound.dispatcher import Dispatcher
from bot.chat.inbound.poller import Poller
from bot.chat.inbound.queues import PerUserQueues
from bot.chat.messages.message import Locale
from bot.chat.outbound.connection import connect, our_errors
from bot.chat.outbound.notifier import TelegramCourier
from bot.clock import Clock
from bot.edge.client import CloudflareClient
from bot.edge.probe import Prober, Route
from bot.edge.probe_mark import ProbeMark
from bot.edge.zone import CloudflareZone
from bot.errors import ChatTrouble, StoreTrouble
from bot.heartbeat import Heartbeat
from bot.model.certificates.certificates import KeyType
from bot.services.context import AppContext, HouseholdPolicy
from bot.services.jobs.worker import Worker
from bot.services.metrics import Meter, NoMeter
from bot.services.people import identify
from bot.services.proofs.probe_certificates import ProbeObserver
from bot.services.rule_observer import RuleObserver
from bot.services.vault import Vault
from bot.settings import Settings
from bot.store.engine.database import Store, check, prepare
from bot.store.engine.instance_lock import InstanceLock
from bot.store.engine.schema import migrate
from bot.store.protection.rule_lock import RuleLock

_log = structlog.get_logger()
_TELEGRAM_AGAIN_SECONDS = 5.0
_OTHERS_MIGRATE_SECONDS = 5.0


class App:
    """The running bot. ``start`` brings it up, ``run`` keeps it until something ends it, ``stop`` takes it down."""

    def __init__(
        self, settings: Settings, clock: Clock, *, route: Route | None = None, look: RuleObserver | None = None
    ) -> None:
        self._route = route
        self._look = look
        self._settings = settings
        self._clock = clock
        self._time_zone = ZoneInfo(settings.timezone)
        self._single = InstanceLock(settings.database)
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = AsyncExitStack()

    async def start(self) -> None:
        """Open the database, reach Telegram, and begin to work and to listen.

        Raises:
            CannotStart: a setting or the database is wrong, or another bot holds the database.
        """
        settings = self._settings
        token = settings.telegram_token.get_secret_value()
        self._closing.callback(self._single.release)
        await asyncio.to_thread(self._open_files)
        self._store = Store(settings.database, self._clock, token)
        self._closing.push_async_callback(self._store.close)
        await check(self._store)
        self._bot = connect(token, settings.telegram_api)
        self._closing.push_async_callback(self._bot.shutdown)
        self._client = CloudflareClient(
            settings.cloudflare_token.get_secret_value(), settings.cloudflare_api, self._clock
        )
        self._closing.push_async_callback(self._client.close)
        self._courier = TelegramCourier(self._bot, self._voice_of, self._clock)
        mark = ProbeMark(token, self._clock)
        vault, prober = Vault(), Prober(self._route, mark)
        heartbeat = Heartbeat(settings.database, self._clock)
        self._parts = AppContext(
            store=self._store,
            edge=CloudflareZone(self._client, settings.zone, self._clock, mark),
            notifier=self._courier,
            clock=self._clock,
            vault=vault,
            policy=policy(settings),
            rule_lock=RuleLock(settings.database, self._clock),
            rule_observer=self._look or ProbeObserver(self._store, vault, prober),
            prober=prober,
            meter=self._open_port(heartbeat),
        )
        self._closing.callback(self._parts.vault.clear)
        self._worker = Worker(self._parts)
        self._store.on_chores = self._worker.wake
        self._client.rights.on_back = self._worker.right_is_back
        self._lanes = PerUserQueues()
        self._closing.push_async_callback(self._lanes.stop)
        self._closing.push_async_callback(self._stop_tasks)
        await self._welcome()
        gate = Dispatcher(
            self._parts, self._courier, self._bot, time_zone=self._time_zone, strangers=settings.strangers
        )
        self._poller = Poller(self._parts, self._bot, gate, self._lanes, heartbeat.beat)
        self._tasks = [
            asyncio.create_task(self._worker.run(), name="worker"),
            asyncio.create_task(self._poller.run(), name="poller"),
        ]

    @property
    def parts(self) -> AppContext:
        """What the use cases work with, once started."""
        return self._parts

    async def run(self) -> None:
        """Return, or raise, when the worker or the poller has ended.

        Raises:
            SettingWrong: Telegram does not accept the token any more.
        """
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def idle(self) -> None:
        """Return when every update fetched so far is handled and nothing is due."""
        while True:
            await self._lanes.idle()
            await self._worker.idle()
            if self._lanes.is_idle:
                return

    async def park(self) -> None:
        """Told to stop: end what runs, so that the next start goes on with it; ``stop`` follows."""
        if not self._tasks:
            return
        await self._stop_tasks()
        await self._lanes.stop()
        try:
            await self._poller.requeue_in_flight()
        except StoreTrouble as trouble:
            _log.error("not parked", line=trouble.line)

    async def stop(self) -> None:
        """Stop listening, then working; close whatever was opened. Harmless when ``start`` came only half-way."""
        await self._closing.aclose()

    async def _stop_tasks(self) -> None:
        for task in reversed(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _open_files(self) -> None:
        prepare(self._settings.database)
        self._single.take(patience_seconds=_OTHERS_MIGRATE_SECONDS)
        migrate(self._settings.database)

    def _open_port(self, heartbeat: Heartbeat) -> Meter:
        if not self._settings.metrics_port:
            return NoMeter()
        # Imported where it is asked for: everybody else starts without it.
        from bot.metrics import MetricsServer, PrometheusMeter  # noqa: PLC0415

        meter = PrometheusMeter()
        server = MetricsServer(meter, self._store, heartbeat)
        server.start(str(self._settings.metrics_host), self._settings.metrics_port)
        self._closing.push_async_callback(server.stop)
        return meter

    async def _welcome(self) -> None:
        """Reach Telegram (as long as it takes), settle who is an admin, have the menus set."""
        while True:
            try:
                with our_errors():
                    await self._bot.initialize()
                break
            except ChatTrouble as trouble:
                _log.warning(
                    "Telegram does not answer as it should, so the bot tries again", trouble=type(trouble).__name__
                )
                await self._clock.wait(_TELEGRAM_AGAIN_SECONDS)
        count = await identify.apply_admin_setting(self._parts, self._settings.admins)
        if count == 0:
            _log.warning("nobody is an admin: run latchkey claim")
        await identify.enqueue_menu_updates(self._parts)
        _log.info("ready", bot=self._bot.username, zone=self._settings.zone, admins=count)

    async def _voice_of(self, telegram_id: int) -> Locale:
        reader = await identify.reader(self._parts, telegram_id)
        zone = ZoneInfo(reader.time_zone) if reader.time_zone else self._time_zone
        return Locale(reader.language, zone, self._clock.now(), member=reader.member)


def policy(settings: Settings) -> HouseholdPolicy:
    """What the settings decide for the use cases."""
    return HouseholdPolicy(
        zone=settings.zone,
        key_type=KeyType(settings.key_type),
        validity_days=settings.validity_days,
        device_limit=settings.device_limit,
        flavour=settings.p12,
        cleanup=timedelta(minutes=settings.cleanup_minutes),
        request_life=timedelta(hours=settings.request_hours),
        trusted_may_report=settings.trusted_report,
        most_open=timedelta(hours=settings.max_open_hours),
        time_zone=ZoneInfo(settings.timezone),
        digest=settings.digest == "weekly",
    )

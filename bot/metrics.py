"""``/healthz`` and ``/metrics`` on a port of this machine, where one is set: for a watchdog and for Prometheus.

A WSGI application of prometheus-client's in the standard library's server, in a thread of its own: ``/healthz``
answers from the heartbeat's file, so a bot that hangs is told as one. Numbers alone; no label holds a name or an id.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.boundary import boundary
from bot.errors import InvalidSetting
from bot.heartbeat import Heartbeat
from bot.services.metrics import MetricsSnapshot, Outcome, vitals
from bot.store.engine.database import Store

_READ_SECONDS = 5.0
_NOTICE_STOP_SECONDS = 0.1
_SLICES = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PrometheusMeter:
    """A ``Meter`` that Prometheus reads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        labels = ("action", "outcome")
        self._count = Counter("latchkey_actions", "Actions by how they ended.", labels, registry=self.registry)
        self._seconds = Histogram(
            "latchkey_action_seconds", "How long actions took.", ("action",), buckets=_SLICES, registry=self.registry
        )

    def ended(self, action: str, outcome: Outcome, seconds: float) -> None:
        """See ``Meter.ended``."""
        self._count.labels(action, outcome).inc()
        self._seconds.labels(action).observe(seconds)


class MetricsServer:
    """Serves from ``start`` to ``stop``."""

    def __init__(
        self, meter: PrometheusMeter, store: Store, heartbeat: Heartbeat, *, patience_seconds: float = _READ_SECONDS
    ) -> None:
        self._heartbeat = heartbeat
        meter.registry.register(_Now(store, heartbeat, asyncio.get_running_loop(), patience_seconds))
        self._metrics: _Wsgi = make_wsgi_app(meter.registry)
        self._server: WSGIServer | None = None

    @property
    def port(self) -> int:
        """Where it listens, once started."""
        return 0 if self._server is None else self._server.server_port

    def start(self, host: str, port: int) -> None:
        """Listen.

        Raises:
            SettingWrong: not there.
        """
        try:
            self._server = make_server(host, port, self._answer, _Server, _Silent)
        except OSError as error:
            raise InvalidSetting(f"LATCHKEY_METRICS_PORT is wrong: {host}:{port}: {error.strerror}.") from None
        serve = partial(self._server.serve_forever, poll_interval=_NOTICE_STOP_SECONDS)
        threading.Thread(target=serve, name="metrics", daemon=True).start()

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            await asyncio.to_thread(self._server.shutdown)
            self._server.server_close()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if path == "/metrics":
            return self._metrics(environ, start_response)
        status, text = "404 Not Found", "There are /healthz and /metrics.\n"
        if path == "/healthz":
            alive = self._heartbeat.is_alive()
            status = "200 OK" if alive else "503 Service Unavailable"
            text = "alive\n" if alive else "not alive: Telegram has not answered for a while\n"
        start_response(status, [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
        return [text.encode()]


class _Now(Collector):
    """Reads how things stand when somebody asks."""

    def __init__(
        self, store: Store, heartbeat: Heartbeat, loop: asyncio.AbstractEventLoop, patience_seconds: float
    ) -> None:
        self._patience = patience_seconds
        self._store = store
        self._heartbeat = heartbeat
        self._loop = loop

    def describe(self) -> Iterable[Metric]:
        """Nothing is read when it is registered."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """What can be told now: the heartbeat always, the rest where the bot answers in time."""
        age = self._heartbeat.age()
        if age is not None:
            yield GaugeMetricFamily(
                "latchkey_telegram_answered_seconds", "Seconds since Telegram last answered.", age.total_seconds()
            )
        now = self._read()
        yield GaugeMetricFamily("latchkey_up", "Whether the bot answers this question.", float(now is not None))
        if now is None:
            return
        yield GaugeMetricFamily(
            "latchkey_oldest_due_chore_seconds", "How long the oldest order waits.", now.oldest_due_chore
        )
        yield GaugeMetricFamily(
            "latchkey_oldest_unhandled_update_seconds", "How long the oldest update waits.", now.oldest_unhandled_update
        )
        yield GaugeMetricFamily("latchkey_chores", "Orders, due and later.", now.chores)
        yield GaugeMetricFamily(
            "latchkey_admins_reached",
            "Admins who can act and to whom the bot can write; at 0 no request reaches anybody.",
            now.admins_reached,
        )
        counted = GaugeMetricFamily("latchkey_certificates", "Certificates.", labels=("purpose", "state"))
        for (purpose, state), number in now.certificates.items():
            counted.add_metric((purpose, state), number)
        yield counted

    def _read(self) -> MetricsSnapshot | None:
        asked = asyncio.run_coroutine_threadsafe(vitals(self._store), self._loop)
        with boundary("metrics not read"):
            try:
                return asked.result(self._patience)
            except TimeoutError:
                asked.cancel()
        return None


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the library's name
        """Nobody needs a line a scrape."""

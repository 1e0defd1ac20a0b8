"""/healthz and /metrics: what they tell, what they never tell, and that a bot that hangs is told as one."""

import asyncio
import re
import socket
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import InvalidSetting, RetryAt, StaleAction
from bot.heartbeat import Heartbeat
from bot.metrics import MetricsServer, PrometheusMeter
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import State
from bot.model.jobs import JobKind
from bot.services.metrics import measured
from bot.store.jobs.inbox import StoredUpdate
from sandbox.bot import settings_for
from sandbox.clock import SandboxClock
from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS
from tests.store.open_store import opened, ordered


async def got(port: int, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://127.0.0.1:{port}{path}", timeout=LAST_RESORT_SECONDS)


def values(text: str) -> dict[str, float]:
    """Each sample by its name and labels."""
    return {
        sample.name + "".join(f" {sample.labels[name]}" for name in sorted(sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_running_bot_tells_numbers_and_nothing_else(tmp_path: Path) -> None:
    async with World(tmp_path / "world", people=(Person("Anna", frozenset({"admin"})),)) as world:
        home, port = Household(world), free_port()
        process = await Process(world, LATCHKEY_METRICS_PORT=str(port)).start("run")
        home.phone("Anna").send("/newcert pixel8")
        await home.until(lambda: any("its certificate is here" in text for text in home.texts("Anna")))
        health, metrics = await got(port, "/healthz"), await got(port, "/metrics")
        assert (health.status_code, health.text) == (200, "alive\n")
        now = values(metrics.text)
        assert now["latchkey_up"] == 1
        assert now["latchkey_certificates device active"] == 1
        assert now["latchkey_actions_total chat:newcert.newcert done"] == 1
        assert now["latchkey_actions_total chore:issue done"] == 1
        assert now["latchkey_action_seconds_count chore:issue"] == 1
        assert now["latchkey_telegram_answered_seconds"] < 60
        assert {"latchkey_oldest_due_chore_seconds", "latchkey_oldest_unhandled_update_seconds"} <= now.keys()
        settings = settings_for(world.directory, world.admins)
        secrets = [settings.telegram_token, settings.cloudflare_token]
        for told in ("Anna", "pixel8", "example.com", str(home.phone("Anna").user_id)):
            assert told not in metrics.text
        assert not any(secret.get_secret_value() in metrics.text for secret in secrets)
        assert (await got(port, "/")).status_code == 404
        process.terminate()
        _, said = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
        assert process.returncode == 0
        assert b"Traceback" not in said
        assert not re.search(rb"GET /", said)


async def test_a_bot_that_hangs_is_told_as_one(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    async with opened(tmp_path) as store:
        heartbeat = Heartbeat(tmp_path / "latchkey.sqlite3", clock)
        server = MetricsServer(PrometheusMeter(), store, heartbeat, patience_seconds=0.2)
        server.start("127.0.0.1", 0)
        assert (await got(server.port, "/healthz")).status_code == 503
        heartbeat.beat()
        assert (await got(server.port, "/healthz")).status_code == 200

        def ask() -> httpx.Response:
            return httpx.get(f"http://127.0.0.1:{server.port}/metrics", timeout=LAST_RESORT_SECONDS, trust_env=False)

        asked = asyncio.get_running_loop().run_in_executor(None, ask)
        await asyncio.sleep(0)
        time.sleep(1)  # noqa: ASYNC251 -- the loop hangs
        assert values((await asked).text)["latchkey_up"] == 0
        assert values((await got(server.port, "/metrics")).text)["latchkey_up"] == 1
        with pytest.raises(InvalidSetting, match="LATCHKEY_METRICS_PORT is wrong"):
            MetricsServer(PrometheusMeter(), store, heartbeat).start("127.0.0.1", server.port)
        await server.stop()
        with pytest.raises(httpx.ConnectError):
            await got(server.port, "/healthz")


async def test_how_long_what_waits_has_waited_and_in_which_states_certificates_are(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    async with opened(tmp_path) as store:
        pixel8 = await ordered(store)
        await ordered(store, "tablet")
        async with store.write() as tx:
            await tx.certificates.move(pixel8, State.FAILED, tag=AuditTag.CERTIFICATE_FAILED, failed_at=tx.now)
            await tx.jobs.add(JobKind.ISSUE, "tablet", due_at=tx.now - timedelta(seconds=30))
            await tx.jobs.add(JobKind.EXPIRE, "tablet", due_at=tx.now + timedelta(days=1))
            await tx.inbox.add(StoredUpdate(7, 101, b"{}", tx.now - timedelta(seconds=20), 0))
        clock.plus(timedelta(seconds=60))
        server = MetricsServer(PrometheusMeter(), store, Heartbeat(tmp_path / "latchkey.sqlite3", clock))
        server.start("127.0.0.1", 0)
        now = values((await got(server.port, "/metrics")).text)
        await server.stop()
    assert 90 <= now["latchkey_oldest_due_chore_seconds"] < 100
    assert 80 <= now["latchkey_oldest_unhandled_update_seconds"] < 90
    assert now["latchkey_chores"] == 2
    states = {name: value for name, value in now.items() if name.startswith("latchkey_certificates ")}
    assert states == {"latchkey_certificates device failed": 1, "latchkey_certificates device issuing": 1}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "done"),
        (StaleAction(), "refused"),
        (RetryAt(datetime.now(UTC)), "later"),
        (RuntimeError(), "broke"),
        (asyncio.CancelledError(), "stopped"),
    ],
)
def test_errors_are_counted_by_how_an_action_ended(error: BaseException | None, outcome: str) -> None:
    meter = PrometheusMeter()
    with suppress(BaseException), measured(meter, "chat:some.thing"):
        if error is not None:
            raise error
    now = values(generate_latest(meter.registry).decode())
    assert {name: value for name, value in now.items() if name.startswith("latchkey_actions_total")} == {
        f"latchkey_actions_total chat:some.thing {outcome}": 1
    }
    assert now["latchkey_action_seconds_count chat:some.thing"] == 1

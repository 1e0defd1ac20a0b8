"""/healthz and /metrics: what they tell, what they never tell, and that a bot that hangs is told as one."""

import asyncio
import re
import socket
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import SettingWrong
from bot.heartbeat import Heartbeat
from bot.metrics import MetricsServer, PrometheusMeter
from sandbox.bot import settings_for
from sandbox.clock import SandboxClock
from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process
from tests.household import Household
from tests.store.open_store import opened


async def got(port: int, path: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(f"http://127.0.0.1:{port}{path}", timeout=20)


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
        _, said = await asyncio.wait_for(process.communicate(), 20)
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
            return httpx.get(f"http://127.0.0.1:{server.port}/metrics", timeout=20, trust_env=False)

        asked = asyncio.get_running_loop().run_in_executor(None, ask)
        await asyncio.sleep(0)
        time.sleep(1)  # noqa: ASYNC251 -- the loop hangs
        assert values((await asked).text)["latchkey_up"] == 0
        assert values((await got(server.port, "/metrics")).text)["latchkey_up"] == 1
        with pytest.raises(SettingWrong, match="LATCHKEY_METRICS_PORT is wrong"):
            MetricsServer(PrometheusMeter(), store, heartbeat).start("127.0.0.1", server.port)
        await server.stop()
        with pytest.raises(httpx.ConnectError):
            await got(server.port, "/healthz")

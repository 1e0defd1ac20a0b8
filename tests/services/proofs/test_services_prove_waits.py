"""A proof waits for the bot's own certificates: half a minute by the clock, however few its tries were."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import RetryAt
from bot.model.jobs import Job, JobKind
from bot.services.context import AppContext
from bot.services.proofs import prove_job
from tests.locked_household import HA_HOST, locked


async def test_half_a_minute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lacks(_parts: AppContext, _scope: object) -> bool:
        return True

    monkeypatch.setattr(prove_job, "_lacks_certificates", lacks)
    async with locked(tmp_path, HA_HOST) as home:
        parts = home.bot.app.parts
        now = parts.clock.now()
        with pytest.raises(RetryAt) as later:
            await prove_job.prove_lock(parts, _chore(now, now - timedelta(seconds=20)))
        assert later.value.payload is not None
        assert later.value.payload["since"] == (now - timedelta(seconds=20)).isoformat()
        await prove_job.prove_lock(parts, _chore(now, now - timedelta(seconds=31)))


def _chore(now: datetime, since: datetime) -> Job:
    payload = {"since": since.isoformat()}
    return Job(id=1_000_000, kind=JobKind.PROVE, subject="prove", due_at=now, attempts=1, payload=payload)

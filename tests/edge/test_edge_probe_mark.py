"""The bot knows its own requests again, and takes nobody else's for one of them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.edge.probe import USER_AGENT
from bot.edge.probe_mark import ProbeMark
from sandbox.clock import SandboxClock

HOST = "ha.example.com"


@pytest.fixture
def mark(tmp_path_factory: pytest.TempPathFactory) -> ProbeMark:
    return ProbeMark("12345:token", SandboxClock(tmp_path_factory.mktemp("clock") / "clock"))


def test_its_own(mark: ProbeMark) -> None:
    agent, now = mark.user_agent(USER_AGENT, HOST), mark.clock.now()
    assert agent.startswith(USER_AGENT.removesuffix(")"))
    for spelled in (HOST, "HA.Example.COM", "ha.example.com.", "ha.example.com:8443"):
        assert mark.is_ours(agent, spelled, now)
    assert ProbeMark("12345:token", mark.clock).is_ours(agent, HOST, now), "another process with the same token"


@pytest.mark.parametrize(("minutes", "ours"), [(9.9, True), (-9.9, True), (10.1, False), (-10.1, False), (1440, False)])
def test_it_holds_for_some_minutes(mark: ProbeMark, minutes: float, ours: bool) -> None:
    sent = mark.clock.now()
    agent = mark.user_agent(USER_AGENT, HOST)
    assert mark.is_ours(agent, HOST, sent + timedelta(minutes=minutes)) is ours


def test_not_elsewhere_not_of_another_bot_and_not_changed(mark: ProbeMark) -> None:
    agent, now = mark.user_agent(USER_AGENT, HOST), mark.clock.now()
    assert not mark.is_ours(agent, "photos.example.com", now)
    assert not ProbeMark("12345:another", mark.clock).is_ours(agent, HOST, now)
    second = int(now.timestamp())
    assert not mark.is_ours(agent.replace(str(second), str(second + 1)), HOST, now)
    for text in ("", "Latchkey", USER_AGENT, agent[:-1], f"{agent} curl", "x; 1.0000000000000000)"):
        assert not mark.is_ours(text, HOST, now)


def test_a_time_that_is_none(mark: ProbeMark) -> None:
    agent = "Latchkey (x; 999999999999.0000000000000000)"
    assert not mark.is_ours(agent, HOST, datetime(2026, 11, 30, tzinfo=UTC))


def test_its_secret_is_not_shown(mark: ProbeMark) -> None:
    assert "token" not in repr(mark)
    assert "token" not in mark.user_agent(USER_AGENT, HOST)

"""What of the status needs somebody, each at its boundary."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.proofs.proofs import LastProof
from bot.model.protection.earlier_rules import AllowRule, EarlierRules, Reach, Rewrite
from bot.model.protection.expression import All
from bot.model.protection.hosts import HostState
from bot.model.protection.rule_state import Drift
from bot.model.status.lock_report import HostReport, LockReport
from bot.model.status.status import EXPIRING_WITHIN, StatusReport, UnknownCertificates

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LOCK = LockReport(
    zone="example.com",
    hosts=(),
    differences=frozenset(),
    seen=True,
    unlocked=False,
    lockdown=False,
    everything=False,
    paths=(),
    used=0,
    quota=100,
    waiting=0,
    trouble="",
)
STATUS = StatusReport(lock=LOCK, at=NOW, admins=2, proof=LastProof(at=NOW, green=1, yellow=0, red=0))
ALLOW = AllowRule(rule_id="a", target="ip", value="192.0.2.1", notes="", reach=Reach.ZONE)


@pytest.mark.parametrize(
    ("used", "quota", "few"),
    [
        (0, 100, False),
        (89, 100, False),
        (90, 100, True),
        (100, 100, True),
        (5, 5, True),
        (4, 5, False),
        (None, 0, False),
    ],
)
def test_from_nine_tenths_on_slots_are_few(used: int | None, quota: int, few: bool) -> None:
    assert replace(STATUS, lock=replace(LOCK, used=used, quota=quota)).slots_are_few is few


@pytest.mark.parametrize(
    ("ago", "stale"), [(timedelta(0), False), (timedelta(hours=36), False), (timedelta(hours=36) + SECOND, True)]
)
def test_a_proof_is_stale_after_a_day_and_a_half(ago: timedelta, stale: bool) -> None:
    assert replace(STATUS, proof=replace(STATUS.proof, at=NOW - ago)).proof_is_stale is stale


def test_nothing_is_known_unless_it_is_told() -> None:
    assert (STATUS.more_expiring, STATUS.clock_ahead, STATUS.missing_rights) == (0, None, ())
    assert not UnknownCertificates(number=0, total=0, certificate=None).not_told


def test_no_proof_is_a_stale_one() -> None:
    assert replace(STATUS, proof=replace(STATUS.proof, at=None)).proof_is_stale


@pytest.mark.parametrize(
    ("ahead", "wrong"),
    [
        (None, False),
        (timedelta(0), False),
        (timedelta(minutes=1), False),
        (timedelta(minutes=1) + SECOND, True),
        (-timedelta(minutes=1), False),
        (-timedelta(minutes=1) - SECOND, True),
    ],
)
def test_a_clock_a_minute_off_is_right_either_way(ahead: timedelta | None, wrong: bool) -> None:
    assert replace(STATUS, clock_ahead=ahead).clock_is_wrong is wrong


def test_what_ends_within_thirty_days_is_named() -> None:
    assert timedelta(days=30) == EXPIRING_WITHIN


@pytest.mark.parametrize("associated", [True, False, None])
@pytest.mark.parametrize("unlocked", [True, False])
@pytest.mark.parametrize("state", list(HostState))
def test_where_a_host_is_told(state: HostState, unlocked: bool, associated: bool | None) -> None:
    report = replace(LOCK, hosts=(HostReport("a.example.com", state, unlocked, associated),))
    host = ("a.example.com",)
    assert report.not_asked == (host if state is HostState.PROTECTED and associated is False else ())
    assert report.locked == (host if state is HostState.PROTECTED and not unlocked else ())
    assert report.unlocked_hosts == (host if unlocked else ())


def test_it_is_sound_until_something_is_not() -> None:
    assert LOCK.is_sound
    shut = HostReport("a.example.com", HostState.PROTECTED, unlocked=False, associated=False)
    for unsound in (
        replace(LOCK, hosts=(shut,)),
        replace(LOCK, differences=frozenset({Drift.EDITED})),
        replace(LOCK, trouble="Unreachable"),
        replace(LOCK, waiting=1),
        replace(LOCK, unlocked=True),
        replace(LOCK, earlier=EarlierRules(allows=(ALLOW,))),
    ):
        assert not unsound.is_sound, unsound


def test_rewrites_are_told_where_there_is_a_host_to_touch() -> None:
    rewrite = Rewrite(rule_id="1", name="all", expression=All(()))
    report = replace(LOCK, earlier=EarlierRules(rewrites=(rewrite,)))
    assert report.rewrites == ()
    host = HostReport("a.example.com", HostState.PROTECTED, unlocked=False, associated=True)
    assert replace(report, hosts=(host,)).rewrites == (rewrite,)

"""Rows of the rule: one writer at a time, hosts by compare-and-set, fingerprints that follow their certificates."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.errors import InvalidDatabase, StaleAction
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import State
from bot.model.jobs import JobKind
from bot.model.protection.hosts import HostState
from bot.store.protection.rule_lock import RuleLock
from tests.patience import LAST_RESORT_SECONDS
from tests.store.open_store import opened, ordered


async def test_the_lock_lets_one_in_at_a_time(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    inside: list[str] = []

    async def hold(name: str) -> None:
        async with RuleLock(file, SystemClock()).held():
            inside.append(f"{name} in")
            await asyncio.sleep(0.1)
            inside.append(f"{name} out")

    await asyncio.gather(hold("a"), hold("b"), hold("c"))
    assert [word.split()[1] for word in inside] == ["in", "out"] * 3
    assert {word.split()[0] for word in inside} == {"a", "b", "c"}
    assert (tmp_path / "latchkey.sqlite3.rule-lock").stat().st_mode & 0o777 == 0o600


async def test_whoever_gives_up_waiting_holds_nothing(tmp_path: Path) -> None:
    lock = RuleLock(tmp_path / "latchkey.sqlite3", SystemClock())
    async with lock.held():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1), lock.held():
                pass
    async with asyncio.timeout(LAST_RESORT_SECONDS), lock.held():
        pass


async def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(InvalidDatabase):
        async with RuleLock(tmp_path / "nowhere" / "latchkey.sqlite3", SystemClock()).held():
            pass


async def test_hosts_move_by_compare_and_set(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await ordered(store)
        async with store.write() as tx:
            await tx.hosts.ask("ha.example.com", asked_by=1, actor="test")
            (host,) = await tx.hosts.all()
            await tx.hosts.move(host, HostState.PROTECTED, tag=AuditTag.HOST_PROTECTED)
            for stale in (HostState.PROTECTED, HostState.LEAVING):
                with pytest.raises(StaleAction):
                    await tx.hosts.move(host, stale, tag=AuditTag.HOST_PROTECTED)
            (host,) = await tx.hosts.all()
            assert host.protected_at == tx.now
            with pytest.raises(StaleAction):
                await tx.hosts.forget(host)
            await tx.hosts.move(host, HostState.LEAVING, tag=AuditTag.HOST_UNPROTECT_ASKED)
            await tx.hosts.forget(host)
            assert not await tx.hosts.any()


async def test_what_is_turned_away_follows_the_certificates(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        made = await ordered(store)
        async with store.write() as tx:
            active = await tx.certificates.move(
                made, State.ACTIVE, tag=AuditTag.CERTIFICATE_ISSUED, fingerprint_sha256="a" * 64
            )
            assert await tx.blocks.all() == ()
            going = await tx.certificates.move(
                active, State.REVOKING, tag=AuditTag.CERTIFICATE_REVOKE_ASKED, revoke_asked_at=tx.now
            )
            (block,) = await tx.blocks.all()
            assert (block.fingerprint, block.confirmed_at, block.lost) == ("a" * 64, None, False)
            gone = await tx.certificates.move(
                going, State.REVOKED, tag=AuditTag.CERTIFICATE_REVOKED, confirmed_revoked_at=tx.now, lost_at=tx.now
            )
            (block,) = await tx.blocks.all()
            assert (block.confirmed_at, block.lost) == (tx.now, True)
            coming = await tx.certificates.move(gone, State.RESTORING, tag=AuditTag.CERTIFICATE_RESTORE_ASKED)
            (block,) = await tx.blocks.all()
            assert block.confirmed_at is None
            await tx.certificates.move(coming, State.ACTIVE, tag=AuditTag.CERTIFICATE_RESTORED)
            assert await tx.blocks.all() == ()


async def test_written_and_seen_are_marked_once(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        made = await ordered(store)
        async with store.write() as tx:
            active = await tx.certificates.move(
                made, State.ACTIVE, tag=AuditTag.CERTIFICATE_ISSUED, fingerprint_sha256="a" * 64
            )
            await tx.certificates.move(
                active, State.REVOKING, tag=AuditTag.CERTIFICATE_REVOKE_ASKED, revoke_asked_at=tx.now
            )
            assert await tx.blocks.written(["a" * 64]) == ()
            assert await tx.blocks.not_seen() == (made.public_id,)
            assert await tx.blocks.seen(tx.now - timedelta(seconds=1)) == ()
            assert await tx.blocks.seen(tx.now) == (made.public_id,)
            assert await tx.blocks.seen(tx.now) == ()
            assert await tx.blocks.not_seen() == ()
            assert await tx.blocks.written([]) == (made.public_id,)
            assert (await tx.certificates.of(made.public_id)).blocked_at is None


async def test_one_chore_does_the_work_of_all(tmp_path: Path) -> None:

    async with opened(tmp_path) as store, store.write() as tx:
        for subject in ("rule", "rule", "other", "rule"):
            await tx.jobs.add(JobKind.WRITE_RULE, subject)
        first, *others = await tx.jobs.of_subject(JobKind.WRITE_RULE, "rule")
        assert await tx.jobs.take_over_duplicates(first) == tuple(others)
        assert await tx.jobs.of_subject(JobKind.WRITE_RULE, "rule") == (first,)
        assert len(await tx.jobs.of_kind(JobKind.WRITE_RULE)) == 2

"""The rule's writer: what it writes of the rows, one writer at a time, killed at every call, and more than fits."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.errors import Unclear
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import Purpose, State
from bot.model.protection.expression import truth
from bot.model.protection.plan import parse_rule
from bot.services import desired_rule
from bot.services.protection import hosts
from bot.services.protection.deploy_rule import write_now
from bot.store.tables.core import certificate
from bot.store.tables.edge import open_path
from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, fingerprint, household, locked, our_rule, protect, somebody

HA = "https://ha.example.com/"
HOOK = "/api/webhook/abc"
CALLS = ("GET */hostname_associations", "PUT */hostname_associations", "GET */entrypoint", "POST */rulesets")


async def revoked_rows(home: Household, count: int, *, lost: bool = False, **columns: object) -> list[str]:
    """Certificates that are being revoked, without the way there; answers their fingerprints."""
    await home.device("Anna", "template")
    parts = home.bot.app.parts
    digests = [hashlib.sha256(f"{count} {number}".encode()).hexdigest() for number in range(count)]
    async with parts.store.write() as tx:
        (like, *_), _ = await tx.certificates.page(None, 0, 1)
        for number, digest in enumerate(digests):
            values = {
                "public_id": f"{number:08d}",
                "device_id": like.device.id,
                "state": State.REVOKING,
                "purpose": Purpose.DEVICE,
                "origin": like.origin,
                "key_type": like.key_type,
                "asked_days": 30,
                "common_name": "x",
                "fingerprint_sha256": digest,
                "cloudflare_id": like.cloudflare_id,
                "created_at": tx.now,
                "revoke_asked_at": tx.now + timedelta(seconds=number),
                "lost_at": tx.now if lost else None,
                "never_restore": True,
            }
            await tx.audit._connection.execute(insert(certificate).values(**{**values, **columns}))
        await desired_rule.enqueue_rule_write(tx)
    await home.settle()
    return digests


async def opened(home: Household, **columns: object) -> None:
    """An open path, for an hour."""
    parts, anna = home.bot.app.parts, await somebody(home, "Anna")
    async with parts.store.write() as tx:
        values = {
            "public_id": "hook0000",
            "host": HA_HOST,
            "path": HOOK,
            "networks": [],
            "lasting": False,
            "opened_by": anna.id,
            "opened_at": tx.now,
            "closes_at": tx.now + timedelta(hours=1),
        }
        await tx.audit._connection.execute(insert(open_path).values(**{**values, **columns}))
        await desired_rule.enqueue_rule_write(tx, try_first=True)
    await home.settle()


async def order(home: Household, **moments: object) -> None:
    """An order for the whole rule."""
    parts = home.bot.app.parts
    async with parts.store.write() as tx:
        await tx.rules.order(parts.policy.zone, AuditTag.RULE_WRITTEN, "test", **moments)  # type: ignore[arg-type]
        await desired_rule.enqueue_rule_write(tx)
    await home.settle()


async def test_an_open_path_closes_by_time_alone(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await opened(home)
        assert await home.opens(None, HA + HOOK[1:]) != 403
        assert await home.opens(None, HA + HOOK[1:] + "/x") == 403
        assert await home.opens(None, HA + "api/webhook/../webhook/ABC") == 403
        assert await home.opens(None, f"https://{PHOTOS_HOST}{HOOK}") == 403
        await home.world.kill_bot()
        home.world.clock.plus(timedelta(minutes=61))
        assert await home.opens(None, HA + HOOK[1:]) == 403


async def test_an_open_path_is_as_narrow_as_it_was_asked(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await opened(home, method="POST", networks=["192.0.2.0/24"], query="token=x")
        tree = parse_rule(our_rule(home)["expression"])
        request: dict[str, str | int | bool] = {
            "http.host": HA_HOST,
            "http.request.uri.path": HOOK,
            "raw.http.request.uri.path": HOOK,
            "http.request.uri.query": "token=x",
            "http.request.method": "POST",
            "ip.src": "192.0.2.7",
            "http.request.timestamp.sec": int(home.world.clock.now().timestamp()),
            "cf.tls_client_auth.cert_verified": False,
            "cf.tls_client_auth.cert_revoked": False,
        }
        assert truth(tree, request) is False
        for other in (
            {"http.request.uri.query": ""},
            {"http.request.method": "GET"},
            {"ip.src": "198.51.100.1"},
            {"http.host": PHOTOS_HOST},
            {"raw.http.request.uri.path": f"/x/..{HOOK}"},
            {"http.request.uri.path": "/made/of/it/by/a/rewrite"},
        ):
            assert truth(tree, {**request, **other}) is True


async def test_lockdown_closes_paths_and_everything_closes_all(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        pixel8 = await home.device("Anna", "pixel8")
        await opened(home)
        await order(home, lockdown_at=home.world.clock.now())
        assert await home.opens(None, HA + HOOK[1:]) == 403
        assert await home.opens(pixel8) == 200
        await order(home, everything_at=home.world.clock.now())
        assert await home.opens(pixel8) == 403
        await home.say("Anna", "/revoke pixel8")
        assert "New rule seen at the edge from here" in home.newest("Anna").text
        await order(home, everything_at=None, lockdown_at=None)
        assert fingerprint(home) in our_rule(home)["expression"]
        assert await home.opens(pixel8) == 403


async def test_more_than_fit_is_told_once_and_the_newest_come_first(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        digests = await revoked_rows(home, 70)
        text = our_rule(home)["expression"]
        assert len(text) <= 4096
        kept = [digest for digest in digests if digest in text]
        assert kept == digests[-len(kept) :]
        told = [text for text in home.texts("Ben") if f"{70 - len(kept)} revoked certificates do not fit" in text]
        assert len(told) == 1
        await home.clock(minutes=5)
        await protect(home, "new.example.com")
        assert sum("do not fit into the block rule" in text for text in home.texts("Ben")) == 1


async def test_lost_ones_stay_for_good_as_long_as_there_is_room(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        long_ago = home.world.clock.now() - timedelta(days=30)
        lost = await revoked_rows(home, 60, lost=True, state=State.REVOKED, confirmed_revoked_at=long_ago)
        there = sum(digest in our_rule(home)["expression"] for digest in lost)
        assert 50 < there < 60
        assert not any("do not fit" in text for text in home.texts("Ben"))
        pixel8 = await home.device("Anna", "pixel8")
        await home.say("Anna", "/revoke pixel8")
        assert sum(digest in our_rule(home)["expression"] for digest in lost) == there - 1
        assert await home.opens(pixel8) == 403


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", CALLS)
async def test_killed_at_every_call_while_protecting(tmp_path: Path, call: str, when: str) -> None:
    async with household(tmp_path) as home:
        home.world.cloudflare.fault(call=call, hold=True, when=when)
        await protect(home, HA_HOST)
        await home.restart()
        assert len(home.world.cloudflare.rules) == 1
        assert home.world.cloudflare.hosts == [HA_HOST]
        assert await home.opens(None) == 403
        assert await home.opens(await home.device("Anna", "pixel8")) == 200


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["GET */entrypoint", "DELETE */rules/*", "PUT */hostname_associations"])
async def test_killed_at_every_call_while_a_host_leaves(tmp_path: Path, call: str, when: str) -> None:
    async with locked(tmp_path, HA_HOST) as home:
        home.world.cloudflare.fault(call=call, hold=True, when=when)
        await hosts.unprotect(home.bot.app.parts, await somebody(home, "Anna"), [HA_HOST])
        await home.settle()
        await home.restart()
        assert not home.world.cloudflare.rules
        assert not home.world.cloudflare.hosts


async def test_the_command_line_writes_beside_a_running_bot(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        parts = home.bot.app.parts
        await home.device("Anna", "pixel8")
        home.world.cloudflare.fault(call="PATCH */rules/*", hold=True, times=1)
        await home.say("Anna", "/revoke pixel8")
        other = asyncio.create_task(write_now(parts))
        calls = len(home.world.cloudflare.calls)
        await asyncio.sleep(0.2)
        assert len(home.world.cloudflare.calls) == calls
        home.world.end_trouble()
        await other
        await home.settle()
        async with parts.store.read() as tx:
            facts = await tx.rules.of_zone(parts.policy.zone)
        assert facts.text == our_rule(home)["expression"]
        assert facts.seen_at is not None
        await home.clock(minutes=5)
        assert not any("lock at Cloudflare" in text for text in home.texts("Ben"))


async def test_writing_now_tells_what_stopped_it(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        home.world.cloudflare.fault(call="PATCH */rules/*", status=500)
        with pytest.raises(Unclear):
            await write_now(home.bot.app.parts)


async def test_each_write_is_in_the_record_and_the_record_is_whole(tmp_path: Path) -> None:
    async with locked(tmp_path, HA_HOST) as home:
        async with home.bot.app.parts.store.read() as tx:
            tags = [event.tag async for event in tx.audit.events()]
            assert await tx.audit.first_broken() is None
        wanted = [AuditTag.HOST_PROTECT_ASKED, AuditTag.RULE_WRITTEN, AuditTag.HOST_PROTECTED, AuditTag.RULE_SEEN]
        assert [tag for tag in tags if tag in set(wanted)] == wanted

"""Certificates and people in the store."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import NameTaken, NotFound, StaleAction
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import Certificate, KeyType, State
from bot.model.certificates.names import device_name
from bot.model.people.people import Account, Role
from bot.store.engine.database import Store
from sandbox.clock import SandboxClock
from tests.store.open_store import kim, opened, ordered


async def moved(store: Store, which: Certificate, to: State) -> Certificate:
    async with store.write() as transaction:
        return await transaction.certificates.move(which, to, tag=AuditTag.CERTIFICATE_ISSUED)


async def tags(store: Store) -> list[str]:
    async with store.read() as transaction:
        return [event.tag async for event in transaction.audit.events()]


async def test_an_order_and_its_event(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        order = await ordered(store, "Jörgs Pixel")
        assert (order.state, order.common_name, order.device.name) == (State.ISSUING, "Jorgs Pixel", "Jörgs Pixel")
        assert order.organizational_unit == f"Latchkey {order.public_id}"
        assert await tags(store) == [AuditTag.PERSON_MET, AuditTag.CERTIFICATE_ORDERED]


async def test_a_device_has_one_certificate_at_a_time(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        first = await ordered(store, "Pixel8")
        with pytest.raises(NameTaken) as refused:
            await ordered(store, "ｐｉｘｅｌ８")
        assert refused.value.public_id == first.public_id
        await moved(store, first, State.FAILED)
        second = await ordered(store, "PIXEL8")
        assert second.device == first.device
        assert second.public_id != first.public_id


async def test_of_two_moves_at_once_one_wins(tmp_path: Path) -> None:
    async with opened(tmp_path) as one, opened(tmp_path) as other:
        active = await moved(one, await ordered(one), State.ACTIVE)
        before = len(await tags(one))
        outcomes = await asyncio.gather(
            moved(one, active, State.REVOKING), moved(other, active, State.REVOKING), return_exceptions=True
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Certificate", "StaleAction"]
        assert len(await tags(one)) == before + 1


@pytest.mark.parametrize("to", [State.ISSUING, State.REVOKED, State.RESTORING, State.EXPIRED])
async def test_moves_outside_the_table_are_refused(tmp_path: Path, to: State) -> None:
    async with opened(tmp_path) as store:
        order = await ordered(store)
        with pytest.raises(StaleAction):
            await moved(store, order, to)
        async with store.read() as transaction:
            assert (await transaction.certificates.of(order.public_id)).state is State.ISSUING


async def test_a_note_about_a_state_that_has_passed_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        order = await ordered(store)
        await moved(store, order, State.ACTIVE)
        with pytest.raises(StaleAction):
            async with store.write() as transaction:
                await transaction.certificates.record(order, tag=AuditTag.CERTIFICATE_SENT, sent_at=transaction.now)


async def test_finding(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        orders = [await ordered(store, name) for name in ("a", "b", "c")]
        async with store.write() as transaction:
            owner = await kim(transaction)
            certificates = transaction.certificates
            page, total = await certificates.page(owner.id, 1, 2)
            assert ([one.device.name for one in page], total) == (["a"], 3)
            assert await certificates.count_held(owner.id) == 3
            assert [one.device.name for one in await certificates.of_owner(owner.id)] == ["c", "b", "a"]
            await certificates.record(orders[0], tag=AuditTag.CERTIFICATE_KEY_MADE, public_key_sha256="ab")
            assert await certificates.knows_key("ab")
            assert not await certificates.knows_key("cd")
            with pytest.raises(NotFound):
                await certificates.of("zzzzzzzz")


async def test_expiry_is_by_the_clock(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    async with opened(tmp_path) as store:
        active = await moved(store, await ordered(store), State.ACTIVE)
        async with store.write() as transaction:
            ends = transaction.now + timedelta(days=1)
            await transaction.certificates.record(active, tag=AuditTag.CERTIFICATE_ISSUED, expires_at=ends)
            assert await transaction.certificates.past_expiry() == ()
        clock.plus(timedelta(days=1, seconds=1))
        async with store.read() as transaction:
            assert [one.public_id for one in await transaction.certificates.past_expiry()] == [active.public_id]


async def test_admins_of_the_settings_come_and_go(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        async with store.write() as transaction:
            await kim(transaction)
            await transaction.people.set_permanent_admins(frozenset({101, 102}))
            assert [one.telegram_id for one in await transaction.people.admins()] == [101, 102]
        before = len(await tags(store))
        async with store.write() as transaction:
            await transaction.people.set_permanent_admins(frozenset({101, 102}))
        assert len(await tags(store)) == before
        async with store.write() as transaction:
            await transaction.people.set_permanent_admins(frozenset({102}))
            left = await transaction.people.of_telegram(101)
            assert (left.role, left.permanent) == (Role.MEMBER, False)
            await transaction.people.set_permanent_admins(frozenset())
            assert await transaction.people.admins() == ()


async def test_meeting_somebody_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as store, store.write() as transaction:
        first = await transaction.people.upsert_from_telegram(
            Account(telegram_id=7, name="\u202eKim\n K", language="en")
        )
        assert (first.name, first.role, first.is_admin) == ("Kim K", Role.NONE, False)
        away = await transaction.people.mark_unreachable(7)
        assert not away.reachable
        again = await transaction.people.upsert_from_telegram(Account(telegram_id=7, name="\u200b", language="de"))
        assert (again.id, again.name, again.language, again.reachable) == (first.id, "?", "de", True)


async def test_zones_are_remembered(tmp_path: Path) -> None:
    async with opened(tmp_path) as store, store.write() as transaction:
        assert not (await transaction.zones.of_name("example.com")).needs_rsa
        await transaction.zones.counted("example.com", 73, 100)
        await transaction.zones.shift_used("example.com", -1)
        await transaction.zones.needs_rsa("example.com")
        facts = await transaction.zones.of_name("example.com")
        assert (facts.needs_rsa, facts.used_slots, facts.counted_at) == (True, 72, transaction.now)


@pytest.mark.parametrize(("used", "quota", "full"), [(99, 100, False), (100, 100, True), (100, 100_000, False)])
async def test_a_zone_is_full_at_its_quota(tmp_path: Path, used: int, quota: int, *, full: bool) -> None:
    async with opened(tmp_path) as store, store.write() as transaction:
        assert not (await transaction.zones.of_name("example.com")).is_full
        await transaction.zones.counted("example.com", used, quota)
        facts = await transaction.zones.of_name("example.com")
        assert (facts.quota, facts.is_full) == (quota, full)


async def test_orders_keep_what_was_asked(tmp_path: Path) -> None:
    async with opened(tmp_path) as store, store.write() as transaction:
        owner = await kim(transaction)
        name = device_name("a")
        order = await transaction.certificates.order(owner, name, key_type=KeyType.RSA2048, days=90)
        placed = await transaction.certificates.remember_message(order, chat_id=101, message_id=5)
        assert (placed.key_type, placed.asked_days) == (KeyType.RSA2048, 90)
        assert placed.shown_at is not None
        assert placed.shown_at.message_id == 5
        assert placed.password_at is None

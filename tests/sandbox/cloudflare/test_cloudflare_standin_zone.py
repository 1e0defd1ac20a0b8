"""Associations, settings, records, tokens, trouble and what outlives a restart."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cloudflare import (
    BadRequestError,
)

from sandbox.clock import SandboxClock
from sandbox.cloudflare import CloudflareStandin
from tests.sandbox.cloudflare.cloudflare_at_work import AtWork, serving


async def hosts(at_work: AtWork, **ca: Any) -> list[str]:
    answer = await at_work.client.certificate_authorities.hostname_associations.get(zone_id=at_work.zone_id, **ca)
    assert answer is not None
    return list(answer.hostnames or [])


async def put_hosts(at_work: AtWork, *names: str, **ca: Any) -> None:
    await at_work.client.certificate_authorities.hostname_associations.update(
        zone_id=at_work.zone_id, hostnames=list(names), **ca
    )


async def test_associations_are_replaced_as_a_whole(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        assert await hosts(at_work) == ["ha.example.com", "photos.example.com"]
        await put_hosts(at_work, "www.example.com", "example.com", "www.example.com")
        assert await hosts(at_work) == ["example.com", "www.example.com"]
        assert json.loads((tmp_path / "zone.json").read_text())["hosts"] == await hosts(at_work)
        await put_hosts(at_work)
        assert await hosts(at_work) == []


async def test_an_uploaded_ca_has_its_own_list(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        ca: Any = {"mtls_certificate_id": "b2134436-2555-4acf-be5b-26c48136575e"}
        await put_hosts(at_work, "www.example.com", **ca)
        assert await hosts(at_work, **ca) == ["www.example.com"]
        assert await hosts(at_work) == ["ha.example.com", "photos.example.com"]


@pytest.mark.parametrize("name", ["ha.example.org", "*.example.com", "HA.example.com", "notexample.com", ""])
async def test_hosts_outside_the_zone_are_refused(tmp_path: Path, name: str) -> None:
    async with serving(tmp_path) as at_work:
        with pytest.raises(BadRequestError):
            await put_hosts(at_work, "ha.example.com", name)
        assert len(await hosts(at_work)) == 2


async def test_a_body_without_hostnames_is_refused(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        with pytest.raises(BadRequestError):
            await at_work.client.certificate_authorities.hostname_associations.update(zone_id=at_work.zone_id)
        assert len(await hosts(at_work)) == 2


async def test_hosts_can_vanish_and_change_by_hand(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.vanishing_hosts = {"www.example.com"}
        await put_hosts(at_work, "www.example.com", "ha.example.com")
        assert await hosts(at_work) == ["ha.example.com"]
        at_work.standin.associate_by_hand("example.com")
        at_work.standin.dissociate_by_hand("ha.example.com")
        assert await hosts(at_work) == ["example.com"]


async def test_settings(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        settings = at_work.client.zones.settings
        before: Any = await settings.get("http3", zone_id=at_work.zone_id)
        assert (before.id, before.value, before.editable) == ("http3", "on", True)
        await settings.edit("http3", zone_id=at_work.zone_id, value="off")
        after: Any = await settings.get("http3", zone_id=at_work.zone_id)
        assert after.value == "off"
        assert json.loads((tmp_path / "zone.json").read_text())["http3"] == "off"
        zero: Any = await settings.get("0rtt", zone_id=at_work.zone_id)
        assert zero.value == "off"
        with pytest.raises(BadRequestError):
            await settings.edit("http3", zone_id=at_work.zone_id, value="maybe")
        with pytest.raises(BadRequestError):
            await settings.get("http9", zone_id=at_work.zone_id)


async def test_zone_and_records(tmp_path: Path) -> None:
    async with serving(tmp_path, zone_name="home.test", plan="pro") as at_work:
        (zone,) = [zone async for zone in at_work.client.zones.list(name="home.test")]
        assert (zone.id, zone.account.id) == (at_work.zone_id, at_work.standin.account_id)
        assert zone.plan.legacy_id == "pro"
        assert [zone async for zone in at_work.client.zones.list(name="else.test")] == []
        got = await at_work.client.zones.get(zone_id=at_work.zone_id)
        assert got == zone
        records = at_work.client.dns.records.list(zone_id=at_work.zone_id)
        names = [record.name async for record in records]
        assert names == ["ha.home.test", "photos.home.test", "www.home.test", "home.test"]
        one = at_work.client.dns.records.list(zone_id=at_work.zone_id, name={"exact": "www.home.test"})
        assert [record.proxied async for record in one] == [True]
        assert [
            record async for record in at_work.client.dns.records.list(zone_id=at_work.zone_id, proxied=False)
        ] == []


async def test_date_follows_the_sandbox_clock(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.clock.plus(timedelta(days=3))
        for ahead in (0, 120):
            at_work.standin.date_ahead_seconds = ahead
            raw = await at_work.client.zones.with_raw_response.get(zone_id=at_work.zone_id)
            date = parsedate_to_datetime(raw.headers["date"])
            off = (date - at_work.standin.clock.now()).total_seconds()
            assert abs(off - ahead) < 5


async def test_everything_outlives_a_restart(tmp_path: Path) -> None:
    async with serving(tmp_path, pending_seconds=60) as at_work:
        first, second = at_work.standin.issue_by_hand("one"), at_work.standin.issue_by_hand("two")
        at_work.standin.revoke_by_hand(first.id)
        at_work.standin.add_rule("ssl", ref="extra")
        at_work.standin.associate_by_hand("example.com")
        at_work.standin.set_by_hand("http3", "off")
        at_work.standin.allow_by_hand("ip", "192.0.2.1")
        at_work.standin.rewrite_by_hand("ssl", "/new")
        at_work.standin.add_name("*.example.com", like="ha.example.com")
        before, ca = at_work.standin.state(), at_work.standin.ca_pem
        published = (tmp_path / "zone.json").read_text()
    async with serving(tmp_path, preset="empty") as at_work:
        assert at_work.standin.state() == before
        assert at_work.standin.ca_pem == ca
        assert (tmp_path / "zone.json").read_text() == published
        assert at_work.standin.certificates[1].pem == second.pem
        at_work.standin.clock.plus(timedelta(seconds=61))
        assert at_work.standin.certificates[0].status == "revoked"
        third = at_work.standin.issue_by_hand("three")
        third.certificate.verify_directly_issued_by(at_work.standin.zone.authority.certificate)
    assert (tmp_path / "ca.key").stat().st_mode & 0o777 == 0o600


async def test_published_state(tmp_path: Path) -> None:
    standin = CloudflareStandin(SandboxClock(tmp_path / "clock"), tmp_path)
    record = standin.issue_by_hand()
    published = json.loads((tmp_path / "zone.json").read_text())
    assert published["zone"] == {"id": standin.zone_id, "name": "example.com"}
    assert published["ca"] == standin.ca_pem
    assert published["certificates"] == [
        {
            "id": record.id,
            "fingerprint_sha256": record.fingerprint_sha256,
            "serial_number": str(record.serial_number),
            "status": "active",
            "pending_until": None,
        }
    ]
    earlier = {"access_rules", "rewrites", "services"}
    assert set(published) == {"zone", "hosts", "rules", "certificates", "ca", "http3"} | earlier


async def test_options_over_the_control_port(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work, aiohttp.ClientSession() as session:
        url = f"{at_work.standin.control_url}/options"
        async with session.post(url, json={"accept_ec": False, "quota": 3}) as answer:
            assert (await answer.json())["quota"] == 3
        assert (at_work.standin.accept_ec, at_work.standin.quota) == (False, 3)
        async with session.post(url, json={"zone": "x"}) as answer:
            assert answer.status == 400
        async with session.get(f"{at_work.standin.control_url}/state") as answer:
            assert (await answer.json())["slots"] == {"used": 0, "quota": 3}

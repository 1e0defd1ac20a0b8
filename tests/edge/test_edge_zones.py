"""What a token sees and may do, told by calls that change nothing."""

from pathlib import Path

import pytest

from bot.edge.zones import SeenZone, check_token_is_known, zones_seen
from bot.errors import MissingRight, Unclear
from tests.edge.zone_at_work import at_work


async def test_all_zones_on_all_pages(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        (only,) = await zones_seen(work.client)
        assert only == SeenZone("example.com", "Free Website", is_active=True, account_id=work.standin.account_id)
        work.standin.other_zones = [f"zone{number:02}.example" for number in range(70)]
        seen = await zones_seen(work.client)
        assert [zone.name for zone in seen] == ["example.com", *work.standin.other_zones]


@pytest.mark.parametrize(
    ("item", "seen"),
    [
        ({"name": "a.example"}, SeenZone("a.example", "", is_active=True, account_id="")),
        ({"name": "a.example", "status": "pending"}, SeenZone("a.example", "", is_active=False, account_id="")),
        ({"name": "a.example", "paused": True}, SeenZone("a.example", "", is_active=False, account_id="")),
    ],
)
async def test_a_zone_that_tells_little(tmp_path: Path, item: dict[str, object], seen: SeenZone) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call="GET */zones", body={"success": True, "result": [item]}, times=2)
        assert await zones_seen(work.client) == (seen,)


async def test_a_zone_without_a_name_is_not_none(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(call="GET */zones", body={"success": True, "result": [{"id": "a"}]})
        with pytest.raises(Unclear):
            await zones_seen(work.client)


async def test_a_token_is_known_or_not(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await check_token_is_known(work.client)
        work.standin.permissions.clear()
        await check_token_is_known(work.client)
        with pytest.raises(MissingRight):
            await zones_seen(work.client)
    async with at_work(tmp_path / "other", token="cfut_" + "x" * 40) as work:
        with pytest.raises(MissingRight):
            await check_token_is_known(work.client)


@pytest.mark.parametrize("preset", ["documented", "empty"])
async def test_the_right_to_change_rules_is_told_without_changing_one(tmp_path: Path, preset: str) -> None:
    async with at_work(tmp_path, preset=preset) as work:
        before = work.standin.rules
        await work.zone.check_may_change_rules()
        assert work.standin.rules == before
        work.standin.permissions.discard("waf:edit")
        work.standin.permissions.add("waf:read")
        with pytest.raises(MissingRight):
            await work.zone.check_may_change_rules()

"""IP Access rules and URL rewrites as the API lists them."""

from pathlib import Path
from typing import Any

import pytest
from cloudflare import BadRequestError, NotFoundError

from tests.sandbox.cloudflare.cloudflare_at_work import AtWork, code_of, serving

TRANSFORM: Any = "http_request_transform"


async def listed(at_work: AtWork, *, account: bool = False, **query: Any) -> list[tuple[str, str]]:
    where: dict[str, Any] = {"account_id": at_work.standin.account_id} if account else {"zone_id": at_work.zone_id}
    rules = at_work.client.firewall.access_rules.list(**where, **query)
    return [(str(one.mode), str(one.configuration.value)) async for one in rules]


@pytest.mark.parametrize("shows", [True, False])
async def test_the_zones_list_and_the_accounts(tmp_path: Path, shows: bool) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.zone_lists_account_rules = shows
        at_work.standin.allow_by_hand("ip", "192.0.2.1", notes="The office")
        at_work.standin.allow_by_hand("country", "NL", mode="block")
        at_work.standin.allow_by_hand("asn", "AS64496", account=True)
        everything = [("whitelist", "192.0.2.1"), ("block", "NL"), ("whitelist", "AS64496")]
        assert await listed(at_work) == (everything if shows else everything[:2])
        assert await listed(at_work, account=True) == everything[2:]
        assert await listed(at_work, mode="block") == everything[1:2]
        assert await listed(at_work, notes="office") == everything[:1]
        assert await listed(at_work, configuration={"target": "country"}) == everything[1:2]
        with pytest.raises(BadRequestError):
            await listed(at_work, mode="allow")
        at_work.standin.disallow_by_hand("192.0.2.1")
        assert await listed(at_work, notes="office") == []
        with pytest.raises(LookupError):
            at_work.standin.disallow_by_hand("192.0.2.1")


async def test_in_pages(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        for number in range(5):
            at_work.standin.allow_by_hand("ip", f"192.0.2.{number}")
        envelope: Any = await at_work.client.get(
            f"/zones/{at_work.zone_id}/firewall/access_rules/rules?page=2&per_page=3", cast_to=object
        )
        assert [one["configuration"]["value"] for one in envelope["result"]] == ["192.0.2.3", "192.0.2.4"]
        assert envelope["result_info"] == {"page": 2, "per_page": 3, "count": 2, "total_count": 5}


async def test_rewrites(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        with pytest.raises(NotFoundError) as caught:
            await at_work.client.rulesets.phases.get(TRANSFORM, zone_id=at_work.zone_id)
        assert code_of(caught.value) == 10003
        at_work.standin.rewrite_by_hand("ssl", "/new", "old app")
        ruleset = await at_work.client.rulesets.phases.with_raw_response.get(TRANSFORM, zone_id=at_work.zone_id)
        envelope: Any = await ruleset.json()
        (rule,) = envelope["result"]["rules"]
        assert (rule["action"], rule["description"]) == ("rewrite", "old app")
        assert rule["action_parameters"] == {"uri": {"path": {"value": "/new"}}}

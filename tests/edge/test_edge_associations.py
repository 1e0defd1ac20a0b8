"""The hosts at which Cloudflare asks: read, merged, written, read back."""

from pathlib import Path
from typing import Any

import pytest

from bot.errors import EdgeConflict, HostsNotTaken, MissingRight, Unclear
from tests.edge.zone_at_work import at_work

HA, PHOTOS, NEW = "ha.example.com", "photos.example.com", "new.example.com"
READ, WRITE = "GET */hostname_associations", "PUT */hostname_associations"


async def test_hosts_are_added_and_removed_and_those_of_others_stay(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        assert await work.zone.change_hosts(add={NEW}) == (HA, NEW, PHOTOS)
        assert await work.zone.change_hosts(remove={NEW, HA}) == (PHOTOS,)
        assert work.standin.hosts == [PHOTOS]


async def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.change_hosts(add={HA}, remove={NEW})
        assert work.calls("PUT") == 0


async def test_the_last_host_goes_by_an_empty_list_not_by_none(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        await work.zone.change_hosts(remove={HA, PHOTOS})
        assert work.standin.hosts == []
        assert [call.sent for call in work.standin.calls if call.label.startswith("PUT")] == [{"hostnames": []}]


async def test_a_host_that_vanishes_is_told(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        work.standin.vanishing_hosts = {NEW}
        with pytest.raises(HostsNotTaken) as refused:
            await work.zone.change_hosts(add={NEW})
        assert refused.value.hosts == (NEW,)
        assert work.standin.hosts == [HA, PHOTOS]


async def test_somebody_changes_it_at_the_same_time(tmp_path: Path) -> None:
    async with at_work(tmp_path) as work:
        # What is read back lacks what somebody else overwrote; the next round merges again.
        other = {"success": True, "errors": [], "result": {"hostnames": [PHOTOS, "theirs.example.com"]}}
        work.standin.fault(call=READ, body=other)
        assert await work.zone.change_hosts(add={NEW}) == (NEW, PHOTOS, "theirs.example.com")
        work.standin.fault(call=READ, body=other, times=0)
        with pytest.raises(EdgeConflict):
            await work.zone.change_hosts(add={NEW}, remove={"theirs.example.com"})


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"call": READ, "status": 500}, Unclear),
        ({"call": WRITE, "status": 403}, MissingRight),
        ({"call": READ, "body": {"success": True, "result": {"hostnames": "x"}}}, Unclear),
    ],
)
async def test_trouble_is_not_an_empty_list(tmp_path: Path, fault: dict[str, Any], raised: type[Exception]) -> None:
    async with at_work(tmp_path) as work:
        work.standin.fault(**fault)
        with pytest.raises(raised):
            await work.zone.change_hosts(add={NEW})
        assert work.standin.hosts == [HA, PHOTOS]

"""What an account did to the lock itself is in the list of a report too, and is put right from it."""

from datetime import timedelta
from pathlib import Path

from bot.model.lost_devices import TraceKind
from bot.model.openings.input import WantedPath
from bot.services.lost_devices import follow_up
from bot.services.lost_devices import report as lost_devices_report
from bot.services.lost_devices.report_view import loss_card
from bot.services.openings import open_path
from bot.services.protection import hosts
from tests.locked_household import HA_HOST, PHOTOS_HOST, locked, somebody, unprotect

HOOK = WantedPath(
    host=HA_HOST,
    path="/api/webhook/abc",
    query=None,
    method=None,
    networks=(),
    reason=None,
    lasting=False,
    lasts=timedelta(hours=2),
    ignored_query=False,
)


async def test_a_lock_taken_off_and_a_path_opened_are_put_right(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        parts = home.bot.app.parts
        anna, ben = await somebody(home, "Anna"), await somebody(home, "Ben")
        await open_path.open_path(parts, anna, HOOK)
        await home.settle()
        await unprotect(home, PHOTOS_HOST)
        assert await home.opens(None, f"https://{HA_HOST}/api/webhook/abc") == 200
        assert await home.opens(None, f"https://{PHOTOS_HOST}/") == 200
        report = await lost_devices_report.report_all(parts, ben, anna.public_id, None)
        async with parts.store.read() as tx:
            card = await loss_card(tx, report.loss, ben, None, ())
        assert {TraceKind.HOST, TraceKind.PATH} <= {trace.kind for trace in card.traces}
        await follow_up.revoke_remaining(parts, ben, report.loss.public_id)
        await home.settle()
        assert await home.opens(None, f"https://{HA_HOST}/api/webhook/abc") == 403
        assert await home.opens(None, f"https://{PHOTOS_HOST}/") == 403
        assert {one.host for one in await hosts.protected_hosts(parts)} == {HA_HOST, PHOTOS_HOST}
        async with parts.store.read() as tx:
            assert not await tx.paths.open_now()
            card = await loss_card(tx, await tx.losses.of(report.loss.public_id), ben, None, ())
        assert all(trace.done for trace in card.traces)

"""What an account did to the lock itself is in the list of a report too, and is put right from it."""

from datetime import timedelta
from pathlib import Path

from bot.model.losses import TraceKind
from bot.model.path_reading import WantedPath
from bot.services import losing, loss_answers, openpath, protecting
from bot.services.loss_looks import loss_card
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
        await openpath.open_path(parts, anna, HOOK)
        await home.settle()
        await unprotect(home, PHOTOS_HOST)
        assert await home.opens(None, f"https://{HA_HOST}/api/webhook/abc") == 200
        assert await home.opens(None, f"https://{PHOTOS_HOST}/") == 200
        report = await losing.report_all(parts, ben, anna.public_id, None)
        async with parts.store.read() as tx:
            card = await loss_card(tx, report.loss, ben, None, ())
        assert {TraceKind.HOST, TraceKind.PATH} <= {trace.kind for trace in card.traces}
        await loss_answers.take_the_rest_back(parts, ben, report.loss.public_id)
        await home.settle()
        assert await home.opens(None, f"https://{HA_HOST}/api/webhook/abc") == 403
        assert await home.opens(None, f"https://{PHOTOS_HOST}/") == 403
        assert {one.host for one in await protecting.protected_hosts(parts)} == {HA_HOST, PHOTOS_HOST}
        async with parts.store.read() as tx:
            assert not await tx.paths.open_now()
            card = await loss_card(tx, await tx.losses.of(report.loss.public_id), ben, None, ())
        assert all(trace.done for trace in card.traces)

"""A restored backup, and the bot's own certificate that was made after it: the bot sees to it, nobody has to."""

from pathlib import Path

from tests.e2e.test_e2e_backup import backup, restored
from tests.locked_household import HA_HOST, locked


async def test_it_is_revoked_in_the_end_and_status_does_not_call_it_a_strangers(tmp_path: Path) -> None:
    async with locked(tmp_path, HA_HOST) as home:
        data = backup(home)
        await home.clock(days=31)
        await home.clock(minutes=5)
        (own,) = [one for one in home.world.cloudflare.certificates if one.status == "active"]
        home.world.cloudflare.fault(call=f"DELETE */client_certificates/{own.id}", status=500, times=0)
        await restored(home, data)
        assert own.status == "active"
        await home.say("Anna", "/status")
        assert "not made by me" not in home.newest("Anna").text
        home.world.end_trouble()
        await home.clock(minutes=6)
        assert own.status == "revoked"
        await home.say("Anna", "/status")
        assert "not made by me" not in home.newest("Anna").text

"""The rule of our own, from protecting a host to turning a phone away by its fingerprint, over real HTTP and TLS."""

from pathlib import Path

from tests.locked_household import locked

HA = "https://ha.example.com/"


async def test_a_revoke_is_in_force_before_cloudflare_revokes(tmp_path: Path) -> None:
    async with locked(tmp_path, pending_seconds=3600) as home:
        pixel8 = await home.device("Anna", "pixel8")
        assert await home.opens(None) == 403
        assert await home.opens(pixel8) == 200
        await home.say("Anna", "/revoke pixel8")
        assert home.world.cloudflare.certificates[-1].status == "pending_revocation"
        assert await home.opens(pixel8) == 403
        said = home.newest("Anna").text
        assert "Cloudflare has the order" in said
        assert "New rule seen at the edge from here, 0 s." in said
        await home.clock(hours=2)
        assert "revoked at Cloudflare" in home.newest("Anna").text

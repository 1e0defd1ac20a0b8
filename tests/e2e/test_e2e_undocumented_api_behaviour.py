"""What is not documented of Cloudflare and Telegram: the bot copes with either answer."""

from datetime import timedelta

import pytest

from tests.household import Household


async def test_a_file_too_old_to_delete_is_emptied(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.restart(after=timedelta(days=3))
    names = [m.document.file_name for m in home.phone("Anna").chat if m.document]
    assert names == ["removed.txt"]
    assert not any("tap it to copy" in text for text in home.texts("Anna"))


@pytest.mark.parametrize("form", ["decimal", "hex"])
async def test_the_serial_is_the_certificates_own(home: Household, form: str) -> None:
    home.world.cloudflare.serial_format = form  # type: ignore[assignment]
    await home.say("Anna", "/newcert pixel8")
    await home.say("Anna", "/certs")
    card = (await home.tap("Anna", "🟢 pixel8"))[0].text
    assert f"Serial: {home.world.cloudflare.certificates[0].certificate.serial_number:X}" in card


async def test_a_shorter_validity_than_asked_is_told_as_it_is(home: Household) -> None:
    home.world.cloudflare.validity_cap_days = 30
    await home.say("Anna", "/newcert pixel8 2y")
    until = home.world.clock.now() + timedelta(days=30)
    assert f"{until.year}" in home.newest("Anna").text
    async with home.bot.app.parts.store.read() as tx:
        (row,), _ = await tx.certificates.page(None, 0, 5)
    assert row.expires_at is not None
    assert row.expires_at <= until


async def test_a_second_revoke_by_hand_is_no_trouble(home: Household) -> None:
    await home.device("Anna", "pixel8")
    home.world.cloudflare.revoke_by_hand(home.world.cloudflare.certificates[0].id)
    await home.say("Anna", "/revoke pixel8")
    assert "revoked at Cloudflare" in home.newest("Anna").text


async def test_the_refusal_of_a_full_zone_may_have_any_code(home: Household) -> None:
    home.world.cloudflare.quota_code = 4711
    for _ in range(100):
        home.world.cloudflare.issue_by_hand()
    await home.say("Anna", "/newcert pixel8")
    assert "100 of 100" in home.newest("Anna").text

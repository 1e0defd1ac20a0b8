"""Menus as each person sees them, and lists longer than a screen."""

from pathlib import Path

from bot.settings import PREFIX, Settings
from tests.household import Household


async def test_menus_are_per_person(home: Household) -> None:
    assert [name for name, _ in home.phone("Anna").menu] == ["newcert", "certs", "revoke", "help", "whoami"]
    assert [name for name, _ in home.phone("Kim").menu] == ["start", "whoami"]


async def test_pages_of_devices(home: Household) -> None:
    for number in range(8):
        await home.say("Anna", f"/newcert phone{number}")
        await home.say("Anna", f"/revoke phone{number}")
    first = (await home.say("Anna", "/certs"))[0].text
    assert first.startswith("Your devices: 8")
    assert "phone7" in first
    assert "phone1" not in first
    second = (await home.tap("Anna", "Older ▶"))[0]
    assert second.kind == "edit"
    assert "phone1" in second.text
    await home.tap("Anna", "◀ Newer")
    await home.tap("Anna", "🔴 phone5")
    assert "State: revoked" in home.with_button("Anna", "All devices").text
    await home.tap("Anna", "All devices")
    assert home.with_button("Anna", "Older ▶").text == first


async def test_everybodys_devices_carry_their_owner(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    await home.say("Ben", "/newcert pixel8")
    listed = (await home.say("Ben", "/certs all"))[0]
    assert [b.text for row in listed.message.rows for b in row] == ["🟢 pixel8", "🟢 Anna/pixel8"]  # type: ignore[union-attr]
    assert "/revoke Anna/pixel8" in (await home.tap("Ben", "🟢 Anna/pixel8"))[0].text


def test_the_example_explains_every_setting() -> None:
    example = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")
    named = {line.lstrip("#").partition("=")[0] for line in example.splitlines() if f"{PREFIX}" in line and "=" in line}
    assert {name for name in named if name.startswith(PREFIX)} == {PREFIX + f.upper() for f in Settings.model_fields}

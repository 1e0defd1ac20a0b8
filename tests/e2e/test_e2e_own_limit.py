"""A person's own limit of devices counts wherever one more is counted, on both sides of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model.audit import AuditTag
from tests.family import Family, family

EVERYBODYS = 2
"""What the settings say in this home."""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path, device_limit=EVERYBODYS) as home:
        yield home


async def limited(home: Family, who: str, limit: int | None) -> None:
    person = await home.person(who)
    async with home.bot.app.parts.store.write() as tx:
        await tx.people.change(person, tag=AuditTag.PERSON_LIMIT_SET, detail={"limit": limit}, device_limit=limit)


@pytest.mark.parametrize(
    ("limit", "others", "given"),
    [(None, 1, True), (None, 2, False), (1, 0, True), (1, 1, False), (3, 2, True), (3, 3, False), (0, 0, False)],
)
async def test_undo_counts_by_the_persons_own_limit(home: Family, limit: int | None, others: int, given: bool) -> None:
    """A revoke by a slip of the thumb; ``others`` are in use besides when it is taken back."""
    await limited(home, "Anna", 50)
    held = [f"other-{number}" for number in range(others)]
    for name in (*held, "slip"):
        await home.device("Anna", name)
    await home.say("Anna", "/revoke slip")
    await limited(home, "Anna", limit)
    await home.tap("Anna", "Undo")
    assert sorted(home.live()) == sorted([*held, "slip"] if given else held)


async def test_ordering_and_asking_count_by_the_persons_own_limit(home: Family) -> None:
    await limited(home, "Mia", 1)
    await home.say("Mia", "/newcert one")
    assert "limit" in (await home.say("Mia", "/newcert two"))[0].text
    await limited(home, "Mia", 3)
    await home.say("Mia", "/newcert two")
    assert sorted(home.live()) == ["one", "two"]
    await limited(home, "Tom", 0)
    assert "limit" in (await home.say("Tom", "/newcert phone"))[0].text
    await limited(home, "Tom", 1)
    assert "limit" not in (await home.say("Tom", "/newcert phone"))[0].text

"""Who is turned away by fingerprint, and who first when there is no room for all."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.certificates.denylist import DenylistEntry, ranked

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def block(name: str, *, asked: float = 1, confirmed: float | None = None, **more: object) -> DenylistEntry:
    """A block, its moments in hours ago."""
    at = None if confirmed is None else NOW - timedelta(hours=confirmed)
    facts: dict[str, object] = {"expires_at": None, "lost": False, **more}
    return DenylistEntry(fingerprint=name, asked_at=NOW - timedelta(hours=asked), confirmed_at=at, **facts)  # type: ignore[arg-type]


def test_the_unconfirmed_come_first_whatever_their_age() -> None:
    order = ranked(
        [
            block("fresh", confirmed=1),
            block("new"),
            block("oldest", asked=901),
            block("old", asked=900),
            block("lost", asked=5, lost=True),
        ],
        NOW,
    )
    assert order.fingerprints == ("lost", "new", "old", "oldest", "fresh")
    assert order.unconfirmed == 4


def test_a_day_after_confirmation_it_leaves_but_a_lost_one_stays() -> None:
    order = ranked(
        [
            block("23", confirmed=23.9),
            block("24", confirmed=24),
            block("lost", confirmed=900, lost=True),
            block("lost 24", confirmed=24, lost=True),
        ],
        NOW,
    )
    assert order.fingerprints == ("23", "lost 24", "lost")
    assert order.unconfirmed == 0


def test_a_fresh_lost_one_is_there_once_and_is_no_more_pressing() -> None:
    order = ranked([block("a", confirmed=1), block("lost", confirmed=2, lost=True)], NOW)
    assert order.fingerprints == ("a", "lost")


def test_nothing_is_lost_unless_somebody_says_so() -> None:
    old = DenylistEntry(fingerprint="x", asked_at=NOW, confirmed_at=NOW - timedelta(days=2), expires_at=None)
    assert ranked([old], NOW).fingerprints == ()


@pytest.mark.parametrize(("left", "turned_away"), [(timedelta(seconds=1), True), (timedelta(0), False)])
def test_a_confirmed_one_is_turned_away_until_it_ends(left: timedelta, turned_away: bool) -> None:
    order = ranked([block("x", confirmed=1, expires_at=NOW + left)], NOW)
    assert bool(order.fingerprints) is turned_away


def test_the_oldest_confirmed_goes_out_first() -> None:
    order = ranked([block("a", confirmed=3), block("b", confirmed=1), block("c", confirmed=2)], NOW)
    assert order.fingerprints == ("b", "c", "a")


def test_an_expired_one_needs_nobody_once_it_is_confirmed() -> None:
    past = NOW - timedelta(hours=1)
    order = ranked(
        [
            block("gone", confirmed=2, expires_at=past),
            block("unsure", expires_at=past),
            block("lost", confirmed=90, lost=True, expires_at=past),
        ],
        NOW,
    )
    assert order.fingerprints == ("unsure",)

"""What three looks at a host say together."""

from itertools import product

import pytest

from bot.model.probing import HostLook, Look, Verdict, Why

BLOCKED = Look(Verdict.BLOCKED, 403, Why.BLOCK_PAGE)
PASSED = Look(Verdict.PASSED, 200, Why.SERVICE)
CHALLENGED = Look(Verdict.CHALLENGED, 403, Why.CHALLENGE)
UNCLEAR = Look(Verdict.UNCLEAR, None, Why.TIME_OUT)
LOOKS = (BLOCKED, PASSED, CHALLENGED, UNCLEAR)


@pytest.mark.parametrize(("without", "live", "revoked"), list(product(LOOKS, repeat=3)))
def test_locked_and_open(without: Look, live: Look, revoked: Look) -> None:
    look = HostLook("ha.example.com", without=without, live=live, revoked=revoked)
    # Only both together are a lock: a host that blocks everybody proves nothing.
    assert look.is_locked is (without is BLOCKED and live is PASSED)
    assert look.is_open is (PASSED in (without, revoked))


@pytest.mark.parametrize("live", LOOKS)
@pytest.mark.parametrize("seen", LOOKS)
def test_a_block_tells_nothing_where_everybody_is_blocked(seen: Look, live: Look) -> None:
    either_way = Look(Verdict.UNCLEAR, 403, Why.BLOCKED_EITHER_WAY)
    expected = either_way if seen is live is BLOCKED else seen
    assert HostLook("ha.example.com", without=seen, live=live, revoked=PASSED).verdict_without == expected
    assert HostLook("ha.example.com", without=PASSED, live=live, revoked=seen).verdict_revoked == expected

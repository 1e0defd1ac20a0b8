"""What three looks at a host say together."""

from itertools import product

import pytest

from bot.model.proofs.probe_results import Cause, HostProbe, ProbeResult, Verdict

BLOCKED = ProbeResult(Verdict.BLOCKED, 403, Cause.BLOCK_PAGE)
PASSED = ProbeResult(Verdict.PASSED, 200, Cause.SERVICE)
CHALLENGED = ProbeResult(Verdict.CHALLENGED, 403, Cause.CHALLENGE)
UNCLEAR = ProbeResult(Verdict.UNCLEAR, None, Cause.TIME_OUT)
LOOKS = (BLOCKED, PASSED, CHALLENGED, UNCLEAR)


@pytest.mark.parametrize(("without", "live", "revoked"), list(product(LOOKS, repeat=3)))
def test_locked_and_open(without: ProbeResult, live: ProbeResult, revoked: ProbeResult) -> None:
    look = HostProbe("ha.example.com", without=without, live=live, revoked=revoked)
    # Only both together are a lock: a host that blocks everybody proves nothing.
    assert look.is_locked is (without is BLOCKED and live is PASSED)
    assert look.is_open is (PASSED in (without, revoked))


@pytest.mark.parametrize("live", LOOKS)
@pytest.mark.parametrize("seen", LOOKS)
def test_a_block_tells_nothing_where_everybody_is_blocked(seen: ProbeResult, live: ProbeResult) -> None:
    either_way = ProbeResult(Verdict.UNCLEAR, 403, Cause.BLOCKED_EITHER_WAY)
    expected = either_way if seen is live is BLOCKED else seen
    assert HostProbe("ha.example.com", without=seen, live=live, revoked=PASSED).verdict_without == expected
    assert HostProbe("ha.example.com", without=PASSED, live=live, revoked=seen).verdict_revoked == expected

"""Examples of what is told of certificates that end, and of who knocked, for the tests of words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model.certificates.certificates import Certificate, Origin
from bot.model.certificates.renewal import Digest, RenewalDue
from bot.model.status.blocked_requests import BlockedRequest, BlockedRequests, ClientKind

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def renewal_notices(hostile: str, certificate: Certificate) -> list[RenewalDue | Digest | BlockedRequests]:
    """Each in each shape."""
    quiet = Digest(
        expiring=(),
        more_expiring=0,
        unreachable=(),
        locked=1,
        unproven=(),
        proven_at=None,
        events=0,
        head="0" * 12,
    )
    ending = replace(certificate, expires_at=AT + timedelta(days=30))
    return [
        RenewalDue(ending, False, (15, 28), AT),
        RenewalDue(ending, False, (), AT),
        RenewalDue(replace(ending, origin=Origin.OWN_KEY), False, (3,), AT),
        RenewalDue(replace(ending, expires_at=AT - timedelta(days=1)), True, (), AT),
        *(
            BlockedRequests((), not_told=why, right="Zone: Analytics: Read")
            for why in ("MissingRight", "RefusedByEdge", "Busy")
        ),
        BlockedRequests((), hours=24),
        BlockedRequests((BlockedRequest(at=AT, host=hostile, path=hostile, country="", program="?"),) * 10, hours=1),
        BlockedRequests(
            tuple(BlockedRequest(at=AT, host=hostile, path=hostile, country="DE", program=one) for one in ClientKind),
            hours=2,
        ),
        replace(quiet, locked=0),
        quiet,
        Digest(
            expiring=(ending,) * 8,
            more_expiring=40,
            unreachable=(hostile,) * 20,
            locked=20,
            unproven=("ha.example.com",) * 20,
            proven_at=AT,
            events=10_000,
            head="0123456789ab",
        ),
    ]

"""Examples of what /status tells, for the tests of words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.model.certificates.certificates import Certificate
from bot.model.openings.paths import PathState
from bot.model.people.people import Person
from bot.model.proofs.proofs import LastProof
from bot.model.protection.hosts import HostState
from bot.model.protection.rule_state import Drift
from bot.model.protection.zone_settings import Switch
from bot.model.status.lock_report import HostReport, LockReport
from bot.model.status.status import (
    Adopted,
    BeingMended,
    NotAdopted,
    StatusReport,
    UnknownCertificate,
    UnknownCertificates,
)
from tests.chat import earlier_examples
from tests.chat.path_examples import a_path

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
_ID = "12345678-1234-1234-1234-123456789012"


def _lock(hostile: str) -> LockReport:
    return LockReport(
        zone="example.com",
        hosts=(HostReport("ha.example.com", HostState.PROTECTED, False, True),),
        differences=frozenset(),
        seen=True,
        unlocked=False,
        lockdown=False,
        everything=False,
        paths=(a_path(PathState.OPEN, hostile),) * 9,
        used=7,
        quota=100,
        waiting=0,
        trouble="",
    )


def well(hostile: str) -> StatusReport:
    """Nothing is wrong."""
    return StatusReport(
        lock=_lock(hostile),
        at=AT,
        http3=Switch.OFF,
        zero_rtt=Switch.OFF,
        admins=2,
        proof=LastProof(at=AT, green=2, yellow=0, red=0),
    )


def worst(hostile: str, certificate: Certificate) -> StatusReport:
    """All that can be wrong at once is."""
    hosts = tuple(HostReport(f"{n}.example.com", HostState.PROTECTED, True, False) for n in range(40))
    return StatusReport(
        lock=replace(
            _lock(hostile),
            hosts=hosts,
            differences=frozenset(Drift),
            unlocked=True,
            lockdown=True,
            used=99,
            skips=(hostile,) * 9,
            only_there=("x.example.com",) * 9,
            earlier=earlier_examples.earlier(hostile),
        ),
        at=AT,
        not_done="MissingRight",
        missing_rights=("Zone: Zone WAF: Edit", "Zone: SSL and Certificates: Edit"),
        http3=Switch.ON,
        zero_rtt=Switch.ON,
        clock_ahead=timedelta(seconds=-90),
        unknown=(hostile, "") * 9,
        missing=(certificate,) * 9,
        expiring=(certificate,) * 3,
        more_expiring=5,
        other_zones=("example.org",) * 9,
        admins=1,
        proof=LastProof(at=AT - timedelta(days=3), green=0, yellow=1, red=1),
    )


def status_notices(
    hostile: str, certificate: Certificate, people: tuple[Person, ...]
) -> list[StatusReport | BeingMended | UnknownCertificates | Adopted | NotAdopted]:
    """Each in each shape."""
    good, bad = well(hostile), worst(hostile, certificate)
    lock = good.lock
    found = UnknownCertificate(
        cloudflare_id=_ID, common_name=hostile, serial="F" * 40, issued_at=AT, expires_at=AT + timedelta(days=9)
    )
    bare = replace(found, common_name="", serial="", issued_at=None, expires_at=None)
    return [
        good,
        bad,
        BeingMended(),
        replace(bad, not_done="Unclear", lock=replace(bad.lock, unlocked=False, everything=True)),
        replace(good, lock=replace(lock, trouble="Busy", used=None), http3=Switch.NOT_TOLD),
        replace(good, http3=Switch.NOT_TOLD, proof=LastProof(at=None, green=0, yellow=0, red=0)),
        replace(good, lock=replace(lock, hosts=(), paths=()), proof=LastProof(at=None, green=0, yellow=0, red=0)),
        *(replace(good, lock=replace(lock, differences=frozenset({one}))) for one in Drift),
        UnknownCertificates(number=0, total=3, certificate=found, people=people * 6),
        UnknownCertificates(number=0, total=1, certificate=bare, people=people),
        UnknownCertificates(number=0, total=0, certificate=None),
        UnknownCertificates(number=2, total=0, certificate=None, not_told=True),
        *(Adopted(certificate=certificate, more=more) for more in (0, 2)),
        *(NotAdopted(not_told) for not_told in (True, False)),
    ]

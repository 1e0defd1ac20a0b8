"""What a report of a lost device reaches: since when, and whose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.model.lost_devices import (
    UNLESS_TOLD,
    Activity,
    LastSeen,
    LossCard,
    LossChanged,
    LossChoice,
    LossReader,
    LossReport,
    LossState,
    TraceKind,
    since_when,
)
from bot.model.people.people import Person, Role, Standing
from bot.model.public_id import PublicId

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MADRID = ZoneInfo("Europe/Madrid")
KIM = Person(
    id=1,
    public_id=PublicId("abcdefgh"),
    telegram_id=101,
    name="Kim",
    role=Role.MEMBER,
    standing=Standing.OK,
    trusted=False,
    reachable=True,
    permanent=False,
    language="en",
    time_zone=None,
)
LOSS = LossReport(
    id=1,
    public_id=PublicId("llllllll"),
    owner_id=1,
    reported_by=1,
    reported_at=NOW,
    whole=True,
    certificates=(),
    state=LossState.OPEN,
    decided_by_name=None,
    decided_at=None,
    answers={},
    version=0,
)
CARD = LossCard(
    loss=LOSS,
    reader=LossReader.ADMIN,
    owner=KIM,
    reporter_name="Anna",
    reported_by_reader=False,
    frozen=True,
    certificates=(),
    helpers=(),
    since=None,
    traces=(),
    unticked=frozenset(),
    lock=None,
    turned=(),
    reaches_others=False,
)
OWN = Activity(kind=TraceKind.CERTIFICATE, subject="cccccccc", name="Pixel 8", at=NOW, done=False)


@pytest.mark.parametrize(
    ("answer", "since"),
    [
        (LastSeen.JUST_NOW, datetime(2026, 11, 30, 11, 45, tzinfo=UTC)),
        (LastSeen.AN_HOUR, datetime(2026, 11, 30, 11, tzinfo=UTC)),
        # Midnight in Madrid is 23:00 UTC.
        (LastSeen.THIS_MORNING, datetime(2026, 11, 29, 23, tzinfo=UTC)),
        (LastSeen.YESTERDAY, datetime(2026, 11, 28, 23, tzinfo=UTC)),
        (LastSeen.EARLIER, datetime(2026, 10, 31, 12, tzinfo=UTC)),
    ],
)
def test_since_when(answer: LastSeen, since: datetime) -> None:
    assert since_when(answer, NOW, MADRID) == since


@pytest.mark.parametrize(
    ("minutes", "since"),
    [
        # Just after midnight "this morning" is an hour ago at least.
        (0, datetime(2026, 11, 29, 22, tzinfo=UTC)),
        (59, datetime(2026, 11, 29, 22, 59, tzinfo=UTC)),
        (60, datetime(2026, 11, 29, 23, tzinfo=UTC)),
        (61, datetime(2026, 11, 29, 23, tzinfo=UTC)),
    ],
)
def test_this_morning_in_the_first_hour_of_a_day(minutes: int, since: datetime) -> None:
    midnight = datetime(2026, 11, 29, 23, tzinfo=UTC)
    assert since_when(LastSeen.THIS_MORNING, midnight + timedelta(minutes=minutes), MADRID) == since


@pytest.mark.parametrize("kind", list(TraceKind))
@pytest.mark.parametrize("owner", [None, "Ben"])
def test_only_its_own_certificates_are_nobody_elses(kind: TraceKind, owner: str | None) -> None:
    assert replace(OWN, kind=kind, owner=owner).is_own is (kind is TraceKind.CERTIFICATE and owner is None)


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("reaches_others", [False, True])
def test_who_may_take_back_what(reaches_others: bool, own: bool, done: bool) -> None:
    trace = replace(OWN, owner=None if own else "Ben", done=done)
    may = replace(CARD, reaches_others=reaches_others).may_take_back(trace)
    assert may is (not done and (own or reaches_others))


def test_how_buttons_name_it() -> None:
    assert OWN.key == "c-cccccccc"
    assert not OWN.going


def test_a_day_back_for_whoever_has_not_said() -> None:
    assert timedelta(days=1) == UNLESS_TOLD


def test_a_report_freezes_unless_it_is_said_otherwise() -> None:
    choice = LossChoice(viewer=KIM, owner=KIM, certificates=(), others=False)
    assert (choice.freezes, choice.last_admin) == (True, False)
    assert not CARD.disputable
    assert LossChanged(LOSS, KIM).count == 0

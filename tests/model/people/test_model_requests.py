"""The states of a request and the moves between them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.people.people import Person, Role, Standing
from bot.model.people.requests import ENDED_UNDECIDED, ONE_CARD, REQUEST_MOVES, Request, RequestKind, RequestState
from bot.model.public_id import PublicId

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
OPEN, APPROVED, BLOCKED = RequestState.OPEN, RequestState.APPROVED, RequestState.BLOCKED
USED, LAPSED, DENIED = RequestState.USED, RequestState.LAPSED, RequestState.DENIED
EXPIRED, WITHDRAWN = RequestState.EXPIRED, RequestState.WITHDRAWN

KIM = Person(
    id=1,
    public_id=PublicId("abcdefgh"),
    telegram_id=101,
    name="Kim",
    role=Role.GUEST,
    standing=Standing.OK,
    trusted=False,
    reachable=True,
    permanent=False,
    language="en",
    time_zone=None,
)
REQUEST = Request(
    id=1,
    public_id=PublicId("abcdefgh"),
    kind=RequestKind.COME_IN,
    state=OPEN,
    person=KIM,
    device_name=None,
    device_kind=None,
    via=None,
    days=None,
    line=None,
    came_by=None,
    invited_by=None,
    replaces=None,
    certificate_id=None,
    asked_at=NOW,
    expires_at=NOW,
    reminded_at=None,
    decided_by=None,
    decided_by_name=None,
    decided_at=None,
    reason=None,
    permission_until=None,
)


def sources(state: RequestState) -> set[RequestState]:
    """From where it is reached."""
    return {before for before, moves in REQUEST_MOVES.items() if state in moves}


def test_every_state_has_its_moves() -> None:
    assert set(REQUEST_MOVES) == set(RequestState)


@pytest.mark.parametrize(
    ("state", "before"),
    [
        (OPEN, set()),
        (APPROVED, {OPEN}),
        (DENIED, {OPEN}),
        (EXPIRED, {OPEN}),
        (USED, {APPROVED}),
        (LAPSED, {APPROVED}),
        (WITHDRAWN, {OPEN, APPROVED}),
        # *Block* stays on a card that nobody decided on.
        (BLOCKED, {OPEN, EXPIRED, WITHDRAWN}),
    ],
)
def test_where_a_state_comes_from(state: RequestState, before: set[RequestState]) -> None:
    assert sources(state) == before


@pytest.mark.parametrize("decided_by", [None, 7])
@pytest.mark.parametrize("state", list(RequestState))
def test_it_ended_undecided_when_it_was_taken_back_or_ran_out_and_no_admin_had_decided(
    state: RequestState, decided_by: int | None
) -> None:
    ended = replace(REQUEST, state=state, decided_by=decided_by).ended_undecided
    assert ended is (state in {WITHDRAWN, EXPIRED} and decided_by is None)


def test_where_one_can_still_be_blocked_it_ended_undecided() -> None:
    assert sources(BLOCKED) - {OPEN} == ENDED_UNDECIDED


def test_one_card_a_day() -> None:
    assert timedelta(days=1) == ONE_CARD

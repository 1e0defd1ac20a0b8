"""The states of a certificate and the moves between them, and what its files are called."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model.certificates.certificates import (
    COUNTED,
    MOVES,
    Certificate,
    Device,
    DeviceKind,
    KeyType,
    Origin,
    Purpose,
    State,
    subject_name,
)
from bot.model.public_id import PublicId

CERTIFICATE = Certificate(
    id=1,
    public_id=PublicId("abcdefgh"),
    device=Device(
        id=1,
        public_id=PublicId("dddddddd"),
        owner_id=1,
        owner_telegram_id=101,
        owner_name="Anna",
        name="Pixel 8",
        kind=DeviceKind.ANDROID,
    ),
    state=State.ACTIVE,
    purpose=Purpose.DEVICE,
    origin=Origin.MADE_HERE,
    replaces=None,
    key_type=KeyType.P256,
    asked_days=730,
    common_name="Pixel 8",
    public_key_sha256=None,
    cloudflare_id=None,
    serial=None,
    fingerprint_sha256=None,
    issued_at=None,
    expires_at=None,
    created_at=datetime(2026, 11, 30, tzinfo=UTC),
    shown_at=None,
    password_at=None,
    sent_at=None,
    password_shown_at=None,
    works_at=None,
    cleaned_at=None,
    lost_at=None,
    delivery_unknown_at=None,
    revoke_reason=None,
    revoke_asked_at=None,
    revoked_by=None,
    confirmed_revoked_at=None,
    never_restore=False,
    again_until=None,
)


def reachable(start: State) -> set[State]:
    seen = {start}
    waiting = [start]
    while waiting:
        fresh = MOVES[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return seen


def test_every_state_has_its_moves_and_every_move_leads_to_a_state() -> None:
    assert set(MOVES) == set(State)
    assert set().union(*MOVES.values()) <= set(State)


def test_every_state_can_be_reached_from_the_first() -> None:
    assert reachable(State.ISSUING) == set(State)


def test_no_state_moves_to_itself() -> None:
    assert not any(state in moves for state, moves in MOVES.items())


def test_what_has_ended_stays_ended() -> None:
    assert {state for state, moves in MOVES.items() if not moves} == {State.FAILED, State.EXPIRED}


def test_whatever_may_open_a_door_can_be_taken_away() -> None:
    for state in (State.ISSUING, State.ACTIVE, State.RESTORING, State.REVOKING):
        assert State.REVOKED in reachable(state), state


def test_a_revoked_certificate_comes_back_only_by_a_restore() -> None:
    before_active = {state for state, moves in MOVES.items() if State.ACTIVE in moves}
    assert before_active == {State.ISSUING, State.RESTORING}
    assert {State.RESTORING} == MOVES[State.REVOKED]


def test_what_counts_against_the_limit() -> None:
    assert {State.ISSUING, State.ACTIVE, State.RESTORING} == COUNTED


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.ISSUING, {State.ACTIVE, State.FAILED}),
        (State.ACTIVE, {State.REVOKING, State.EXPIRED}),
        (State.REVOKING, {State.REVOKED, State.RESTORING}),
        (State.RESTORING, {State.ACTIVE, State.REVOKING}),
    ],
)
def test_where_a_state_leads(state: State, after: set[State]) -> None:
    assert MOVES[state] == after


@pytest.mark.parametrize(
    ("origin", "replaces", "name"),
    [
        (Origin.MADE_HERE, None, "Pixel-8.p12"),
        (Origin.MADE_HERE, 7, "Pixel-8.p12"),
        (Origin.ADOPTED, 7, "Pixel-8.p12"),
        (Origin.OWN_KEY, None, "Pixel-8.pem"),
        # The old key is in use beside it until the new one works.
        (Origin.OWN_KEY, 7, "Pixel-8-abcdefgh.pem"),
    ],
)
def test_what_its_file_is_called(origin: Origin, replaces: int | None, name: str) -> None:
    assert replace(CERTIFICATE, origin=origin, replaces=replaces).file_name == name


def test_how_it_is_found_again() -> None:
    assert CERTIFICATE.organizational_unit == "Latchkey abcdefgh"


def test_whom_it_is_made_out_to() -> None:
    assert subject_name("Éric’s Pixel 8") == "Erics Pixel 8"

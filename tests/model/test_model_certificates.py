"""The states of a certificate and the moves between them."""

from bot.model.certificates import COUNTED, MOVES, State


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

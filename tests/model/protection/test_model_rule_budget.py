"""How much fits into the rule, to the character."""

from dataclasses import replace

import pytest

from bot.errors import ExpressionTooLong
from bot.model.protection.expression import Expression
from bot.model.protection.printer import to_text
from bot.model.protection.rule import DesiredRule, PathCheck, PathException, expression_of
from bot.model.protection.rule_budget import (
    FOR_HOSTS_AND_PATHS,
    MAX_CHARACTERS,
    FittedRule,
    check_fits,
    fit,
    paths_that_fit,
    used_by_hosts_and_paths,
)

RULE = DesiredRule(hosts=("ha.example.com",), beacon="4fk2abcd")


def measure(expression: Expression) -> int:
    return len(to_text(expression))


def path(length: int = 12, number: int = 0) -> PathException:
    return PathException(host="ha.example.com", path=f"/{number:03}".ljust(length, "x"), closes_at=1_796_083_200)


def fingerprints(count: int) -> tuple[str, ...]:
    return tuple(f"{number:064x}" for number in range(count))


def rule_of(used: int, *, by: PathCheck = PathCheck.NORMALISED) -> DesiredRule:
    """A rule with one path whose hosts and paths take exactly so many characters."""
    rule = replace(RULE, exceptions=(path(),), paths_by=by)
    lacking = used - used_by_hosts_and_paths(rule, measure)
    assert lacking >= 0
    longer = replace(rule, exceptions=(path(12 + lacking // _times(by)),))
    assert used_by_hosts_and_paths(longer, measure) == used
    return longer


def _times(by: PathCheck) -> int:
    return 2 if by is PathCheck.BOTH else 1


def test_the_limits_of_the_design() -> None:
    assert (MAX_CHARACTERS, FOR_HOSTS_AND_PATHS) == (4096, 2000)


@pytest.mark.parametrize("by", [PathCheck.NORMALISED, PathCheck.RAW])
def test_hosts_and_paths_have_two_thousand_characters(by: PathCheck) -> None:
    full = rule_of(2000, by=by)
    check_fits(full, measure)
    assert fit(full, 0, measure).rule == full
    over = rule_of(2001, by=by)
    for refused in (lambda: check_fits(over, measure), lambda: fit(over, 0, measure)):
        with pytest.raises(ExpressionTooLong) as error:
            refused()
        assert (error.value.used, error.value.most) == (2001, 2000)


def test_too_long_is_told_by_the_shortest_way() -> None:
    over = rule_of(2001, by=PathCheck.RAW).telling_paths_by(PathCheck.BOTH)
    with pytest.raises(ExpressionTooLong) as error:
        fit(over, 0, measure)
    assert error.value.used == 2001


def test_another_spelling_takes_room_only_where_it_is_compared() -> None:
    spelt = PathException(host="ha.example.com", path="/hook", sent="/%68ook", closes_at=1_796_083_200)
    room = {by: paths_that_fit(RULE.telling_paths_by(by), spelt, measure) for by in PathCheck}
    assert room[PathCheck.BOTH] == room[PathCheck.RAW] < room[PathCheck.NORMALISED]


def test_what_a_path_costs_more_by_what_was_sent_does_not_count() -> None:
    rule = replace(RULE, exceptions=(path(), path(number=1)))
    used = {by: used_by_hosts_and_paths(rule.telling_paths_by(by), measure) for by in PathCheck}
    assert used[PathCheck.RAW] == used[PathCheck.NORMALISED] < used[PathCheck.BOTH]
    assert used_by_hosts_and_paths(RULE, measure) == len('starts_with(lower(http.host), "ha.example.com")')


@pytest.mark.parametrize("unconfirmed", [0, 1, 40])
@pytest.mark.parametrize("more", [0, 1, 5])
def test_as_many_fingerprints_as_there_is_room_for(more: int, unconfirmed: int) -> None:
    room = fit(RULE, 0, measure).room
    wanted = RULE.with_fingerprints(fingerprints(room + more))
    fitted = fit(wanted, unconfirmed, measure)
    assert fitted.rule.fingerprints == wanted.fingerprints[:room]
    assert fitted.left_out == wanted.fingerprints[room:]
    assert fitted.unconfirmed_left_out == wanted.fingerprints[room:unconfirmed]
    assert fitted.room == 0
    length = measure(fitted.expression)
    assert MAX_CHARACTERS - 67 < length <= MAX_CHARACTERS
    assert fitted.expression == expression_of(fitted.rule)


def test_those_that_must_not_leave_are_told_apart() -> None:
    room = fit(RULE, 0, measure).room
    wanted = RULE.with_fingerprints(fingerprints(room + 2))

    def fitted(unconfirmed: int) -> FittedRule:
        return fit(wanted, unconfirmed, measure)

    assert not fitted(room).more_than_fit
    assert fitted(room + 1).unconfirmed_left_out == wanted.fingerprints[room : room + 1]
    assert fitted(room + 1).more_than_fit


def test_room_is_how_many_more_go_in() -> None:
    room = fit(RULE, 0, measure).room
    for count in (1, room - 1, room):
        assert fit(RULE.with_fingerprints(fingerprints(count)), 0, measure).room == room - count


def test_to_the_last_character() -> None:
    """With one fingerprint more it would be too long, and a path shorter by so much makes room for it."""
    room = fit(rule_of(1000), 0, measure).room
    full = fit(rule_of(1000).with_fingerprints(fingerprints(room)), 0, measure)
    spare = MAX_CHARACTERS - measure(full.expression)
    longer = rule_of(1000 + spare).with_fingerprints(fingerprints(room))
    fitted = fit(longer, 0, measure)
    assert (measure(fitted.expression), fitted.left_out) == (MAX_CHARACTERS, ())
    over = fit(rule_of(1001 + spare).with_fingerprints(fingerprints(room)), 0, measure)
    assert over.left_out == fingerprints(room)[-1:]


def test_locked_down_nobody_needs_a_fingerprint() -> None:
    everything = replace(RULE, everything=True, fingerprints=fingerprints(3), exceptions=(path(),))
    fitted = fit(everything, 3, measure)
    assert (fitted.rule.fingerprints, fitted.left_out, fitted.unconfirmed_left_out, fitted.room) == ((), (), (), 0)
    assert fitted.rule.paths_by is PathCheck.BOTH
    assert fitted.expression == expression_of(everything)


def test_no_detour_is_let_through_for_want_of_room_for_fingerprints() -> None:
    paths = tuple(path(40, number) for number in range(8))
    crowded = replace(RULE, exceptions=paths, fingerprints=fingerprints(60))
    assert fit(replace(crowded, fingerprints=()), 0, measure).rule.paths_by is PathCheck.BOTH
    assert fit(crowded, 0, measure).rule.paths_by is PathCheck.RAW
    assert fit(crowded.telling_paths_by(PathCheck.NORMALISED), 0, measure).rule.paths_by is PathCheck.NORMALISED


def test_the_most_thorough_way_while_all_fingerprints_have_room() -> None:
    paths = tuple(path(40, number) for number in range(8))
    both = replace(RULE, exceptions=paths)
    room = fit(both, 0, measure).room
    assert fit(both.with_fingerprints(fingerprints(room)), 0, measure).rule.paths_by is PathCheck.BOTH
    assert fit(both.with_fingerprints(fingerprints(room + 1)), 0, measure).rule.paths_by is PathCheck.RAW


@pytest.mark.parametrize("by", list(PathCheck))
def test_how_many_more_paths_fit(by: PathCheck) -> None:
    rule = RULE.telling_paths_by(by)
    told = PathCheck.RAW if by is PathCheck.BOTH else by
    for one in (path(), path(40)):
        count = paths_that_fit(rule, one, measure)
        assert used_by_hosts_and_paths(rule.with_exceptions((one,) * count).telling_paths_by(told), measure) <= 2000
        assert (
            used_by_hosts_and_paths(rule.with_exceptions((one,) * (count + 1)).telling_paths_by(told), measure) > 2000
        )


def test_where_nothing_more_fits() -> None:
    one = path()
    rest = used_by_hosts_and_paths(replace(RULE, exceptions=(one, one), paths_by=PathCheck.NORMALISED), measure)
    each = rest - used_by_hosts_and_paths(replace(RULE, exceptions=(one,), paths_by=PathCheck.NORMALISED), measure)
    assert paths_that_fit(rule_of(2000 - each), one, measure) == 1
    assert paths_that_fit(rule_of(2001 - each), one, measure) == 0
    assert paths_that_fit(rule_of(2000 - 2 * each), one, measure) == 2
    assert paths_that_fit(rule_of(2001), one, measure) == 0

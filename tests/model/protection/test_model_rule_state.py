"""How our rule differs from what was written."""

from dataclasses import replace

import pytest

from bot.model.protection.expression import All, Any
from bot.model.protection.rule_state import PUT_BACK_AT_ONCE, Drift, ForeignRule, OurRule, RuleState, differences

WRITTEN = All(())
OURS = OurRule(rule_id="o", place=1, enabled=True, plain=True, text="", expression=WRITTEN)
SKIP = ForeignRule(
    rule_id="f", place=1, action="skip", enabled=True, description="", text="", expression=Any(()), skips_ours=True
)
STATE = RuleState(ruleset_id="r", ours=OURS, foreign=())


def found(state: RuleState, *, enabled: bool = True) -> set[Drift]:
    return set(differences(state, WRITTEN, enabled=enabled))


@pytest.mark.parametrize(
    ("is_on", "wanted", "difference"),
    [
        (True, True, set()),
        (False, True, {Drift.DISABLED}),
        (True, False, {Drift.ENABLED}),
        (False, False, set()),
    ],
)
def test_on_and_off(is_on: bool, wanted: bool, difference: set[Drift]) -> None:
    assert found(replace(STATE, ours=replace(OURS, enabled=is_on)), enabled=wanted) == difference


def test_one_that_is_not_there_is_missing_and_nothing_else() -> None:
    assert found(replace(STATE, ours=None, foreign=(SKIP,))) == {Drift.MISSING}


def test_an_edit_is_other_words_or_more_than_a_plain_block() -> None:
    other = replace(STATE, ours=replace(OURS, expression=Any(())))
    assert found(other) == {Drift.EDITED}
    assert differences(other, None, enabled=True) == frozenset()
    odd = replace(STATE, ours=replace(OURS, plain=False))
    assert found(odd) == {Drift.EDITED}
    assert differences(odd, None, enabled=True) == {Drift.EDITED}


@pytest.mark.parametrize(
    ("place", "rule", "difference"),
    [
        (1, SKIP, set()),
        (2, SKIP, {Drift.SKIPPED}),
        (2, replace(SKIP, enabled=False), {Drift.NOT_FIRST}),
        (2, replace(SKIP, skips_ours=False), {Drift.NOT_FIRST}),
        (2, replace(SKIP, place=2), {Drift.NOT_FIRST}),
        (2, replace(SKIP, place=3), {Drift.NOT_FIRST}),
    ],
)
def test_only_a_skip_that_is_on_and_before_ours_skips_it(place: int, rule: ForeignRule, difference: set[Drift]) -> None:
    state = replace(STATE, ours=replace(OURS, place=place), foreign=(rule,))
    assert found(state) == difference
    assert bool(state.skips_above) is (Drift.SKIPPED in difference)


def test_nothing_is_above_a_rule_that_is_not_there() -> None:
    assert replace(STATE, ours=None, foreign=(SKIP,)).skips_above == ()


def test_how_many_rules_there_are() -> None:
    assert STATE.count == 1
    assert replace(STATE, foreign=(SKIP, SKIP)).count == 3
    assert replace(STATE, ours=None, foreign=(SKIP, SKIP)).count == 2


@pytest.mark.parametrize("difference", list(Drift))
def test_what_leaves_the_door_open_is_put_back_at_once(difference: Drift) -> None:
    at_once = {Drift.MISSING, Drift.DISABLED, Drift.SKIPPED}
    assert (difference in PUT_BACK_AT_ONCE) is (difference in at_once)


def test_a_skip_skips_no_more_than_custom_rules_unless_it_says_so() -> None:
    assert not SKIP.skips_more

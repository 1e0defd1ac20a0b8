"""Which rewrites matter to which host, and that no rule counts twice."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.protection.earlier_rules import AllowRule, EarlierRules, Reach, Rewrite, without_doubles
from bot.model.protection.parser import parse
from bot.model.status.lock_report import LockReport

HA, WWW = "ha.example.com", "www.example.com"


def rewrite(text: str) -> Rewrite:
    return Rewrite(rule_id=text, name=text, expression=parse(text))


def allow(rule_id: str, value: str = "192.0.2.1", reach: Reach = Reach.ZONE, target: str = "ip") -> AllowRule:
    return AllowRule(rule_id=rule_id, target=target, value=value, notes="", reach=reach)


@pytest.mark.parametrize(
    ("text", "touches_ha", "touches_www"),
    [
        ('http.host eq "ha.example.com"', True, False),
        ('lower(http.host) in {"www.example.com"}', False, True),
        ('http.request.uri.path eq "/old"', True, True),
        ('http.host eq "www.example.com" and http.request.uri.path eq "/old"', False, True),
        ('not http.host eq "ha.example.com"', False, True),
        ('starts_with(http.host, "ha.")', True, False),
        ("true", True, True),
        ('http.host matches "^www"', True, True),
        ('ssl and http.host eq "ha.example.com"', True, False),
        ('not ssl and http.host eq "ha.example.com"', False, False),
    ],
)
def test_a_rewrite_matters_where_it_may_hold(text: str, touches_ha: bool, touches_www: bool) -> None:
    one = rewrite(text)
    assert (one.may_touch(HA), one.may_touch(WWW)) == (touches_ha, touches_www)
    earlier = EarlierRules(rewrites=(one,))
    assert earlier.touching([HA]) == ((one,) if touches_ha else ())
    assert earlier.touching([HA, WWW]) == ((one,) if touches_ha or touches_www else ())
    assert earlier.touching([]) == ()


def test_told_by_two_lists_it_counts_once() -> None:
    same_id = (allow("a", reach=Reach.ACCOUNT), allow("a", reach=Reach.ZONE))
    assert without_doubles(same_id) == same_id[:1]
    same_rule = (allow("a", reach=Reach.ACCOUNT), allow("b", reach=Reach.ACCOUNT))
    assert without_doubles(same_rule) == same_rule[:1]


def test_two_rules_for_one_address_are_two() -> None:
    different = (
        allow("a", reach=Reach.ACCOUNT),
        allow("b", reach=Reach.ZONE),
        allow("c", value="192.0.2.2"),
        allow("d", target="ip_range"),
    )
    for order in permutations(different):
        assert without_doubles(order) == order


RULES = st.builds(
    allow,
    st.sampled_from("abc"),
    st.sampled_from(["192.0.2.1", "192.0.2.2"]),
    st.sampled_from(Reach),
    st.sampled_from(["ip", "asn"]),
)


@given(st.lists(RULES))
def test_nothing_is_lost_and_nothing_is_twice(rules: list[AllowRule]) -> None:
    kept = without_doubles(rules)
    assert len({one.rule_id for one in kept}) == len({one.key for one in kept}) == len(kept)
    for place, one in enumerate(rules):
        known = any(one.rule_id == before.rule_id or one.key == before.key for before in rules[:place])
        assert known or one in kept


def test_known_in_full_or_not() -> None:
    assert EarlierRules(allows=(allow("a"),)).is_whole
    for partly in (EarlierRules(missing_rights=("x",)), EarlierRules(untold=True), EarlierRules(cut=True)):
        assert not partly.is_whole


def test_a_lock_that_somebody_is_let_past_is_not_sound() -> None:
    report = LockReport(
        zone="example.com",
        hosts=(),
        differences=frozenset(),
        seen=True,
        unlocked=False,
        lockdown=False,
        everything=False,
        paths=(),
        used=1,
        quota=100,
        waiting=0,
        trouble="",
    )
    assert report.is_sound
    shown = {"missing_rights": ("x",), "rewrites": (rewrite("ssl"),)}
    for name, value in shown.items():
        earlier = EarlierRules(**{name: value})  # type: ignore[arg-type]  # one field at a time
        assert LockReport(**{**report.__dict__, "earlier": earlier}).is_sound
    assert not LockReport(**{**report.__dict__, "earlier": EarlierRules(allows=(allow("a"),))}).is_sound

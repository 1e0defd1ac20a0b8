"""Whom to ask beside the protected hosts, in which order, and how many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.proofs.other_names import (
    MAX_ASKED,
    NamesToAsk,
    can_be_locked,
    is_covered,
    is_wildcard,
    name_below,
    names_to_ask,
)
from bot.model.protection.hosts import ProxiedName, ZoneNames

ZONE, HA, PHOTOS = "example.com", "ha.example.com", "photos.example.com"


def zone_names(*names: str | tuple[str, str], full: bool = True) -> ZoneNames:
    pairs = [one if isinstance(one, tuple) else (one, f"{one} alone") for one in names]
    records = tuple(ProxiedName(name, frozenset({target})) for name, target in sorted(pairs))
    return ZoneNames(full=full, proxied=tuple(one.name for one in records), records=records)


def test_wildcards_first_then_what_points_to_the_same_place_then_the_rest() -> None:
    names = zone_names(("a.example.com", "x"), ("z.example.com", "tunnel"), ("*.example.com", "y"), (HA, "tunnel"))
    assert names_to_ask(names, [HA], ZONE).names == ("*.example.com", "z.example.com", "a.example.com")
    # Without the record of the protected host nothing points where it does.
    assert names_to_ask(names, [PHOTOS], ZONE).names == ("*.example.com", "a.example.com", HA, "z.example.com")


def test_what_is_proven_by_itself_is_not_asked() -> None:
    assert names_to_ask(zone_names(HA, PHOTOS), [HA, PHOTOS], ZONE) == NamesToAsk()


@pytest.mark.parametrize(("count", "left"), [(MAX_ASKED - 1, 0), (MAX_ASKED, 0), (MAX_ASKED + 1, 1)])
def test_no_more_than_so_many_are_asked_and_the_rest_is_said(count: int, left: int) -> None:
    names = zone_names(HA, *(f"n{number:02}.example.com" for number in range(count)))
    asked = names_to_ask(names, [HA], ZONE)
    assert (len(asked.names), asked.left) == (min(count, MAX_ASKED), left)


def test_where_nobody_can_be_asked() -> None:
    deep = ("a.b.example.com", "*.b.example.com")
    asked = names_to_ask(zone_names(HA, "example.com", "*.example.com", *deep), [HA], ZONE)
    assert asked == NamesToAsk(
        names=("*.example.com", "example.com"), not_covered=("*.b.example.com", "a.b.example.com")
    )
    # On a zone whose names are served elsewhere each proxied name has a certificate of its own.
    elsewhere = names_to_ask(zone_names(HA, *deep, full=False), [HA], ZONE)
    assert (set(elsewhere.names), elsewhere.not_covered) == (set(deep), ())


@pytest.mark.parametrize(
    ("name", "covered", "lockable", "wildcard"),
    [
        ("photos2.example.com", True, True, False),
        ("example.com", True, False, False),
        ("*.example.com", True, False, True),
        ("a.b.example.com", False, False, False),
        ("*.b.example.com", False, False, True),
    ],
)
def test_what_a_name_is(name: str, covered: bool, lockable: bool, wildcard: bool) -> None:
    assert (is_covered(name, ZONE), can_be_locked(name, HA), is_wildcard(name)) == (covered, lockable, wildcard)


def test_a_name_below_a_wildcard() -> None:
    assert name_below("*.example.com", "latchkey-x") == "latchkey-x.example.com"


LABELS = st.sampled_from(["*", "a", "b", "c.d", "ha", "*.e"])


@given(st.sets(LABELS), st.sets(LABELS.filter(lambda label: "*" not in label)), st.booleans())
def test_every_name_is_proven_asked_or_named(labels: set[str], protected: set[str], full: bool) -> None:
    names = zone_names(*(f"{label}.example.com" for label in labels), full=full)
    hosts = {f"{label}.example.com" for label in protected}
    asked = names_to_ask(names, hosts, ZONE)
    assert set(asked.names) | set(asked.not_covered) == {one.name for one in names.records} - hosts
    assert not set(asked.names) & set(asked.not_covered)
    assert asked.left == 0

"""The truth of expressions of which not every field is known."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.protection.expression import (
    All,
    Any,
    Call,
    Compare,
    Constant,
    ExactlyOne,
    Expression,
    Field,
    Member,
    Not,
    Opaque,
    Value,
    truth,
)
from tests.generated_expressions import EXPRESSIONS, requests

TRUE, FALSE, UNKNOWN = Field("yes"), Field("no"), Opaque("ip.src eq 192.0.2.1")
KNOWN: dict[str, Value] = {"yes": True, "no": False}
FIELDS: dict[bool | None, Expression] = {True: TRUE, False: FALSE, None: UNKNOWN}


@pytest.mark.parametrize(
    ("left", "right", "both", "either", "one"),
    [
        (True, True, True, True, False),
        (True, False, False, True, True),
        (True, None, None, True, None),
        (False, False, False, False, False),
        (False, None, False, None, None),
        (None, None, None, None, None),
    ],
)
def test_kleene(
    left: bool | None, right: bool | None, both: bool | None, either: bool | None, one: bool | None
) -> None:
    for a, b in ((FIELDS[left], FIELDS[right]), (FIELDS[right], FIELDS[left])):
        assert truth(All((a, b)), KNOWN) is both
        assert truth(Any((a, b)), KNOWN) is either
        assert truth(ExactlyOne(a, b), KNOWN) is one


def test_not() -> None:
    assert truth(Not(TRUE), KNOWN) is False
    assert truth(Not(FALSE), KNOWN) is True
    assert truth(Not(UNKNOWN), KNOWN) is None


def test_an_empty_set_holds_nothing_even_when_nothing_is_known() -> None:
    assert truth(Member(Field("http.host"), ()), {}) is False


def test_a_function_that_is_not_known_makes_no_claim() -> None:
    called = Call("url_decode", (Field("http.host"),))
    assert truth(Compare("eq", called, Constant("a")), {"http.host": "a"}) is None


def test_lower_touches_ascii_alone_as_at_the_edge() -> None:
    kelvin = "\u212a"
    lowered = Compare("eq", Call("lower", (Field("http.host"),)), Constant("k"))
    assert truth(lowered, {"http.host": "K"}) is True
    assert truth(lowered, {"http.host": kelvin}) is False


@settings(max_examples=200, deadline=None)
@given(EXPRESSIONS, requests())
def test_all_known_is_always_an_answer(expression: Expression, request: Mapping[str, Value]) -> None:
    assert truth(expression, request) is not None


@settings(max_examples=300, deadline=None)
@given(
    EXPRESSIONS, requests(), st.sets(st.sampled_from(["ssl", "http.host", "http.request.uri.path", "http.user_agent"]))
)
def test_an_answer_does_not_change_when_more_is_known(
    expression: Expression, request: Mapping[str, Value], hidden: set[str]
) -> None:
    partly = truth(expression, {name: value for name, value in request.items() if name not in hidden})
    assert partly is None or partly is truth(expression, request)

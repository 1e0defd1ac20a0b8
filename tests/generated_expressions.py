"""Rule expressions as trees, made at random, and requests to hold them against."""

from collections.abc import Mapping

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
    Operand,
    Value,
)

BOOLEANS = ("ssl", "cf.client.bot", "cf.tls_client_auth.cert_verified", "cf.tls_client_auth.cert_revoked")
STRINGS = ("http.host", "http.request.uri.path", "http.user_agent", "cf.tls_client_auth.cert_fingerprint_sha256")
NUMBERS = ("http.request.timestamp.sec", "cf.edge.server_port")

# Few words, so that comparisons often hold; the odd ones are what a literal must survive.
WORDS = st.sampled_from(["", "a", "A", "ha.example.com", "/api", "é", "K", '"', "\\", "\n", '") or ssl or ("'])
TEXTS = WORDS | st.text(st.characters(codec="utf-8"), max_size=6)
INTEGERS = st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1)


def _texts() -> st.SearchStrategy[Operand]:
    fields: st.SearchStrategy[Operand] = st.builds(Field, st.sampled_from(STRINGS))
    return st.recursive(
        fields,
        lambda inner: st.builds(Call, st.sampled_from(["lower", "upper"]), st.tuples(inner)),
        max_leaves=2,
    )


def _numbers() -> st.SearchStrategy[Operand]:
    return st.builds(Field, st.sampled_from(NUMBERS)) | st.builds(Call, st.just("len"), st.tuples(_texts()))


def _tests() -> st.SearchStrategy[Expression]:
    order = st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"])
    words = st.builds(Constant, TEXTS)
    return st.one_of(
        st.builds(Field, st.sampled_from(BOOLEANS)),
        st.builds(Compare, st.sampled_from(["eq", "ne", "contains"]), _texts(), words),
        st.builds(Compare, order, _numbers(), st.builds(Constant, INTEGERS)),
        st.builds(Member, _texts(), st.lists(TEXTS, min_size=1, max_size=3).map(tuple)),
        st.builds(Member, _numbers(), st.lists(INTEGERS, min_size=1, max_size=3).map(tuple)),
        st.builds(Call, st.sampled_from(["starts_with", "ends_with"]), st.tuples(_texts(), words)),
    )


def _joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, inner), st.builds(All, several), st.builds(Any, several), st.builds(ExactlyOne, inner, inner)
    )


EXPRESSIONS = st.recursive(_tests(), _joined, max_leaves=5)


def requests() -> st.SearchStrategy[Mapping[str, Value]]:
    """Requests of which every field is known."""
    return st.fixed_dictionaries(
        {name: st.booleans() for name in BOOLEANS}
        | dict.fromkeys(STRINGS, TEXTS)
        | {name: st.integers(-3, 3) for name in NUMBERS}
    )

"""Our rule as text: by us, by Cloudflare's engine and by the sandbox; what it turns away; how much fits."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from octorules_wirefilter import parse_expression

from bot.errors import ExpressionTooLong
from bot.model.protection import expression as tree
from bot.model.protection import plan as protection_plan
from bot.model.protection.expression import Expression, Value, truth
from bot.model.protection.path_spellings import spellings
from bot.model.protection.plan import check_fits, more_paths, parse_rule, plan
from bot.model.protection.printer import to_text
from bot.model.protection.rule import BEACON_PATH, DesiredRule, PathCheck, PathException, expression_of
from bot.model.protection.rule_budget import FOR_HOSTS_AND_PATHS, MAX_CHARACTERS, used_by_hosts_and_paths
from sandbox.cloudflare.expressions import judge
from sandbox.rules import evaluate
from sandbox.rules import expression as at_edge
from sandbox.rules import parse as parse_at_edge
from sandbox.rules.evaluation import FieldValue
from tests.generated_rules import ATTACKS, HOSTS, NONCE, NOW, RULES, exceptions, requests

HA, PHOTOS = "ha.example.com", "photos.example.com"
DIGEST = "ab" * 32


def mirrored(node: Expression | tree.Operand) -> Any:
    """The same tree in the sandbox's types."""
    match node:
        case tree.Field(name):
            return at_edge.Field(name)
        case tree.Constant(value):
            return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        case tree.Call(function, arguments):
            return at_edge.Call(function, tuple(mirrored(one) for one in arguments))
        case tree.Compare(operator, left, right):
            return at_edge.Comparison(mirrored(left), at_edge.Operator(operator), mirrored(right))
        case tree.Member(operand, values):
            members = tuple(mirrored(tree.Constant(value)) for value in values)
            return at_edge.Membership(mirrored(operand), members)
        case tree.Within(operand, networks):
            return at_edge.Membership(at_edge.Field(operand.name), networks)
        case tree.Not(inner):
            return at_edge.Not(mirrored(inner))
        case tree.All(parts):
            return at_edge.And(tuple(mirrored(one) for one in parts))
        case tree.Any(parts):
            return at_edge.Or(tuple(mirrored(one) for one in parts))
    raise AssertionError(node)


def literals(node: Expression | tree.Operand) -> Iterator[str]:
    """Every string of a tree."""
    match node:
        case tree.Constant(str(value)):
            yield value
        case tree.Call(_, parts) | tree.All(parts) | tree.Any(parts):
            for part in parts:
                yield from literals(part)
        case tree.Compare(_, left, right):
            yield from literals(left)
            yield from literals(right)
        case tree.Member(operand, values):
            yield from literals(operand)
            yield from (value for value in values if isinstance(value, str))
        case tree.Not(inner):
            yield from literals(inner)


def fields(request: Mapping[str, Value]) -> dict[str, FieldValue]:
    return {name: ip_address(str(value)) if name == "ip.src" else value for name, value in request.items()}


@settings(max_examples=400, deadline=None)
@given(RULES)
def test_what_is_printed_reads_as_the_same_tree_everywhere(wanted: DesiredRule) -> None:
    wished = expression_of(wanted)
    text = to_text(wished)
    assert parse_rule(text) == wished
    assert parse_at_edge(text) == mirrored(wished)


@settings(max_examples=400, deadline=None)
@given(RULES)
def test_cloudflares_engine_takes_it_with_exactly_those_literals(wanted: DesiredRule) -> None:
    wished = expression_of(wanted)
    engine = parse_expression(to_text(wished))
    assert "error" not in engine
    assert set(engine["string_literals"]) == set(literals(wished))
    assert judge(to_text(wished), "free") is None


@settings(max_examples=400, deadline=None)
@given(RULES, requests())
def test_it_turns_away_at_the_edge_whom_the_tree_turns_away(wanted: DesiredRule, request: Mapping[str, Value]) -> None:
    wished = expression_of(wanted)
    assert truth(wished, request) is evaluate(parse_at_edge(to_text(wished)), fields(request))


@settings(max_examples=400, deadline=None)
@given(RULES, requests())
def test_it_turns_away_whom_it_says(wanted: DesiredRule, request: Mapping[str, Value]) -> None:
    host = str(request["http.host"]).lower()
    protected = any(host.startswith(one) for one in wanted.hosts)
    trusted = (
        request["cf.tls_client_auth.cert_verified"]
        and not request["cf.tls_client_auth.cert_revoked"]
        and str(request["cf.tls_client_auth.cert_fingerprint_sha256"]).lower() not in wanted.fingerprints
        and request["http.request.uri.path"] != BEACON_PATH + wanted.beacon
    )
    excepted = any(
        one.host == host
        and (wanted.paths_by is PathCheck.RAW or one.path == request["http.request.uri.path"])
        and (
            wanted.paths_by is PathCheck.NORMALISED
            or request["raw.http.request.uri.path"] in spellings(one.path, one.sent)
        )
        and one.query in {None, request["http.request.uri.query"]}
        and (one.method is None or request["http.request.method"] in one.method.split(" "))
        and (not one.networks or any(ip_address(str(request["ip.src"])) in network for network in one.networks))
        and int(request["http.request.timestamp.sec"]) < one.closes_at
        for one in wanted.exceptions
    )
    blocked = protected and (wanted.everything or (not trusted and not excepted))
    assert truth(expression_of(wanted), request) is blocked


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_somebody_writes_stays_a_literal(attack: str) -> None:
    open_path = PathException(host=HA, path=attack, sent=f"{attack}/x", query=attack, method=attack, closes_at=NOW)
    text = plan(DesiredRule(hosts=(HA,), beacon=NONCE, exceptions=(open_path,))).text
    assert text.isascii()
    assert text.isprintable()
    engine = parse_expression(text)
    assert "error" not in engine
    assert attack in engine["string_literals"]
    assert set(engine["string_literals"]) == {HA, BEACON_PATH + NONCE, attack, f"{attack}/x"}
    assert "ssl" not in engine["fields"]


def test_the_rule_of_the_design() -> None:
    wanted = DesiredRule(
        hosts=(HA, PHOTOS),
        beacon=NONCE,
        fingerprints=(DIGEST,),
        exceptions=(PathException(host=HA, path="/api/webhook/abc", closes_at=1796083200),),
    )
    assert plan(wanted).text == (
        '((starts_with(lower(http.host), "ha.example.com") or starts_with(lower(http.host), "photos.example.com"))'
        " and (not cf.tls_client_auth.cert_verified or cf.tls_client_auth.cert_revoked"
        f' or lower(cf.tls_client_auth.cert_fingerprint_sha256) in {{"{DIGEST}"}}'
        ' or http.request.uri.path eq "/.well-known/latchkey/4fk2abcd")'
        ' and not (lower(http.host) eq "ha.example.com" and http.request.uri.path eq "/api/webhook/abc"'
        ' and raw.http.request.uri.path eq "/api/webhook/abc"'
        " and http.request.timestamp.sec lt 1796083200))"
    )


def test_nothing_empty_is_written() -> None:
    text = plan(DesiredRule(hosts=(HA,), beacon=NONCE)).text
    assert "{" not in text
    assert "()" not in text
    assert text.count("not") == 1
    everything = plan(DesiredRule(hosts=(HA,), beacon=NONCE, everything=True, fingerprints=(DIGEST,)))
    assert everything.text == 'starts_with(lower(http.host), "ha.example.com")'
    with pytest.raises(ValueError, match="needs a host"):
        plan(DesiredRule(hosts=(), beacon=NONCE))


def used(wanted: DesiredRule, check: PathCheck) -> int:
    return used_by_hosts_and_paths(wanted.telling_paths_by(check), lambda part: len(to_text(part)))


LONG_PATHS = st.lists(
    exceptions(st.text(st.characters(codec="ascii"), min_size=1, max_size=200) | st.just("/%C3%A9" * 20)), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(revokes=st.integers(1, 100), unconfirmed=st.integers(0, 100), paths=LONG_PATHS, by=st.sampled_from(PathCheck))
def test_it_is_never_too_long_and_what_must_not_leave_stays(
    revokes: int, unconfirmed: int, paths: list[PathException], by: PathCheck
) -> None:
    digests = tuple(f"{number:064x}" for number in range(revokes))
    wanted = DesiredRule(hosts=HOSTS, beacon=NONCE, exceptions=tuple(paths), fingerprints=digests, paths_by=by)
    if min(used(wanted, check) for check in by.or_less) > FOR_HOSTS_AND_PATHS:
        with pytest.raises(ExpressionTooLong):
            plan(wanted, unconfirmed)
        return
    planned = plan(wanted, unconfirmed)
    assert len(planned.text) <= MAX_CHARACTERS
    kept = planned.fit.rule.fingerprints
    assert kept + planned.fit.left_out == digests
    assert len(kept) >= min(revokes, 26)
    assert planned.fit.unconfirmed_left_out == digests[len(kept) : unconfirmed]
    assert planned.fit.more_than_fit is (min(unconfirmed, revokes) > len(kept))
    if planned.fit.left_out:
        assert planned.fit.room == 0
        assert len(plan(wanted.with_fingerprints(kept)).text) + 67 > MAX_CHARACTERS
    else:
        more = tuple(f"{number:064x}" for number in range(revokes + planned.fit.room))
        assert plan(wanted.with_fingerprints(more)).fit.left_out == ()


@settings(max_examples=150, deadline=None)
@given(revokes=st.integers(0, 60), paths=LONG_PATHS)
def test_detours_are_let_through_only_where_nothing_else_has_room(revokes: int, paths: list[PathException]) -> None:
    digests = tuple(f"{number:064x}" for number in range(revokes))
    wanted = DesiredRule(hosts=HOSTS, beacon=NONCE, exceptions=tuple(paths), fingerprints=digests)
    room = {check: used(wanted, check) <= FOR_HOSTS_AND_PATHS for check in PathCheck}
    if not any(room.values()):
        return
    fitted = plan(wanted).fit
    raw, both = room[PathCheck.RAW], room[PathCheck.BOTH]
    assert (fitted.rule.paths_by is PathCheck.NORMALISED) is (not raw and not both)
    if fitted.rule.paths_by is PathCheck.RAW and both:
        assert plan(wanted.with_fingerprints((*digests, "f" * 64))).fit.rule.paths_by is PathCheck.RAW
        assert len(to_text(expression_of(wanted))) > MAX_CHARACTERS
    if not raw:
        with pytest.raises(ExpressionTooLong):
            check_fits(wanted)


@settings(deadline=None)
@given(st.lists(exceptions(st.sampled_from(["/api/webhook/abc", "/hook"])).map(lambda one: replace(one, sent=None))))
def test_what_fitted_before_paths_were_told_by_what_was_sent_fits_and_lets_no_detour_through(
    paths: list[PathException],
) -> None:
    wanted = DesiredRule(hosts=HOSTS, beacon=NONCE, exceptions=tuple(paths))
    assert used(wanted, PathCheck.RAW) == used(wanted, PathCheck.NORMALISED)
    if used(wanted, PathCheck.NORMALISED) <= FOR_HOSTS_AND_PATHS:
        check_fits(wanted)
        assert plan(wanted).fit.rule.paths_by is not PathCheck.NORMALISED


@pytest.mark.parametrize("by", PathCheck)
@pytest.mark.parametrize(
    "path",
    [
        PathException(host=HA, path="/api/webhook/0123456789abcdef", closes_at=NOW, networks=(ip_network("::/0"),)),
        PathException(host=HA, path="/caf%C3%A9/hook", sent="/%63af%c3%A9/hook", closes_at=NOW),
    ],
)
def test_how_many_paths_fit_is_true(path: PathException, by: PathCheck) -> None:
    wanted = DesiredRule(hosts=HOSTS, beacon=NONCE, paths_by=by)
    fits = more_paths(wanted, path)
    assert 1 < fits < 20

    def with_paths(count: int) -> DesiredRule:
        return wanted.with_exceptions((path,) * count)

    check_fits(with_paths(fits))
    planned = plan(with_paths(fits))
    assert planned.fit.rule.paths_by in {PathCheck.RAW, by}
    with pytest.raises(ExpressionTooLong):
        check_fits(with_paths(fits + 1))
    assert more_paths(with_paths(fits), path) == 0
    assert more_paths(with_paths(fits - 1), path) == 1


def test_many_paths_make_room_for_fingerprints_by_being_told_more_shortly() -> None:
    paths = tuple(PathException(host=HA, path=f"/api/webhook/{number:032}", closes_at=NOW) for number in range(6))
    wanted = DesiredRule(hosts=(HA,), beacon=NONCE, exceptions=paths)
    room = plan(wanted).fit
    assert room.rule.paths_by is PathCheck.BOTH

    def with_digests(count: int) -> DesiredRule:
        return wanted.with_fingerprints(tuple(f"{number:064x}" for number in range(count)))

    assert plan(with_digests(room.room)).fit.rule.paths_by is PathCheck.BOTH
    one_more = plan(with_digests(room.room + 1)).fit
    assert (one_more.rule.paths_by, one_more.left_out) == (PathCheck.RAW, ())


@pytest.mark.parametrize("check", PathCheck)
def test_a_rule_printed_in_another_way_is_of_another_form(check: PathCheck) -> None:
    samples = protection_plan._SAMPLES.split("\n")
    assert samples[list(PathCheck).index(check)] == to_text(
        expression_of(protection_plan._SAMPLE.telling_paths_by(check))
    )
    for part in ("raw.http.request.uri.path in", "lower(cf.tls_client_auth.cert_fingerprint_sha256)", "ip.src in"):
        assert any(part in sample for sample in samples)

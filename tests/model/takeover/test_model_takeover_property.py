"""What a take-over may do to a zone, whatever it holds: judged by the sandbox's rules, for every request there is."""

from collections import Counter
from collections.abc import Sequence
from ipaddress import ip_network

from hypothesis import event, given, settings

from bot.model.protection.printer import to_text
from bot.model.protection.rule import DesiredRule, PathException, expression_of
from bot.model.protection.rule_state import ForeignRule, RuleState
from bot.model.protection.takeover import HandMade
from bot.model.takeover.reader import opens_something, recognise
from sandbox.rules import evaluate
from sandbox.rules import parse as at_edge
from tests.generated_locks import REQUESTS, Request, zones

FIELDS = tuple(one.fields for one in REQUESTS)
PASSES, CHALLENGED, BLOCKED = range(3)
STRICTNESS = {"block": BLOCKED, "managed_challenge": CHALLENGED}
LASTING = 2_000_000_000


def strictness(rules: Sequence[ForeignRule], holds: dict[str, bool]) -> int:
    """What becomes of a request for which the rules hold or not."""
    for rule in rules:
        if rule.enabled and holds[rule.rule_id]:
            return PASSES if rule.action == "skip" else STRICTNESS[rule.action]
    return PASSES


def ours(found: HandMade) -> ForeignRule:
    """Our rule after the take-over, as one more that stands first."""
    wanted = DesiredRule(
        hosts=found.hosts,
        beacon="4fk2abcd",
        exceptions=tuple(
            PathException(
                host=one.host,
                path=one.path,
                closes_at=LASTING,
                query=one.query,
                method=one.method,
                networks=tuple(ip_network(network) for network in one.networks),
            )
            for one in found.paths
        ),
    )
    expression = expression_of(wanted)
    return ForeignRule(
        rule_id="ours",
        place=0,
        action="block",
        enabled=True,
        description="",
        text=to_text(expression),
        expression=expression,
        skips_ours=False,
    )


def is_named(found: HandMade, request: Request, holds: dict[str, bool]) -> bool:
    """Whether an admin was told that this request needs a (better) certificate afterwards."""
    if request.certificate == "revoked" and not found.heeds_revocation:
        return True
    if request.certificate == "unverified" and not found.heeds_maker:
        return True
    address = request.host + request.path
    spelled = {address, f"{address}?{request.query}"}
    spelled |= {f"{request.method} {one}" for one in spelled}
    return any(one.partition(" (")[0] in spelled for one in found.shut.addresses) or any(
        holds[rule.rule_id] for rule in found.shut.rules
    )


@settings(max_examples=100, deadline=None)
@given(zones())
def test_nothing_opens_and_nothing_shuts_unsaid(state: RuleState) -> None:
    found = recognise(state, "example.com")
    event(f"{bool(found.hosts)=} {bool(found.paths)=} {bool(found.kept)=} {bool(found.shut)=} off={len(found.rules)}")
    assert not opens_something(state, [rule.rule_id for rule in found.rules], found.hosts, found.paths)
    off = {rule.rule_id for rule in found.rules}
    before = list(state.foreign)
    after = [*([ours(found)] if found.hosts else []), *(rule for rule in before if rule.rule_id not in off)]
    if before == after:
        return
    trees = {rule.rule_id: at_edge(rule.text) for rule in {*before, *after}}
    for request, fields in zip(REQUESTS, FIELDS, strict=True):
        holds = {rule_id: evaluate(tree, fields) for rule_id, tree in trees.items()}
        old, new = strictness(before, holds), strictness(after, holds)
        assert new >= old, f"opened: {request}"
        assert new == old or is_named(found, request, holds), f"shut unsaid: {request}"


@settings(max_examples=60, deadline=None)
@given(zones())
def test_every_rule_about_certificates_is_taken_over_or_named(state: RuleState) -> None:
    found = recognise(state, "example.com")
    told = Counter(one.rule_id for one in (*found.rules, *(kept.rule for kept in found.kept), *found.unread))
    for rule in state.foreign:
        if not rule.enabled or rule.skips_ours or "cf.tls_client_auth." not in rule.text:
            assert not told[rule.rule_id] or rule.skips_ours
            continue
        assert told[rule.rule_id] <= 1
        if told[rule.rule_id] == 0:
            # It turns away revoked certificates alone, and goes on doing so.
            tree = at_edge(rule.text)
            kinds = {one.certificate for one, fields in zip(REQUESTS, FIELDS, strict=True) if evaluate(tree, fields)}
            assert kinds <= {"revoked"}

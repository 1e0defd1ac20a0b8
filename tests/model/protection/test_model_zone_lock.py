"""What a zone's rules are taken to mean for one host."""

from datetime import UTC, datetime

import pytest

from bot.model.protection.parser import parse
from bot.model.protection.zone_lock import Answer, HostLock, LockState, ZoneRule, judge

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOST = "ha.example.com"
UNVERIFIED = "not cf.tls_client_auth.cert_verified"
OURS = f'http.host in {{"{HOST}" "photos.example.com"}}'
DOCUMENTED = f"({OURS} and ({UNVERIFIED} or cf.tls_client_auth.cert_revoked))"
DASHBOARD = f"({UNVERIFIED} and {OURS})"
WEBHOOK = f'(http.host eq "{HOST}" and {UNVERIFIED} and http.request.uri.path ne "/api/webhook/abc")'
YES, NO, UNSURE = Answer.YES, Answer.NO, Answer.UNSURE


def rule(expression: str, action: str = "block", *, enabled: bool = True) -> ZoneRule:
    return ZoneRule(action, enabled, parse(expression))


@pytest.mark.parametrize(
    ("expression", "demands", "heeds"),
    [
        (DOCUMENTED, YES, YES),
        (DASHBOARD, YES, NO),
        (WEBHOOK, YES, NO),
        (f'({UNVERIFIED} and http.request.uri.path in {{"/admin"}})', NO, NO),
        (f'(http.host eq "other.example.com" and {UNVERIFIED})', NO, NO),
        (f'(lower(http.host) eq "{HOST}" and {UNVERIFIED})', YES, NO),
        (f'(starts_with(http.host, "{HOST}") and {UNVERIFIED})', YES, NO),
        (f'(not http.host in {{"public.example.com"}} and {UNVERIFIED})', YES, NO),
        (f"({OURS} and {UNVERIFIED} and not ip.src in {{192.0.2.0/24}})", UNSURE, NO),
        (f'({OURS} and {UNVERIFIED} and http.user_agent ne "x")', UNSURE, NO),
        (f'({OURS} and {UNVERIFIED} and not http.host wildcard "*.b")', YES, NO),
        (f'({OURS} and {UNVERIFIED} and not http.host matches ".*b")', UNSURE, NO),
        (f'({OURS} and {UNVERIFIED} and not http.host wildcard "ha.*")', NO, NO),
        (f'({OURS} and {UNVERIFIED} and not http.host matches "[.]b$")', UNSURE, NO),
        (f"({DOCUMENTED} and http.request.timestamp.sec lt {int(NOW.timestamp())})", NO, NO),
        (f"({DOCUMENTED} and http.request.timestamp.sec le {int(NOW.timestamp())})", YES, YES),
        (f'({OURS} and cf.tls_client_auth.cert_fingerprint_sha256 ne "ab")', YES, UNSURE),
        (f'({OURS} and {UNVERIFIED} and raw.http.request.uri.path ne "/hook")', YES, NO),
        (f'({OURS} and lower(cf.tls_client_auth.cert_fingerprint_sha256) ne "ab")', YES, UNSURE),
        ("this is no expression (", UNSURE, UNSURE),
        ("", UNSURE, UNSURE),
    ],
)
def test_one_block_rule(expression: str, demands: Answer, heeds: Answer) -> None:
    assert judge(HOST, [rule(expression)], NOW) == HostLock(HOST, demands, heeds)


@pytest.mark.parametrize(
    "said",
    [
        'http.request.uri.path eq "/"',
        'http.request.uri eq "/"',
        'http.request.uri.query eq ""',
        'raw.http.request.uri.path eq "/"',
        'raw.http.request.uri eq "/"',
        'raw.http.request.uri.query eq ""',
        f'http.request.full_uri eq "https://{HOST}/"',
        'http.request.method eq "GET"',
        f"http.request.timestamp.sec eq {int(NOW.timestamp())}",
        "ssl",
    ],
)
def test_the_request_that_is_played_is_a_plain_one(said: str) -> None:
    assert judge(HOST, [rule(f"({DOCUMENTED} and {said})")], NOW) == HostLock(HOST, YES, YES)
    assert judge(HOST, [rule(f"({DOCUMENTED} and not {said})")], NOW) == HostLock(HOST, NO, NO)


@pytest.mark.parametrize(
    ("said", "demands", "heeds"),
    [
        ("cf.tls_client_auth.cert_presented", NO, YES),
        ("not cf.tls_client_auth.cert_presented", YES, NO),
        ("cf.tls_client_auth.cert_verified", NO, YES),
        ("cf.tls_client_auth.cert_revoked", NO, YES),
        ("not cf.tls_client_auth.cert_revoked", YES, NO),
        ('cf.tls_client_auth.cert_fingerprint_sha256 eq ""', YES, UNSURE),
        ('cf.tls_client_auth.cert_serial eq ""', YES, UNSURE),
    ],
)
def test_whoever_has_no_certificate_and_whose_is_revoked(said: str, demands: Answer, heeds: Answer) -> None:
    assert judge(HOST, [rule(f"({OURS} and {said})")], NOW) == HostLock(HOST, demands, heeds)


@pytest.mark.parametrize(("action", "enabled"), [("block", False), ("skip", False), ("log", True), ("execute", True)])
def test_what_does_nothing_hides_no_rule_behind_it(action: str, enabled: bool) -> None:
    assert judge(HOST, [rule(OURS, action, enabled=enabled), rule(DOCUMENTED)], NOW) == HostLock(HOST, YES, YES)


def test_no_rules_lock_nothing() -> None:
    assert judge(HOST, [], NOW) == HostLock(HOST, NO, NO)


def test_a_disabled_rule_locks_nothing() -> None:
    assert judge(HOST, [rule(DOCUMENTED, enabled=False)], NOW) == HostLock(HOST, NO, NO)


@pytest.mark.parametrize("action", ["log", "managed_challenge", "skip-elsewhere"])
def test_a_rule_that_does_not_block_locks_nothing(action: str) -> None:
    assert judge(HOST, [rule(DOCUMENTED, action)], NOW).demands is NO


@pytest.mark.parametrize(
    ("first", "action", "demands"),
    [
        (OURS, "skip", NO),
        ('http.host eq "other.example.com"', "skip", YES),
        ('http.request.uri.path eq "/api/webhook/abc"', "skip", YES),
        ('raw.http.request.uri.path eq "/api/webhook/abc"', "skip", YES),
        ("ip.src in {192.0.2.0/24}", "skip", UNSURE),
        ("cannot be read (", "skip", UNSURE),
        # Whoever this stops is stopped by the next rule too.
        ("ip.src in {192.0.2.0/24}", "block", YES),
        ('ip.src.country eq "XX"', "block", YES),
    ],
)
def test_a_rule_before_ours(first: str, action: str, demands: Answer) -> None:
    assert judge(HOST, [rule(first, action), rule(DOCUMENTED)], NOW).demands is demands


def test_a_skip_after_ours_comes_too_late() -> None:
    assert judge(HOST, [rule(DOCUMENTED), rule(OURS, "skip")], NOW).demands is YES


def test_perhaps_blocked_before_a_skip_is_no_proof() -> None:
    rules = [rule("ip.src in {192.0.2.0/24}"), rule(OURS, "skip"), rule(DOCUMENTED)]
    assert judge(HOST, rules, NOW).demands is UNSURE


def test_two_rules_together_may_heed_revocation() -> None:
    rules = [rule(DASHBOARD), rule(f"{OURS} and cf.tls_client_auth.cert_revoked")]
    assert judge(HOST, rules, NOW) == HostLock(HOST, YES, YES)


def test_the_summary() -> None:
    state = LockState(
        (HostLock("a", YES, YES), HostLock("b", YES, NO), HostLock("c", NO, NO), HostLock("d", UNSURE, NO)), ""
    )
    assert state.opened_by_certificate == ("a", "b")
    assert state.blind_to_revocation == ("b",)
    assert state.open_to_everyone == ("c",)

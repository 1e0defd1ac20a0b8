"""What colour a proof is."""

from datetime import UTC, datetime

import pytest

from bot.model.proofs.probe_results import Cause, ProbeResult, Verdict
from bot.model.proofs.proofs import Attempt, AttemptKind, Colour, LockMode, Proof, ProofReport, neighbour
from bot.model.protection.earlier_rules import AllowRule, EarlierRules, Reach, Rewrite
from bot.model.protection.expression import Any
from bot.model.protection.parser import parse

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
GREEN, YELLOW, RED = Colour.GREEN, Colour.YELLOW, Colour.RED
BLOCKED, PASSED = Verdict.BLOCKED, Verdict.PASSED
CHALLENGED, UNCLEAR = Verdict.CHALLENGED, Verdict.UNCLEAR
LOCKED, SHUT, UNLOCKED = LockMode.LOCKED, LockMode.SHUT, LockMode.UNLOCKED

TURNED_AWAY = (AttemptKind.WITHOUT, AttemptKind.REVOKED, AttemptKind.NEIGHBOUR)
NO_WAY_ELSEWHERE = (AttemptKind.CAPITALS, AttemptKind.DOT, AttemptKind.PORT, AttemptKind.OTHER_NAME)


def tried(trial: AttemptKind, verdict: Verdict, why: Cause = Cause.SERVICE) -> Attempt:
    return Attempt(trial, ProbeResult(verdict, None, why))


def proof(*them: Attempt, mode: LockMode = LOCKED, label: str = "ha.example.com") -> Proof:
    return Proof(kind="host", subject="ha.example.com", label=label, mode=mode, tried=them, at=NOW)


@pytest.mark.parametrize(
    ("trials", "verdict", "colour"),
    [
        (TURNED_AWAY, BLOCKED, GREEN),
        (TURNED_AWAY, PASSED, RED),
        (TURNED_AWAY, CHALLENGED, YELLOW),
        (TURNED_AWAY, UNCLEAR, YELLOW),
        (NO_WAY_ELSEWHERE, BLOCKED, GREEN),
        (NO_WAY_ELSEWHERE, PASSED, RED),
        # Nobody has to be turned away at a port that nobody serves.
        (NO_WAY_ELSEWHERE, CHALLENGED, GREEN),
        (NO_WAY_ELSEWHERE, UNCLEAR, GREEN),
        ((AttemptKind.LIVE, AttemptKind.PATH), PASSED, GREEN),
        ((AttemptKind.LIVE, AttemptKind.PATH), BLOCKED, YELLOW),
        ((AttemptKind.LIVE, AttemptKind.PATH), CHALLENGED, YELLOW),
        ((AttemptKind.LIVE, AttemptKind.PATH), UNCLEAR, YELLOW),
    ],
)
def test_one_way_to_knock(trials: tuple[AttemptKind, ...], verdict: Verdict, colour: Colour) -> None:
    for trial in trials:
        assert proof(tried(trial, verdict)).colour is colour, trial


def test_every_way_to_knock_is_judged() -> None:
    assert {*TURNED_AWAY, *NO_WAY_ELSEWHERE, AttemptKind.LIVE, AttemptKind.PATH} == set(AttemptKind)


@pytest.mark.parametrize(
    ("mode", "verdict", "colour"),
    [
        (SHUT, BLOCKED, GREEN),
        (SHUT, PASSED, YELLOW),
        (SHUT, UNCLEAR, YELLOW),
        (LOCKED, BLOCKED, YELLOW),
        (UNLOCKED, PASSED, YELLOW),
    ],
)
def test_what_is_expected_of_a_certificate_depends_on_what_was_ordered(
    mode: LockMode, verdict: Verdict, colour: Colour
) -> None:
    assert proof(tried(AttemptKind.LIVE, verdict), mode=mode).colour is colour


def test_what_is_unlocked_on_purpose_is_never_red_and_never_green() -> None:
    assert proof(tried(AttemptKind.WITHOUT, PASSED), mode=UNLOCKED).colour is YELLOW
    assert proof(tried(AttemptKind.WITHOUT, BLOCKED), mode=UNLOCKED).colour is YELLOW
    assert proof(tried(AttemptKind.WITHOUT, PASSED), mode=UNLOCKED).unclear == ()
    assert proof(tried(AttemptKind.WITHOUT, PASSED), mode=SHUT).colour is RED


@pytest.mark.parametrize("why", list(Cause))
def test_a_path_that_cannot_be_tried_from_here_is_no_worry(why: Cause) -> None:
    no_worry = why in {Cause.WOULD_SET_OFF, Cause.OTHER_SOURCES}
    assert proof(tried(AttemptKind.PATH, UNCLEAR, why)).colour is (GREEN if no_worry else YELLOW)
    # Of anything else that is no reason.
    assert proof(tried(AttemptKind.WITHOUT, UNCLEAR, why)).colour is YELLOW


@pytest.mark.parametrize(
    ("without", "live", "locked"),
    [(BLOCKED, PASSED, True), (BLOCKED, BLOCKED, False), (PASSED, PASSED, False), (UNCLEAR, PASSED, False)],
)
def test_only_both_together_are_a_lock(without: Verdict, live: Verdict, locked: bool) -> None:
    assert proof(tried(AttemptKind.WITHOUT, without), tried(AttemptKind.LIVE, live)).is_locked is locked


def test_half_a_proof_is_no_lock() -> None:
    assert not proof(tried(AttemptKind.WITHOUT, BLOCKED)).is_locked
    assert not proof(tried(AttemptKind.LIVE, PASSED)).is_locked


def test_other_names() -> None:
    named = Attempt(AttemptKind.OTHER_NAME, ProbeResult(PASSED, 200, Cause.SERVICE), "*.example.com")
    beside = proof(tried(AttemptKind.WITHOUT, BLOCKED), named)
    assert (beside.other_names, beside.is_only_by_other_names, beside.colour) == (("*.example.com",), True, RED)
    both = proof(tried(AttemptKind.WITHOUT, PASSED), named)
    assert (both.other_names, both.is_only_by_other_names) == (("*.example.com",), False)
    none = proof(tried(AttemptKind.WITHOUT, BLOCKED))
    assert (none.other_names, none.is_only_by_other_names) == ((), False)
    assert ProofReport(proofs=(beside, none)).holds_at_the_hosts
    assert not ProofReport(proofs=(beside, both)).holds_at_the_hosts
    assert ProofReport(proofs=()).holds_at_the_hosts


def test_keys() -> None:
    assert tried(AttemptKind.PORT, BLOCKED).key == "port"
    assert Attempt(AttemptKind.PORT, ProbeResult(BLOCKED, None, Cause.BLOCK_PAGE), "8443").key == "port:8443"


GOOD = proof(tried(AttemptKind.WITHOUT, BLOCKED))
ODD = proof(tried(AttemptKind.WITHOUT, UNCLEAR))
BAD = proof(tried(AttemptKind.WITHOUT, PASSED))


@pytest.mark.parametrize(
    ("proofs", "colour"),
    [
        ((), GREEN),
        ((GOOD,), GREEN),
        ((GOOD, ODD), YELLOW),
        ((ODD, GOOD), YELLOW),
        ((BAD, GOOD, ODD), RED),
        ((ODD, BAD), RED),
    ],
)
def test_all_are_as_good_as_the_worst(proofs: tuple[Proof, ...], colour: Colour) -> None:
    assert ProofReport(proofs=proofs).colour is colour


def test_a_lock_that_somebody_is_let_past_is_red() -> None:
    allow = AllowRule(rule_id="a", target="ip", value="192.0.2.1", notes="", reach=Reach.ZONE)
    assert ProofReport(proofs=(GOOD,), earlier=EarlierRules(allows=(allow,))).colour is RED


def test_of_one_colour() -> None:
    report = ProofReport(proofs=(GOOD, ODD, BAD))
    assert [report.of_colour(colour) for colour in (GREEN, YELLOW, RED)] == [(GOOD,), (ODD,), (BAD,)]


def test_only_rewrites_at_what_was_tried_are_told() -> None:
    here = Rewrite(rule_id="1", name="all", expression=parse('http.host eq "ha.example.com"'))
    nowhere = Rewrite(rule_id="2", name="none", expression=Any(()))
    report = ProofReport(
        proofs=(proof(tried(AttemptKind.PATH, PASSED), label="ha.example.com/api/…"),),
        earlier=EarlierRules(rewrites=(here, nowhere)),
    )
    assert report.rewrites == (here,)
    assert ProofReport(proofs=(), earlier=EarlierRules(rewrites=(here,))).rewrites == ()


@pytest.mark.parametrize(
    ("waiting", "makes", "running"), [(0, False, False), (1, False, True), (0, True, True), (2, True, True)]
)
def test_whether_more_is_to_come(waiting: int, makes: bool, running: bool) -> None:
    assert ProofReport(proofs=(), waiting=waiting, makes_certificates=makes).is_running is running


def test_unless_said_otherwise_nothing_is_under_way_and_the_rule_is_ours() -> None:
    report = ProofReport(proofs=())
    assert (report.waiting, report.is_running, report.no_list, report.ours) == (0, False, False, True)


@pytest.mark.parametrize(("path", "beside"), [("/hook", "/hoox"), ("/hoox", "/hooy"), ("/", "x")])
def test_the_path_beside_it(path: str, beside: str) -> None:
    assert neighbour(path) == beside

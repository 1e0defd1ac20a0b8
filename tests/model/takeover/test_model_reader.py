"""What is understood of locks made by hand: the rules that people post, each with its right answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.model.protection.hosts import ZoneNames
from bot.model.protection.parser import parse
from bot.model.protection.printer import to_text
from bot.model.protection.rule import DesiredRule, PathException, expression_of
from bot.model.protection.rule_state import ForeignRule, OurRule, RuleState
from bot.model.protection.takeover import NOTHING_SHUT, HandMade, HandMadePath
from bot.model.takeover.reader import opens_something, recognise, shut_by_us
from tests.generated_locks import a_rule, zone

CORPUS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "posted_locks.json").read_text())
HOSTS = 'http.host in {"ha.example.com" "photos.example.com"}'
NONE = "not cf.tls_client_auth.cert_verified"
LOCK = f'(http.host eq "ha.example.com" and {NONE})'
HOOK = HandMadePath("ha.example.com", "/hook")


def rules(*texts: tuple[str, str], **more: bool) -> list[ForeignRule]:
    return [a_rule(place, action, text, **more) for place, (action, text) in enumerate(texts, start=1)]


def found(*texts: tuple[str, str]) -> HandMade:
    return recognise(zone(rules(*texts)), "example.com")


def numbers(some: Any) -> list[int]:
    return [int(one.rule_id.removeprefix("r")) for one in some]


def said(one: HandMade) -> dict[str, Any]:
    """What was understood, in the corpus' words; what there is nothing of is left out."""
    everything = {
        "hosts": list(one.hosts),
        "off": numbers(one.rules),
        "open": [
            {
                name: list(value) if name == "networks" else value
                for name, value in vars(path).items()
                if value not in (None, ())
            }
            for path in one.paths
        ],
        "blind": [
            word for word, heeds in (("revocation", one.heeds_revocation), ("maker", one.heeds_maker)) if not heeds
        ],
        "shut": list(one.shut.addresses),
        "shut_rules": numbers(one.shut.rules),
        "kept": {str(numbers([kept.rule])[0]): list(kept.hosts) for kept in one.kept},
        "unread": numbers(one.unread),
    }
    return {name: value for name, value in everything.items() if value}


def test_what_people_post() -> None:
    """Each rule about certificates is taken over with the same meaning, or named with its text."""
    wrong = {}
    for one in CORPUS:
        state = zone(rules(*one["rules"]))
        understood = recognise(state, "example.com")
        if said(understood) != one["right"]:
            wrong[one["name"]] = (said(understood), one["right"])
        texts = {rule.rule_id: rule.text for rule in state.foreign}
        for rule in (*understood.rules, *understood.unread, *understood.shut.rules):
            assert rule.text == texts[rule.rule_id]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "heeds"),
    [
        (f"({HOSTS} and {NONE})", False),
        (f"({NONE} and {HOSTS})", False),
        (f"({HOSTS} and ({NONE} or cf.tls_client_auth.cert_revoked))", True),
        (f"({HOSTS} and not (cf.tls_client_auth.cert_verified and not cf.tls_client_auth.cert_revoked))", True),
        (f'((http.host eq "ha.example.com" or lower(http.host) eq "photos.example.com") and {NONE})', False),
        (f"(not ({HOSTS}) xor ({HOSTS} and {NONE} or not ({HOSTS})))", False),
    ],
)
def test_a_lock_is_known_by_what_it_does(text: str, heeds: bool) -> None:
    understood = found(("block", text))
    assert understood.hosts == ("ha.example.com", "photos.example.com")
    assert understood.heeds_revocation is heeds
    assert numbers(understood.rules) == [1]
    assert understood.shut == NOTHING_SHUT


@pytest.mark.parametrize(
    "exception",
    [
        'http.request.uri.path ne "/hook"',
        'not http.request.uri.path eq "/hook"',
        'not http.request.uri.path in {"/hook"}',
        'not (http.host eq "ha.example.com" and http.request.uri.path eq "/hook")',
    ],
)
def test_exceptions_inside(exception: str) -> None:
    assert found(("block", f'(http.host eq "ha.example.com" and {NONE} and {exception})')).paths == (HOOK,)


def test_skip_rules_in_front() -> None:
    understood = found(
        ("skip", '(http.host eq "ha.example.com" and http.request.uri.path eq "/hook")'),
        ("skip", '(http.request.uri.path eq "/both" and http.request.method eq "POST")'),
        ("skip", '(http.host eq "www.example.com" and http.request.uri.path eq "/other")'),
        ("skip", 'starts_with(http.request.uri.path, "/api/")'),
        ("log", "ssl"),
        ("managed_challenge", 'http.host eq "www.example.com"'),
        ("block", f"({HOSTS} and {NONE})"),
        ("skip", '(http.request.uri.path eq "/behind")'),
    )
    # The log needs them all, and the challenge the second.
    assert numbers(understood.rules) == [7]
    assert understood.paths == (
        HOOK,
        HandMadePath("ha.example.com", "/both", "POST"),
        HandMadePath("photos.example.com", "/both", "POST"),
    )
    assert numbers(understood.shut.rules) == [4]


@pytest.mark.parametrize(
    ("behind", "spare"),
    [
        ([], True),
        ([("managed_challenge", 'http.host eq "www.example.com"')], True),
        ([("skip", "ssl")], True),
        ([("block", 'http.request.uri.path eq "/other"')], True),
        ([("block", 'http.request.uri.path contains "oo"')], False),
        ([("block", 'ip.src.country ne "AU"')], False),
        ([("log", 'http.host eq "ha.example.com"')], False),
        ([("block", "cf.tls_client_auth.cert_revoked")], False),
    ],
)
def test_a_skip_goes_only_when_nothing_needs_it(behind: list[tuple[str, str]], spare: bool) -> None:
    skip = '(http.host eq "ha.example.com" and http.request.uri.path eq "/hook")'
    understood = found(("skip", skip), ("block", LOCK), *behind)
    assert understood.paths == (HOOK,)
    assert (1 in numbers(understood.rules)) is spare


def test_a_skip_of_more_than_custom_rules_stays() -> None:
    skip = a_rule(1, "skip", '(http.request.uri.path eq "/hook")', more=True)
    understood = recognise(zone([skip, a_rule(2, "block", LOCK)]), "example.com")
    assert understood.paths == (HOOK,)
    assert numbers(understood.rules) == [2]


def test_what_is_switched_off_is_none() -> None:
    off = [a_rule(1, "skip", "ssl", enabled=False), a_rule(2, "block", LOCK, enabled=False)]
    assert recognise(zone(off), "example.com") == HandMade()


def test_a_deeper_name_where_each_name_has_a_certificate_of_its_own() -> None:
    state = zone(rules(("block", f'(http.host eq "cam.ha.example.com" and {NONE})')))
    assert recognise(state, "example.com").hosts == ()
    assert recognise(state, "example.com", ZoneNames(full=False)).hosts == ("cam.ha.example.com",)


def with_ours(*texts: tuple[str, str], enabled: bool = True) -> RuleState:
    ours = f'(starts_with(lower(http.host), "ha.example.com") and ({NONE} or cf.tls_client_auth.cert_revoked))'
    rule = OurRule(rule_id="o", place=1, enabled=enabled, plain=True, text=ours, expression=parse(ours))
    return RuleState(ruleset_id="r", ours=rule, foreign=tuple(rules(*texts)))


def test_where_ours_is_in_front_already_nothing_opens() -> None:
    """What theirs leaves open there is shut: taking it over must not open it."""
    lock = ("block", f'({HOSTS} and {NONE} and http.request.uri.path ne "/hook")')
    understood = recognise(with_ours(lock), "example.com")
    assert understood.hosts == ("ha.example.com", "photos.example.com")
    assert understood.paths == (HandMadePath("photos.example.com", "/hook"),)
    assert shut_by_us(with_ours(lock), ["ha.example.com"]) == NOTHING_SHUT
    assert shut_by_us(with_ours(lock, enabled=False), ["ha.example.com"]).addresses == ("ha.example.com/hook",)


def test_what_is_open_in_ours_by_an_order_and_shut_by_theirs_is_said() -> None:
    """Whoever opened a path over a lock made by hand sees that it opens when that lock goes."""
    lock = rules(("block", f'({LOCK} and http.request.uri.path ne "/hook")'))
    for path, ordered in (("/hook", ()), ("/other", (HandMadePath("ha.example.com", "/other"),))):
        wanted = DesiredRule(
            hosts=("ha.example.com",),
            beacon="4fk2",
            exceptions=(PathException(host="ha.example.com", path=path, closes_at=2_000_000_000),),
        )
        tree = expression_of(wanted)
        ours = OurRule(rule_id="o", place=1, enabled=True, plain=True, text=to_text(tree), expression=tree)
        understood = recognise(RuleState(ruleset_id="r", ours=ours, foreign=tuple(lock)), "example.com")
        assert (understood.ordered, understood.paths) == (ordered, ())


@pytest.mark.parametrize(
    ("texts", "addresses", "shut_rules"),
    [
        ([("block", LOCK)], (), []),
        ([("skip", "ssl")], (), []),
        ([("block", 'ip.src.country ne "AU"')], (), []),
        ([("block", f'(http.host eq "photos.example.com" and {NONE} and ssl)')], (), []),
        ([("block", f"({HOSTS} and {NONE})"), ("skip", '(http.request.uri.path eq "/behind")')], (), []),
        ([("block", f'({HOSTS} and {NONE} and http.request.uri.path ne "/hook")')], ("ha.example.com/hook",), []),
        ([("block", f'({HOSTS} and {NONE} and not starts_with(http.request.uri.path, "/api/"))')], (), [1]),
        ([("block", f'({HOSTS} and {NONE} and not any(http.request.headers["x"][*] eq "y"))')], (), [1]),
        ([("skip", "(ip.src eq 192.0.2.1)"), ("block", LOCK)], (), [1]),
        ([("skip", '(http.request.uri.path eq "/hook")'), ("block", LOCK)], ("ha.example.com/hook",), []),
        ([("block", f'({NONE} and http.request.uri.path in {{"/admin"}})')], (), [1]),
        ([("managed_challenge", LOCK)], (), [1]),
        ([("block", f'(http.host wildcard "*.example.com" and {NONE})')], (), []),
    ],
)
def test_what_our_lock_in_front_would_shut(
    texts: list[tuple[str, str]], addresses: tuple[str, ...], shut_rules: list[int]
) -> None:
    shut = shut_by_us(zone(rules(*texts)), ["ha.example.com"])
    assert shut.addresses == addresses
    assert numbers(shut.rules) == shut_rules


def test_whether_it_is_still_safe() -> None:
    """What was agreed on may open something once another rule has become another one."""
    lock, skip = ("block", LOCK), ("skip", '(http.request.uri.path eq "/hook")')
    assert not opens_something(zone(rules(lock)), ["r1"], ["ha.example.com"], [])
    assert opens_something(zone(rules(lock)), ["r1"], ["ha.example.com"], [HOOK])
    assert not opens_something(zone(rules(skip, lock)), ["r1", "r2"], ["ha.example.com"], [HOOK])
    assert opens_something(zone(rules(lock, skip)), ["r1"], ["ha.example.com"], [HOOK])
    assert opens_something(zone(rules(lock)), ["r1"], ["photos.example.com"], [])
    assert opens_something(zone(rules(("block", f"({HOSTS} and {NONE})"))), ["r1"], ["ha.example.com"], [])
    assert opens_something(zone(rules(("block", 'http.host eq "ha.example.com"'))), ["r1"], ["ha.example.com"], [])

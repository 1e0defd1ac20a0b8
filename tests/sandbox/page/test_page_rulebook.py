"""What the drawer makes of the zone's rules."""

import re
from typing import Any

from hypothesis import given, settings

from bot.model.protection.printer import to_text
from bot.model.protection.rule import BEACON_PATH, DesiredRule, expression_of
from bot.model.protection.rule_state import RULE_REF
from sandbox.page.layout import broken
from sandbox.page.rulebook import rulebook
from sandbox.rules.parser import parse
from tests.generated_rules import RULES

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')


def shown(expression: str, **fields: Any) -> dict[str, Any]:
    """One rule as the drawer has it, Latchkey's unless said otherwise."""
    rule = {"id": "1", "ref": RULE_REF, "action": "block", "expression": expression, **fields}
    return rulebook([rule])[0]


@given(RULES)
@settings(max_examples=60)
def test_lines_are_broken_and_nothing_else(rule: DesiredRule) -> None:
    text = to_text(expression_of(rule))
    lines = broken(text)
    assert parse(lines) == parse(text)
    assert "".join(_STRINGS.sub("", lines).split()) == "".join(_STRINGS.sub("", text).split())
    assert _STRINGS.findall(lines) == _STRINGS.findall(text)


@given(RULES)
@settings(max_examples=60)
def test_what_was_wanted_is_read_back(rule: DesiredRule) -> None:
    says = shown(to_text(expression_of(rule)))["says"]
    assert says["hosts"] == list(rule.hosts)
    if rule.everything:
        assert (says["demands"], says["paths"], says["beacon"]) == ([], [], "")
        return
    assert says["demands"] == ["verified", "not revoked"]
    assert says["fingerprints"] == list(rule.fingerprints)
    assert says["beacon"] == BEACON_PATH + rule.beacon
    told = [(each["host"], each["path"], each["closes"]) for each in says["paths"]]
    assert told == [(one.host, one.path, one.closes_at) for one in rule.exceptions]
    assert [each["method"] for each in says["paths"]] == [one.method or "" for one in rule.exceptions]
    assert [len(each["networks"]) for each in says["paths"]] == [len(one.networks) for one in rule.exceptions]


def test_a_short_condition_stays_on_its_line_and_a_long_one_is_indented() -> None:
    text = '(http.host eq "a.example.com" and (ssl or http.request.method eq "POST"))'
    assert broken(text) == text
    assert broken(text, 50).splitlines() == [
        "(",
        '  http.host eq "a.example.com"',
        '  and (ssl or http.request.method eq "POST")',
        ")",
    ]


def test_text_that_is_no_expression_says_nothing() -> None:
    for text in ("not an expression", ") and (((", '"', ""):
        assert shown(text)["says"] == {"hosts": [], "demands": [], "fingerprints": [], "beacon": "", "paths": []}


def test_somebody_elses_rule_stays_as_it_is() -> None:
    long = " or ".join(f'http.host eq "{number}.example.com"' for number in range(9))
    assert shown(long, ref="1")["expression"] == long
    assert shown(long, ref="1")["says"] is None

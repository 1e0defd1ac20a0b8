"""Our own rule, read back from what Cloudflare shows of it."""

from dataclasses import replace

import pytest
from hypothesis import given

from bot.model.protection.plan import parse_rule, plan
from bot.model.protection.rule import DesiredRule, PathCheck, expression_of
from bot.model.protection.rule_reader import ParsedRule, read_rule
from tests.generated_rules import DIGESTS, NOW, RULES


def said_of(wanted: DesiredRule) -> ParsedRule:
    if wanted.everything:
        return ParsedRule(hosts=wanted.hosts, everything=True)
    exceptions = wanted.exceptions
    if wanted.paths_by is PathCheck.NORMALISED:
        exceptions = tuple(replace(one, sent=None) for one in exceptions)
    return ParsedRule(hosts=wanted.hosts, fingerprints=wanted.fingerprints, exceptions=exceptions)


@given(RULES)
def test_what_was_said_is_read_back(wanted: DesiredRule) -> None:
    assert read_rule(expression_of(wanted)) == said_of(wanted)


@given(RULES)
def test_through_the_text_too(wanted: DesiredRule) -> None:
    planned = plan(wanted)
    assert read_rule(parse_rule(planned.text)) == said_of(planned.fit.rule)


def test_an_exception_with_more_in_it_is_none_of_ours() -> None:
    text = (
        'not (lower(http.host) eq "a.example.com" and http.request.uri.path eq "/x" and ssl '
        f"and http.request.timestamp.sec lt {NOW})"
    )
    assert read_rule(parse_rule(text)) == ParsedRule()


def test_a_rule_edited_by_hand_still_tells_whom_it_turns_away() -> None:
    text = (
        'ip.src in {192.0.2.0/24} or (starts_with(lower(http.host), "ha.example.com") and (not '
        f'cf.tls_client_auth.cert_verified or cf.tls_client_auth.cert_fingerprint_sha256 in {{"{DIGESTS[0]}"}}))'
    )
    said = read_rule(parse_rule(text))
    assert (said.hosts, said.fingerprints, said.everything) == (("ha.example.com",), DIGESTS[:1], False)


@pytest.mark.parametrize("digest", [DIGESTS[0], DIGESTS[0].upper()])
@pytest.mark.parametrize("field", ["{}", "lower({})", "upper({})"])
def test_fingerprints_are_recognised_however_a_rule_spells_them(field: str, digest: str) -> None:
    spelled = field.format("cf.tls_client_auth.cert_fingerprint_sha256")
    text = f'(starts_with(lower(http.host), "ha.example.com") and {spelled} in {{"{digest}"}})'
    assert read_rule(parse_rule(text)).fingerprints == DIGESTS[:1]


@pytest.mark.parametrize(
    ("paths", "path", "sent"),
    [
        ('http.request.uri.path eq "/x"', "/x", None),
        ('http.request.uri.path eq "/x" and raw.http.request.uri.path eq "/x"', "/x", None),
        ('raw.http.request.uri.path eq "/x"', "/x", None),
        ('raw.http.request.uri.path in {"/a%C3" "/a%c3"}', "/a%C3", None),
        ('http.request.uri.path eq "/x" and raw.http.request.uri.path in {"/x" "/%78"}', "/x", "/%78"),
    ],
)
def test_an_open_path_is_read_however_it_is_told(paths: str, path: str, sent: str | None) -> None:
    text = f'(lower(http.host) eq "a.example.com" and {paths} and http.request.timestamp.sec lt {NOW})'
    (said,) = read_rule(parse_rule(text)).exceptions
    assert (said.host, said.path, said.sent) == ("a.example.com", path, sent)


@pytest.mark.parametrize(
    "paths",
    [
        'http.request.uri.path eq "/x" and raw.http.request.uri.path eq "/y"',
        'http.request.uri.path eq "/x" and raw.http.request.uri.path in {"/y" "/x"}',
        'http.request.uri.path eq "/x" and raw.http.request.uri.path in {"/x" "/y" "/z"}',
        'http.request.uri.path eq "/x" and raw.http.request.uri.path eq "/x" and raw.http.request.uri.path in {"/x"}',
        'raw.http.request.uri.path in {"/x"} and raw.http.request.uri.path in {"/x"}',
        'http.request.uri.path ne "/x"',
    ],
)
def test_an_open_path_told_in_a_way_that_is_not_ours_is_none(paths: str) -> None:
    text = f'(lower(http.host) eq "a.example.com" and {paths} and http.request.timestamp.sec lt {NOW})'
    assert read_rule(parse_rule(text)).exceptions == ()

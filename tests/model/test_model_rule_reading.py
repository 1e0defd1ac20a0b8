"""Our own rule, read back from what Cloudflare shows of it."""

from hypothesis import given

from bot.edge.ruling import plan, reads_as
from bot.model.rule import WantedRule, expression_of
from bot.model.rule_reading import RuleSaid, read_rule
from tests.generated_rules import DIGESTS, NOW, RULES


def said_of(wanted: WantedRule) -> RuleSaid:
    if wanted.everything:
        return RuleSaid(hosts=wanted.hosts, everything=True)
    return RuleSaid(hosts=wanted.hosts, fingerprints=wanted.fingerprints, exceptions=wanted.exceptions)


@given(RULES)
def test_what_was_said_is_read_back(wanted: WantedRule) -> None:
    assert read_rule(expression_of(wanted)) == said_of(wanted)


@given(RULES)
def test_through_the_text_too(wanted: WantedRule) -> None:
    planned = plan(wanted)
    assert read_rule(reads_as(planned.text)) == said_of(planned.fit.rule)


def test_an_exception_with_more_in_it_is_none_of_ours() -> None:
    text = (
        'not (lower(http.host) eq "a.example.com" and http.request.uri.path eq "/x" and ssl '
        f"and http.request.timestamp.sec lt {NOW})"
    )
    assert read_rule(reads_as(text)) == RuleSaid()


def test_a_rule_edited_by_hand_still_tells_whom_it_turns_away() -> None:
    text = (
        'ip.src in {192.0.2.0/24} or (starts_with(lower(http.host), "ha.example.com") and (not '
        f'cf.tls_client_auth.cert_verified or cf.tls_client_auth.cert_fingerprint_sha256 in {{"{DIGESTS[0]}"}}))'
    )
    said = read_rule(reads_as(text))
    assert (said.hosts, said.fingerprints, said.everything) == (("ha.example.com",), DIGESTS[:1], False)

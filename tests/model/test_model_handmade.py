"""What is understood of a lock made by hand, and what is left alone."""

import pytest

from bot.edge.parsing import parse
from bot.model.handmade import HandMadePath, recognise
from bot.model.rule_state import ForeignRule

HOSTS = 'http.host in {"ha.example.com" "photos.example.com"}'
NONE = "not cf.tls_client_auth.cert_verified"
HOOK = HandMadePath("ha.example.com", "/hook")


def rules(*texts: tuple[str, str]) -> list[ForeignRule]:
    return [
        ForeignRule(
            rule_id=f"r{place}",
            place=place,
            action=action,
            enabled=True,
            description="",
            text=text,
            expression=parse(text),
            skips_ours=action == "skip",
        )
        for place, (action, text) in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(
    ("text", "heeds"),
    [
        (f"({HOSTS} and {NONE})", False),
        (f"({NONE} and {HOSTS})", False),
        (f"({HOSTS} and ({NONE} or cf.tls_client_auth.cert_revoked))", True),
        (f"({HOSTS} and not (cf.tls_client_auth.cert_verified and not cf.tls_client_auth.cert_revoked))", True),
        (f'((http.host eq "ha.example.com" or lower(http.host) eq "photos.example.com") and {NONE})', False),
    ],
)
def test_the_recipes(text: str, heeds: bool) -> None:
    found = recognise(rules(("block", text)))
    assert found is not None
    assert found.hosts == ("ha.example.com", "photos.example.com")
    assert found.heeds_revocation is heeds
    assert [rule.rule_id for rule in found.rules] == ["r1"]
    assert found.paths == ()
    assert found.left == ()


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
    found = recognise(rules(("block", f'(http.host eq "ha.example.com" and {NONE} and {exception})')))
    assert found is not None
    assert found.paths == (HOOK,)


@pytest.mark.parametrize(
    "text",
    [
        f'({NONE} and http.request.uri.path in {{"/admin"}})',
        f"({HOSTS} and {NONE} and not ip.src in {{192.0.2.0/24}})",
        f'({HOSTS} and {NONE} and not starts_with(http.request.uri.path, "/api"))',
        f'({HOSTS} and ({NONE} or ip.geoip.country eq "XX"))',
        f"{HOSTS}",
        f"{NONE}",
        f"({HOSTS} or {NONE})",
        "not understood (",
    ],
)
def test_what_says_more_or_less_is_left_alone(text: str) -> None:
    assert recognise(rules(("block", text))) is None


def test_skip_rules_in_front() -> None:
    found = recognise(
        rules(
            ("skip", '(http.host eq "ha.example.com" and http.request.uri.path eq "/hook")'),
            ("skip", '(http.request.uri.path eq "/both" and http.request.method eq "POST")'),
            ("skip", '(http.host eq "www.example.com" and http.request.uri.path eq "/other")'),
            ("skip", 'starts_with(http.request.uri.path, "/api/")'),
            ("managed_challenge", "ssl"),
            ("block", f"({HOSTS} and {NONE})"),
            ("skip", '(http.request.uri.path eq "/behind")'),
        )
    )
    assert found is not None
    assert [rule.rule_id for rule in found.rules] == ["r6", "r1", "r2"]
    assert found.paths == (
        HOOK,
        HandMadePath("ha.example.com", "/both", "POST"),
        HandMadePath("photos.example.com", "/both", "POST"),
    )
    assert found.left == ('starts_with(http.request.uri.path, "/api/")',)


def test_what_is_switched_off_is_none() -> None:
    (rule,) = rules(("block", f"({HOSTS} and {NONE})"))
    assert recognise([ForeignRule(**{**vars(rule), "enabled": False})]) is None

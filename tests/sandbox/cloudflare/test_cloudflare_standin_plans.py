"""What a plan allows: expressions, actions, how many rules."""

from pathlib import Path
from typing import Any

import pytest
from cloudflare import BadRequestError

from tests.sandbox.cloudflare.cloudflare_at_work import (
    code_of,
    create_rule,
    entrypoint,
    four_rules,
    message_of,
    serving,
)


@pytest.mark.parametrize("dry_run", [True, False])
async def test_sixth_rule_of_a_free_plan(tmp_path: Path, dry_run: bool) -> None:
    async with serving(tmp_path, preset="empty") as at_work:
        ruleset_id = await four_rules(at_work)
        at_work.standin.add_rule("ssl", enabled=False)
        with pytest.raises(BadRequestError) as caught:
            await create_rule(at_work, ruleset_id, dry_run=dry_run)
        assert code_of(caught.value) == 50001
        text = "exceeded the maximum number of rules in the phase http_request_firewall_custom: 6 out of 5"
        assert message_of(caught.value) == text
        at_work.standin.plan = "pro"
        await create_rule(at_work, ruleset_id, dry_run=dry_run)


@pytest.mark.parametrize(
    ("expression", "plan", "says"),
    [
        ('http.hst eq "a"', "free", "Filter parsing error (1:1):"),
        ('ssl and nofn(http.host) eq "a"', "free", "Filter parsing error (1:9):"),
        ('http.host eq "http.host"\nand http.host matches "a"', "free", "Filter parsing error (2:15):"),
        ('http.host ~ "a"', "pro", "Filter parsing error (1:11):"),
        ('any(http.request.cookies["a"][*] eq "b")', "free", "Filter parsing error (1:5):"),
        ("cf.bot_management.score lt 30", "business", "Filter parsing error (1:1):"),
        ('to_string(ip.src.asnum) eq "1"', "free", "Filter parsing error (1:1):"),
        ('http.host eq "is_timed" and is_timed_hmac_valid_v0("k", http.host, 9, 9, 8)', "free", "Filter"),
        ("http.response.code eq 200", "enterprise", "Filter parsing error (1:1):"),
        ("ip.src in $office", "free", "Filter parsing error (1:11):"),
        ('http.host eq "a', "free", "Filter parsing error (1:"),
        ("", "free", "empty"),
        (f'http.host eq "{"a" * 4083}"', "free", "4098 characters"),
    ],
)
async def test_bad_expressions(tmp_path: Path, expression: str, plan: str, says: str) -> None:
    async with serving(tmp_path, plan=plan) as at_work:
        before = await entrypoint(at_work)
        for dry_run in (True, False):
            with pytest.raises(BadRequestError) as caught:
                await create_rule(at_work, before["id"], expression=expression, dry_run=dry_run)
            assert says in message_of(caught.value)
            source = caught.value.errors[0].source
            assert source is not None
            assert source.pointer == "/rules/1/expression"
        assert await entrypoint(at_work) == before


@pytest.mark.parametrize(
    ("expression", "plan"),
    [
        ('(starts_with(lower(http.host), "ha.example.com") and not cf.tls_client_auth.cert_verified)', "free"),
        ('http.request.uri.path eq "/hook" and http.request.timestamp.sec lt 1796083200', "free"),
        ('cf.tls_client_auth.cert_fingerprint_sha256 in {"ab" "cd"} or ip.src in {192.0.2.0/24}', "free"),
        (r'http.request.uri.path eq "/$matches ~ http.request.cookies \"" and ssl', "free"),
        ('http.request.uri.path eq r#"to_string("~")"#', "free"),
        ('http.host matches "a.*"', "business"),
        ('any(http.request.cookies["a"][*] eq "b")', "pro"),
        (f'http.host eq "{"a" * 4081}"', "free"),
    ],
)
async def test_good_expressions(tmp_path: Path, expression: str, plan: str) -> None:
    async with serving(tmp_path, plan=plan) as at_work:
        await create_rule(at_work, (await entrypoint(at_work))["id"], expression=expression)
        assert at_work.standin.rules[-1]["expression"] == expression


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "log"},
        {"action": "execute"},
        {"action": "skip"},
        {"action": "skip", "action_parameters": {"ruleset": "all"}},
        {"action": "skip", "action_parameters": {"products": ["WAF"]}},
        {"logging": {"enabled": True}},
        {"ref": ""},
        {"id": "0" * 32},
        {"enabled": "yes"},
        {"ratelimit": {"period": 10}},
        {"action_parameters": {"response": {"status_code": 403, "content": "x", "content_type": "text/plain"}}},
    ],
)
async def test_rules_a_free_zone_does_not_take(tmp_path: Path, fields: dict[str, Any]) -> None:
    async with serving(tmp_path) as at_work:
        before = await entrypoint(at_work)
        path = f"/zones/{at_work.zone_id}/rulesets/{before['id']}/rules"
        body = {"action": "block", "expression": "ssl", **fields}
        with pytest.raises(BadRequestError):
            await at_work.client.post(path, body=body, cast_to=object)
        assert await entrypoint(at_work) == before


@pytest.mark.parametrize("blind", [False, True])
async def test_a_field_that_the_zone_takes_in_no_rule(tmp_path: Path, blind: bool) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.refused_fields = ["raw.http.request.uri.path"]
        at_work.standin.trials_are_blind = blind
        ruleset_id = (await entrypoint(at_work))["id"]
        refused = 'http.host eq "raw.http.request.uri.path" and raw.http.request.uri.path eq "/x"'
        if blind:
            await create_rule(at_work, ruleset_id, expression=refused, dry_run=True)
        for dry_run in (False,) if blind else (True, False):
            with pytest.raises(BadRequestError) as caught:
                await create_rule(at_work, ruleset_id, expression=refused, dry_run=dry_run)
            assert "Filter parsing error (1:46):" in message_of(caught.value)
        await create_rule(at_work, ruleset_id, expression='http.host eq "raw.http.request.uri.path"')

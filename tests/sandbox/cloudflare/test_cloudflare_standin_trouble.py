"""Tokens and what they may, and trouble on order."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from cloudflare import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
)

from tests.sandbox.cloudflare.cloudflare_at_work import PHASE, code_of, message_of, request_for, serving


async def test_verification_knows_user_from_account_tokens(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        answer = await at_work.client.user.tokens.verify()
        assert answer is not None
        assert answer.status == "active"
        with pytest.raises(AuthenticationError):
            await at_work.client.accounts.tokens.verify(account_id=at_work.standin.account_id)
        at_work.standin.token = "cfat_" + "x" * 48
        client = at_work.other_client(at_work.standin.token)
        of_account = await client.accounts.tokens.verify(account_id=at_work.standin.account_id)
        assert of_account is not None
        with pytest.raises(AuthenticationError) as caught:
            await client.user.tokens.verify()
        assert code_of(caught.value) == 1000
        at_work.standin.token_status = "expired"
        of_account = await client.accounts.tokens.verify(account_id=at_work.standin.account_id)
        assert of_account is not None
        assert of_account.status == "expired"
        with pytest.raises(AuthenticationError):
            await client.rulesets.phases.get(PHASE, zone_id=at_work.zone_id)


async def test_wrong_tokens(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        wrong = at_work.other_client("cfut_" + "y" * 48)
        with pytest.raises(AuthenticationError) as unknown:
            await wrong.client_certificates.get("x", zone_id=at_work.zone_id)
        assert code_of(unknown.value) == 10000
        with pytest.raises(PermissionDeniedError) as forbidden:
            await wrong.zones.get(zone_id=at_work.zone_id)
        assert code_of(forbidden.value) == 9109
        with pytest.raises(BadRequestError) as malformed:
            await at_work.other_client("short").user.tokens.verify()
        error: Any = malformed.value.errors[0]
        assert (error.code, error.error_chain[0]["code"]) == (6003, 6111)
        keyed = at_work.client.with_options(
            default_headers={"Authorization": "", "X-Auth-Key": "k", "X-Auth-Email": "a@example.com"}
        )
        with pytest.raises(BadRequestError):
            await keyed.user.tokens.verify()


async def test_missing_credentials(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work, aiohttp.ClientSession() as session:
        url = f"{at_work.standin.url}/client/v4/user/tokens/verify"
        async with session.get(url) as answer:
            assert (answer.status, (await answer.json())["errors"][0]["code"]) == (400, 9106)
        async with session.get(url, headers={"X-Auth-Key": "k"}) as answer:
            error = (await answer.json())["errors"][0]
            assert (error["code"], error["error_chain"][0]["code"]) == (6003, 6103)


async def _refused(call: Any) -> bool:
    try:
        await call()
    except PermissionDeniedError as error:
        return code_of(error) == 10000
    return False


@pytest.mark.parametrize(
    ("permissions", "served"),
    [
        (set(), set()),
        ({"ssl:read"}, {"ssl:read"}),
        ({"ssl:edit"}, {"ssl:read", "ssl:edit"}),
        ({"waf:edit", "zone:read"}, {"waf:read", "waf:edit", "zone:read"}),
        ({"settings:edit", "dns:read"}, {"settings:edit", "dns:read"}),
        ({"access-rules:read"}, {"access-rules:read"}),
        ({"account-access-rules:read"}, {"account-access-rules:read"}),
        ({"transform:read"}, {"transform:read"}),
    ],
)
async def test_permissions(tmp_path: Path, permissions: set[str], served: set[str]) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.permissions = permissions
        client = at_work.client
        zone: Any = {"zone_id": at_work.zone_id}
        ruleset_id = at_work.standin.zone.custom.entrypoint()["id"]
        rule: Any = {"action": "block", "expression": "ssl", "dry_run": True}
        at_work.standin.rewrite_by_hand("ssl", "/new")
        account: Any = {"account_id": at_work.standin.account_id}
        calls = {
            "access-rules:read": lambda: client.firewall.access_rules.list(**zone),
            "account-access-rules:read": lambda: client.firewall.access_rules.list(**account),
            "transform:read": lambda: client.rulesets.phases.get("http_request_transform", **zone),
            "ssl:read": lambda: client.certificate_authorities.hostname_associations.get(**zone),
            "ssl:edit": lambda: client.client_certificates.create(**zone, csr=request_for("a"), validity_days=9),
            "waf:read": lambda: client.rulesets.phases.get(PHASE, **zone),
            "waf:edit": lambda: client.rulesets.rules.create(ruleset_id, **zone, **rule),
            "zone:read": lambda: client.zones.get(**zone),
            "settings:edit": lambda: client.zones.settings.edit("http3", **zone, value="on"),
            "dns:read": lambda: client.get(f"/zones/{at_work.zone_id}/dns_records", cast_to=object),
        }
        refused = {right: await _refused(call) for right, call in calls.items()}
        assert {right for right, was in refused.items() if not was} == served
        assert await client.user.tokens.verify() is not None


async def test_unknown_zone_and_route(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        with pytest.raises(NotFoundError) as caught:
            await at_work.client.zones.get(zone_id="0" * 32)
        assert code_of(caught.value) == 7003
        with pytest.raises(NotFoundError):
            await at_work.client.get("/radar/traffic", cast_to=object)
        with pytest.raises(BadRequestError):
            await at_work.client.get(f"/zones/{at_work.zone_id}?verbose=1", cast_to=object)


async def test_too_many_requests(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.fault(call="POST */client_certificates", status=429, retry_after=250)
        with pytest.raises(RateLimitError) as caught:
            await at_work.client.client_certificates.create(
                zone_id=at_work.zone_id, csr=request_for("a"), validity_days=9
            )
        assert caught.value.response.headers["retry-after"] == "250"
        assert code_of(caught.value) == 971
        assert at_work.standin.certificates == []


async def test_error_after_the_deed(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.fault(call="POST */client_certificates", status=500, when="after")
        csr = request_for("a")
        with pytest.raises(InternalServerError):
            await at_work.client.client_certificates.create(zone_id=at_work.zone_id, csr=csr, validity_days=9)
        assert [record.csr for record in at_work.standin.certificates] == [csr]
        call = at_work.standin.calls[-1]
        assert call.label == f"POST /client/v4/zones/{at_work.zone_id}/client_certificates"
        assert (call.status, call.sent["csr"], call.sent["validity_days"]) == (500, csr, 9)


async def test_dropped_line_after_the_deed(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        at_work.standin.fault(call="PUT *", drop=True, when="after")
        with pytest.raises(APIConnectionError):
            await at_work.client.certificate_authorities.hostname_associations.update(
                zone_id=at_work.zone_id, hostnames=["www.example.com"]
            )
        assert at_work.standin.hosts == ["www.example.com"]


async def test_bodies_of_faults_are_sent_as_they_are(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        unsuccessful = {"success": False, "errors": [{"code": 1, "message": "no"}], "messages": [], "result": None}
        at_work.standin.fault(call="GET *", body=unsuccessful)
        assert await at_work.client.zones.get(zone_id=at_work.zone_id) is None
        at_work.standin.fault(call="GET *", body="<html>520</html>", status=520)
        with pytest.raises(InternalServerError) as caught:
            await at_work.client.zones.get(zone_id=at_work.zone_id)
        assert (caught.value.body, caught.value.errors) == ("<html>520</html>", [])
        at_work.standin.fault(call="GET *", status=522)
        with pytest.raises(APIStatusError) as unknown:
            await at_work.client.zones.get(zone_id=at_work.zone_id)
        assert message_of(unknown.value) == "Unknown error"


async def test_an_answer_is_cut_off_after_the_call_was_done(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work, aiohttp.ClientSession() as session:
        at_work.standin.fault(call="POST */client_certificates", when="after", cut=True)
        url = f"{at_work.standin.url}/client/v4/zones/{at_work.zone_id}/client_certificates"
        body = {"csr": request_for("pixel8"), "validity_days": 90}
        headers = {"Authorization": f"Bearer {at_work.standin.token}"}
        async with session.post(url, json=body, headers=headers) as answer:
            text = await answer.text()
        assert answer.status == 200
        assert text.startswith("{")
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            json.loads(text)
        assert [one.common_name for one in at_work.standin.certificates] == ["pixel8"]
        with pytest.raises(ValueError, match="cut"):
            at_work.standin.fault(call="*", cut=True)


async def test_pages_are_told_again(tmp_path: Path) -> None:
    async with serving(tmp_path) as at_work:
        made = [at_work.standin.issue_by_hand(f"d{number}").id for number in range(12)][::-1]

        async def page(number: int) -> list[str]:
            options: Any = {"params": {"page": number, "per_page": 5}}
            path = f"/zones/{at_work.zone_id}/client_certificates"
            answer = await at_work.client.get(path, cast_to=httpx.Response, options=options)
            return [one["id"] for one in answer.json()["result"]]

        assert [await page(1), await page(2), await page(3)] == [made[:5], made[5:10], made[10:]]
        at_work.standin.pages_repeated = True
        assert [await page(1), await page(2), await page(3)] == [made[:5], made[:5], made[5:10]]
